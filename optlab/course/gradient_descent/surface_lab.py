"""The lab of descent on three surfaces that are no quadratics."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from optlab import Param, Plot, Table
from optlab.course.common.descent_plots import descent_loss, descent_path
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.course.gradient_descent.descent_lab import within
from optlab.course.gradient_descent.surface import GOAL, RULES, surface_descent
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.surfaces import SURFACES
from optlab.params import log_values

SURFACE = Param("surface", "", "surface", tuple(SURFACES), next(iter(SURFACES)))
RULE = Param("optimizer", "", "update rule", RULES, RULES[-1])
ALPHA = Param("lr", "α", "learning rate", log_values(1e-4, 1, 8), default=0.001)
START = Param("start", "", "start", tuple("ABCDEF"), "A")

GOALS = (
    within(
        300,
        "Rosenbrock's valley, start A: the loss under 10⁻⁴ at step 300",
        GOAL,
        surface="Rosenbrock's valley",
        start="A",
    ),
    within(
        120,
        "Beale's function, start A: the loss under 10⁻⁴ from step 120 on",
        GOAL,
        surface="Beale's function",
        start="A",
    ),
    within(
        300,
        "saddle, start B: the loss under 10⁻⁴ at step 300 (possible?)",
        GOAL,
        surface="saddle",
        start="B",
    ),
)


@course_lab
def surface_lab(steps: int = 300, goal: float = GOAL) -> Parts:
    """Gradient descent, with momentum 0.9 or without, on three surfaces where no formula tells the best rate.

    Args:
        steps: the most steps.
        goal: the loss at which a run counts as converged.

    Source:
        The article, section 3.1. The surfaces' sources are in `optlab.engine.analysis.surfaces`.
    """
    source = Table(lambda settings: surface_descent(settings, steps=steps, goal=goal), chunk=1024)
    plots = [surface_path(steps), descent_loss(steps, (1e-9, 1e5), goal, legend=False)]
    return Parts((SURFACE, ALPHA, RULE, START), source, plots, GOALS, also=lambda _: {"steps": steps})


def surface_path(steps: int) -> Plot:
    """The path over the contours of its surface."""

    def limits(one: Descent) -> tuple[float, float, float, float]:
        return SURFACES[one.setting(0)["surface"]].limits

    plot = descent_path(steps, limits)
    plot.handle(["start"], _starts, given=["surface"])
    drawn: list[Any] = []

    def draw(name: str) -> None:
        """Every surface has limits of its own, so what is drawn is replaced rather than hidden."""
        for artist in drawn:
            artist.remove()
        surface = SURFACES[name]
        plot.ax.set(xlim=surface.limits[:2], ylim=surface.limits[2:])
        drawn[:] = contours(plot.ax, surface.fn, surface.limits, surface.minima)

    plot.background(SURFACE.values, lambda run: run.settings["surface"], draw)
    return plot


def _starts(at: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where the starts are on their surfaces, as x and y."""
    both = zip(at["surface"], at["start"], strict=True)
    return np.transpose([SURFACES[surface].starts[start] for surface, start in both])
