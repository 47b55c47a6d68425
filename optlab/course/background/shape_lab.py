"""Networks of every width and depth: accuracy and time against the number of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.background.shape import DEPTHS, WIDTHS, Shapes, plain_accuracy, shapes
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, number
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["shape_lab"]

PROGRAM = Program(Path(__file__).with_name("shape_program.py"))
US = 1e6

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
        The article, section 1: design of the network structure.
    """
    known = shapes()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Shapes:
        return known.find(settings)

    given: dict[str, Any] = {
        "goals": SHAPE_GOALS,
        "program": PROGRAM,
    }
    return Lab((WIDTH, DEPTH), run, _shape_panels(known), **(given | options))


def _shape_panels(known: Shapes) -> list[Lines]:
    lines = [(series, known.select(depth=depth)) for series, depth in zip(BY_DEPTH, DEPTHS, strict=True)]
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
