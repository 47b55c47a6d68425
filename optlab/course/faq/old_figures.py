"""The figures of section 6: what an accuracy costs, what a step promises, and a network made smaller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, Panel, clean_axes, here_marker, number
from optlab.course.common.old_paths import TOP
from optlab.course.faq.cost import TARGET, Costs
from optlab.course.faq.deploy import KINDS, SHARES, Deployments
from optlab.course.faq.lemma import SIZES, STEPS, Descents

__all__ = ["AccuracyCurve", "Bar", "Bars", "OneStep", "OverShares", "PromisedLoss"]


class AccuracyCurve(Panel):
    """How many flowers are told right after every epoch, beside a run that nobody has optimised.

    Args:
        naive: that run, one row.
    """

    def __init__(self, naive: Costs) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        x = np.arange(1, naive.accuracy.shape[1])
        ax.axhline(TARGET, color=GREEN, linestyle=":", linewidth=1.4, label="95 % right")
        ax.plot(x, naive.accuracy[0, 1:], "--", color=BLUE, linewidth=1.6, label="the article's setting")
        (self.curve,) = ax.plot(
            x, np.full(len(x), np.nan), color="black", linewidth=2.2, label="this setting"
        )
        self.stars = [
            ax.plot([np.nan], [np.nan], "*", color=face, markeredgecolor=edge, markersize=14)[0]
            for face, edge in (("white", BLUE), ("gold", "black"))
        ]
        self.stars[0].set_data([naive.epochs[0]], [TARGET])
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="epoch", ylabel="share of training flowers told right", xscale="log")
        ax.set(xlim=(1, 200), ylim=(0.4, 1.02))
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
        ax.legend(loc="lower right", frameon=False, fontsize=8.5)
        self.stars[1].set_label("_reached")
        self.artists, self.fixed_x = (self.curve, self.stars[1], self.text), (self.curve,)
        self.grows = {self.curve: 1}

    def show(self, result: Costs, row: int) -> str:
        """Draw one row, and say when it reaches the target."""
        self.curve.set_ydata(result.accuracy[row, 1:])
        there = float(result.epochs[row])
        self.stars[1].set_data([max(there, 1.0) if np.isfinite(there) else np.nan], [TARGET])
        epochs = result.accuracy.shape[1] - 1
        epochs_there = "1 epoch" if there == 1 else f"{there:g} epochs"
        first = (
            f"★ 95 % right, for the first time, after {epochs_there}"
            if np.isfinite(there)
            else f"not in {epochs} epochs"
        )
        self.text.set_text(f"{first}\nat the end {result.accuracy[row, -1]:.0%}")
        return f"{first}; {result.accuracy[row, -1]:.0%} right in the end."


@dataclass(frozen=True)
class Bar:
    """One bar: its length as a multiple of what it is compared with (NaN: no bar), and the words to it."""

    length: float
    words: str


class Bars(Panel):
    """Horizontal bars on a log axis, from 1 to a multiple of it, each with its number written out.

    Args:
        names: what each bar is, from the top.
        limits: the smallest and the largest multiple.
        axis: what a multiple is of.
        read: the bars and two lines of text for a row of a result.
    """

    def __init__(
        self,
        names: Sequence[str],
        limits: tuple[float, float],
        axis: str,
        read: Callable[..., tuple[Sequence[Bar], str]],
    ) -> None:
        self._read, self.names = read, tuple(names)
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(left=0.25, top=TOP)
        ax.axvline(1, color=BLUE, linestyle="--", linewidth=1.6)
        self.bars = [
            ax.plot(
                [1, 1],
                [k, k],
                "-o",
                color=ORANGE,
                markeredgecolor="black",
                markersize=7,
                linewidth=13,
                solid_capstyle="butt",
                label=f"_{name}",
            )[0]
            for k, name in enumerate(names)
        ]
        self.words = [
            ax.text(limits[0] * 1.15, k - 0.36, "", fontsize=8.5, va="center") for k in range(len(names))
        ]
        self.text = ax.text(-0.2, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xscale="log", xlim=limits, ylim=(len(names) - 0.5, -0.65), xlabel=axis)
        ax.set_yticks(range(len(names)), names)
        self.artists = (*self.bars, *self.words, self.text)

    def show(self, result: object, row: int) -> str:
        """Draw one row's bars."""
        bars, headline = self._read(result, row)
        for k, (line, words, bar) in enumerate(zip(self.bars, self.words, bars, strict=True)):
            line.set_data([1, bar.length], [k, k])
            words.set_text(bar.words)
        self.text.set_text(headline)
        told = "; ".join(f"{name}: {bar.words}" for name, bar in zip(self.names, bars, strict=True))
        return f"{headline}. {told}.".replace("\n", "; ")


