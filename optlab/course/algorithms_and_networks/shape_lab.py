"""Networks of every width and depth: accuracy and time against the number of parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.algorithms_and_networks.shape import DEPTHS, WIDTHS, Shapes, plain_accuracy, shapes
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number

US = 1e6

WIDTH = Param("width", "", "width", WIDTHS, default=4, unit="neurons")
DEPTH = Param("depth", "", "depth", DEPTHS, default=3, unit="layers")
ACCURATE = 0.95
GOALS = (
    Goal(
        "an accuracy over 95 % with fewer than 2000 parameters",
        lambda run: run.accuracy[0] > ACCURATE and run.parameters[0] < 2000,
    ),
    Goal(
        "depth 1 layer: a hidden layer that is worse than none",
        lambda run: run.accuracy[0] < plain_accuracy(),
        where={"depth": 1},
    ),
)


@course_lab
def shape_lab() -> Parts:
    """Networks of every width and depth: accuracy and measured time against the number of parameters.

    Source:
        The article, section 1: design of the network structure.
    """
    plots = [accuracy(shapes()), time(shapes())]
    return Parts([WIDTH, DEPTH], Table(shapes()), plots, GOALS)


def accuracy(known: Shapes) -> Plot:
    """Test accuracy over the parameters, one line for each depth."""
    plot = _over_parameters(known, known.accuracy, ylabel="test accuracy", ylim=(0, 1.02), legend=True)
    goal_lines(plot, ACCURATE)
    level = [plain_accuracy()] * 2
    plot.ax.plot([50, 1e5], level, color=ORANGE, linestyle=":", linewidth=1.6, label="no hidden layer")
    plot.handle(["width", "depth"], _at(known, lambda r: r.accuracy))
    plot.here(lambda r: (r.parameters, r.accuracy))
    plot.title(
        lambda one: (
            f"{one.parameters[0]:,} parameters: accuracy {one.accuracy[0]:.1%}\n"
            f"without a hidden layer: {plain_accuracy():.1%}"
        )
    )
    return plot


def time(known: Shapes) -> Plot:
    """Measured time over the parameters, one line for each depth."""
    least = known.seconds.min() * US
    axes: dict[str, Any] = {
        "ylabel": "time for 599 digits, µs",
        "yscale": "log",
        "ylim": (least / 2, least * 300),
    }
    plot = _over_parameters(known, known.seconds * US, legend=True, **axes)
    few, many = known.parameters.min(), known.parameters.max()
    slope = least, least * many / few
    plot.ax.plot([few, many], slope, color=GREY, linestyle=":", linewidth=1.6, label="proportional")
    plot.handle(["width", "depth"], _at(known, lambda r: r.seconds * US))
    plot.here(lambda r: (r.parameters, r.seconds * US))
    plot.title(lambda one: _compared(one, known.select(known.parameters.argmin())))
    return plot


def _at(known: Shapes, height: Callable[[Shapes], np.ndarray]) -> Callable[[Any], tuple]:
    """Where the network of a width and a depth is."""

    def where(settings: Any) -> tuple[np.ndarray, np.ndarray]:
        found = known.find(settings)
        return found.parameters, height(found)

    return where


def _over_parameters(known: Shapes, values: np.ndarray, **axes: Any) -> Plot:
    few, many = known.parameters.min(), known.parameters.max()
    plot = Plot(xlabel="parameters", xscale="log", xlim=(few / 1.5, many * 1.5), **axes)
    names = "1 hidden layer", "2", "3"
    looks = (BLUE, "-", "o"), (GREEN, "--", "s"), (PURPLE, "-.", "^")
    for depth, name, (color, style, marker) in zip(DEPTHS, names, looks, strict=True):
        rows = known.settings["depth"] == depth
        look: dict[str, Any] = {"color": color, "linestyle": style, "marker": marker, "markersize": 5}
        plot.ax.plot(known.parameters[rows], values[rows], linewidth=2, label=name, **look)
    return plot


def _compared(one: Shapes, smallest: Shapes) -> str:
    more = one.parameters[0] / smallest.parameters[0]
    slower = one.seconds[0] / smallest.seconds[0]
    first = f"{number(more)} × the parameters of the smallest"
    return f"{first}\n{number(slower)} × its time, on this machine"
