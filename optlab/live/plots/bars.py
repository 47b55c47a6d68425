"""Bars with their numbers in words beside them; on a log axis dots: only their place says something there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.live.plots.plot import Plot
from optlab.live.plots.style import BLUE, GREEN, GREY, ORANGE, PURPLE

__all__ = ["bars"]

COLORS = (BLUE, ORANGE, GREEN, PURPLE, GREY)


def bars(
    names: Sequence[str],
    values: Callable[[Any], Any],
    beside: Callable[[Any], Sequence[str]],
    title: Callable[[Any], str],
    *,
    limits: tuple[float, float],
    xlabel: str,
    base: float | None = None,
    scale: str = "log",
) -> Plot:
    """A plot of horizontal bars; on a log axis, where the length of a bar says nothing, of dots.

    Args:
        names: of the bars, from top to bottom.
        values: how long they are, `values(record) -> (settings, bars)`; NaN for no bar.
        beside: the words beside each, `beside(one) -> words` for a record of one setting.
        title: one or two lines above the axes, likewise.
        limits: the smallest and the largest number on the axis.
        xlabel: what the numbers are.
        base: where the bars begin, such as 1 for multiples; the left edge when left out. On a log axis a thin
            line leads from there to the dot.
        scale: of the axis, `"log"` or `"linear"`.

    Returns:
        The plot.

    Example:
        >>> from optlab.record import Record
        >>> plot = bars(
        ...     ["a run"],
        ...     lambda r: r.settings["s"][:, None],
        ...     lambda one: [f"{one.settings['s'][0]} s"],
        ...     lambda one: "measured",
        ...     limits=(1, 100),
        ...     xlabel="seconds",
        ... )
        >>> plot.frames(Record({"s": np.array([10, 20])})).labels
        ['measured: a run 10 s.', 'measured: a run 20 s.']
    """
    places = range(len(names) - 1, -1, -1)
    axes: dict[str, Any] = {"xlim": limits, "ylim": (-0.6, len(names) - 0.1)}
    plot = Plot(xscale=scale, xlabel=xlabel, yticks=list(places), yticklabels=names, **axes)
    plot.figure.subplots_adjust(left=0.3)
    left = limits[0] * 1.15 if scale == "log" else limits[0] + 0.01 * (limits[1] - limits[0])
    plot.ax.grid(visible=scale == "log", axis="y")
    look: dict[str, Any] = {"width": 13, "solid_capstyle": "butt", "role": "plain", "film": None}
    if base is not None:
        plot.ax.axvline(base, color="black", linestyle="--", linewidth=1.2)
    if scale == "log":
        look["width"] = 3
    start = base if base is not None else np.nan if scale == "log" else limits[0]
    dot: dict[str, Any] = {"style": "", "marker": "o", "markeredgecolor": "black", "markersize": 9}
    for k, (name, y) in enumerate(zip(names, places, strict=True)):
        color = COLORS[k % len(COLORS)]
        plot.path(name, _ends(values, k, start, y), color, points=2, named=True, **look)
        if scale == "log":
            plot.path(f"{name}: here", _ends(values, k, np.nan, y), color, points=2, **look | dot)
    for k, y in enumerate(places):
        plot.text(partial(_word, beside, k), left, y + 0.33, fontsize=8.5, va="bottom")
    plot.title(title)
    plot.marks[-1].artist.set_x(-0.35)  # it begins above the names
    plot.words(lambda one: f"{plot.said(one)}: {_in_words(names, beside(one))}.")
    return plot


def _in_words(names: Sequence[str], beside: Sequence[str]) -> str:
    return ", ".join(map(" ".join, zip(names, beside, strict=True))).replace("\n", " ")


def _word(beside: Callable[[Any], Sequence[str]], k: int, one: Any) -> str:
    return beside(one)[k]


def _ends(values: Callable[[Any], Any], k: int, start: float, y: float) -> Callable[[Any], Any]:
    """Both ends of a bar, as the values of a path."""

    def ends(record: Any) -> tuple[np.ndarray, list[float]]:
        right = np.asarray(values(record), float)[:, k]
        return np.stack([np.where(np.isfinite(right), start, np.nan), right], axis=1), [y, y]

    return ends
