"""The lab of gradient descent in a ravine: its path, and its loss split along two directions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_panel import BLUE, GREY, ORANGE
from optlab.course.common.old_paths import Curve, DescentLoss, SurfacePath, View
from optlab.course.gradient_descent.descent import (
    GOAL,
    along_and_across,
    at_best_rate,
    measured_factor,
    ravine_descent,
)
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_rate, largest_rate, worst_factor
from optlab.engine.analysis.surfaces import ravine
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import NEVER
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["KAPPA", "RAVINE", "arrives", "descent_lab", "ravine_views"]

PROGRAM = Path(__file__).with_name("descent_program.py")

RAVINE = (-3.3, 3.3, -2.1, 2.1)
"""The part of the plane that the ravine's picture shows."""


def marked_rates(kappa: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the best rate 2/(μ + L), and all from 2/L on."""
    return {"best": best_rate(1.0, kappa), "diverges above": (largest_rate(kappa), np.inf)}


ALPHA = Param("lr", "α", "learning rate", log_values(0.01, 4, 20), default=0.05, marks=marked_rates)
KAPPA = Param("kappa", "κ", "condition number", (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0), 10.0)
ANGLE = Param("angle", "φ", "start, angle", (0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0), 60.0, "°")


def arrives(run: Descent, within: int, **where: Any) -> bool:
    """Whether one run with these settings reaches the goal within this many steps."""
    return all(run.settings[name][0] == value for name, value in where.items()) and (
        NEVER < int(run.reached_at[0]) <= within
    )


RAVINE_GOALS = (
    Goal("κ = 10: the loss under 10⁻⁶ in at most 40 steps", lambda run: arrives(run, 40, kappa=10.0)),
    Goal("κ = 20: there in 100 steps", lambda run: arrives(run, 100, kappa=20.0)),
    Goal("κ = 30: there in 100 steps", lambda run: arrives(run, 100, kappa=30.0)),
)


def descent_lab(steps: int = 100, **options: Any) -> Lab:
    """Gradient descent in a ravine: its path, and its loss split along the two eigen-directions.

    Args:
        steps: the cap of steps.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `kappa` and `angle`; its results are `Descent`s.

    Source:
        The article, section 3.1; G. Goh, "Why momentum really works", Distill, 2017.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        return ravine_descent(settings, steps=steps)

    curves = (
        Curve(
            "along the valley",
            BLUE,
            "--",
            lambda descent, row: along_and_across(descent.select(row))[0, :, 0],
        ),
        Curve(
            "across the valley",
            ORANGE,
            "-.",
            lambda descent, row: along_and_across(descent.select(row))[0, :, 1],
        ),
        Curve(
            "best α, by theory",
            GREY,
            ":",
            lambda descent, row: at_best_rate(descent.select(row))[0],
            still=True,
        ),
    )
    panels = [
        SurfacePath(*ravine_views(KAPPA), steps),
        DescentLoss(steps, (1e-12, 1e7), GOAL, curves, _shrinking),
    ]
    options = {"goals": RAVINE_GOALS} | options
    return Lab(
        (ALPHA, KAPPA, ANGLE),
        run,
        panels,
        most=10_000,
        program=Program(PROGRAM, lambda _: {"steps": steps}),
        **options,
    )


def ravine_views(kappa: Param) -> tuple[list[View], Any]:
    """A view of the ravine for each κ on a slider, and the function that finds a row's."""
    views = [View(ravine(value), RAVINE, [(0.0, 0.0)]) for value in kappa.values]
    return views, lambda descent, row: kappa.index(float(descent.settings["kappa"][row]))


def _shrinking(descent: Descent, row: int) -> str:
    """What a step leaves of the distance: measured, and by theory."""
    kappa, lr = (float(descent.settings[name][row]) for name in ("kappa", "lr"))
    theory, measured = float(worst_factor(1.0, kappa, lr)), measured_factor(descent.loss[row])
    if np.isnan(measured):
        return f"theory: distance × {theory:.3f} a step"
    return f"distance × {measured:.3f} a step (theory: at most {theory:.3f})"
