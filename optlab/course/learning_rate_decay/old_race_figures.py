"""A race of schedules: how one of them learns, how it depends on its rate, and how all of them ended."""

from __future__ import annotations

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, Panel, clean_axes, here_marker, number
from optlab.course.common.old_paths import TOP
from optlab.course.learning_rate_decay.race import LRS, Entry, Race

__all__ = ["Finish", "SeedCurves", "Tuning", "mean_end"]

LIMITS = (8e-4, 1.2)
TICKS = (0.001, 0.002, 0.005, 0.01, 0.02)
PALE = "#aaaaaa"
AWAY = "loss above the least there is"


def mean_end(entry: Entry, row: int) -> float:
    """How far a row's loss is from the least at the end, mean over its seeds; NaN if one of them is lost.

    Args:
        entry: the record.
        row: which setting.

    Returns:
        The mean.
    """
    return float(entry.gap[row, :, -1].mean())


class SeedCurves(Panel):
    """How far the loss is from the least, epoch by epoch: each seed, their mean, and the best constant rate.

    Args:
        race: what was run.
    """

    def __init__(self, race: Race) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        seeds, points = race.tuned.gap.shape[1:]
        x, blank = np.arange(points), np.full(points, np.nan)
        constant = race.at_best("constant").gap[0].mean(0)
        ax.plot(x, constant, color=GREEN, linestyle=":", linewidth=2, label="best constant rate")
        self.seeds = [
            ax.plot(x, blank, color="#aaaaaa", linewidth=0.9, label="_seed")[0] for _ in range(seeds)
        ]
        self.seeds[0].set_label(f"{seeds} seeds")
        (self.mean,) = ax.plot(x, blank, color="black", linewidth=2.4, label="their mean")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="epoch", ylabel=AWAY, xlim=(0, points - 1), yscale="log", ylim=LIMITS)
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)
        self.to_beat = float(constant[-1])
        self.fixed_x = (*self.seeds, self.mean)
        self.artists = (*self.fixed_x, self.text)
        self.grows = dict.fromkeys(self.fixed_x, 0)

    def show(self, result: Entry, row: int) -> str:
        """Draw one row, and hold its end against the best constant rate's."""
        for line, curve in zip(self.seeds, result.gap[row], strict=True):
            line.set_ydata(curve)
        self.mean.set_ydata(result.gap[row].mean(0))
        end = mean_end(result, row)
        words = f"{number(end)} above the least" if np.isfinite(end) else "a seed diverged"
        against = f"{'★ ' if end < self.to_beat else ''}best constant rate: {number(self.to_beat)}"
        self.text.set_text(f"{words}\n{against}")
        return f"Loss at the end: {words}; {against}."


class Tuning(Panel):
    """Where a schedule ends, over all initial rates, beside the constant rate.

    Args:
        race: what was run.
    """

    def __init__(self, race: Race) -> None:
        self.race = race
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank = np.full(len(LRS), np.nan)
        ax.plot(LRS, self._ends("constant"), color=GREEN, linestyle=":", linewidth=2, label="constant")
        (self.ends,) = ax.plot(LRS, blank, "o-", color="black", markersize=4, label="this schedule")
        self.here = here_marker(ax)
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="initial rate α₀", ylabel=AWAY, xscale="log", yscale="log", ylim=LIMITS)
        ax.set_xlim(LRS[0] / 1.2, LRS[-1] * 1.2)
        ax.legend(loc="upper left", frameon=False, fontsize=8.5)
        self.fixed_x = (self.ends,)
        self.artists = (self.ends, self.here, self.text)

    def show(self, result: Entry, row: int) -> str:
        """Draw the curve of a row's schedule, and the row on it."""
        name, lr = str(result.settings["schedule"][row]), float(result.settings["lr"][row])
        self.ends.set_ydata(self._ends(name))
        self.here.set_data([lr], [mean_end(result, row)])
        words = f"{name}: best at α₀ = {number(self.race.best[name])}{_shape(self.race.shape[name])}"
        self.text.set_text(f"at the end, after {result.gap.shape[2] - 1} epochs\n{words}")
        return f"For {words}."

    def _ends(self, name: str) -> np.ndarray:
        return self.race.of(name).gap[:, :, -1].mean(1)


class Finish(Panel):
    """Where every schedule ended, each in its own best rate and shape, on seeds that it was not tuned on.

    Args:
        race: what was run.
    """

    def __init__(self, race: Race) -> None:
        self.race = race
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(left=0.22, top=TOP)
        self.names = list(race.fresh)
        for row, ends in enumerate(race.fresh.values()):
            ax.plot(ends, np.full(len(ends), row), "o", color=BLUE, alpha=0.35, markersize=4)
            ax.plot(ends.mean(), row, "|", color="black", markersize=15, markeredgewidth=2.5)
        ax.axvline(race.fresh["constant"].mean(), color=GREEN, linestyle=":", linewidth=2)
        ax.set(xlabel=AWAY, xscale="log", ylim=(len(self.names) - 0.5, -0.5), xlim=(1e-3, 3e-2))
        ax.set_yticks(range(len(self.names)), self.names)
        ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
        ax.set_xticks([], minor=True)
        (self.here,) = ax.plot([np.nan], [np.nan], ">", color=ORANGE, markersize=9, markeredgecolor="black")
        self.here.set_clip_on(False)
        self.here.set_label("_here")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        self.artists = (self.here, self.text)

    def show(self, result: Entry, row: int) -> str:
        """Point at the row of a schedule, and count its wins."""
        name = str(result.settings["schedule"][row])
        ends = self.race.fresh[name]
        self.here.set_data([1e-3], [self.names.index(name)])
        words = f"{name}: {number(ends.mean())} on {len(ends)} new seeds"
        beats = _wins(ends, self.race.fresh["constant"])
        self.text.set_text(f"{words}\n{beats}")
        return f"{words}, {beats}."


def _wins(ends: np.ndarray, constant: np.ndarray) -> str:
    if np.array_equal(ends, constant):
        return "the one to beat"
    return f"lower than the constant rate on {(ends < constant).sum()} of {len(ends)}"


def _shape(shape: dict[str, float]) -> str:
    """The shape that a schedule was tuned to, in words.

    Example:
        >>> _shape({"gamma": 0.5, "every": 5.0})
        ', γ 0.5, every 5 epochs'
    """
    words = {
        "delta": "δ {:g}",
        "gamma": "γ {:g}",
        "every": "every {:g} epochs",
        "rise": "rise {:.0%}",
        "over": "over {:g} epochs",
        "factor": "factor {:g}",
        "patience": "patience {:g}",
    }
    return "".join(f", {words[name].format(value)}" for name, value in shape.items() if name in words)
