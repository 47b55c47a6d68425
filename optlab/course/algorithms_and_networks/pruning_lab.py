"""A trained network with more and more removed: its matrix, its accuracy, its time."""

from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab import Goal, Param, Plot, Table
from optlab.course.algorithms_and_networks.pruning import AMOUNTS, PIXELS, WAYS, WIDTH, Pruned, pruned
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.live.goals import AtLeast
from optlab.live.plots import BLUE, GREEN, GREY

MS = 1e3
FILLED = LinearSegmentedColormap.from_list("filled", ["#eeeeee", BLUE]).with_extremes(bad="white")

WAY = Param("way", "", "remove the", WAYS, WAYS[0])
AMOUNT = Param("amount", "", "fraction removed", AMOUNTS, default=0.8)
ACCURATE = 0.9
GOALS = (
    Goal(
        "fraction removed at least 0.5: lose less than 1 point of accuracy",
        lambda run: run.accuracy[0] > pruned().accuracy[0] - 0.01,
        where={"amount": AtLeast(0.5)},
    ),
    Goal(
        "half the time, with an accuracy over 90 %",
        lambda run: run.seconds[0] < pruned().seconds[0] / 2 and run.accuracy[0] > ACCURATE,
    ),
)


@course_lab
def pruning_lab() -> Parts:
    """A trained network with more and more removed: its accuracy, its measured time, and its matrix.

    Source:
        The article, section 1: pruning of the network structure.
    """
    plots = [accuracy(pruned()), time(pruned()), matrix()]
    return Parts([WAY, AMOUNT], Table(pruned()), plots, GOALS)


def matrix() -> Plot:
    """The middle matrix of a network: blue where weights are, pale where they are 0."""
    plot = Plot(xlabel="from neuron (every fourth)", ylabel="to neuron")
    look: dict[str, Any] = {"vmin": 0, "vmax": 1, "extent": (0, WIDTH, WIDTH, 0), "interpolation": "nearest"}
    plot.image(lambda r: r.picture, (PIXELS, PIXELS), cmap=FILLED, **look)
    plot.title(_left)
    plot.words(lambda one: f"{plot.said(one)}.")
    return plot


def accuracy(known: Pruned) -> Plot:
    """Test accuracy over the amount, one line for each way."""
    plot = _over_amounts(known, known.accuracy, ylabel="test accuracy", ylim=(0, 1.02))
    goal_lines(plot, ACCURATE)
    plot.steers(x="amount")
    plot.here(lambda r: (r.settings["amount"], r.accuracy))
    plot.title(lambda one: _right(one, known))
    return plot


def _share(fraction: float) -> str:
    """In percent; what is left is never called nothing."""
    return f"{fraction:.0%}" if fraction >= 0.01 or fraction == 0 else f"{fraction:.1%}"


def time(known: Pruned) -> Plot:
    """Measured time over the amount, one line for each way."""
    limits = 0, known.seconds.max() * MS * 1.25
    plot = _over_amounts(known, known.seconds * MS, ylabel="time for 599 digits, ms", ylim=limits)
    plot.steers(x="amount")
    plot.here(lambda r: (r.settings["amount"], r.seconds * MS))
    plot.title(
        lambda one: (
            f"measured: {one.seconds[0] / known.seconds[0]:.0%} of the whole network's time\n"
            f"parameters that are not 0: {_share(one.parameters[0] / known.parameters[0])}"
        )
    )
    return plot


def _over_amounts(known: Pruned, values: np.ndarray, **axes: Any) -> Plot:
    plot = Plot(xlabel="fraction removed", xlim=(-0.02, 1.0), legend=True, **axes)
    looks = (BLUE, "-", "o"), (GREY, ":", "x"), (GREEN, "--", "s")
    for way, (color, style, marker) in zip(WAYS, looks, strict=True):
        look: dict[str, Any] = {"color": color, "linestyle": style, "marker": marker, "markersize": 4}
        plot.ax.plot(AMOUNTS, values[known.settings["way"] == way], linewidth=2, label=way, **look)
    return plot


def _left(one: Pruned) -> str:
    side = round(float(np.isfinite(one.picture).mean()) ** 0.5 * WIDTH)
    size = "as large as before" if side == WIDTH else "smaller"
    return f"{one.parameters[0]:,} parameters are not 0\nthe matrix is {size}"


def _right(one: Pruned, known: Pruned) -> str:
    way, amount = one.setting(0).values()
    removed = f"{amount:.0%} of the {way.split()[1]} removed"
    return f"{removed}: accuracy {one.accuracy[0]:.1%}\nwhole network: {known.accuracy[0]:.1%}"
