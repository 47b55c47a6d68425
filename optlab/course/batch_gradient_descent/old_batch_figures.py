"""Batch sizes against each other: curves on four axes, who wins on each, and the linear scaling rule."""

from __future__ import annotations

from functools import partial

import numpy as np

from optlab.course.batch_gradient_descent.batch import AXES
from optlab.course.batch_gradient_descent.batch import Batches as Runs
from optlab.course.batch_gradient_descent.scaling import Scaled
from optlab.course.batch_gradient_descent.trained import EPOCHS, FACTORS, SIZES
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP

__all__ = ["AxisCurves", "ScalingCurves", "ScalingDistance", "Winners"]

PALE = "#b5b5b5"
LOSSES = (0.01, 1.5)
GOAL_STYLE = (0, (1, 2))
LABELS = {
    "epochs": "epoch",
    "examples seen": "examples seen",
    "updates": "updates",
    "time": "time, 1 = fixed cost of an update",
}
LOOKS = {
    "epochs": (BLUE, "-", "o", 6),
    "examples seen": (PURPLE, (0, (1, 3)), "s", 9),
    "updates": (ORANGE, "--", "^", 6),
    "time": (GREEN, "-.", "D", 6),
}
LIMITS = {"epochs": (0.8, 25), "examples seen": (65, 2000), "updates": (0.8, 2000), "time": (0.8, 5000)}


class AxisCurves(Panel):
    """Training loss of every batch size against the chosen axis; the one on the slider stands out.

    Args:
        goal: the loss to reach.
    """

    def __init__(self, goal: float) -> None:
        self.figure, self.ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank = np.full(EPOCHS + 1, np.nan)
        self.others = [
            self.ax.plot(blank, blank, color=PALE, linewidth=1.1, label="_other")[0] for _ in SIZES
        ]
        self.others[0].set_label("the other batch sizes")
        (self.run,) = self.ax.plot(blank, blank, "o-", color=BLUE, markersize=4, linewidth=2.4)
        self.run.set_label("this batch size")
        (self.there,) = self.ax.plot([np.nan], [np.nan], "*", color=ORANGE, markersize=16, label="_there")
        # a film is told by the axis of a growing line with a fixed x that its steps are epochs
        (self.clock,) = self.ax.plot(np.arange(EPOCHS + 1), blank, label="_clock")
        self.ax.axhline(goal, color=GREEN, linewidth=1, linestyle=GOAL_STYLE)
        self.ax.text(0.01, goal / 1.05, f"goal {goal:g}", color=GREEN, fontsize=8.5, va="top")
        self.ax.texts[-1].set_transform(self.ax.get_yaxis_transform())
        self.text = self.ax.text(0, 1.02, "", transform=self.ax.transAxes, fontsize=9, va="bottom")
        self.ax.set(xlabel="epoch", ylabel="training loss", xscale="log", yscale="log", ylim=LOSSES)
        self.ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
        self.ax.set_yticks([], minor=True)
        self.ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists = (*self.others, self.run, self.there, self.clock, self.text)
        self.fixed_x, self.grows = (self.clock,), {self.run: 0, self.clock: 0}
        self.scenes = [partial(self._measure, axis) for axis in AXES]
        self.goal = goal

    def _measure(self, axis: str) -> None:
        self.ax.set(xlabel=LABELS[axis], xlim=LIMITS[axis])

    def scene(self, result: Runs, row: int) -> int:
        """One background for each axis."""
        return AXES.index(str(result.settings["axis"][row]))

    def show(self, result: Runs, row: int) -> str:
        """Draw one row, and a star where it is first at the goal."""
        axis, size = str(result.settings["axis"][row]), int(result.settings["batch_size"][row])
        costs, epochs = result.price(axis)[row], np.arange(EPOCHS + 1)
        for line, cost, loss in zip(self.others, costs, result.loss[row], strict=True):
            line.set_data(np.where(epochs > 0, epochs * cost, np.nan), loss)
        k = SIZES.index(size)
        self.run.set_data(np.where(epochs > 0, epochs * costs[k], np.nan), result.loss[row, k])
        spent = result.spent(axis, self.goal)[row][k]
        self.there.set_data([spent], [self.goal])
        words = f"B = {size}: loss {number(result.loss[row, k, -1])} after {EPOCHS} epochs"
        when = (
            f"at {self.goal:g} after {number(spent)} {_unit(axis)}"
            if np.isfinite(spent)
            else _never(self.goal)
        )
        self.text.set_text(f"{words}\n{when}")
        return f"{words}; {when}."


def _never(goal: float) -> str:
    return f"not at {goal:g} within {EPOCHS} epochs"


def _unit(axis: str) -> str:
    return {"time": "units of time", "examples seen": "examples"}.get(axis, axis)


