"""Clouds of seeds on the contours of a bowl, and their mean loss over the steps and over the rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from optlab.course.common.old_panel import GREEN, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import DEPTH, TOP
from optlab.course.stochastic_gradient_descent.seeds import Clouds
from optlab.engine.analysis.least_squares import LeastSquares
from optlab.engine.analysis.sampling_noise import ellipse

__all__ = ["CloudView", "GapCurves", "GapOverRates", "Kind", "Shown"]


@dataclass(frozen=True)
class Kind:
    """How one of several clouds or curves is drawn.

    Args:
        label: its name in the legend.
        color: its colour.
        style: its line style, one that no other of the figure has.
        marker: the sign of a point.
        width: of the line, in points.
    """

    label: str
    color: str
    style: Any = "-"
    marker: str = "."
    width: float = 2.0


class CloudView(Panel):
    """Every seed a dot over the contours of the loss; dashed, the ellipse that theory draws around 95%.

    Args:
        problem: the least squares.
        box: left, right, bottom and top.
        kinds: the clouds.
        start: where all seeds begin, `(2,)`.
        records: how many points the first seed's path has; 0 leaves the path out.
        seeds: how many dots a cloud has.
        note: two lines of text for a row.
    """

    def __init__(
        self,
        problem: LeastSquares,
        box: tuple[float, float, float, float],
        kinds: Sequence[Kind],
        start: tuple[float, float],
        *,
        records: int = 0,
        seeds: int = 256,
        note: Callable[[Clouds, int], str],
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._note = note
        _bowl(ax, problem, box)
        blank, path = np.full(seeds, np.nan), np.full(records, np.nan)
        self.dots = [
            ax.plot(blank, blank, k.marker, color=k.color, markersize=4, alpha=0.75, label=k.label)[0]
            for k in kinds
        ]
        self.ellipses = [
            ax.plot(
                np.full(73, np.nan), np.full(73, np.nan), "--", color="black", linewidth=1.4, label="_theory"
            )[0]
            for _ in kinds
        ]
        (self.path,) = ax.plot(path, path, "-", color=ORANGE, linewidth=0.9, alpha=0.8, label="_path")
        ax.plot(*start, "o", color="white", markeredgecolor="black", markersize=8, zorder=1)
        (self.solution,) = ax.plot(
            *problem.solution[:, None], "+", color="black", markersize=13, markeredgewidth=2, label="solution"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="θ₁, weight of chin-ups", ylabel="θ₂, weight of sit-ups", xlim=box[:2], ylim=box[2:])
        if len(kinds) > 1:
            ax.legend(loc="upper right", fontsize=8.5, framealpha=0.9, handletextpad=0.3)
        trail = (self.path,) if records else ()
        self.grows: dict[Line2D, int] = dict.fromkeys(trail, 0)
        self.artists = (*self.dots, *trail, *self.ellipses, self.solution, self.text)

    def show(self, result: Clouds, row: int) -> str:
        """Draw the clouds of one row, and the first seed's path up to the same step."""
        now = int(result.settings["now"][row])
        stop = result.stops.tolist().index(now)
        for k, (dots, line) in enumerate(zip(self.dots, self.ellipses, strict=True)):
            dots.set_data(*result.points[row, k, stop].T)
            line.set_data(*ellipse(result.center[row, k, stop], result.covariance[row, k, stop]).T)
        if self.path in self.artists:
            walked = result.path[row, : now + 1]
            self.path.set_data(*walked.T)
        self.text.set_text(self._note(result, row))
        return self._note(result, row).replace("\n", ". ")


def _bowl(ax: Any, problem: LeastSquares, box: tuple[float, float, float, float]) -> None:
    """Contours of the loss."""
    x, y = np.meshgrid(np.linspace(*box[:2], 120), np.linspace(*box[2:], 90))
    height = np.sqrt(problem.gap(np.stack([x, y], -1)))  # its levels are evenly spaced ellipses
    ax.grid(visible=False)
    ax.contourf(x, y, height, 14, cmap=DEPTH, zorder=0)
    ax.contour(x, y, height, 14, colors="white", linewidths=0.6, zorder=0.5)


@dataclass(frozen=True)
class Shown:
    """What a `GapCurves` reads off one row.

    Args:
        gaps: one curve for each kind, `(kinds, records)`.
        expected: what theory draws, `(lines, records)`.
        now: where the eye is, a value of x.
        note: two lines of text.
    """

    gaps: np.ndarray
    expected: np.ndarray
    now: float
    note: str


