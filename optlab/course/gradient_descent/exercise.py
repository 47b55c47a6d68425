"""The exercise of 03.1: gradient descent itself."""

from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Function, Mistake


def _slope_of_a_ravine(theta: Tensor) -> Tensor:
    return theta * tensor([1.0, 10.0])


def _slope_of_a_quartic(theta: Tensor) -> Tensor:
    return theta**3


def _descend(grad: Function, theta: Tensor, lr: float, steps: int) -> Tensor:
    for _ in range(steps):
        theta = theta - lr * grad(theta)
    return theta


DESCENT = Exercise(
    prompt="Gradient descent: go `steps` steps from θ against the gradient.",
    cases=(
        (_slope_of_a_ravine, tensor([2.0, -1.0]), 0.15, 5),
        (_slope_of_a_quartic, tensor([1.0, 0.5, -1.5]), 0.1, 3),
        (_slope_of_a_ravine, tensor([1.0, 1.0]), 0.3, 1),
    ),
    truth=_descend,
    mistakes=(
        Mistake(
            lambda grad, theta, lr, steps: _descend(grad, theta, -lr, steps),
            "Look at the sign: this climbs. The gradient points uphill.",
        ),
        Mistake(
            lambda grad, theta, lr, steps: _descend(grad, theta, lr, 1),  # noqa: ARG005
            "That is one step, however many were asked for. Does your `return` stand inside the loop?",
        ),
        Mistake(
            lambda grad, theta, lr, steps: theta - steps * lr * grad(theta),
            "The gradient changes on the way: ask for it anew in every step, at the θ you have reached.",
        ),
        Mistake(
            lambda grad, theta, lr, steps: _descend(grad, theta, lr, steps - 1),
            "One step too few: `range(steps)` counts from 0 and has exactly `steps` numbers.",
        ),
        Mistake(
            lambda grad, theta, lr, steps: _descend(grad, theta, lr, steps + 1),
            "One step too many.",
        ),
    ),
    hint="Repeat `steps` times: θ ← θ − α · grad(θ). Return θ after the loop.",
    praise="It works for any function whose gradient you can compute: that is all that `sgd` is.",
    solution=(
        "def descent(grad, theta, lr, steps):\n    for _ in range(steps):\n"
        "        theta = theta - lr * grad(theta)\n    return theta"
    ),
)