class PromisedLoss(Panel):
    """The loss step by step, and under which line the descent lemma promises it will be."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        x, blank = np.arange(STEPS + 1), np.full(STEPS + 1, np.nan)
        (self.loss,) = ax.plot(x, blank, color="black", linewidth=2.2, label="measured")
        (self.bound,) = ax.plot(x, blank, "--", color=ORANGE, linewidth=1.8, label="promised: at most")
        (self.here,) = ax.plot(
            [np.nan], [np.nan], "o", color=BLUE, markersize=9, markeredgecolor="black", label="step t"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="step", ylabel="loss above the least", yscale="log", xlim=(0, STEPS), ylim=(1e-10, 1e3))
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists, self.fixed_x = (self.loss, self.bound, self.here, self.text), (self.loss, self.bound)
        self.grows = {self.loss: 0, self.bound: 0}

    def show(self, result: Descents, row: int) -> str:
        """Draw one row, and count the steps that kept the promise."""
        gap, bound = result.gap[row], result.bound[row]
        self.loss.set_ydata(gap)
        self.bound.set_ydata(bound)
        now = int(result.settings["now"][row])
        self.here.set_data([now], [gap[now]])
        down = int((np.diff(gap) < 0).sum())
        words = f"after {STEPS} steps {number(gap[-1])} above the least"
        kept = f"{down} of {STEPS} steps went down; the promise was kept in {promises_kept(result, row)}"
        self.text.set_text(f"{words}\n{kept}")
        return f"Loss {words}; {kept}."


def promises_kept(result: Descents, row: int) -> int:
    """In how many steps the loss was at most what the lemma said, to rounding.

    Args:
        result: the record.
        row: which setting.

    Returns:
        A number of steps.
    """
    gap, bound = result.gap[row, 1:], result.bound[row, 1:]
    return int((gap <= bound + 1e-9 * np.abs(result.gap[row, :-1]) + 1e-15).sum())


class OneStep(Panel):
    """One step from where a descent stands, tried with every α: what the loss does, and what is promised."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        ax.axhline(0, color=GREY, linewidth=1)
        ax.axvspan(0, 2, color=GREEN, alpha=0.07, linewidth=0)
        ax.text(1, 1.4, "down for certain", color=GREEN, fontsize=8.5, ha="center")
        promise = -SIZES * (1 - SIZES / 2)
        ax.plot(SIZES, promise, "--", color=ORANGE, linewidth=1.8, label="promised: at most")
        ax.plot(SIZES, -SIZES, ":", color=GREY, linewidth=1.4, label="if the slope stayed")
        (self.trial,) = ax.plot(
            SIZES, np.full(len(SIZES), np.nan), color="black", linewidth=2.2, label="measured"
        )
        self.here = [
            ax.plot([np.nan], [np.nan], "o", color=c, markersize=9, markeredgecolor="black", label=label)[0]
            for c, label in ((ORANGE, "_promised here"), (BLUE, "this α"))
        ]
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="α in units of 1/L", ylabel="change of the loss  (unit: ‖∇J‖²/L)")
        ax.set(xlim=(0, SIZES[-1]), ylim=(-3.1, 1.7))
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists, self.fixed_x = (self.trial, *self.here, self.text), (self.trial,)

    def show(self, result: Descents, row: int) -> str:
        """Draw one row's trials."""
        a, now = float(result.settings["lr"][row]), int(result.settings["now"][row])
        self.trial.set_ydata(result.trial[row, now])
        promised, got = -a * (1 - a / 2), float(np.interp(a, SIZES, result.trial[row, now]))
        for marker, value in zip(self.here, (promised, got), strict=True):
            marker.set_data([a], [value])
        words = f"one step from step {now} with α = {a:g}/L"
        says = f"promised at most {promised:+.2f}, measured {got:+.2f}"
        self.text.set_text(
            f"{words}\n{says}" if np.isfinite(got) else f"{words}\nthere is nothing left to go"
        )
        return f"For {words}: {says}."


class OverShares(Panel):
    """The accuracy against the share removed, for the bits in force: single weights, and whole neurons.

    Args:
        table: everything that was measured.
    """

    def __init__(self, table: Deployments) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank = np.full(len(SHARES), np.nan)
        self._table = table
        ax.axhline(table.trained["accuracy"], color=GREY, linestyle=":", linewidth=1.2)
        styles = (("o-", "black"), ("s--", BLUE))
        self.lines = [
            ax.plot(SHARES, blank, style, color=color, markersize=4.5, linewidth=2, label=kind)[0]
            for kind, (style, color) in zip(KINDS, styles, strict=True)
        ]
        self.here = here_marker(ax)
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="share removed", ylabel="share of test images read right")
        ax.set(xlim=(-0.03, 1), ylim=(0.3, 1.02))
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists, self.fixed_x = (*self.lines, self.here, self.text), tuple(self.lines)

    def show(self, result: Deployments, row: int) -> str:
        """Draw the curves of a row's number of bits, and the row on them."""
        here = result.setting(row)
        for line, kind in zip(self.lines, KINDS, strict=True):
            line.set_ydata(self._table.select(kind=kind, bits=here["bits"]).accuracy)
        right = result.accuracy[row]
        self.here.set_data([here["share"]], [right])
        parts = here["kind"].split()[1]
        what = f"{here['bits']} bits, {here['share']:.0%} of the {parts} removed"
        words = f"{right:.1%} right; as trained {result.trained['accuracy']:.1%}"
        self.text.set_text(f"{what}\n{words}")
        return f"With {what}: {words}."
