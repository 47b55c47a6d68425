"""The lab of two ways to make the cloud shrink: a falling rate, and the average of the iterates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import CloudView, GapCurves, Kind, Shown
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE
from optlab.course.stochastic_gradient_descent.seeds import EPOCHS, GOAL, RATES, SEEDS, START, WITH, Clouds
from optlab.course.stochastic_gradient_descent.shrink import ORDERS, SHOWN, STOPS, shrink
from optlab.course.stochastic_gradient_descent.theory import best_possible_gap
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["shrink_lab"]

PROGRAM = Path(__file__).with_name("shrink_program.py")
ALPHA0 = Param("lr", "α₀", "learning rate", RATES[10:29], default=0.15)
DELTA = Param(
    "delta",
    "δ",
    "decay rate",
    (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    0.01,
    unit="/step",
)
POWER = Param("p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), default=2.0)
ORDER = Param("order", "", "samples", ORDERS, WITH)
EPOCH = Param("now", "t", "epoch", tuple(STOPS.tolist()), 100)
NEAR = (-1.2, 1.55, -1.25, 0.25)
"""The part of the plane that the picture of the three clouds shows."""
CONSTANT, FALLING, AVERAGE = (
    Kind("constant α", BLUE, "-", "."),
    Kind("falling α", ORANGE, "--", "x"),
    Kind("average", GREEN, "-.", "+"),
)


SHRINK_GOALS = (
    Goal(
        "falling α, samples with replacement: under 0.001 at epoch 100",
        lambda run: run.settings["order"][0] == WITH and run.gap[0, 1, -1] < GOAL,
    ),
    Goal("falling α ends worse than constant α", lambda run: run.gap[0, 1, -1] > run.gap[0, 0, -1]),
    Goal("by any means: under 0.00001", lambda run: run.gap[0, :, -1].min() < 1e-5),
)


def shrink_lab(**options: Any) -> Lab:
    """A constant rate, a falling one, and the average of the iterates: three clouds in one picture.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `lr`, `delta`, `p`, `order` and `now`; its results are `Clouds`.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951; B. Polyak and A. Juditsky,
        "Acceleration of stochastic approximation by averaging", 1992.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Clouds:
        return shrink(settings)

    kinds = [CONSTANT, FALLING, AVERAGE]
    cloud = CloudView(fitness_club(), NEAR, kinds, START, seeds=SHOWN, note=_three_spreads)
    theory = [
        Kind("theory, with replacement", "black", ":", width=1.4),
        *(Kind("_theory", "black", ":", width=1.4) for _ in "ab"),
    ]
    theory.append(Kind("best possible: tr(H⁻¹S)/2t", GREY, (0, (6, 2))))
    curves = GapCurves(EPOCHS, (1e-6, 1e2), GOAL, kinds, theory, _three_gaps, xlabel="epoch", log=True)
    rest: dict[str, Any] = {"most": 400, "goals": SHRINK_GOALS} | options
    return Lab((ALPHA0, DELTA, POWER, ORDER, EPOCH), run, [cloud, curves], program=Program(PROGRAM), **rest)


def _three_spreads(clouds: Clouds, row: int) -> str:
    now = clouds.settings["now"][row]
    wide = [
        float(np.linalg.norm(spread)) for spread in clouds.spread[row, :, clouds.stops.tolist().index(now)]
    ]
    words = ", ".join(f"{k.label} {w:.2g}" for k, w in zip((CONSTANT, FALLING, AVERAGE), wide, strict=True))
    return f"start ○   solution +   epoch {now}, {SHOWN} of {SEEDS} seeds each\nspread: {words}"


def _three_gaps(clouds: Clouds, row: int) -> Shown:
    gap, now = clouds.gap[row], int(clouds.settings["now"][row])
    stars = ["★" if g <= GOAL else "" for g in gap[:, now]]
    words = " · ".join(
        f"{k.label} {g:.2g}{star}"
        for k, g, star in zip((CONSTANT, FALLING, AVERAGE), gap[:, now], stars, strict=True)
    )
    theory = np.vstack([clouds.expected[row], best_possible_gap(fitness_club(), clouds.steps)])
    return Shown(gap, theory, max(now, 1), f"epoch {now}; ★ goal reached\n{words}")
