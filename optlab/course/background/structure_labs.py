"""Labs of section 1 on a network's structure: width and depth, pruning, the mean of several networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.course.background.merging import MEMBERS, PLACES, TOGETHER, Merged, merged
from optlab.course.background.old_figures import MatrixPicture
from optlab.course.background.old_programs import merging_program
from optlab.course.background.old_structure_programs import pruning_program, shape_program
from optlab.course.background.pruning import AMOUNTS, WAYS, Pruned, pruned
from optlab.course.background.shape import DEPTHS, WIDTHS, Shapes, plain_accuracy, shapes
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, number
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param

__all__ = ["merging_lab", "pruning_lab", "shape_lab"]

MS, US = 1e3, 1e6

# ---------------------------------------------------------------- width and depth

WIDTH = Param("width", "", "width", WIDTHS, default=4, unit="neurons")
DEPTH = Param("depth", "", "depth", DEPTHS, default=3, unit="layers")
SHAPE_GOALS = (
    Goal(
        "over 95 % right with fewer than 2000 parameters",
        lambda run: run.accuracy[0] > 0.95 and run.parameters[0] < 2000,
    ),
    Goal(
        "a hidden layer that makes it worse than none",
        lambda run: run.settings["depth"][0] == 1 and run.accuracy[0] < plain_accuracy(),
    ),
)
BY_DEPTH = (
    Series("1 hidden layer", BLUE, "-", marker="o"),
    Series("2", GREEN, "--", marker="s"),
    Series("3", PURPLE, "-.", marker="^"),
)


def shape_lab(**options: Any) -> Lab:
    """Networks of every width and depth: accuracy and measured time against the number of parameters.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `width` and `depth`; its results are `Shapes`.

    Source:
        Section 1 of the document: design of the network structure.
    """
    known = shapes()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Shapes:
        return known.find(settings)

    given: dict[str, Any] = {"goals": SHAPE_GOALS, "program": shape_program}
    return Lab((WIDTH, DEPTH), run, _shape_panels(known), **(given | options))


def _shape_panels(known: Shapes) -> list[Lines]:
    lines = [
        (series, known.select(known.settings["depth"] == depth))
        for series, depth in zip(BY_DEPTH, DEPTHS, strict=True)
    ]
    span = known.parameters.min(), known.parameters.max()
    axes: dict[str, Any] = {"xlabel": "parameters", "xscale": "log", "xlim": (span[0] / 1.5, span[1] * 1.5)}
    none = Series("no hidden layer", ORANGE, ":", width=1.6)
    accuracy = Lines(
        [],
        [],
        _accuracy_of_shape,
        still=[*((s, r.parameters, r.accuracy) for s, r in lines), (none, [50, 1e5], [plain_accuracy()] * 2)],
        legend="lower right",
        ylabel="test accuracy",
        ylim=(0, 1.02),
        **axes,
    )
    least = known.seconds.min() * US
    slope = Series("in proportion", GREY, ":", width=1.6)
    time = Lines(
        [],
        [],
        _time_of_shape,
        still=[
            *((s, r.parameters, r.seconds * US) for s, r in lines),
            (slope, span, (least, least * span[1] / span[0])),
        ],
        legend="upper left",
        ylabel="time for 599 digits, µs",
        yscale="log",
        ylim=(least / 2, least * 300),
        **axes,
    )
    return [accuracy, time]


def _accuracy_of_shape(run: Shapes, row: int) -> Drawn:
    size, right = int(run.parameters[row]), float(run.accuracy[row])
    title = f"{size:,} parameters: {right:.1%} right\nwithout a hidden layer: {plain_accuracy():.1%}"
    return Drawn([], title, (size, right))


def _time_of_shape(run: Shapes, row: int) -> Drawn:
    here = shapes()
    more = run.parameters[row] / here.parameters.min()
    slower = run.seconds[row] / here.seconds[here.parameters.argmin()]
    title = f"{number(more)} × the parameters of the smallest\n{number(slower)} × its time, on this machine"
    return Drawn([], title, (int(run.parameters[row]), float(run.seconds[row]) * US))


# ---------------------------------------------------------------- pruning

WAY = Param("way", "", "remove the", WAYS, WAYS[0])
AMOUNT = Param("amount", "", "share removed", AMOUNTS, default=0.8)
PRUNING_GOALS = (
    Goal(
        "remove half of the weights, lose less than 1 % of the answers",
        lambda run: run.settings["amount"][0] >= 0.5 and run.accuracy[0] > pruned().accuracy[0] - 0.01,
    ),
    Goal(
        "half of the time, and still 90 % right",
        lambda run: run.seconds[0] < pruned().seconds[0] / 2 and run.accuracy[0] > 0.9,
    ),
)
BY_WAY = (
    Series(WAYS[0], BLUE, "-", marker="o", size=4),
    Series(WAYS[1], GREY, ":", marker="x", size=4),
    Series(WAYS[2], GREEN, "--", marker="s", size=4),
)


def pruning_lab(**options: Any) -> Lab:
    """A trained network with more and more removed: its matrix, its accuracy, and its measured time.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `way` and `amount`; its results are `Pruned`.

    Source:
        Section 1 of the document: pruning of the network structure.
    """
    known = pruned()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Pruned:
        return known.find(settings)

    lines = [(series, known.of(series.label)) for series in BY_WAY]
    axes: dict[str, Any] = {"xlabel": "share removed", "xlim": (-0.02, 1.0)}
    accuracy = Lines(
        [],
        [],
        _accuracy_of_pruned,
        still=[(s, AMOUNTS, r.accuracy) for s, r in lines],
        legend="lower left",
        ylabel="test accuracy",
        ylim=(0, 1.02),
        **axes,
    )
    time = Lines(
        [],
        [],
        _time_of_pruned,
        still=[(s, AMOUNTS, r.seconds * MS) for s, r in lines],
        legend="lower left",
        ylabel="time for 599 digits, ms",
        ylim=(0, known.seconds.max() * MS * 1.25),
        **axes,
    )
    given: dict[str, Any] = {"goals": PRUNING_GOALS, "program": pruning_program}
    return Lab((WAY, AMOUNT), run, [MatrixPicture(), accuracy, time], **(given | options))


def _accuracy_of_pruned(run: Pruned, row: int) -> Drawn:
    amount, right = float(run.settings["amount"][row]), float(run.accuracy[row])
    title = f"{amount:.0%} of the {str(run.settings['way'][row]).split()[1]} removed: {right:.1%} right"
    return Drawn([], f"{title}\nwhole network: {pruned().accuracy[0]:.1%}", (amount, right))


def _time_of_pruned(run: Pruned, row: int) -> Drawn:
    share = run.seconds[row] / pruned().seconds[0]
    title = f"measured: {share:.0%} of the whole network's time"
    left = run.parameters[row] / pruned().parameters[0]
    here = float(run.settings["amount"][row]), float(run.seconds[row]) * MS
    return Drawn([], f"{title}\nparameters that are not 0: {left:.0%}", here)


# ---------------------------------------------------------------- the mean of several networks

TOGETHER_FOR = Param("together", "", "together for", TOGETHER, "1 epoch")
COUNT = Param("members", "k", "averaged", tuple(range(1, MEMBERS + 1)), default=2, unit="networks")
MERGING_GOALS = (
    Goal(
        "a mean that beats each of its six members",
        lambda run: run.settings["members"][0] == MEMBERS and run.loss[0, -1] < run.each[0].min(),
    ),
    Goal(
        "a mean that is wrong on every third digit",
        lambda run: run.accuracy[0, run.settings["members"][0] - 1] < 0.67,
    ),
)


def merging_lab(**options: Any) -> Lab:
    """The mean of several networks' weights, and the loss on the straight line between two of them.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `together` and `members`; its results are `Merged`.

    Source:
        Section 1 of the document: merging of network structures. J. Frankle and others, "Linear mode
        connectivity and the lottery ticket hypothesis", 2020.
    """
    known = merged()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Merged:
        return known.find(settings)

    strangers = known.find({"together": np.array(["never"]), "members": np.array([1])})
    axes: dict[str, Any] = {"ylabel": "test loss", "yscale": "log", "ylim": (0.06, 2)}
    apart = Series("strangers", ORANGE, ":")
    line = Lines(
        PLACES,
        [Series("these two", "black", "-", 2.4)],
        _on_the_line,
        still=[(apart, PLACES, strangers.line[0])],
        xlabel="share of the second network",
        xlim=(0, 1),
        **axes,
    )
    counts = np.arange(1, MEMBERS + 1)
    mean = Lines(
        counts,
        [Series("mean of k", "black", "-", 2.4, "o"), Series("each alone", BLUE, "", marker="_", size=14)],
        _mean_of_k,
        still=[(apart, counts, strangers.loss[0])],
        xlabel="networks averaged, k",
        xlim=(0.8, MEMBERS + 0.2),
        **axes,
    )
    given: dict[str, Any] = {"goals": MERGING_GOALS, "program": merging_program}
    return Lab((TOGETHER_FOR, COUNT), run, [line, mean], **(given | options))


def _on_the_line(run: Merged, row: int) -> Drawn:
    line = run.line[row]
    middle = line[len(line) // 2]
    title = f"halfway: loss {number(middle)}\nat the ends: {number(line[0])} and {number(line[-1])}"
    return Drawn([line], title, (0.5, middle))


def _mean_of_k(run: Merged, row: int) -> Drawn:
    k = int(run.settings["members"][row])
    loss, right = run.loss[row, k - 1], run.accuracy[row, k - 1]
    title = f"mean of {k}: loss {number(loss)}, {right:.1%} right"
    alone = f"each alone, on average: loss {number(run.each[row].mean())}"
    return Drawn([run.loss[row], run.each[row]], f"{title}\n{alone}", (k, loss))
