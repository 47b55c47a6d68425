"""One measurement in another unit, four preparations: the bowl from above, and the loss."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.data.preprocessing import GOAL, PREPARATIONS, TIMES, UNITS, Bowls, bowls
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number

UNIT = Param("unit", "", "petal length in", tuple(UNITS), "cm")
PREPARATION = Param("preparation", "", "features", tuple(PREPARATIONS), "as it is")
GOALS = (
    Goal("petal length in µm: learnt within 100 steps", lambda run: run.steps[0] < 100, where={"unit": "µm"}),
    Goal("learnt in a single step", lambda run: run.steps[0] <= 1),
    Goal("over a billion steps", lambda run: run.steps[0] > 1e9),
)
LOOKS: dict[str, tuple[str, str, float]] = {
    "as it is": (ORANGE, "-", 1.8),
    "centred": (PURPLE, "-.", 1.8),
    "standardised": (BLUE, "--", 1.8),
    "whitened": (GREEN, ":", 2.2),
}
ANGLE = np.linspace(0, 2 * np.pi, 241)


@course_lab
def preprocessing_lab() -> Parts:
    """One measurement in another unit, and four preparations: the bowl, and the loss step by step.

    Source:
        The article, section 1: preprocessing. Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient
        BackProp", 1998.
    """
    plots = [bowl(), losses()]
    return Parts([UNIT, PREPARATION], Table(bowls()), plots, GOALS)


def bowl() -> Plot:
    """A line of equal loss, the flattest direction as long as the axis: a circle is easy, a needle hard."""
    limits: dict[str, Any] = {"xlim": (-1.8, 1.8), "ylim": (-1.1, 1.1)}
    plot = Plot(xlabel="flattest direction", ylabel="steepest direction", legend=True, **limits)
    circle = np.cos(ANGLE), np.sin(ANGLE)
    plot.ax.plot(*circle, color=GREY, linestyle=":", linewidth=1.2, label="κ = 1")
    ring: dict[str, Any] = {"points": len(ANGLE), "width": 2.4, "named": True}
    plot.path("equal loss", lambda r: (circle[0], circle[1] / r.condition[:, None] ** 0.5), BLUE, **ring)
    plot.ax.plot([0], [0], "+", color=ORANGE, markersize=11, markeredgewidth=2.5, label="minimum")
    plot.title(
        lambda one: (
            f"condition number κ = {number(one.condition[0])}\n"
            f"the bowl is {number(one.condition[0] ** 0.5)} × as long as wide"
        )
    )
    plot.words(lambda one: f"{plot.said(one)}.")
    return plot


def losses() -> Plot:
    """The loss of all preparations in one unit, the chosen one in a thick line."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (1, 1e12), "ylim": (1e-5, 30)}
    plot = Plot(xlabel="steps, counted from 1", ylabel="optimality gap", legend=True, **axes)
    plot.ax.axhline(GOAL, color=GREY, linestyle=":", linewidth=1)
    for name, (color, style, width) in LOOKS.items():
        thin, thick = partial(_if_chosen, name, False), partial(_if_chosen, name, True)
        plot.line(name, thick, color, style, x=TIMES + 1, width=3.6)
        plot.line(name, thin, color, style, x=TIMES + 1, role="other", width=width)
    plot.here(lambda r: (r.steps + 1, GOAL))
    plot.title(_learnt)
    return plot


def _gap(preparation: str, runs: Bowls) -> np.ndarray:
    """The optimality gap in the same units, all with one preparation, `(settings, TIMES)`."""
    settings = {"unit": runs.settings["unit"], "preparation": np.repeat(preparation, len(runs))}
    return bowls().find(settings).gap


def _if_chosen(preparation: str, chosen: bool, runs: Bowls) -> np.ndarray:
    """The same for the runs that have chosen it, or another; NaN for the rest."""
    own = runs.settings["preparation"] == preparation
    return np.where((own == chosen)[:, None], _gap(preparation, runs), np.nan)


def _learnt(one: Bowls) -> str:
    steps = one.steps[0]
    words = f"{steps:,.0f} step{'' if steps == 1 else 's'}" if steps < 1e5 else f"{number(steps)} steps"
    return f"a gap of 0.001 after {words}\nat the best constant rate, α = {number(one.lr[0])}"
