"""The exercise of 03.3: one sample a step, and the average of the iterates."""

from collections.abc import Sequence

from torch import Tensor, stack, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _points(x: Tensor, y: Tensor, theta: Tensor, lr: float, order: Sequence[int]) -> list[Tensor]:
    """The start, and where every step leads."""
    points = [theta]
    for i in order:
        points.append(points[-1] - lr * (x[i] @ points[-1] - y[i]) * x[i])
    return points


def _with_all_samples(x: Tensor, y: Tensor, theta: Tensor, lr: float, order: Sequence[int]) -> Tensor:
    points = []
    for _ in order:
        theta = theta - lr * x.T @ (x @ theta - y) / len(y)
        points.append(theta)
    return stack(points).mean(0)


def _all_from_the_start(x: Tensor, y: Tensor, theta: Tensor, lr: float, order: Sequence[int]) -> Tensor:
    return stack([theta - lr * (x[i] @ theta - y[i]) * x[i] for i in order]).mean(0)


AVERAGED_SGD = Exercise(
    prompt="One sample a step, in the order given; return the mean of the points that the steps lead to.",
    cases=(
        (
            tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5]]),
            tensor([1.0, 0.0, 2.0]),
            tensor([1.0, -1.0]),
            0.1,
            [2, 0, 1, 0],
        ),
        (tensor([[2.0], [1.0]]), tensor([1.0, 3.0]), tensor([0.5]), 0.2, [1, 1, 0]),
        (tensor([[1.0, 0.0], [0.0, 1.0]]), tensor([1.0, -2.0]), tensor([3.0, 3.0]), 0.5, [0, 1]),
    ),
    truth=lambda x, y, theta, lr, order: stack(_points(x, y, theta, lr, order)[1:]).mean(0),
    mistakes=(
        Mistake(
            lambda x, y, theta, lr, order: _points(x, y, theta, lr, order)[-1],
            "That is where the last step leads. It is still inside the noise ball: what is the mean of all?",
        ),
        Mistake(
            lambda x, y, theta, lr, order: stack(_points(x, y, theta, lr, order)).mean(0),
            "Nearly: the start is in your mean. It is no result of a step, so leave it out.",
        ),
        Mistake(
            _with_all_samples,
            "Every step of yours looks at all samples. Use only the one that `order` names.",
        ),
        Mistake(
            _all_from_the_start,
            "All your steps begin at the same place. Each has to begin where the one before it ended.",
        ),
        Mistake(
            lambda x, y, theta, lr, order: stack(_points(x, y, theta, -lr, order)[1:]).mean(0),
            "Look at the sign: this climbs. The gradient of a sample's loss points uphill.",
        ),
        Mistake(
            lambda x, y, theta, lr, order: stack(_points(x, y, theta, 2 * lr, order)[1:]).mean(0),
            "Your steps are twice as long: the loss here is one half of the squared error.",
        ),
    ),
    hint="For each i of the order: the error is x[i] · θ − y[i]; step by −α · error · x[i]; note the new θ.",
    praise="A running mean costs one line more, and it is as good as any rule can be in the long run.",
    solution=(
        "def averaged_sgd(x, y, theta, lr, order):\n"
        "    total = 0\n"
        "    for i in order:\n"
        "        theta = theta - lr * (x[i] @ theta - y[i]) * x[i]\n"
        "        total = total + theta\n"
        "    return total / len(order)"
    ),
)
