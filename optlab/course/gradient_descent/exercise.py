"""The exercises of 03.1: a step with momentum, gradient descent itself, the next rate to try."""

from collections.abc import Sequence

import numpy as np
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
    prompt="Gradient descent: take `steps` steps from θ against the gradient.",
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
            "That is one step, no matter how many were asked for. Is your `return` inside the loop?",
        ),
        Mistake(
            lambda grad, theta, lr, steps: theta - steps * lr * grad(theta),
            "The gradient changes along the way: compute it in every step, at the θ you have reached.",
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
    praise="It works for any function whose gradient you can compute: this loop is all of plain `sgd`.",
    solution=(
        "def descent(grad, theta, lr, steps):\n    for _ in range(steps):\n"
        "        theta = theta - lr * grad(theta)\n    return theta"
    ),
)


MOMENTUM_STEP = Exercise(
    prompt="One step with momentum: v is the velocity before the step; return θ after it.",
    cases=(
        (tensor([1.0, -2.0]), tensor([0.5, 1.0]), tensor([2.0, -1.0]), 0.1, 0.9),
        (tensor([0.0, 3.0]), tensor([0.0, 0.0]), tensor([1.0, 1.0]), 0.5, 0.5),
        (tensor([2.0]), tensor([-1.0]), tensor([0.0]), 0.2, 0.8),
    ),
    truth=lambda theta, v, grad, lr, beta: theta - lr * (beta * v + grad),
    mistakes=(
        Mistake(
            lambda theta, v, grad, lr, beta: theta - lr * grad,  # noqa: ARG005
            "That is a step without momentum: the velocity does nothing yet.",
        ),
        Mistake(
            lambda theta, v, grad, lr, beta: theta - lr * v,  # noqa: ARG005
            "That is the old velocity. First the gradient changes it.",
        ),
        Mistake(
            lambda theta, v, grad, lr, beta: theta - lr * (v + beta * grad),
            "You shrank the gradient. Shrink the velocity: β is the share of it that is kept.",
        ),
        Mistake(
            lambda theta, v, grad, lr, beta: theta - lr * (beta * v + (1 - beta) * grad),
            "That is an average of gradients, as in Adam. Here the gradient is added in full.",
        ),
        Mistake(
            lambda theta, v, grad, lr, beta: theta + lr * (beta * v + grad),
            "Look at the sign: this climbs. The gradient points uphill.",
        ),
    ),
    hint="First the velocity: v ← βv + the gradient. Then θ ← θ − αv.",
    praise="Where the slope keeps its direction, the steps add up to 1/(1 − β) times the plain step.",
    solution="def momentum_step(theta, v, grad, lr, beta):\n    return theta - lr * (beta * v + grad)",
)


def _next_rate(rates: Sequence[float], losses: Sequence[float], start: float) -> float:
    below = [(loss, lr) for lr, loss in zip(rates, losses, strict=True) if loss < start]
    if not below:
        return min(rates) / 2
    best = min(below)[1]
    return 2 * best if best == max(rates) else best


def _no_look_at_the_start(rates: Sequence[float], losses: Sequence[float], start: float) -> float:  # noqa: ARG001
    best = rates[int(np.nanargmin(losses))]
    return 2 * best if best == max(rates) else best


def _content_with_the_edge(rates: Sequence[float], losses: Sequence[float], start: float) -> float:
    return min(rates) / 2 if not np.nanmin(losses) < start else rates[int(np.nanargmin(losses))]


def _tripped_by_nan(rates: Sequence[float], losses: Sequence[float], start: float) -> float:
    best = rates[int(np.argmin(losses))]  # NumPy's smallest is nan where there is one
    return min(rates) / 2 if not min(losses) < start else 2 * best if best == max(rates) else best


def _holds_on_to_nan(rates: Sequence[float], losses: Sequence[float], start: float) -> float:
    lowest = min(losses)  # no number is smaller than nan: where it comes first, it stays
    best = rates[list(losses).index(lowest)]
    return min(rates) / 2 if not lowest < start else 2 * best if best == max(rates) else best


def _halves_on_any_divergence(rates: Sequence[float], losses: Sequence[float], start: float) -> float:
    any_diverged = not all(loss < start for loss in losses)
    return min(rates) / 2 if any_diverged else _next_rate(rates, losses, start)


NEXT_RATE = Exercise(
    prompt="Read a few trial runs: keep the best rate, or go beyond those that were tried.",
    cases=(
        ([0.01, 0.1, 1.0], [0.9, 0.3, 5.0], 1.0),
        ([0.01, 0.02, 0.04], [0.8, 0.7, 0.5], 1.0),
        ([2.0, 4.0], [30.0, 1e9], 1.0),
        ([0.05, 0.5, 5.0], [0.6, 0.1, float("nan")], 1.0),
        ([5.0, 0.5, 0.05], [float("nan"), 0.1, 0.6], 1.0),
    ),
    truth=_next_rate,
    mistakes=(
        Mistake(
            _content_with_the_edge,
            "The best of the rates is the largest that was tried: who says that a larger one is not better?",
        ),
        Mistake(
            _no_look_at_the_start,
            "Compare with the start: where every run ends above it, the best of them is no good either.",
        ),
        Mistake(
            _tripped_by_nan,
            "A run that overflows ends at nan, which is not a small loss. np.argmin takes it for one.",
        ),
        Mistake(
            _holds_on_to_nan,
            "A run that overflows ends at nan. Nothing is smaller than nan: min keeps one that comes first.",
        ),
        Mistake(
            _halves_on_any_divergence,
            "That one run diverged only shows where the cliff is. Is there a good rate before it?",
        ),
        Mistake(
            lambda rates, losses, start: rates[0] / 2,  # noqa: ARG005
            "Some of these rates work. Look at the losses that they reach.",
        ),
    ),
    hint=(
        "Keep the runs that end below the start. If there are none, halve the smallest rate; "
        "if the largest rate is the best, double it."
    ),
    praise="Whatever you tune: if the best value lies at the edge of what you tried, look beyond it.",
    solution=(
        "def next_rate(rates, losses, start):\n"
        "    good = {lr: loss for lr, loss in zip(rates, losses) if loss < start}\n"
        "    if not good:\n"
        "        return min(rates) / 2\n"
        "    best = min(good, key=good.get)\n"
        "    return 2 * best if best == max(rates) else best"
    ),
)
