"""The lab of gradient descent in a ravine: its path, and its loss split along two directions."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.descent_plots import descent_loss, descent_path
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.course.gradient_descent.descent import (
    GOAL,
    along_and_across,
    at_best_rate,
    measured_factor,
    ravine_descent,
)
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_rate, largest_rate, worst_factor
from optlab.engine.analysis.surfaces import ravine, start_at
from optlab.live.goals import kept_from
from optlab.live.plots import BLUE, GREY, ORANGE
from optlab.params import log_values

LIMITS = (-3.3, 3.3, -2.1, 2.1)
"""The part of the plane that the picture of the ravine shows."""


def marked_rates(kappa: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the best rate 2/(μ + L), and all from 2/L on."""
    return {"best": best_rate(1.0, kappa), "diverges above": (largest_rate(kappa), np.inf)}


ALPHA = Param("lr", "α", "learning rate", log_values(0.01, 4, 20), default=0.2, marks=marked_rates)
KAPPA = Param("kappa", "κ", "condition number", (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0), 10.0)
ANGLE = Param("angle", "φ", "start, angle", tuple(7.5 * k for k in range(13)), 60.0, "°")


def within(steps: int, text: str, goal: float = GOAL, **where: Any) -> Goal:
    """The goal to be under a loss from this step to the end, at a setting that has these values."""
    return Goal(text, lambda run: kept_from(run.loss[0] <= goal) <= steps, where)


GOALS = (
    within(40, "κ = 10, φ = 60°: the loss under 10⁻⁶ from step 40 on", kappa=10.0, angle=60.0),
    within(100, "κ = 20, φ = 60°: under 10⁻⁶ at step 100", kappa=20.0, angle=60.0),
    within(100, "κ = 30, φ = 60°: under 10⁻⁶ at step 100 (possible?)", kappa=30.0, angle=60.0),
)


@course_lab
def descent_lab(steps: int = 100) -> Parts:
    """Gradient descent in a ravine: its path, and its loss split along the two eigen-directions.

    Args:
        steps: the most steps.

    Source:
        The article, section 3.1; G. Goh, "Why momentum really works", Distill, 2017.
    """
    source = Table(lambda settings: ravine_descent(settings, steps=steps), chunk=1024)
    return Parts(
        (ALPHA, KAPPA, ANGLE),
        source,
        [ravine_path(steps), losses(steps)],
        GOALS,
        also=lambda _: {"steps": steps},
    )


def ravine_path(steps: int) -> Plot:
    """The path over the contours of its ravine."""
    plot = descent_path(steps, lambda _: LIMITS)
    plot.ax.set(xlim=LIMITS[:2], ylim=LIMITS[2:])
    plot.handle(["angle"], lambda at: start_at(at["angle"]).T)
    plot.background(
        KAPPA.values,
        lambda run: run.settings["kappa"],
        lambda kappa: contours(plot.ax, ravine(kappa), LIMITS, [(0.0, 0.0)]),
    )
    return plot


def losses(steps: int) -> Plot:
    """The loss, its two parts, and theory's at the best rate."""
    plot, x = descent_loss(steps, (1e-12, 1e7), GOAL, _shrinking), np.arange(steps + 1)
    look: dict[str, Any] = {"x": x, "width": 1.6, "zorder": 1.9}  # below the loss
    plot.line("along the valley", lambda run: along_and_across(run)[..., 0], BLUE, "--", role="other", **look)
    plot.line(
        "across the valley", lambda run: along_and_across(run)[..., 1], ORANGE, "-.", role="other", **look
    )
    plot.line("bound: best α", at_best_rate, GREY, ":", role="theory", **look)
    return plot


def _shrinking(one: Descent) -> str:
    """What a step leaves of the distance: measured, and by theory."""
    setting = one.setting(0)
    theory, measured = (
        worst_factor(1.0, setting["kappa"], setting["lr"]),
        measured_factor(one.loss[0]),
    )
    if np.isnan(measured):
        return f"theory: distance × {theory:.3f} a step"
    return f"distance × {measured:.3f} a step (theory: at most {theory:.3f})"
