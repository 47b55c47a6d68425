"""The exercises of 05.3: the whole gradient, its noise, and the smallest batch for which two workers pay."""

from collections.abc import Sequence

from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake


def _first(batches: Sequence[int], pays: Sequence[bool]) -> int:
    """The first batch that pays; 0 if none does."""
    return next((batch for batch, good in zip(batches, pays, strict=True) if good), 0)


TWO_PAY = Exercise(
    prompt="The smallest batch for which two workers are faster than one; 0 if there is none.",
    cases=(
        ([16, 64, 256, 1024], [0.0002, 0.0005, 0.0025, 0.008], 0.001),
        ([8, 32, 128], [0.001, 0.003, 0.009], 0.0015),
        ([16, 64, 256], [0.0001, 0.0002, 0.0003], 0.002),
        ([32, 64, 128], [0.004, 0.005, 0.008], 0.001),
        ([16, 64, 256], [0.0012, 0.0018, 0.0035], 0.001),
    ),
    truth=lambda batches, seconds, mean: _first(batches, [alone / 2 + mean < alone for alone in seconds]),
    mistakes=(
        Mistake(
            lambda batches, seconds, mean: _first(batches, [alone > mean for alone in seconds]),
            "There a step takes longer than the mean. But two workers save only half of the step.",
        ),
        Mistake(
            lambda batches, seconds, mean: _first(
                [*batches][::-1], [alone / 2 + mean < alone for alone in [*seconds][::-1]]
            ),
            "Two workers pay there, but do they pay for a smaller batch too?",
        ),
        Mistake(
            lambda batches, seconds, mean: _first(batches, [alone / 2 + mean > alone for alone in seconds]),
            "The other way round: that is the smallest batch for which one worker is faster.",
        ),
        Mistake(
            lambda batches, seconds, mean: batches[0],  # noqa: ARG005
            "That is the smallest batch of all. There the talking may take longer than the work.",
        ),
    ),
    hint="Two workers take half of a step each, and then the mean. Compare that with a whole step.",
    praise="A wider network makes the mean longer too, for a gradient is as long as the network.",
    solution=(
        "def two_pay(batches, seconds, mean):\n"
        "    for batch, alone in zip(batches, seconds):\n"
        "        if alone / 2 + mean < alone:\n"
        "            return batch\n"
        "    return 0"
    ),
)


WHOLE_GRADIENT = Exercise(
    prompt="The gradient of the whole batch, from those of two workers with unequal shares of it.",
    cases=(
        (tensor([1.0, -2.0]), 30, tensor([3.0, 0.0]), 10),
        (tensor([0.5]), 1, tensor([-0.5]), 7),
        (tensor([2.0, 4.0, -1.0]), 8, tensor([1.0, 0.0, 5.0]), 8),
    ),
    truth=lambda grad1, n1, grad2, n2: (n1 * grad1 + n2 * grad2) / (n1 + n2),
    mistakes=(
        Mistake(
            lambda grad1, n1, grad2, n2: (grad1 + grad2) / 2,  # noqa: ARG005
            "That is right for equal halves. Here a sample of the small share counts more than one of the "
            "large share.",
        ),
        Mistake(
            lambda grad1, n1, grad2, n2: (n1 * grad1 + n2 * grad2) / 2,
            "You have the sum over all samples. By how many do you divide it?",
        ),
        Mistake(
            lambda grad1, n1, grad2, n2: n1 * grad1 + n2 * grad2,
            "That is the sum over all samples. The gradient is that of the mean loss.",
        ),
        Mistake(
            lambda grad1, n1, grad2, n2: (n2 * grad1 + n1 * grad2) / (n1 + n2),
            "You give each worker the other's weight.",
        ),
        Mistake(
            lambda grad1, n1, grad2, n2: grad1 + grad2,  # noqa: ARG005
            "That is about twice as long as it should be: a mean is asked for.",
        ),
    ),
    hint="Each gradient is a mean. Turn both into sums, add them, and divide by the number of samples.",
    praise="So the last batch of an epoch may be uneven, and two workers still do what one does.",
    solution=(
        "def whole_gradient(grad1, n1, grad2, n2):\n"
        "    total = n1 + n2\n"
        "    return (n1 * grad1 + n2 * grad2) / total"
    ),
)

NOISE_SCALE = Exercise(
    prompt="B_simple = tr Σ / ‖G‖², from the gradients of single samples.",
    cases=(
        (tensor([[1.0, 0.0], [3.0, 2.0], [2.0, -0.5]]),),
        (tensor([[2.0, 1.0, 0.0], [2.5, 1.5, -0.5], [1.5, 0.0, 0.25], [2.0, 1.0, 0.5]]),),
        (tensor([[1.0], [-0.5], [0.25], [0.75], [3.0]]),),
    ),
    truth=lambda grads: grads.var(0).sum() / (grads.mean(0) ** 2).sum(),
    mistakes=(
        Mistake(
            lambda grads: grads.var(0).sum() / grads.mean(0).norm(),
            "Square the length of G: above it are variances.",
        ),
        Mistake(
            lambda grads: grads.std(0).sum() / (grads.mean(0) ** 2).sum(),
            "The trace sums variances, not standard deviations.",
        ),
        Mistake(
            lambda grads: grads.var(0, unbiased=False).sum() / (grads.mean(0) ** 2).sum(),
            "You divide by n. With as few samples as here that shows: divide by n − 1.",
        ),
        Mistake(
            lambda grads: grads.var() / (grads.mean(0) ** 2).sum(),
            "That is a single variance of all numbers. Each column has its own; sum them.",
        ),
        Mistake(
            lambda grads: grads.var(0).sum() / (grads**2).sum(1).mean(),
            "G is the mean gradient. Take the mean first, then its length: the noise averages out.",
        ),
    ),
    hint="Above: the variance of each column, summed. Below: the mean of each column, squared, summed.",
    praise="It costs a look at some gradients, and no training, to know which batch size will pay.",
    solution=(
        "def noise_scale(grads):\n"
        "    noise = grads.var(0).sum()\n"
        "    return noise / (grads.mean(0) ** 2).sum()"
    ),
)
