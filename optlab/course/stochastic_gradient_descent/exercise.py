"""The exercises of 03.3: a step of one sample, the average of the iterates, and a rate for a target."""

from collections.abc import Callable, Sequence

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
            "That is where the last step leads, still inside the noise ball. What is the mean of all points?",
        ),
        Mistake(
            lambda x, y, theta, lr, order: stack(_points(x, y, theta, lr, order)).mean(0),
            "Nearly: your mean includes the start. No step led there, so leave it out.",
        ),
        Mistake(
            _with_all_samples,
            "Your steps look at all samples. Use only the one that `order` names.",
        ),
        Mistake(
            _all_from_the_start,
            "All your steps start at the same place. Each must start where the previous one ended.",
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
    hint="For each i of the order: the error is x[i] · θ − y[i]; step by −α · error · x[i]; add up the θ.",
    praise="One more line, and the mean gap falls like 1/t while the walk itself keeps jumping.",
    solution=(
        "def averaged_sgd(x, y, theta, lr, order):\n"
        "    total = 0\n"
        "    for i in order:\n"
        "        theta = theta - lr * (x[i] @ theta - y[i]) * x[i]\n"
        "        total = total + theta\n"
        "    return total / len(order)"
    ),
)

SAMPLE_STEP = Exercise(
    prompt="Where one step of gradient descent for sample i alone leads.",
    cases=(
        (tensor([[1.0, 2.0], [-1.0, 0.5]]), tensor([1.0, 0.0]), tensor([1.0, -1.0]), 0.1, 0),
        (tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5]]), tensor([1.0, 0.0, 2.0]), tensor([2.0, 3.0]), 0.2, 2),
        (tensor([[2.0], [3.0]]), tensor([1.0, 4.0]), tensor([0.5]), 0.3, 1),
    ),
    truth=lambda x, y, theta, lr, i: _points(x, y, theta, lr, [i])[-1],
    mistakes=(
        Mistake(
            lambda x, y, theta, lr, i: _points(x, y, theta, -lr, [i])[-1],
            "Look at the sign: the gradient points uphill, and this step goes with it.",
        ),
        Mistake(
            lambda x, y, theta, lr, i: theta - lr * (x[i] @ theta - y[i]),
            "You step by the error alone. What is the derivative of x·θ along each weight?",
        ),
        Mistake(
            lambda x, y, theta, lr, i: theta - lr * x[i],  # noqa: ARG005
            "This moves as far for a man who is predicted well as for one who is not. Where is the error?",
        ),
        Mistake(
            lambda x, y, theta, lr, i: _points(x, y, theta, 2 * lr, [i])[-1],
            "Your step is twice as long: the loss here is one half of the squared error.",
        ),
        Mistake(
            lambda x, y, theta, lr, i: _with_all_samples(x, y, theta, lr, [i]),
            "That is the step of the full gradient. Use sample i only.",
        ),
    ),
    hint="The gradient of ½ (x·θ − y)² is the error times x.",
    praise="The whole of SGD is this line, with another i each time.",
    solution=(
        "def sample_step(x, y, theta, lr, i):\n"
        "    error = x[i] @ theta - y[i]\n"
        "    return theta - lr * error * x[i]"
    ),
)


def _floor(rate: float, h: float, variance: float) -> float:
    """The mean gap ½hV at which SGD comes to rest; infinite above 2/h."""
    return rate * variance / (2 * (2 - rate * h)) if rate * h < 2 else float("inf")


def _largest(rates: Sequence[float], target: float, floor: Callable[[float], float]) -> float:
    return max([rate for rate in rates if floor(rate) <= target], default=0.0)


LARGEST_RATE = Exercise(
    prompt="The largest of the rates with which SGD comes to rest at a mean gap of at most the target.",
    cases=(
        ([0.5, 0.05, 0.2, 0.1], 0.06, 1.0, 1.0),
        ([0.01, 0.04, 0.3, 1.0], 0.05, 2.0, 0.5),
        ([0.1, 0.4, 0.9, 1.1], 0.3, 2.0, 0.5),
        ([0.1, 0.2, 0.8, 1.0, 1.2], 0.3, 1.0, 1.0),
    ),
    truth=lambda rates, target, h, variance: _largest(rates, target, lambda a: _floor(a, h, variance)),
    mistakes=(
        Mistake(
            lambda rates, target, h, variance: min(
                rate for rate in rates if _floor(rate, h, variance) <= target
            ),
            "That rate comes low enough, but it is the slowest that does. Which arrives soonest?",
        ),
        Mistake(
            lambda rates, target, h, variance: max(  # noqa: ARG005
                rate for rate in rates if rate * h < 2
            ),
            "That is the largest rate that is stable. Where does it come to rest?",
        ),
        Mistake(
            lambda rates, target, h, variance: _largest(
                rates, target, lambda a: 2 * _floor(a, h, variance) / h
            ),
            "You compare the variance V with the target. The mean gap on a parabola is ½ h V.",
        ),
        Mistake(
            lambda rates, target, h, variance: _largest(
                rates, target, lambda a: a * variance / (2 * (2 - a * h)) if a * h != 2 else 0.0
            ),
            "A rate above 2/h never comes to rest, although the formula gives it a value: a negative one.",
        ),
        Mistake(
            lambda rates, target, h, variance: _largest(rates, target, lambda a: a * variance / 4),  # noqa: ARG005
            "You compare α σ² / 4, the gap of a very small rate. Keep the αh in the denominator.",
        ),
    ),
    hint="Below 2/h a rate rests at a mean gap of ½ h V, V = α σ² / (h (2 − αh)); from 2/h on never.",
    praise="Twice the rate arrives about twice as soon, and rests a little more than twice as high.",
    solution=(
        "def largest_rate(rates, target, h, variance):\n"
        "    stable = [a for a in rates if a * h < 2]\n"
        "    return max(a for a in stable if a * variance / (2 * (2 - a * h)) <= target)"
    ),
)
