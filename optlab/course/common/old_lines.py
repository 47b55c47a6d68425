"""Lines to compare: some that stay, some that follow the sliders, and a marker that says "you are here"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from optlab.course.common.old_panel import ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP

__all__ = ["Drawn", "Lines", "Series"]


@dataclass(frozen=True)
class Series:
    """How a line looks.

    Args:
        label: its name in the legend; one that begins with `_` is left out there.
        color: of the line and its markers.
        style: solid, dashed, …; no line when empty.
        width: in points.
        marker: drawn at each point; none when empty.
        size: of the marker.
    """

    label: str
    color: str
    style: Any = "-"
    width: float = 2.0
    marker: str = ""
    size: float = 5.0

    def on(self, ax: Axes, x: Any, y: Any) -> Line2D:
        """Draw it."""
        style = self.style or "none"
        (line,) = ax.plot(
            x,
            y,
            color=self.color,
            linestyle=style,
            linewidth=self.width,
            marker=self.marker or "None",
            markersize=self.size,
            label=self.label,
        )
        return line


@dataclass(frozen=True)
class Drawn:
    """What one row of a result puts on the axes.

    Args:
        curves: for each moving series its values.
        title: one or two lines above the axes.
        here: where the marker stands; nowhere when left out.
        words: the figure in words, for a screen reader; the title when left out.
    """

    curves: Sequence[np.ndarray]
    title: str
    here: tuple[float, float] = (np.nan, np.nan)
    words: str = ""


class Lines(Panel):
    """Several lines over one axis.

    Args:
        x: where the moving series have their points, `(points,)`.
        moving: the series that follow the sliders.
        read: what a row of a result draws: `read(result, row) -> Drawn`.
        still: the series that stay, each with its x and its values.
        film: the step that the first point of the moving series belongs to, when they grow in a film.
        legend: where the legend stands, as in matplotlib; empty for none.
        axes: limits, labels and scales, as `ax.set` takes them.

    Example:
        >>> panel = Lines([0, 1], [Series("loss", "black")], lambda r, k: Drawn([r[k]], "falls"))
        >>> panel.show(np.array([[3.0, 2.0]]), 0)
        'falls'
    """

    def __init__(
        self,
        x: Any,
        moving: Sequence[Series],
        read: Callable[[Any, int], Drawn],
        *,
        still: Sequence[tuple[Series, Any, Any]] = (),
        film: int | None = None,
        legend: Any = "best",
        **axes: Any,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._read, blank = read, np.full(len(x), np.nan)
        for series, place, values in still:
            series.on(ax, place, values)
        self.lines = [series.on(ax, x, blank) for series in moving]
        self.here = Series("_here", ORANGE, "", marker="o", size=11).on(ax, [np.nan], [np.nan])
        self.here.set(markeredgecolor="black", zorder=5, clip_on=False)
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(**axes)
        if legend:
            ax.legend(loc=legend, frameon=False, fontsize=8.5)
        self.ax = ax
        self.artists: tuple[Artist, ...] = (*self.lines, self.here, self.text)
        self.fixed_x = tuple(self.lines)
        self.grows = {} if film is None else dict.fromkeys(self.lines, film)

    def show(self, result: Any, row: int) -> str:
        """Draw one row; what is not finite leaves a gap."""
        drawn = self._read(result, row)
        for line, curve in zip(self.lines, drawn.curves, strict=True):
            line.set_ydata(np.where(np.isfinite(curve), curve, np.nan))
        self.here.set_data([drawn.here[0]], [drawn.here[1]])
        self.text.set_text(drawn.title)
        return drawn.words or drawn.title.replace("\n", "; ")
