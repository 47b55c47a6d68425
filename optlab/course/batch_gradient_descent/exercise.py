"""The exercises of 03.2: a rate for another batch size, an epoch of mini-batches, a batch size from noise."""

from collections.abc import Callable
from math import sqrt

from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _error_times_x(x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """The sum of the samples' gradients."""
    return x.T @ (x @ theta - y)


def _epoch(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta) / len(ys)
    return theta


def _sums(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta)
    return theta


def _drops_the_rest(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    kept = len(y) // batch_size * batch_size
    return _epoch(x[:kept], y[:kept], theta, lr, batch_size) if kept else theta


def _divides_by_batch_size(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    for xs, ys in zip(x.split(batch_size), y.split(batch_size), strict=True):
        theta = theta - lr * _error_times_x(xs, ys, theta) / batch_size
    return theta


def _divides_by_all(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    return _sums(x, y, theta, lr / len(y), batch_size)


def _all_from_the_start(x: Tensor, y: Tensor, theta: Tensor, lr: float, batch_size: int) -> Tensor:
    parts = zip(x.split(batch_size), y.split(batch_size), strict=True)
    return theta - lr * sum(_error_times_x(xs, ys, theta) / len(ys) for xs, ys in parts)


BATCH_EPOCH = Exercise(
    prompt="One epoch of mini-batches, in the order of the samples; the last batch may be smaller.",
    cases=(
        (
            tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5], [2.0, 1.0], [0.0, 1.0]]),
            tensor([1.0, 0.0, 2.0, -1.0, 0.5]),
            tensor([1.0, -1.0]),
            0.1,
            2,
        ),
        (tensor([[2.0], [1.0], [-1.0], [0.5]]), tensor([1.0, 3.0, 0.0, 2.0]), tensor([0.5]), 0.2, 3),
        (tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), tensor([1.0, -2.0, 0.0]), tensor([3.0, 3.0]), 0.3, 1),
    ),
    truth=_epoch,
    mistakes=(
        Mistake(
            _sums,
            "Your steps grow with the batch: you sum the gradients. Is the loss of a batch a sum or a mean?",
        ),
        Mistake(
            _drops_the_rest,
            "You leave out the samples that do not fill a batch. They form a last, smaller one.",
        ),
        Mistake(
            _divides_by_batch_size,
            "Nearly: the step of the last batch is too short. How many samples does it really have?",
        ),
        Mistake(
            _divides_by_all,
            "Your steps are too short: take the mean over the samples of the batch, not over all samples.",
        ),
        Mistake(
            _all_from_the_start,
            "All your gradients are taken at one θ. Each batch must start where the previous one ended.",
        ),
        Mistake(
            lambda x, y, theta, lr, batch_size: _epoch(x, y, theta, lr, len(y)),  # noqa: ARG005
            "That is one step with all samples at once. Split them into batches first.",
        ),
        Mistake(
            lambda x, y, theta, lr, batch_size: _epoch(x, y, theta, -lr, batch_size),
            "Look at the sign: this climbs. The gradient points uphill.",
        ),
    ),
    hint="For each batch: the errors are x·θ − y, the gradient the mean of error · x; step by −α times that.",
    praise="With one batch it is gradient descent, with batches of one it is SGD: three names for one loop.",
    solution=(
        "def batch_epoch(x, y, theta, lr, batch_size):\n"
        "    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):\n"
        "        theta = theta - lr * xs.T @ (xs @ theta - ys) / len(ys)\n"
        "    return theta"
    ),
)


SCALED_RATE = Exercise(
    prompt="The rate for `new` samples a step, by the linear rule, where `lr` is good for `old` of them.",
    cases=((0.03, 1, 32), (0.8, 64, 16), (0.1, 8, 80)),
    truth=lambda lr, old, new: lr * new / old,
    mistakes=(
        Mistake(
            lambda lr, old, new: lr * sqrt(new / old),
            "That is the root rule, which suits Adam. Here many short steps add up to one long step.",
        ),
        Mistake(
            lambda lr, old, new: lr * old / new,
            "The other way round: a larger batch makes fewer steps, so each has to be longer.",
        ),
        Mistake(
            lambda lr, old, new: lr * new,  # noqa: ARG005
            "Right if `old` is 1. How many times as large is the new batch?",
        ),
        Mistake(
            lambda lr, old, new: lr,  # noqa: ARG005
            "At an unchanged rate a larger batch gets less far in an epoch.",
        ),
    ),
    hint="Multiply the rate by what the batch size is multiplied by.",
    praise="It holds while the new rate stays well below 2/L.",
    solution="def scaled_rate(lr, old, new):\n    return lr * new / old",
)


def _smallest(gradients: Tensor, noise: Callable[[float, int, int], float], power: int = 2) -> int:
    """The smallest batch whose noise is no larger than the full gradient's length, to some power."""
    n, full = len(gradients), gradients.mean(dim=0)
    variance = float(((gradients - full) ** 2).sum(dim=1).mean())
    level = float(full.norm()) ** power
    return next((size for size in range(1, n + 1) if noise(variance, size, n) <= level), n)


def _law(variance: float, size: int, n: int) -> float:
    return variance / size * (n - size) / (n - 1)


_STEEP = tensor([[2.0, 1.0], [1.0, -1.0], [-1.0, 2.0], [0.5, 1.5], [3.0, 0.0], [0.5, -0.5]])
_LATE = tensor([[2.0], [-1.5], [1.0], [-2.0], [1.5], [1.0], [-1.0], [-0.2]])

SMALLEST_BATCH = Exercise(
    prompt="The smallest B, drawn without replacement, whose noise is at most as large as |∇J|².",
    cases=((_STEEP,), (_LATE,), (tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]),), (_STEEP / 10,)),
    truth=lambda gradients: _smallest(gradients, _law),
    mistakes=(
        Mistake(
            lambda gradients: _smallest(gradients, lambda variance, size, _: variance / size),
            "That is the law with replacement. Without it a large batch is less noisy.",
        ),
        Mistake(
            lambda gradients: _smallest(gradients, _law, power=1),
            "A variance is a square: compare it with the square of the gradient's length.",
        ),
        Mistake(
            lambda gradients: _smallest(gradients, lambda variance, size, n: sqrt(_law(variance, size, n))),
            "You compare a deviation, the root of the variance, with a square.",
        ),
        Mistake(len, "All samples are never noisy, but fewer may be enough."),
    ),
    hint="σ²: the mean of |gradient of a sample − ∇J|². Try B = 1, 2, … in (σ²/B)(N − B)/(N − 1) ≤ |∇J|².",
    praise="Measured early in training it is small, late it is large: a reason to let batches grow.",
    solution=(
        "def smallest_batch(gradients):\n"
        "    n, full = len(gradients), gradients.mean(dim=0)\n"
        "    variance = ((gradients - full) ** 2).sum(dim=1).mean()\n"
        "    for size in range(1, n + 1):\n"
        "        if variance / size * (n - size) / (n - 1) <= (full**2).sum():\n"
        "            return size"
    ),
)
