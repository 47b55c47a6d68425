"""Where a goal lies in a figure."""

from typing import Any

from optlab import Plot
from optlab.live.plots import GREEN

GID = "goal"
"""By which the line of a goal is known among what a figure shows."""


def goal_lines(plot: Plot, *levels: float, across: bool = True, inside: bool = False) -> None:
    """Draw a thin dotted line at the number that a goal asks for, and write "goal" at its end.

    Args:
        plot: where; its limits hold the levels.
        levels: what to reach, on one axis; lines of several goals share the word.
        across: whether they are heights; else they stand upright.
        inside: whether the word stands where the first line begins: curves may have their names at its end.

    Example:
        >>> plot = Plot(ylim=(0, 1))
        >>> goal_lines(plot, 0.1)
        >>> [line.get_gid() for line in plot.ax.lines]
        ['goal']
    """
    ax = plot.ax
    for level in levels:
        draw = ax.axhline if across else ax.axvline
        draw(level, color=GREEN, linewidth=1, linestyle=(0, (1, 2)), zorder=1.2, gid=GID)
    word = "goal" if len(levels) == 1 else "goals"
    look: dict[str, Any] = {"color": GREEN, "fontsize": 7.5, "textcoords": "offset points"}
    if across and inside:
        look |= {"xycoords": ("axes fraction", "data"), "ha": "left", "va": "bottom"}
        ax.annotate(word, (0, levels[0]), (3, 0), **look)
    elif across:
        look |= {"xycoords": ("axes fraction", "data"), "rotation": 90, "va": "center"}
        ax.annotate(word, (1, levels[0]), (2, 0), annotation_clip=False, **look)
    else:
        look |= {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
        ax.annotate(word, (levels[0], 1), (0, 1), annotation_clip=False, **look)
