"""How all plots look: colours, sizes, and how numbers are written."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

__all__ = ["BLUE", "DEPTH", "GOLD", "GREEN", "GREY", "ORANGE", "PURPLE", "blank_axes", "counted", "number"]

BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666"
"""The colours of Okabe and Ito, which colour-blind readers can tell apart."""

GOLD = "#B8860B"
"""Of stars: a dark page turns bright and dark around, and this is neither."""

DEPTH = LinearSegmentedColormap.from_list("depth", ["#3f8fc4", "#a9cfe6", "#f4f9fc"])
"""Low is blue, high is white: light enough for a path in a strong colour."""

SIZE = (4.6, 3.2)
"""Width and height of a plot in inches; an inch is 100 CSS pixels on the page."""

TOP_OF_AXES = {1: 0.91, 2: 0.86}
"""Where the axes end, as a fraction of the figure, below one or two lines of title."""


def blank_axes(size: tuple[float, float] = SIZE, title_lines: int = 2) -> tuple[Figure, Axes]:
    """A figure with one axes and no clutter.

    Args:
        size: width and height in inches.
        title_lines: how many lines of text to leave room for above the axes, 1 or 2.

    Returns:
        The figure, made without pyplot, and its axes.

    Example:
        >>> figure, ax = blank_axes()
        >>> figure.axes == [ax]
        True
    """
    figure = Figure(figsize=size)
    figure.subplots_adjust(left=0.14, right=0.97, top=TOP_OF_AXES[title_lines], bottom=0.16)
    ax = figure.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=9)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(WholeNumbers())
    ax.grid(alpha=0.25, linewidth=0.6)
    return figure, ax


class WholeNumbers(ScalarFormatter):
    """Ticks that say all of their number: no power of ten or offset at the axis' end, over the title."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        whole = super().__call__(x, pos)
        return f"{x:.6g}".replace("-", "\N{MINUS SIGN}") if super().get_offset() else whole

    def get_offset(self) -> str:
        return ""


def number(value: float) -> str:
    """A number as a reader wants it: three digits, powers of ten only where they help.

    Args:
        value: the number.

    Returns:
        The text.

    Example:
        >>> number(0.01234), number(30303.0), number(1234567.0), number(2e-9)
        ('0.0123', '30,300', '1.23e+06', '2e-09')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if 1e3 <= abs(rounded) < 1e6 else f"{value:.3g}"


def counted(count: float, thing: str) -> str:
    """How many there are, in words.

    Args:
        count: how many, a whole number or not.
        thing: what they are, one of them.

    Returns:
        The text.

    Example:
        >>> counted(1, "step"), counted(0, "step"), counted(1200, "step"), counted(2.5, "epoch")
        ('1 step', '0 steps', '1,200 steps', '2.5 epochs')
    """
    return f"{count:,.10g} {thing}{'' if count == 1 else 's'}"
