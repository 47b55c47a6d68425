"""Names at the ends of lines: beside the last point that is seen, none over another (as `js/endings.js`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.transforms import Affine2D

from optlab.live.artists import Channel
from optlab.live.edge_writing import FONT_SIZE, HALO, LETTER
from optlab.live.edges import is_watched, shares_of, side_of
from optlab.live.looks import readable

__all__ = ["Ending", "apart", "room_for", "written_at_the_ends"]

BESIDE = 4
"""Points from the end of a line to its name."""


@dataclass(frozen=True)
class Ending:
    """A name, and where its middle left is, in any unit, y downwards.

    Args:
        text: the name.
        color: of the letters.
        x: how far across.
        y: how far down.
        width: of the text.
    """

    text: str
    color: str
    x: float
    y: float
    width: float


def apart(endings: Sequence[Ending], height: float, foot: float) -> list[Ending]:
    """Move names down, and where there is no room up again, until none lies over another.

    Args:
        endings: the names.
        height: of a line of text.
        foot: how far down the lowest may be.

    Returns:
        The same names, from top to bottom; none is moved that has room where it is.

    Example:
        >>> heights = {"a": 50, "b": 48, "c": 10}
        >>> names = [Ending(text, "black", x=0, y=y, width=9) for text, y in heights.items()]
        >>> [(one.text, one.y) for one in apart(names, height=10, foot=55)]
        [('c', 10), ('b', 45), ('a', 55)]
    """
    down: list[Ending] = []
    for one in sorted(endings, key=lambda ending: ending.y):
        above = [other.y + height for other in down if _beside(one, other)]
        down.append(replace(one, y=max([one.y, *above])))
    up: list[Ending] = []
    for one in reversed(down):
        below = [other.y - height for other in up if _beside(one, other)]
        up.append(replace(one, y=min([one.y, foot, *below])))
    return up[::-1]


def _beside(one: Ending, other: Ending) -> bool:
    """Whether they would meet at the same height."""
    return one.x < other.x + other.width and other.x < one.x + one.width


def room_for(names: Sequence[str]) -> float:
    """How wide a margin the names need at the ends of lines that reach the edge, in inches; 0 without names.

    Args:
        names: the texts.
    """
    longest = max((len(name) for name in names), default=0)
    return (BESIDE + LETTER * FONT_SIZE * (longest + 1)) / 72 if longest else 0.0


@contextmanager
def written_at_the_ends(figure: Any, channels: Sequence[Channel]) -> Iterator[None]:
    """Write the names into a figure for as long as the block runs.

    Args:
        figure: the figure.
        channels: its living artists, as they stand.
    """
    added = [_write(figure, one) for ax in figure.axes for one in _placed(ax, channels)]
    try:
        yield
    finally:
        for text in added:
            text.remove()


def _write(figure: Any, ending: Ending) -> Any:
    look: dict[str, Any] = {"fontsize": FONT_SIZE, "va": "center", "zorder": 20, "path_effects": HALO}
    width, height = figure.get_size_inches()  # shares of it hold at every resolution
    place = ending.x / 72 / width, -ending.y / 72 / height
    return figure.text(*place, ending.text, color=ending.color, **look)


def _placed(ax: Any, channels: Sequence[Channel]) -> list[Ending]:
    """The names on one axes, in points from the lower left of the figure."""
    named = [part for part in channels if part.mark.ending and part.artist.axes is ax]
    return apart([one for part in named for one in _ending(part)], 1.15 * FONT_SIZE, -_box(ax).y0)


def _ending(part: Channel) -> list[Ending]:
    """One name beside the last point that is seen; a line that ends outside may have it at the edge."""
    line, name, box = part.artist, part.mark.ending, _box(part.artist.axes)
    shares = [(u, v) for u, v in shares_of(line.axes, line.get_xydata()) if not np.isnan(u + v)]
    inside = [(u, v) for u, v in shares if not side_of(u) and not side_of(v)]
    if not inside or (is_watched(part) and inside[-1] != shares[-1]):
        return []
    u, v = inside[-1]
    x, y = box.x0 + u * box.width + BESIDE, -(box.y0 + v * box.height)
    return [Ending(name, readable(line.get_color()), x, y, LETTER * FONT_SIZE * len(name))]


def _box(ax: Any) -> Any:
    """The axes in points."""
    return ax.get_window_extent().transformed(Affine2D().scale(72 / ax.figure.dpi))
