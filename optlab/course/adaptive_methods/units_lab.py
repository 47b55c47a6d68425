"""Lab: five rules on section 4's network, with one feature in another unit."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.adaptive_methods.adaptive_lab import LABELS, rule_lines
from optlab.course.adaptive_methods.units import LRS, UNITS, UnitRuns, train_in_units
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import number

LR = Param("lr", "α", "learning rate", tuple(map(float, LRS)), 0.032)
UNIT = Param("unit", "", "petal length ×", UNITS, 1.0)

SGD, ANY = 0.02, 0.04
"""Losses to get below."""
GOALS = (
    Goal("SGD ends under 0.02", lambda run: run.loss[0, 0, -1] < SGD),
    Goal(
        "petal length × 100: some rule ends under 0.04",
        lambda run: run.loss[0, :, -1].min() < ANY,
        {"unit": 100.0},
    ),
)

AXES: dict[str, Any] = {"ylabel": "training loss", "yscale": "log"}


@course_lab
def units_lab(record: UnitRuns | None = None) -> Parts:
    """The same five rules on section 4's network, with one feature in another unit, at one common rate.

    Args:
        record: from `optlab.course.adaptive_methods.units.train_in_units`; trained now if left out.

    Source:
        A. Wilson et al., "The marginal value of adaptive gradient methods in machine learning", 2017.
    """
    known = record or train_in_units()
    plots = [losses(known.loss.shape[2] - 1), last_losses()]
    return Parts((LR, UNIT), Table(known), plots, GOALS)


def losses(epochs: int) -> Plot:
    """The training loss of every rule at the common rate."""

    def title(one: UnitRuns) -> str:
        ends = {"SGD": one.loss[0, 0, -1], "Adam": one.loss[0, 3, -1]}
        words = [f"{n} ends at {number(v)}" if np.isfinite(v) else f"{n} diverges" for n, v in ends.items()]
        return f"α = {one.settings['lr'][0]:g} for all\n{', '.join(words)}"

    plot = Plot(film=Film("epoch"), legend=True, xlabel="epoch", xlim=(0, epochs), ylim=(1e-3, 20), **AXES)
    rule_lines(plot, lambda run: run.loss, x=np.arange(epochs + 1))
    plot.title(title)
    ends_in_words(plot)
    return plot


def last_losses() -> Plot:
    """Where every rule ends at every rate; the dotted line is the common one."""

    def title(one: UnitRuns) -> str:
        best, lowest = LRS[one.ends[0].argmin(1)], one.ends[0].min(1)
        words = [
            f"{name} {number(low)} (α = {lr:g})" for name, low, lr in zip(LABELS, lowest, best, strict=True)
        ]
        return f"at best: {words[0]}, {words[3]}\nlowest of all: {words[lowest.argmin()]}"

    axes: dict[str, Any] = {
        "xlabel": "learning rate",
        "xscale": "log",
        "xlim": (LRS[0], LRS[-1]),
        "ylim": (2e-7, 20),
    }
    plot = Plot(legend=True, **axes, **AXES)
    goal_lines(plot, SGD, ANY, inside=True)
    rule_lines(plot, lambda run: run.ends, x=LRS, marker="o", markersize=4)
    plot.steers(x="lr")
    plot.upright(lambda run: run.settings["lr"], style=(0, (1, 2)), linewidth=1)
    plot.title(title)
    ends_in_words(plot)
    return plot
