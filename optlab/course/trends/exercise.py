"""The exercise of 05: one step of Lion."""

from typing import Any

import torch
from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake


def _lion(
    theta: Any, grad: Any, m: Any, lr: float, *, ahead: float, keep: float, size: Any = torch.sign
) -> Any:
    return theta - lr * size(ahead * m + (1 - ahead) * grad), keep * m + (1 - keep) * grad


def _remembers_first(theta: Any, grad: Any, m: Any, lr: float, beta1: float, beta2: float) -> Any:
    kept = _lion(theta, grad, m, lr, ahead=beta1, keep=beta2)[1]
    return _lion(theta, grad, kept, lr, ahead=beta1, keep=beta2)[0], kept


LION_STEP = Exercise(
    prompt="One step of Lion: the new θ and the new memory m.",
    cases=(
        (tensor([1.0, -2.0, 0.5]), tensor([0.3, 4.0, -0.002]), tensor([-0.02, 0.1, 0.0]), 0.1, 0.9, 0.99),
        (tensor([0.0, 0.0]), tensor([-1.0, 1.0]), tensor([0.4, -0.05]), 0.01, 0.5, 0.9),
        (tensor([3.0, 1.0]), tensor([0.02, 5.0]), tensor([-0.0023, 1.0]), 0.2, 0.9, 0.95),
    ),
    truth=lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta1, keep=beta2),
    mistakes=(
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(
                theta, grad, m, lr, ahead=beta1, keep=beta2, size=lambda mix: mix
            ),
            "These steps grow with the gradient. In Lion every parameter moves by α exactly: which of the "
            "mixture counts?",
        ),
        Mistake(
            _remembers_first,
            "The memory is brought up to date too early: the step is made with the m from before.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta1, keep=beta1),  # noqa: ARG005
            "θ is right, m is not: the memory forgets with β₂, only the step mixes with β₁.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, lr, ahead=beta2, keep=beta2),  # noqa: ARG005
            "m is right, θ is not: the step mixes memory and gradient with β₁, only the memory uses β₂.",
        ),
        Mistake(
            lambda theta, grad, m, lr, beta1, beta2: _lion(theta, grad, m, -lr, ahead=beta1, keep=beta2),
            "This climbs: the step goes against the sign.",
        ),
    ),
    hint="Mix m and g with β₁, take the sign, step; then mix m and g with β₂ for the next time.",
    praise="One memory where Adam has two, and no division: found by a search, and short enough to remember.",
    solution=(
        "def lion_step(theta, grad, m, lr, beta1, beta2):\n"
        "    step = (beta1 * m + (1 - beta1) * grad).sign()\n"
        "    return theta - lr * step, beta2 * m + (1 - beta2) * grad"
    ),
)
