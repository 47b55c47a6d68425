"""One measurement in another unit, four preparations: the bowl from above, and the loss."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.background.preprocessing import GOAL, PREPARATIONS, TIMES, UNITS, Bowls, bowls
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["preprocessing_lab"]

PROGRAM = Program(Path(__file__).with_name("preprocessing_program.py"))
UNIT = Param("unit", "", "petal length in", tuple(UNITS), "cm")
PREPARATION = Param("preparation", "", "features", tuple(PREPARATIONS), "as it is")
PREPROCESSING_GOALS = (
    Goal(
        "learnt within 100 steps, petal length in µm",
        lambda b: b.settings["unit"][0] == "µm" and b.steps[0] < 100,
    ),
    Goal("learnt in a single step", lambda bowl: bowl.steps[0] <= 1),
    Goal("over a billion steps", lambda bowl: bowl.steps[0] > 1e9),
)
BY_PREPARATION = (
    Series("as it is", ORANGE, "-", 1.8),
    Series("centred", PURPLE, "-.", 1.8),
    Series("standardised", BLUE, "--", 1.8),
    Series("whitened", GREEN, ":", 2.2),
)


def preprocessing_lab(**options: Any) -> Lab:
    """One measurement in another unit, and four preparations: the bowl, and the loss step by step.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `unit` and `preparation`; its results are `Bowls`.

    Source:
        The article, section 1: preprocessing. Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient
        BackProp", 1998.
    """
    known = bowls()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Bowls:
        return known.find(settings)

    curves = Lines(
        TIMES + 1,
        [*BY_PREPARATION, Series("chosen", "black", "-", 2.6)],
        _descents,
        still=[(Series("_goal", GREY, ":", 1), [1, 1e12], [GOAL, GOAL])],
        legend="upper right",
        xlabel="steps, counted from 1",
        ylabel="loss above the least",
        xscale="log",
        yscale="log",
        xlim=(1, 1e12),
        ylim=(1e-5, 30),
    )
    given: dict[str, Any] = {
        "goals": PREPROCESSING_GOALS,
        "program": PROGRAM,
    }
    return Lab((UNIT, PREPARATION), run, [BowlFromAbove(), curves], **(given | options))


def _descents(run: Bowls, row: int) -> Drawn:
    unit = str(run.settings["unit"][row])
    all_four = bowls().select(unit=unit)
    steps = float(run.steps[row])
    words = f"{steps:,.0f}" if steps < 1e5 else number(steps)
    rate = f"the best constant rate, α = {number(run.lr[row])}"
    title = f"0.001 above the least after {words} steps\nat {rate}"
    return Drawn([*all_four.gap, run.gap[row]], title, (steps + 1, GOAL))


class BowlFromAbove(Panel):
    """A line of equal loss along the flattest and the steepest direction: a circle is easy, a needle hard."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._angle = np.linspace(0, 2 * np.pi, 241)
        blank = np.full(241, np.nan)
        ax.plot(
            np.cos(self._angle), np.sin(self._angle), color=GREY, linestyle=":", linewidth=1.2, label="κ = 1"
        )
        (self.ring,) = ax.plot(blank, blank, color=BLUE, linewidth=2.4, label="equal loss")
        (self.least,) = ax.plot(
            [0], [0], "+", color=ORANGE, markersize=11, markeredgewidth=2.5, label="the least"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="flattest direction", ylabel="steepest direction", xlim=(-1.2, 2.4), ylim=(-1.1, 1.1))
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)
        self.artists = (self.ring, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw one row's bowl; the flattest direction is as long as the axis."""
        condition = float(result.condition[row])
        self.ring.set_data(np.cos(self._angle), np.sin(self._angle) / condition**0.5)
        words = f"condition number κ = {number(condition)}"
        shape = f"{number(condition**0.5)} × as long as wide"
        self.text.set_text(f"{words}\nthe bowl is {shape}")
        return f"{words}; the bowl is {shape}."
