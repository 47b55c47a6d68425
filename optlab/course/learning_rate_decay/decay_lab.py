"""A falling rate on a noisy parabola: the rate of every step, and the loss that it leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.learning_rate_decay.decay import STEPS, Walks, best_constant, run
from optlab.course.learning_rate_decay.old_decay_figures import RateOfSteps, WalkLoss
from optlab.course.learning_rate_decay.sums import marked_exponents
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["decay_lab"]


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α₀: the best constant rate, and where steps begin to overshoot."""
    return {
        "best constant": best_constant(STEPS, curvature=curvature)[0],
        "2/h, grows": (2 / curvature, np.inf),
    }


ALPHA0 = Param(
    "lr",
    "α₀",
    "initial rate",
    (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0),
    default=0.5,
    marks=marked_rates,
)
DELTA = Param(
    "delta", "δ", "decay rate", (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0), default=1.0
)
EXPONENT = Param("p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), 1.0, marks=marked_exponents)
COUNT = Param("count", "", "t counts", ("steps", "epochs"), default="steps")
CURVATURE = Param("curvature", "h", "curvature", (0.03, 0.1, 0.3, 1.0), default=1.0)


def beats(run: Walks, loss: float | None = None, **where: Any) -> bool:
    """Whether one run with these settings ends under a loss, or under the best constant rate's."""
    here = all(run.settings[name][0] == value for name, value in where.items())
    below = best_constant(STEPS, curvature=run.settings["curvature"][0])[1] if loss is None else loss
    return here and bool(run.loss[0, -1] < below)


GOALS = (
    Goal("δ = 1: beat the best constant rate", lambda run: beats(run, delta=1.0, curvature=1.0)),
    Goal("a mean loss under 0.0013", lambda run: beats(run, 0.0013, curvature=1.0)),
    Goal(
        "δ = 1, t counts epochs: beat it again",
        lambda run: beats(run, delta=1.0, count="epochs", curvature=1.0),
    ),
    Goal("h = 0.1: beat it once more", lambda run: beats(run, curvature=0.1)),
)


def decay_lab(**options: Any) -> Lab:
    """The article's decay on a noisy parabola: the rate of each step, and the mean loss of 512 walks.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `lr`, `delta`, `p`, `count` and `curvature`; its results are `Walks`.

    Source:
        The article, section 3.4; H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    panels = [RateOfSteps(STEPS, (1e-4, 5)), WalkLoss(STEPS, (2e-4, 1e5))]
    program = Program(Path(__file__).with_name("decay_program.py"))
    params = (ALPHA0, DELTA, EXPONENT, COUNT, CURVATURE)
    options = {"goals": GOALS} | options
    return Lab(params, lambda settings, _: run(settings), panels, most=512, program=program, **options)
