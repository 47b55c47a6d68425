"""The lab of momentum: α and β on a map of everything that they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_panel import BLUE, GREY
from optlab.course.common.old_paths import Curve, DescentLoss
from optlab.course.gradient_descent.descent import GOAL, at_best_rate
from optlab.course.gradient_descent.descent_lab import KAPPA, arrives
from optlab.course.gradient_descent.momentum import expected, heavy_ball
from optlab.course.gradient_descent.old_momentum_figures import PhaseDiagram
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_momentum, largest_rate
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["momentum_lab"]

PROGRAM = Path(__file__).with_name("momentum_program.py")


def marked_rates(kappa: float, momentum: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the best rate of the best pair, and all from 2(1 + β)/L on."""
    return {
        "best pair": float(best_momentum(1.0, kappa)[0]),
        "diverges above": (largest_rate(kappa, momentum), np.inf),
    }


def marked_momentum(kappa: float) -> dict[str, Any]:
    """What theory marks on the slider of β: the β of the best pair."""
    return {"best pair": float(best_momentum(1.0, kappa)[1])}


ALPHA = Param("lr", "α", "learning rate", log_values(0.005, 0.5, 20), default=0.063, marks=marked_rates)
BETA = Param(
    "momentum",
    "β",
    "momentum",
    (*(k / 20 for k in range(19)), 0.92, 0.94, 0.96, 0.98),
    default=0.0,
    marks=marked_momentum,
)
RAVINES = replace(KAPPA, values=(10.0, 30.0, 100.0), default=30.0)


GOALS = (
    Goal("κ = 30: the loss under 10⁻⁶ in 100 steps", lambda run: arrives(run, 100, kappa=30.0)),
    Goal("κ = 30: in 30 steps", lambda run: arrives(run, 30, kappa=30.0)),
    Goal("κ = 100: in 60 steps", lambda run: arrives(run, 60, kappa=100.0)),
)


def momentum_lab(steps: int = 100, **options: Any) -> Lab:
    """The heavy ball in a ravine: a map of all α and β, and the loss at the pair on the sliders.

    Args:
        steps: the cap of steps.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `momentum` and `kappa`; its results are `Descent`s.

    Source:
        B. Polyak, 1964; G. Goh, "Why momentum really works", Distill, 2017.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        return heavy_ball(settings, steps=steps)

    curves = (
        Curve(
            "theory at this α and β",
            BLUE,
            "--",
            lambda descent, row: expected(descent.select(row))[0],
            still=True,
        ),
        Curve(
            "best without momentum",
            GREY,
            ":",
            lambda descent, row: at_best_rate(descent.select(row))[0],
            still=True,
        ),
    )
    panels = [
        PhaseDiagram(RAVINES.values, (ALPHA.values[0], ALPHA.values[-1]), BETA.values[-1]),
        DescentLoss(steps, (1e-12, 1e7), GOAL, curves),
    ]
    options = {"goals": GOALS} | options
    return Lab(
        (ALPHA, BETA, RAVINES),
        run,
        panels,
        most=10_000,
        program=Program(PROGRAM, lambda _: {"steps": steps}),
        **options,
    )
