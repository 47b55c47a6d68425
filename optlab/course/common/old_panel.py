"""What every panel is: one figure, the artists of it that live, and how a result updates them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "Panel",
    "clean_axes",
    "film_of",
    "here_marker",
    "number",
]

BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666"
"""Okabe and Ito's colours, told apart by colour-blind readers; every line also has a style of its own."""

SIZE = (4.6, 3.2)


class Panel:
    """One figure of a lab.

    Attributes:
        figure: an ordinary matplotlib figure, made without pyplot.
        artists: those that `show` changes.
        fixed_x: the lines among them whose x stays as it is.
        grows: the lines among them that a film of the run draws point by point, each with the epoch or step
            of its first point.
        scenes: functions that change the rest of the figure, one for each background; often none.
    """

    figure: Figure
    artists: Sequence[Artist]
    fixed_x: Sequence[Line2D] = ()
    grows: Mapping[Line2D, int] = MappingProxyType({})
    scenes: Sequence[Callable[[], object]] = ()

    def show(self, result: Any, row: int) -> str:
        """Put one row of a result into the artists; return it in words, for a screen reader."""
        raise NotImplementedError

    def scene(self, result: Any, row: int) -> int:
        """Which of the scenes this row belongs to."""
        return 0


def film_of(panels: Sequence[Panel]) -> tuple[int, str]:
    """The film that some panels make together.

    Args:
        panels: the panels.

    Returns:
        Its last step, 0 if nothing grows; and what its steps are: the name of a growing line's axis, without
        what stands behind a comma or in brackets.

    Example:
        >>> from optlab.course.common.old_figures import LossCurves
        >>> film_of([LossCurves(epochs=5)])
        (5, 'epoch')
    """
    lines = [(line, first) for panel in panels for line, first in panel.grows.items()]
    last = max((first + np.size(line.get_xdata()) - 1 for line, first in lines), default=0)
    axes = [line.axes for panel in panels for line in panel.grows if line in panel.fixed_x]
    name = next((ax.get_xlabel() for ax in axes if isinstance(ax, Axes)), "step")
    return last, re.split(r"[,(]", name)[0].strip()


def clean_axes(size: tuple[float, float] = SIZE) -> tuple[Figure, Axes]:
    """A figure with one axes and no clutter.

    Args:
        size: width and height in inches; an inch is 100 pixels on the page.

    Returns:
        The figure and its axes.
    """
    figure = Figure(figsize=size)
    figure.subplots_adjust(left=0.14, right=0.97, top=0.91, bottom=0.16)  # the same box in every panel
    ax = figure.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=9)
    ax.grid(alpha=0.25, linewidth=0.6)
    return figure, ax


def here_marker(ax: Axes) -> Line2D:
    """An orange dot, nowhere yet, that says on a curve of all settings "you are here"."""
    (dot,) = ax.plot([np.nan], [np.nan], "o", color=ORANGE, markersize=10)
    dot.set(markeredgecolor="black", label="you are here")
    return dot


def number(value: float) -> str:
    """A number as a reader wants it: three digits, powers of ten only where they help.

    Example:
        >>> number(0.01234), number(1234567.0), number(2e-9)
        ('0.0123', '1.23e+06', '2e-09')
    """
    return f"{value:.3g}"
