"""The exercises of 02: He's σ, a gradient by finite differences, a rate that a penalty allows."""

from collections.abc import Sequence
from math import sqrt

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
            "That is the forward difference: it looks to one side only. Compare J at θ + h and θ − h.",
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
            "Look at the sign: a slope is the height on the right minus the height on the left.",
        ),
    ),
    hint="Move each parameter alone, by h to both sides, and divide the difference of J by the distance.",
    praise="This checks any gradient you ever derive by hand, at the price of two losses per parameter.",
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


HE_STD = Exercise(
    prompt="He's σ for the weights of a ReLU layer, so that a signal keeps its size on the way forward.",
    cases=((50, 200), (200, 50), (8, 8)),
    truth=lambda inputs, outputs: sqrt(2 / inputs),  # noqa: ARG005
    mistakes=(
        Mistake(
            lambda inputs, outputs: 2 / inputs,  # noqa: ARG005
            "That is the variance σ². σ is its square root.",
        ),
        Mistake(
            lambda inputs, outputs: sqrt(1 / inputs),  # noqa: ARG005
            "Right for a layer without ReLU. What does ReLU do to the mean square?",
        ),
        Mistake(
            lambda inputs, outputs: sqrt(2 / outputs),  # noqa: ARG005
            "That keeps the gradient's size on the way back. Forward, how many products does a unit sum?",
        ),
        Mistake(
            lambda inputs, outputs: sqrt(2 / (inputs + outputs)),
            "That is Xavier's value: for layers without ReLU, and for both ways, forward and back.",
        ),
    ),
    hint="A unit sums as many products as the layer has inputs, and ReLU halves the mean square.",
    praise="With this σ thirty layers keep their signal; with half of it, a billionth is left.",
    solution="def he_std(inputs, outputs):\n    return (2 / inputs) ** 0.5",
)


def _largest_below(rates: Sequence[float], limit: float) -> float:
    return max(rate for rate in rates if rate < limit)


_RATES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 1.5)

RATE_WITH_PENALTY = Exercise(
    prompt="The largest of the rates at which descent with the penalty λθ² still converges.",
    cases=(
        (_RATES, 5.0, 0.0),
        (_RATES, 5.0, 2.0),
        (_RATES, 5.0, 2.5),
        (_RATES, 2.5, 4.0),
        (_RATES, 1.0, 0.3),
    ),
    truth=lambda rates, L, l2: _largest_below(rates, 2 / (L + 2 * l2)),
    mistakes=(
        Mistake(
            lambda rates, L, l2: _largest_below(rates, 2 / L),  # noqa: ARG005
            "Without the penalty it would be. What does λ do to the curvature?",
        ),
        Mistake(
            lambda rates, L, l2: _largest_below(rates, 2 / (L + l2)),
            "Almost: λθ² is curved by more than λ. Take its second derivative.",
        ),
        Mistake(
            lambda rates, L, l2: max(rate for rate in rates if rate <= 2 / (L + 2 * l2)),
            "Exactly at the limit the walk hops from side to side without end.",
        ),
        Mistake(
            lambda rates, L, l2: max(rate for rate in rates if rate <= 1 / (L + 2 * l2)),
            "You are too careful: past 1/L the walk zigzags, but it converges. How far may α go?",
        ),
        Mistake(
            lambda rates, L, l2: min(rates),  # noqa: ARG005
            "The smallest rate is safe, and slow. Larger ones converge, too.",
        ),
    ),
    hint="The penalty adds its own curvature to L; the rate has to stay below 2 divided by the sum.",
    praise="When you raise λ, look at α again: a penalty can make a good rate a bad one.",
    solution=(
        "def rate_with_penalty(rates, L, l2):\n"
        "    limit = 2 / (L + 2 * l2)\n"
        "    return max(rate for rate in rates if rate < limit)"
    ),
)