class GapCurves(Panel):
    """The mean loss above the smallest, on a log axis, with what theory expects and a goal to get below.

    Args:
        x: the axis, `(records,)`.
        limits: the smallest and the largest gap on the axis.
        goal: the gap to reach.
        kinds: the measured curves.
        theory: the lines that theory draws.
        read: what to show of a row.
        xlabel: the axis in words.
        log: whether x has a log axis.
    """

    def __init__(
        self,
        x: np.ndarray,
        limits: tuple[float, float],
        goal: float,
        kinds: Sequence[Kind],
        theory: Sequence[Kind],
        read: Callable[[Any, int], Shown],
        *,
        xlabel: str,
        log: bool = False,
    ) -> None:
        self.figure, self.ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._read = read
        first = next(k for k, value in enumerate(x) if value > 0 or not log)
        self._kept = slice(first, None)
        x = x[self._kept]
        _goal(self.ax, x[0], goal)
        (self.cursor,) = self.ax.plot([np.nan] * 2, limits, color=GREY, linewidth=1, label="_now")
        self.lines = [_line(self.ax, x, kind) for kind in kinds]
        self.theory = [_line(self.ax, x, kind) for kind in theory]
        self.text = self.ax.text(0, 1.02, "", transform=self.ax.transAxes, fontsize=9, va="bottom")
        self.ax.set(
            xlabel=xlabel,
            ylabel="mean loss above the smallest",
            xscale="log" if log else "linear",
            yscale="log",
            xlim=(x[0], x[-1]),
            ylim=limits,
        )
        self.ax.legend(loc="upper right", frameon=False, fontsize=8.5, ncols=2, columnspacing=1.2)
        self.artists = (self.cursor, *self.lines, *self.theory, self.text)
        self.fixed_x = (*self.lines, *self.theory)
        self.grows = dict.fromkeys(self.lines, first)  # theory is known from the first step

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        shown = self._read(result, row)
        for line, values in zip(self.lines, shown.gaps, strict=True):
            line.set_ydata(values[self._kept])
        for line, values in zip(self.theory, shown.expected, strict=True):
            line.set_ydata(values[self._kept])
        self.cursor.set_xdata([shown.now] * 2)
        self.text.set_text(shown.note)
        ends = ", ".join(
            f"{line.get_label()} {number(values[-1])}"
            for line, values in zip(self.lines, shown.gaps, strict=True)
        )
        return f"Mean loss above the smallest at the end: {ends}."


class GapOverRates(GapCurves):
    """The same over the learning rate: what every α has come to by one step.

    Args:
        rates: the axis, `(rates,)`.
        limits: the smallest and the largest gap on the axis.
        goal: the gap to reach.
        kinds: the measured curves.
        theory: the lines that theory draws.
        read: what to show of a row; a curve is `(rates,)`, and `now` is an α.
        lost: the rate from which on theory has no gap; hatched.
    """

    def __init__(
        self,
        rates: np.ndarray,
        limits: tuple[float, float],
        goal: float,
        kinds: Sequence[Kind],
        theory: Sequence[Kind],
        read: Callable[[Any, int], Shown],
        *,
        lost: float,
    ) -> None:
        super().__init__(rates, limits, goal, kinds, theory, read, xlabel="learning rate α", log=True)
        self.ax.axvspan(lost, rates[-1], facecolor="#f7d9c4", edgecolor="white", hatch="///", zorder=0)
        self.ax.legend(loc="upper left", frameon=False, fontsize=8.5)
        self.grows = {}  # rates are no time

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        super().show(result, row)
        return "Over all learning rates: " + self.text.get_text().replace("\n", ". ")


def _line(ax: Any, x: np.ndarray, kind: Kind) -> Line2D:
    blank = np.full(len(x), np.nan)
    (line,) = ax.plot(
        x, blank, color=kind.color, linestyle=kind.style, linewidth=kind.width, label=kind.label
    )
    return line


def _goal(ax: Any, left: float, goal: float) -> None:
    """A goal as a green line with its name at the left."""
    ax.axhline(goal, color=GREEN, linewidth=1, linestyle=(0, (1, 2)))
    words = f" goal {goal:.0e}".replace("e-0", "e-")
    ax.text(left, goal / 1.3, words, color=GREEN, fontsize=8.5, va="top")
