"""What leaves the axes says so at the edge, with its value and an arrow; an empty figure says why.

The same as in the browser (js/edges.js), for pictures. Both are tested on the cases of tests/js/edges.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from optlab.live.artists import Channel
from optlab.live.looks import hex_color, minus, readable
from optlab.live.scenes import shows_something

__all__ = ["Note", "edge_notes", "empty_words", "in_data", "is_watched", "shares_of", "side_of"]

SLACK = 0.004
"""Of the axes: what ends on the edge itself has not left."""

WIDE = 8
"""Points: words at the end of such a line lie on it."""

ARROWS = ("↙↓↘", "← →", "↖↑↗")


@dataclass(frozen=True)
class Note:
    """What stands at the edge of axes for a mark that has left them.

    Args:
        text: its value and an arrow.
        color: of the mark.
        u: where it is, as a share of the axes from the left.
        v: likewise from the bottom.
    """

    text: str
    color: str
    u: float
    v: float


def edge_notes(channels: Sequence[Channel], ax: Any) -> list[Note]:
    """The notes of all marks of one axes as the artists stand.

    Args:
        channels: the marks.
        ax: the axes.

    Returns:
        One for each mark that ends outside.
    """
    watched = [part for part in channels if part.artist.axes is ax and is_watched(part)]
    return [note for part in watched for note in _notes(part, ax)]


def empty_words(channels: Sequence[Channel], ax: Any) -> str:
    """What stands in the middle of axes on which nothing can be seen; "" where something can."""
    own = [part for part in channels if part.artist.axes is ax]
    declared = [part.artist.get_text() for part in own if part.mark.role == "empty"]
    if not declared and shows_something(ax, [part.artist for part in channels]):
        return ""
    if any(_seen(part, ax) for part in own if not declared or part.mark.role != "theory"):
        return ""
    return next(filter(None, declared), "") or _reason(own)


def is_watched(part: Channel) -> bool:
    """What theory says and what only decorates may leave."""
    mark, artist = part.mark, part.artist
    if not isinstance(artist, Line2D | PathCollection) or not all(in_data(artist)):
        return False
    return mark.role in ("main", "other", "here", "end") or (mark.role == "plain" and mark.named)


def in_data(artist: Artist) -> tuple[bool, bool]:
    """Whether its x and its y are data, not shares of the axes."""
    if isinstance(artist, PathCollection):
        return True, True
    x, y = artist.get_transform().contains_branch_seperately(artist.axes.transData)  # type: ignore[union-attr]
    return bool(x), bool(y)


def _points(artist: Any) -> np.ndarray:
    """Its points in data, `(points, 2)`."""
    if isinstance(artist, PathCollection):
        return np.ma.filled(np.ma.asarray(artist.get_offsets(), float), np.nan)
    return np.stack([np.asarray(v, float) for v in artist.get_data(orig=True)], axis=1)


def shares_of(ax: Any, points: np.ndarray) -> np.ndarray:
    """Where points are, as shares of the axes; 0 and less lie below every log axis."""
    spans = [(ax.get_xlim(), ax.get_xscale()), (ax.get_ylim(), ax.get_yscale())]
    shares = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for values, ((low, high), scale) in zip(points.T, spans, strict=True):
            v, a, b = (np.log10(part) if scale == "log" else part for part in (values, low, high))
            share = (v - a) / (b - a)
            shares.append(np.where(np.isnan(share) & ~np.isnan(values), -np.inf, share))
    return np.stack(shares, axis=1)


def side_of(share: float) -> int:
    """-1 below or left of the axes, 1 above or right of them, 0 within."""
    return int(share > 1 + SLACK) - int(share < -SLACK)


def _notes(part: Channel, ax: Any) -> list[Note]:
    """Of a cloud how many points are outside; of a line its last point, of a curve over an axis both ends."""
    points = _points(part.artist)
    points = points[~np.isnan(points).any(axis=1)]
    shares = shares_of(ax, points)
    if _cloud(part.artist, part):
        return _most_outside(shares, _color(part.artist))
    if not part.mark.fixed_x and _has_no_end(_points(part.artist)):
        return []
    if part.mark.fixed_x:  # it may go on beyond the end of the axis
        known = [side_of(u) == 0 for u in shares[:, 0]]
        points, shares = points[known], shares[known]
    both = part.mark.fixed_x and part.mark.first is None
    ends = dict.fromkeys([len(points) - 1, *([0] if both else [])]) if len(points) else {}
    found = (_end(part, *points[k], *shares[k]) for k in ends)
    return [note for note in found if note]


def _end(part: Channel, x: float, y: float, u: float, v: float) -> Note | None:
    across, up = side_of(u), side_of(v)
    never = part.mark.role == "end" and not np.isfinite(x + y)
    if never or not (across or up):
        return None
    value = f"{part.mark.ending} {_value(part, x, y, across, up)}".lstrip()
    return Note(f"{value} {ARROWS[up + 1][across + 1]}", _color(part.artist), float(u), float(v))


def _has_no_end(points: np.ndarray) -> bool:
    """A ring, and sticks that are one line with gaps."""
    known = np.flatnonzero(~np.isnan(points).any(axis=1))
    if len(known) < 2:
        return False
    first, last = known[0], known[-1]
    return bool(last - first >= len(known) or (len(known) > 2 and (points[first] == points[last]).all()))


def _cloud(artist: Any, part: Channel) -> bool:
    if isinstance(artist, PathCollection):
        return len(_points(artist)) > 1
    stroked = artist.get_linestyle() != "None" and artist.get_linewidth() > 0
    return not stroked and not part.mark.fixed_x and len(artist.get_xdata()) > 1


def _most_outside(shares: np.ndarray, color: str) -> list[Note]:
    """Many points lie about: how many are outside, and where, if they all leave on one side."""
    out = np.array([(u, v) for u, v in shares if side_of(u) or side_of(v)]).reshape(-1, 2)
    arrows = {ARROWS[side_of(v) + 1][side_of(u) + 1] for u, v in out}
    count = f"{len(out)} of {len(shares)}"
    if len(arrows) == 1:
        u, v = np.clip(out, -1, 2).mean(0)
        return [Note(f"{count} {arrows.pop()}", color, float(u), float(v))]
    return [Note(f"{count} outside", color, 1.0, 2.0)] if len(out) > len(shares) / 2 else []


def _value(part: Channel, x: float, y: float, across: int, up: int) -> str:
    if across and up:
        return f"({_told(x)}, {_told(y)})" if np.isfinite(x + y) else "∞"
    if part.mark.first is not None and up > 0 and not np.isfinite(y):
        return "diverged"
    return _told(x if across else y)


def _told(value: float) -> str:
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) < np.finfo(np.float32).smallest_subnormal:
        return "≈ 0"  # it comes to the browser in 32 bits
    return minus(shortest(float(value)))


def shortest(value: float) -> str:
    """Two or three digits, written as JavaScript writes them.

    >>> shortest(35.04), shortest(12345.0), shortest(123456.0), shortest(1e-9)
    ('35', '12300', '1.2e+5', '1.0e-9')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return np.format_float_positional(float(f"{value:.3g}"), trim="-")
    head, power = f"{value:.1e}".split("e")
    return f"{head}e{int(power):+d}"


