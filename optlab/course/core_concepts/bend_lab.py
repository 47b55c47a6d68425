"""The lab of regularisation: a penalty bends the surface."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table, each
from optlab.course.common.descent_plots import descent_path, end_of, path_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.course.core_concepts.bend import GOAL, STEPS, bend, cut, minima
from optlab.course.core_concepts.line import LIMITS, curvatures, optimality_gap, petals
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_rate, largest_rate
from optlab.live.goals import kept_from
from optlab.live.plots import BLUE, GREEN, ORANGE, number
from optlab.params import log_values

STRENGTHS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0)


def marked_rates(l2: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the fastest rate, and all from 2/L on."""
    flattest, steepest = curvatures(petals()[0], l2)
    return {"best": best_rate(flattest, steepest), "diverges above": (largest_rate(steepest), np.inf)}


PARAMS = (
    Param("l2", "λ", "penalty", STRENGTHS, 1.0),
    Param("lr", "α", "learning rate", log_values(0.01, 1, 12), 0.056, marks=marked_rates),
)

GOALS = (
    Goal(
        "λ = 3: at the minimum (★) within 7 steps, and there to the end",
        where={"l2": 3.0},
        reached=lambda run: kept_from(run.loss[0] <= GOAL) <= 7,
    ),
)


@course_lab
def bend_lab() -> Parts:
    """Gradient descent on the loss with a penalty λ(θ₁² + θ₂²): what bends, and what that does to the rates.

    Source:
        The article, sections 2 and 3.5.
    """
    return Parts(PARAMS, Table(bend), [bent_path(), penalty_cut()], GOALS)


def bent_path() -> Plot:
    """A descent on the bent surface, and the curve that the minimum moves along as λ grows."""
    plot = descent_path(STEPS, lambda _: LIMITS, _title, _in_words)
    plot.ax.set(xlim=LIMITS[:2], ylim=LIMITS[2:])

    def bowl(l2: float) -> list:
        return contours(plot.ax, optimality_gap(*petals(), l2), LIMITS, minima(l2).tolist())

    plot.background(STRENGTHS, lambda run: run.settings["l2"], bowl)
    plot.handle(["l2"], lambda at: minima(at["l2"]).T)
    curve = minima([0.0, *np.geomspace(1e-3, 1e4, 200)])
    plot.ax.plot(*curve.T, "--", color="black", linewidth=1.6, zorder=1.5)
    white: dict[str, Any] = {"markeredgecolor": "white", "markersize": 8, "zorder": 2}
    for marker, color, words, (x, y) in (("D", BLUE, "λ = 0", curve[0]), ("o", GREEN, "λ = ∞", (0, 0))):
        plot.ax.plot(x, y, marker, color=color, **white)
        plot.ax.text(x + 0.1, y - 0.05, words, fontsize=9, va="top", zorder=2)
    return plot


def _title(one: Descent) -> str:
    return f"- - minima for all λ, by theory\n{end_of(one)}, {_distance(one)}"


def _in_words(one: Descent) -> str:
    return f"{path_in_words(one)} The end of the path: {_distance(one)}."


def _distance(one: Descent) -> str:
    """How far the end of a path is from the closed form."""
    away = float(np.linalg.norm(one.path[0, -1] - minima(one.settings["l2"])[0]))
    if not np.isfinite(away):
        return "diverged"
    return f"{number(away)} from the minimum" if away > 1e-14 else "at the minimum, up to rounding"


def penalty_cut() -> Plot:
    """The loss, the penalty and their sum on the way from 0 through the minimum of the sum."""
    axes: dict[str, Any] = {"xlabel": "distance from 0, through the minimum", "ylabel": "loss"}
    plot = Plot(xlim=(0, 2), ylim=(0, 4), legend=True, **axes)
    distance = np.linspace(0, 2, 81)

    def curve(k: int) -> Any:
        def part(one: Descent) -> np.ndarray:
            data, both = cut(one.settings["l2"][0], distance)
            return (data, both - data, both)[k]

        return each(part)

    plot.line("J₁, the flowers", curve(0), BLUE, "--", x=distance, role="other", width=1.8)
    plot.line("λJ₂, the penalty", curve(1), GREEN, ":", x=distance, role="other", width=2.2)
    plot.line("J, their sum", curve(2), x=distance, width=2.4)
    plot.point("lowest", each(lambda one: _at_minimum(one)[::2]), ORANGE, "P", role="here", size=10)
    plot.handle(["l2"], lambda at: (np.linalg.norm(minima(at["l2"]), axis=1), np.nan))
    plot.title(lambda one: f"λ = {one.settings['l2'][0]:g}\n{_cost(one)}")
    plot.words(lambda one: f"With λ = {one.settings['l2'][0]:g}, {_cost(one)}.")
    return plot


def _at_minimum(one: Descent) -> tuple[float, ...]:
    """The size of θ, J₁ and J."""
    l2 = one.settings["l2"][0]
    size = float(np.linalg.norm(minima(l2)[0]))
    data, both = cut(l2, np.array([size]))
    return size, data.item(), both.item()


def _cost(one: Descent) -> str:
    return "at the minimum: size of θ {:.2f}, J₁ {:.3f}".format(*_at_minimum(one))
