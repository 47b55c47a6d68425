"""The lab of descent on three surfaces that are no quadratics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.common.old_paths import DescentLoss, SurfacePath, View
from optlab.course.gradient_descent.descent_lab import arrives
from optlab.course.gradient_descent.surface import GOAL, RULES, surface_descent
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.surfaces import SURFACES
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["surface_lab"]

PROGRAM = Path(__file__).with_name("surface_program.py")
SURFACE = Param("surface", "", "surface", tuple(SURFACES), next(iter(SURFACES)))
RULE = Param("optimizer", "", "update rule", RULES, RULES[0])
SMALL_ALPHA = Param("lr", "α", "learning rate", log_values(1e-4, 1, 8), default=0.001)
START = Param("start", "", "start", ("A", "B", "C"), "A")
SURFACE_GOALS = (
    Goal(
        "Rosenbrock, start A: the loss under 10⁻⁴ in 300 steps",
        lambda run: arrives(run, 300, surface=SURFACE.default, start="A"),
    ),
)


def surface_lab(steps: int = 300, goal: float = GOAL, **options: Any) -> Lab:
    """Gradient descent, with momentum 0.9 or without, on three surfaces where no formula tells the best rate.

    Args:
        steps: the most steps.
        goal: the loss at which a run counts as converged.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `surface`, `optimizer`, `lr` and `start`; its results are `Descent`s.

    Source:
        The article, section 3.1. The surfaces' sources are in `optlab.engine.analysis.surfaces`.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        return surface_descent(settings, steps=steps, goal=goal)

    views = [View(surface.fn, surface.box, surface.minima) for surface in SURFACES.values()]
    panels = [
        SurfacePath(views, lambda descent, row: SURFACE.index(descent.settings["surface"][row]), steps),
        DescentLoss(steps, (1e-9, 1e5), goal),
    ]
    options = {"goals": SURFACE_GOALS} | options
    return Lab(
        (SURFACE, SMALL_ALPHA, RULE, START),
        run,
        panels,
        most=10_000,
        program=Program(PROGRAM, lambda _: {"steps": steps}),
        **options,
    )
