"""The exercise of 02: a gradient by finite differences."""

import torch
from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Function, Mistake


def _cubes(theta: Tensor) -> Tensor:
    return (tensor([1.0, -2.0], dtype=torch.float64) * theta**3).sum()


def _tangled(theta: Tensor) -> Tensor:
    return theta[0] * theta[1] ** 2 + torch.exp(theta[2])


def _axes(theta: Tensor, h: float) -> Tensor:
    return h * torch.eye(len(theta), dtype=theta.dtype)


def _central(J: Function, theta: Tensor, h: float) -> Tensor:
    return torch.stack([(J(theta + step) - J(theta - step)) / (2 * h) for step in _axes(theta, h)])


def _forward(J: Function, theta: Tensor, h: float) -> Tensor:
    return torch.stack([(J(theta + step) - J(theta)) / h for step in _axes(theta, h)])


def _without_a_way_back(J: Function, theta: Tensor, h: float) -> Tensor:
    """Every parameter stays moved while the next ones are tried."""
    slopes = []
    for step in _axes(theta, h):
        theta = theta + step
        slopes.append((J(theta) - J(theta - 2 * step)) / (2 * h))
    return torch.stack(slopes)


NUMERIC_GRADIENT = Exercise(
    prompt="The gradient of J at θ by central differences with the step h, one slope for each parameter.",
    cases=(
        (_cubes, tensor([1.0, 0.5], dtype=torch.float64), 0.1),
        (_tangled, tensor([2.0, -1.0, 0.5], dtype=torch.float64), 0.2),
        (_cubes, tensor([-0.3, 2.0], dtype=torch.float64), 0.01),
    ),
    truth=_central,
    mistakes=(
        Mistake(
            _forward,
            "That is the forward difference: it looks to one side only. Look to the left as well.",
        ),
        Mistake(
            lambda J, theta, h: 2 * _central(J, theta, h),
            "Twice too large: how far apart are the two points that you compare?",
        ),
        Mistake(
            lambda J, theta, h: (J(theta + h) - J(theta - h)) / (2 * h),
            "One number for all parameters: you moved them all at once. Move them one at a time.",
        ),
        Mistake(
            _without_a_way_back,
            "The first slope is right, the next are not: put each parameter back before you move another.",
        ),
        Mistake(
            lambda J, theta, h: -_central(J, theta, h),
            "Look at the sign: a slope is the height on the right less the height on the left.",
        ),
    ),
    hint="Move each parameter alone, by h to both sides, and divide the difference of J by the distance.",
    praise="This checks any gradient that you ever derive by hand, at the price of two losses a parameter.",
    solution=(
        "def numeric_gradient(J, theta, h):\n"
        "    slopes = 0 * theta\n"
        "    for k in range(len(theta)):\n"
        "        step = 0 * theta\n"
        "        step[k] = h\n"
        "        slopes[k] = (J(theta + step) - J(theta - step)) / (2 * h)\n"
        "    return slopes"
    ),
)
