"""Measurements: bars side by side, and curves over what a slider turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, Panel, clean_axes
from optlab.course.common.old_paths import TOP

__all__ = ["Bars", "Here", "Sheet", "Stroke"]

COLORS = (BLUE, ORANGE, GREEN, PURPLE, GREY)


@dataclass(frozen=True)
class Stroke:
    """How a curve of a `Sheet` looks.

    Args:
        label: its name in the legend; an underscore in front keeps it out.
        color: its colour.
        style: its line style.
        marker: the marker at its points; empty for none.
        width: of the line, in points.
    """

    label: str
    color: str = BLUE
    style: Any = "-"
    marker: str = ""
    width: float = 1.8


@dataclass(frozen=True)
class Here:
    """What a `Sheet` shows of one row.

    Args:
        curves: one a stroke, `(strokes, points)`.
        x: where the mark for "you are here" is; NaN for none.
        y: likewise.
        text: two lines of words.
    """

    curves: np.ndarray
    x: float
    y: float
    text: str


class Sheet(Panel):
    """Some curves over one axis, and a mark for where the sliders stand.

    Args:
        x: where the points are, `(points,)`.
        strokes: the curves, in order.
        read: what to show of a row, `read(result, row) -> Here`.
        film: whether the curves grow point by point, the first at 0.
        axes: passed on to matplotlib: labels, limits and scales.
        legend: where the legend stands.
    """

    def __init__(
        self,
        x: Any,
        strokes: Sequence[Stroke],
        read: Callable[[Any, int], Here],
        *,
        film: bool = False,
        legend: Any = "best",
        **axes: Any,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP, left=0.16)
        x, blank, self._read = np.asarray(x), np.full(len(x), np.nan), read
        self.lines = [
            ax.plot(x, blank, marker=s.marker, linestyle=s.style, color=s.color, linewidth=s.width)[0]
            for s in strokes
        ]
        for line, stroke in zip(self.lines, strokes, strict=True):
            line.set(label=stroke.label, markersize=5)
        (self.here,) = ax.plot([np.nan], [np.nan], "o", color="white", markersize=11, label="_here")
        self.here.set(markeredgecolor="black", markeredgewidth=2.2)
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(**axes)
        ax.legend(loc=legend, frameon=False, fontsize=8.5)
        self.artists, self.fixed_x = (*self.lines, self.here, self.text), tuple(self.lines)
        self.grows = dict.fromkeys(self.lines, 0) if film else {}

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        shown = self._read(result, row)
        for line, curve in zip(self.lines, shown.curves, strict=True):
            line.set_ydata(np.where(np.isfinite(curve), curve, np.nan))
        self.here.set_data([shown.x], [shown.y])
        self.text.set_text(shown.text)
        return shown.text.replace("\n", "; ") + "."


class Bars(Panel):
    """Horizontal bars on a log axis, one a name, with its number beside it.

    Args:
        names: of the bars, from top to bottom.
        limits: the smallest and the largest number on the axis.
        xlabel: what the numbers are.
        read: what to show of a row: numbers, NaN for no bar, what stands beside each, and two lines of words.
    """

    def __init__(
        self,
        names: Sequence[str],
        limits: tuple[float, float],
        xlabel: str,
        read: Callable[[Any, int], tuple[Sequence[float], Sequence[str], str]],
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP, left=0.3)
        self._read, self.limits = read, limits
        places = range(len(names) - 1, -1, -1)
        colors = [COLORS[k % len(COLORS)] for k in range(len(names))]
        self.bars = [
            ax.plot([np.nan] * 2, [y, y], color=color, linewidth=18, solid_capstyle="butt", label=name)[0]
            for y, color, name in zip(places, colors, names, strict=True)
        ]
        self.numbers = [ax.text(limits[0] * 1.15, y + 0.33, "", fontsize=8.5, va="bottom") for y in places]
        self.text = ax.text(-0.35, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xscale="log", xlim=limits, xlabel=xlabel, ylim=(-0.6, len(names) - 0.1))
        ax.set_yticks(list(places), names)
        ax.grid(visible=False, axis="y")
        self.artists = (*self.bars, *self.numbers, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        values, beside, text = self._read(result, row)
        for bar, number, value, words in zip(self.bars, self.numbers, values, beside, strict=True):
            bar.set_xdata([self.limits[0], value] if np.isfinite(value) else [np.nan] * 2)
            number.set_text(words)
        self.text.set_text(text)
        named = ", ".join(f"{b.get_label()} {w}" for b, w in zip(self.bars, beside, strict=True))
        return f"{text.replace(chr(10), '; ')}: {named}."