class Winners(Panel):
    """What it takes each batch size to reach the goal, on each axis as a multiple of the least.

    Args:
        goal: the loss to reach.
    """

    def __init__(self, goal: float) -> None:
        self.goal = goal
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank, lowest = np.full(len(SIZES), np.nan), [np.nan]
        self.lines, self.stars = [], []
        for axis in AXES:
            color, style, marker, size = LOOKS[axis]
            self.lines += ax.plot(
                SIZES, blank, color=color, linestyle=style, marker=marker, markersize=size, label=axis
            )
            self.stars += ax.plot(lowest, lowest, "*", color=color, markersize=17, markeredgecolor="black")
            self.stars[-1].set_label("_winner")
        self.lines[1].set_markerfacecolor("none")
        (self.here,) = ax.plot([np.nan] * 2, [0.5, 100], color=GREY, linewidth=1, label="_here")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="batch size B", ylabel="times the winner's", xscale="log", yscale="log")
        ax.set(xlim=(0.85, 95), ylim=(0.8, 40))
        ax.set_xticks(SIZES, [str(size) for size in SIZES])
        ax.set_xticks([], minor=True)
        ax.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
        ax.set_yticks([], minor=True)
        ax.legend(loc="upper left", frameon=False, fontsize=8.5)
        self.artists = (self.here, *self.lines, *self.stars, self.text)
        self.fixed_x = tuple(self.lines)

    def show(self, result: Runs, row: int) -> str:
        """Draw one row."""
        self.here.set_xdata([int(result.settings["batch_size"][row])] * 2)
        words = []
        for line, star, axis in zip(self.lines, self.stars, AXES, strict=True):
            spent = result.spent(axis, self.goal)[row]
            known = np.isfinite(spent).any()
            line.set_ydata(spent / np.nanmin(spent) if known else spent)
            winner = int(result.winner(axis, self.goal)[row])
            star.set_data([winner or np.nan], [1.0 if winner else np.nan])
            words.append(f"{axis} {winner or '–'}")
        first, second = f"★ first at {self.goal:g}: B by", ", ".join(words)
        self.text.set_text(f"{first}\n{second}")
        return f"First at the goal: {second}."


# ---------------------------------------------------------------- the linear rule


class ScalingCurves(Panel):
    """Training loss over the epochs: a batch of one at its rate, and the batch on the slider at its own."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        x, blank = np.arange(EPOCHS + 1), np.full(EPOCHS + 1, np.nan)
        (self.unscaled,) = ax.plot(x, blank, color=GREY, linestyle=":", linewidth=1.6)
        (self.run,) = ax.plot(x, blank, color=BLUE, linewidth=3.5)
        (self.one,) = ax.plot(x, blank, color="black", linestyle="--", linewidth=1.6)
        for line, label in ((self.unscaled, "this B, rate unscaled"), (self.run, "this B, factor k")):
            line.set_label(label)
        self.one.set_label("B = 1")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="epoch", ylabel="training loss", xlim=(0, EPOCHS), yscale="log", ylim=LOSSES)
        ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
        ax.set_yticks([], minor=True)
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.fixed_x = (self.unscaled, self.run, self.one)
        self.artists, self.grows = (*self.fixed_x, self.text), {self.run: 0, self.one: 0}

    def show(self, result: Scaled, row: int) -> str:
        """Draw one row."""
        self.run.set_ydata(result.loss[row])
        self.one.set_ydata(result.one[row])
        self.unscaled.set_ydata(result.unscaled[row])
        size, factor, base = (result.settings[name][row] for name in ("batch_size", "factor", "base"))
        words = f"B = {size}, α = {factor:g} · {base:g} = {number(factor * base)}"
        apart = result.apart[row]
        known = f"the curves are a factor {number(apart)} apart" if np.isfinite(apart) else "diverged"
        self.text.set_text(f"{words}\n{known}")
        return f"{words}: {known}."


class ScalingDistance(Panel):
    """How far the curve is from that of a batch of one, for every factor of the rate."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank = np.full(len(FACTORS), np.nan)
        limits = (0.98, 40)
        ax.axhline(1, color="black", linestyle="--", linewidth=1)
        (self.linear,) = ax.plot([np.nan] * 2, limits, color=ORANGE, linestyle="--", linewidth=2)
        (self.root,) = ax.plot([np.nan] * 2, limits, color=PURPLE, linestyle=":", linewidth=2)
        (self.apart,) = ax.plot(FACTORS, blank, "o-", color=BLUE, markersize=5, label="measured")
        (self.here,) = ax.plot([np.nan], [np.nan], "o", color="white", markersize=10)
        self.here.set(markeredgecolor="black", markeredgewidth=2, label="you are here")
        self.linear.set_label("linear rule, k = B")
        self.root.set_label("root rule, k = √B")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="factor k of the rate", ylabel="curves apart, as a factor")
        ax.set(xscale="log", yscale="log", xlim=(0.4, 200), ylim=limits)
        ticks = (1, 2, 4, 8, 16, 32, 80)
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.set_yticks([1, 2, 5, 10], ["1: the same", "2", "5", "10"])
        ax.set_xticks([], minor=True)
        ax.set_yticks([], minor=True)
        self.figure.subplots_adjust(left=0.2)
        ax.legend(loc="upper left", frameon=False, fontsize=8.5)
        self.artists = (self.linear, self.root, self.apart, self.here, self.text)
        self.fixed_x = (self.apart,)

    def show(self, result: Scaled, row: int) -> str:
        """Draw one row."""
        size = int(result.settings["batch_size"][row])
        self.linear.set_xdata([size] * 2)
        self.root.set_xdata([size**0.5] * 2)
        self.apart.set_ydata(result.distance[row])
        self.here.set_data([float(result.settings["factor"][row])], [result.apart[row]])
        best = FACTORS[int(np.nanargmin(result.distance[row]))]
        words = (
            f"B = {size}: closest at k = {best:g}, a factor {number(np.nanmin(result.distance[row]))} apart"
        )
        at = result.distance[row, FACTORS.index(size)]
        rule = f"linear rule, k = {size}: {number(at)} apart" if np.isfinite(at) else "linear rule: diverged"
        self.text.set_text(f"{words}\n{rule}")
        return f"{words}; {rule}."
