"""The mean of several networks, and the loss on the straight line between two of them."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.algorithms_and_networks.merging import MEMBERS, PLACES, TOGETHER, Merged, merged
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import BLUE, ORANGE, number

TOGETHER_FOR = Param("together", "", "together for", TOGETHER, "1 epoch")
COUNT = Param("members", "k", "averaged", tuple(range(1, MEMBERS + 1)), default=2, unit="networks")
GOALS = (
    Goal(
        "k = 6: a mean that beats each of its members",
        lambda run: run.loss[0, -1] < run.each[0].min(),
        where={"members": MEMBERS},
    ),
    Goal("a mean that is wrong on a third of the digits", lambda run: _of_mean(run.accuracy, run)[0] < 0.67),
)
AXES: dict[str, Any] = {"ylabel": "test loss", "yscale": "log", "ylim": (0.06, 2), "legend": True}
STRANGERS: dict[str, Any] = {"color": ORANGE, "linestyle": ":", "linewidth": 2, "label": "strangers"}


@course_lab
def merging_lab() -> Parts:
    """The mean of several networks' weights, and the loss on the straight line between two of them.

    Source:
        The article, section 1: merging of network structures. J. Frankle and others, "Linear mode
        connectivity and the lottery ticket hypothesis", 2020.
    """
    strangers = merged().select(together="never", members=1)
    plots = [line(strangers), means(strangers)]
    return Parts([TOGETHER_FOR, COUNT], Table(merged()), plots, GOALS)


def line(strangers: Merged) -> Plot:
    """The test loss on the straight line between two networks."""
    plot = Plot(xlabel="weight of the second network", xlim=(0, 1), **AXES)
    plot.ax.plot(PLACES, strangers.line[0], **STRANGERS)
    plot.line("these two", lambda r: r.line, "black", x=PLACES, width=2.4)
    middle = len(PLACES) // 2
    plot.here(lambda r: (PLACES[middle], r.line[:, middle]))
    plot.title(
        lambda one: (
            f"halfway: loss {number(one.line[0, middle])}\n"
            f"at the ends: {number(one.line[0, 0])} and {number(one.line[0, -1])}"
        )
    )
    return plot


def means(strangers: Merged) -> Plot:
    """The test loss of the mean of k networks, and of each alone."""
    counts = np.arange(1, MEMBERS + 1)
    plot = Plot(xlabel="networks averaged, k", xlim=(0.8, MEMBERS + 0.2), **AXES)
    plot.ax.plot(counts, strangers.loss[0], **STRANGERS)
    plot.line("mean of k", lambda r: r.loss, "black", x=counts, width=2.4, marker="o", markersize=5)
    plot.line("each alone", lambda r: r.each, BLUE, "", x=counts, role="other", marker="_", markersize=14)
    plot.steers(x="members")
    plot.here(lambda r: (r.settings["members"], _of_mean(r.loss, r)))
    plot.title(_of_k)
    return plot


def _of_mean(values: np.ndarray, runs: Merged) -> np.ndarray:
    """What `(settings, MEMBERS)` values are for the mean of k networks, `(settings,)`."""
    return values[np.arange(len(runs)), runs.settings["members"] - 1]


def _of_k(one: Merged) -> str:
    k, loss, accuracy = one.setting(0)["members"], _of_mean(one.loss, one)[0], _of_mean(one.accuracy, one)[0]
    first = f"mean of {k}: loss {number(loss)}, accuracy {accuracy:.1%}"
    return f"{first}\neach alone, on average: loss {number(one.each[0].mean())}"
