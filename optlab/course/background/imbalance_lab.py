"""A few eights among other digits: recall and accuracy, with three remedies and without."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.background.imbalance import COUNTS, OTHERS, REMEDIES, Screened, screened
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, ORANGE
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["imbalance_lab"]

PROGRAM = Program(Path(__file__).with_name("imbalance_program.py"))
EIGHTS = Param("count", "", "eights", COUNTS, default=16)
REMEDY = Param("remedy", "", "remedy", REMEDIES, "none")
IMBALANCE_GOALS = (
    Goal("99 % accuracy, and not one eight found", lambda run: run.accuracy[0] > 0.99 and run.found[0] == 0),
    Goal(
        "16 eights: find three quarters of them in the test, with over 90 % of the others spared",
        lambda run: run.settings["count"][0] == 16 and run.found[0] > 0.75 and run.spared[0] > 0.9,
    ),
)


def imbalance_lab(**options: Any) -> Lab:
    """A few eights among many others: who is found, and what weighting and resampling change.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `count` and `remedy`; its results are `Screened`.

    Source:
        The article, section 1: optimisation of the data's distribution.
    """
    known = screened()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Screened:
        return known.find(settings)

    looks = (
        Series("eights found", ORANGE, "-", 2.4, "o"),
        Series("others left alone", BLUE, "--", 2.0, "s"),
        Series("accuracy", "black", ":", 1.6, "x"),
    )
    over = Lines(
        COUNTS,
        looks,
        _over_counts,
        legend="",
        xlabel="eights to learn from (and 1082 others)",
        ylabel="share",
        xscale="log",
        xlim=(1.7, 75),
        ylim=(-0.03, 1.05),
    )
    over.ax.set_xticks(COUNTS, [str(count) for count in COUNTS])
    over.ax.set_xticks([], minor=True)
    spots = [Series(s.label, s.color, "", marker=s.marker, size=11) for s in looks]
    side_by_side = Lines(
        range(len(REMEDIES)),
        spots,
        _over_remedies,
        legend="center left",
        ylabel="share",
        xlim=(-0.5, 3.5),
        ylim=(-0.03, 1.05),
    )
    side_by_side.ax.set_xticks(range(len(REMEDIES)), [name.replace(" ", "\n") for name in REMEDIES])
    given: dict[str, Any] = {
        "goals": IMBALANCE_GOALS,
        "program": PROGRAM,
    }
    return Lab((EIGHTS, REMEDY), run, [over, side_by_side], **(given | options))


def _over_counts(run: Screened, row: int) -> Drawn:
    remedy, count = str(run.settings["remedy"][row]), int(run.settings["count"][row])
    known = screened()
    lines = known.select(remedy=remedy)
    title = f"{count} eights, remedy: {remedy}; accuracy {run.accuracy[row]:.1%}"
    found = f"eights found {run.found[row]:.0%}, others left alone {run.spared[row]:.0%}"
    here = count, float(run.found[row])
    return Drawn([lines.found, lines.spared, lines.accuracy], f"{title}\n{found}", here)


def _over_remedies(run: Screened, row: int) -> Drawn:
    count = int(run.settings["count"][row])
    known = screened()
    spots = known.select(count=count)
    title = f"the four remedies at {count} eights\n(one eight in {(count + OTHERS) / count:.0f} digits)"
    here = REMEDIES.index(str(run.settings["remedy"][row])), float(run.found[row])
    return Drawn([spots.found, spots.spared, spots.accuracy], title, here)
