"""The mean of several networks, and the loss on the straight line between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.background.merging import MEMBERS, PLACES, TOGETHER, Merged, merged
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, ORANGE, number
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["merging_lab"]

PROGRAM = Program(Path(__file__).with_name("merging_program.py"))
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
        The article, section 1: merging of network structures. J. Frankle and others, "Linear mode
        connectivity and the lottery ticket hypothesis", 2020.
    """
    known = merged()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Merged:
        return known.find(settings)

    strangers = known.select(together="never", members=1)
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
    given: dict[str, Any] = {
        "goals": MERGING_GOALS,
        "program": PROGRAM,
    }
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
