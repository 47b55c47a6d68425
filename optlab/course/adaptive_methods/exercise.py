"""The exercises of 05.2: Adam's corrected mean, a step of AdaDelta, and what a rule has a rate for."""

from collections.abc import Sequence
from math import inf
from typing import Any

from torch import tensor

from optlab.course.common.exercise import Exercise, Mistake

EPS = 1e-6


def _adadelta(
    theta: Any, grad: Any, s: Any, d: Any, rho: float, *, sign: int = -1, early: bool = False
) -> tuple[Any, Any, Any]:
    s = rho * s + (1 - rho) * grad**2
    step = (d + EPS) ** 0.5 / (s + EPS) ** 0.5 * grad
    after = rho * d + (1 - rho) * step**2
    if early:
        step = (after + EPS) ** 0.5 / (s + EPS) ** 0.5 * grad
    return theta + sign * step, s, after


def _old_squares(theta: Any, grad: Any, s: Any, d: Any, rho: float) -> tuple[Any, Any, Any]:
    step = (d + EPS) ** 0.5 / (s + EPS) ** 0.5 * grad
    return theta - step, rho * s + (1 - rho) * grad**2, rho * d + (1 - rho) * step**2


def _no_unit(theta: Any, grad: Any, s: Any, d: Any, rho: float) -> tuple[Any, Any, Any]:
    s = rho * s + (1 - rho) * grad**2
    step = grad / (s + EPS) ** 0.5
    return theta - step, s, rho * d + (1 - rho) * step**2


def _no_roots(theta: Any, grad: Any, s: Any, d: Any, rho: float) -> tuple[Any, Any, Any]:
    s = rho * s + (1 - rho) * grad**2
    step = (d + EPS) / (s + EPS) * grad
    return theta - step, s, rho * d + (1 - rho) * step**2


ADADELTA_STEP = Exercise(
    prompt="One step of AdaDelta: the new θ, s and d.",
    cases=(
        (tensor([1.0, -2.0]), tensor([0.3, 40.0]), tensor([0.1, 900.0]), tensor([0.01, 0.0004]), 0.9),
        (tensor([0.5, 0.0]), tensor([-2.0, 1.0]), tensor([1.0, 0.25]), tensor([0.09, 0.04]), 0.5),
        (tensor([3.0]), tensor([0.02]), tensor([0.5]), tensor([1.0]), 0.95),
    ),
    truth=_adadelta,
    mistakes=(
        Mistake(
            _no_unit,
            "That is RMSProp at rate 1: the step has no unit. What is the root of d for?",
        ),
        Mistake(
            _old_squares,
            "You divide by the old s. It should know this gradient already.",
        ),
        Mistake(
            lambda theta, grad, s, d, rho: _adadelta(theta, grad, s, d, rho, early=True),
            "You use the new d before this step is known: the step takes the old one.",
        ),
        Mistake(
            _no_roots,
            "s and d are means of squares: take the root of each.",
        ),
        Mistake(
            lambda theta, grad, s, d, rho: _adadelta(theta, grad, s, d, rho, sign=1),
            "Look at the sign: this climbs.",
        ),
    ),
    hint="First s with the new gradient; then the step, √(d + ε) / √(s + ε) times g, with the old d; then d "
    "with the step; then θ.",
    praise="Record a feature in a smaller unit, and every step shrinks with the weight that belongs to it.",
    solution=(
        "def adadelta_step(theta, grad, s, d, rho):\n"
        "    s = rho * s + (1 - rho) * grad**2\n"
        "    step = ((d + 1e-6) / (s + 1e-6)) ** 0.5 * grad\n"
        "    return theta - step, s, rho * d + (1 - rho) * step**2"
    ),
)


def _mean(grads: Sequence[float], beta: float) -> float:
    """The running mean that begins at 0."""
    m = 0.0
    for grad in grads:
        m = beta * m + (1 - beta) * grad
    return m


CORRECTED_MEAN = Exercise(
    prompt="Adam's running mean of gradients, corrected for its start at 0.",
    cases=(
        ([2.0], 0.9),
        ([1.0, 1.0, 1.0], 0.99),
        ([0.3, -4.0, 2.0, 5.0], 0.5),
        ([-1.0, 2.5], 0.9),
    ),
    truth=lambda grads, beta: _mean(grads, beta) / (1 - beta ** len(grads)),
    mistakes=(
        Mistake(
            _mean,
            "After one gradient of 2 and β = 0.9 that is 0.2. It still remembers the 0 it began with.",
        ),
        Mistake(
            lambda grads, beta: _mean(grads, beta) / (1 - beta),
            "Right after the first gradient. After many there is hardly anything left to correct.",
        ),
        Mistake(
            lambda grads, beta: _mean(grads, beta) * (1 - beta ** len(grads)),
            "That makes it smaller still. It is too small already.",
        ),
        Mistake(
            lambda grads, beta: _mean(grads, beta) / beta ** len(grads),
            "You divide by the weight of the 0 at the start. Divide by what is left for the gradients.",
        ),
        Mistake(
            lambda grads, beta: sum(grads) / len(grads),  # noqa: ARG005
            "That is the plain mean. The latest gradients should count most.",
        ),
    ),
    hint="After t gradients the 0 at the start has the weight βᵗ. The gradients share the rest.",
    praise="With β₂ = 0.999 the correction matters for the first thousand steps or so.",
    solution=(
        "def corrected_mean(grads, beta):\n"
        "    m = 0\n"
        "    for grad in grads:\n"
        "        m = beta * m + (1 - beta) * grad\n"
        "    return m / (1 - beta ** len(grads))"
    ),
)


def _kind(steeper: bool, turns: bool) -> str:
    return "one rate" if steeper else "each parameter" if turns else "each direction"


KIND_OF_RULE = Exercise(
    prompt="What has a rate of its own: nothing, each parameter or each direction?",
    cases=(
        (20, 250, 250),
        (57, 59, 300),
        (40, 60, 100),
        (12, 12, 12),
        (15, 200, 600),
        (30, 28, 45),
        (80, inf, inf),
        (57, 58, inf),
    ),
    truth=lambda flat, steep, turned: _kind(steep > 2 * flat, turned > 2 * steep),
    mistakes=(
        Mistake(
            lambda flat, steep, turned: _kind(steep > 2 * flat, turned > 2 * flat),
            "To see what the turn does, compare two valleys that are equally steep.",
        ),
        Mistake(
            lambda flat, steep, turned: _kind(steep > flat, turned > steep),
            "A few steps more are no difference. Ask whether the number more than doubles.",
        ),
        Mistake(
            lambda flat, steep, turned: (
                "each parameter" if turned > 2 * steep else _kind(steep > 2 * flat, turns=False)
            ),
            "Look at the steepness first: a rule that suffers from it has one rate for all.",
        ),
        Mistake(
            lambda flat, steep, turned: _kind(steep > 2 * flat, turned <= 2 * steep),
            "The other way round: it is a rate for each *parameter* that a turn spoils.",
        ),
    ),
    hint="First compare the steep valley with the flat one, then the turned valley with the steep one.",
    praise="Two measurements say more about a rule than its name: AdaGrad is one for parameters, Newton's "
    "method one for directions.",
    solution=(
        "def kind_of_rule(flat, steep, turned):\n"
        "    if steep > 2 * flat:\n"
        "        return 'one rate'\n"
        "    return 'each parameter' if turned > 2 * steep else 'each direction'"
    ),
)