def _color(artist: Any) -> str:
    """Its colour, for letters on white."""
    return readable(_own_color(artist))


def _own_color(artist: Any) -> str:
    if isinstance(artist, PathCollection):
        faces = artist.get_facecolor()
        return hex_color(faces[0] if len(faces) else "black")[:7]
    stroked = artist.get_linestyle() != "None" and artist.get_linewidth() > 0
    if stroked and artist.get_linewidth() > WIDE:
        return "#222222"
    marked = artist.get_marker() not in ("None", "", " ", None) and artist.get_markerfacecolor() != "none"
    return hex_color(artist.get_color() if stroked or not marked else artist.get_markerfacecolor())[:7]


def _seen(part: Channel, ax: Any) -> bool:
    artist = part.artist
    if not artist.get_visible():
        return False
    if isinstance(artist, AxesImage):
        return bool(np.isfinite(np.ma.filled(np.ma.asarray(artist.get_array(), float), np.nan)).any())
    if not isinstance(artist, Line2D | PathCollection):
        return False
    points = _points(artist)
    shares = np.where(in_data(artist), shares_of(ax, points), points)
    shares = np.where(np.isfinite(shares), shares, np.nan)
    inside = (shares >= -SLACK) & (shares <= 1 + SLACK)
    if inside.all(axis=1).any():
        return True
    stroked = isinstance(artist, Line2D) and artist.get_linestyle() != "None"
    return stroked and any(crosses(a, b) for a, b in pairwise(shares))


def crosses(start: np.ndarray, end: np.ndarray) -> bool:
    """Whether a straight line comes into the axes, in shares of them (Liang and Barsky)."""
    if np.isnan([start, end]).any():
        return False
    enter, leave = 0.0, 1.0
    for a, b in zip(start, end, strict=True):
        if a == b:
            if a < 0 or a > 1:
                return False
            continue
        first, second = sorted([-a / (b - a), (1 - a) / (b - a)])
        enter, leave = max(enter, first), min(leave, second)
    return enter <= leave


def _reason(own: Sequence[Channel]) -> str:
    numbers = [_points(part.artist)[:, 1] for part in own if isinstance(part.artist, Line2D | PathCollection)]
    if any(np.isinf(ys).any() for ys in numbers):
        return "diverged: nothing is within the axes"
    if any(np.isfinite(ys).any() for ys in numbers):
        return "nothing here is within the axes"
    return "nothing to draw at this setting"
