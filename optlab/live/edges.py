"""What leaves the axes says so at the edge, with its value and an arrow; an empty figure says why.

The same as in the browser (js/edges.js), for pictures. Both are tested on the cases of tests/js/edges.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from optlab.live.artists import Channel
from optlab.live.looks import hex_color, minus
from optlab.live.scenes import shows_something

__all__ = ["Note", "edge_notes", "empty_words", "told_at_the_edges"]

SLACK = 0.004
"""Of the axes: what ends on the edge itself has not left."""

MOST = 4
"""Notes at one edge."""

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
    found = (_note(part, ax) for part in channels if part.artist.axes is ax and _watched(part))
    return [note for note in found if note]


def empty_words(channels: Sequence[Channel], ax: Any) -> str:
    """What stands in the middle of axes on which nothing can be seen; "" where something can."""
    own = [part for part in channels if part.artist.axes is ax]
    declared = [part.artist.get_text() for part in own if part.mark.role == "empty"]
    if not declared and shows_something(ax, [part.artist for part in channels]):
        return ""
    if any(_seen(part, ax) for part in own):
        return ""
    return next(filter(None, declared), "") or _reason(own)


@contextmanager
def told_at_the_edges(figure: Any, channels: Sequence[Channel]) -> Iterator[None]:
    """Write it all into the figure for as long as the block runs."""
    declared = [part.artist for part in channels if part.mark.role == "empty"]
    added: list[Text] = []
    for ax in dict.fromkeys(part.artist.axes for part in channels if part.artist.axes is not None):
        added += _write_notes(figure, ax, edge_notes(channels, ax))
        if words := empty_words(channels, ax):
            halo = [withStroke(linewidth=3, foreground="white")]
            look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 10, "color": "#444444"}
            added.append(
                ax.text(0.5, 0.5, words, transform=ax.transAxes, path_effects=halo, zorder=20, **look)
            )
    for text in declared:
        text.set_visible(False)
    try:
        yield
    finally:
        for text in added:
            text.remove()
        for text in declared:
            text.set_visible(True)


def fewer(notes: Sequence[Note]) -> list[Note]:
    """At each edge no more than can be read; what is left out is counted."""
    kept = []
    for edge in dict.fromkeys((_side(note.u), _side(note.v)) for note in notes):
        group = [note for note in notes if (_side(note.u), _side(note.v)) == edge]
        if len(group) > MOST:
            last = group[MOST - 1]
            more = Note(f"and {len(group) - MOST + 1} more", "#444444", last.u, last.v)
            group = [*group[: MOST - 1], more]
        kept += group
    return kept


def _write_notes(figure: Any, ax: Any, notes: Sequence[Note]) -> list[Text]:
    """At their edge, none over another."""
    box, size = ax.get_window_extent(), 8.5 * figure.dpi / 72
    taken: list[tuple[float, float, float]] = []
    written = []
    for note in fewer(notes):
        long = 0.62 * size * len(note.text)
        middle = box.x0 + np.clip(note.u, 0, 1) * box.width
        x = max(box.x0 + 3, min(box.x1 - 3 - long, middle - long / 2))
        v = box.y0 + np.clip(note.v, 0, 1) * box.height - size / 3
        y = max(box.y0 + 0.5 * size, min(box.y1 - size - 1, v))
        inwards = -1 if note.v > 0.5 else 1
        while any(a < x + long and x < b and abs(y - c) < 1.15 * size for a, b, c in taken[:12]):
            y += inwards * 1.2 * size
        taken.append((x, x + long, y))
        u, v = ax.transAxes.inverted().transform((x, y))
        look: dict[str, Any] = {"fontsize": 8.5, "fontweight": "bold", "color": note.color, "zorder": 20}
        halo = [withStroke(linewidth=2.6, foreground="white")]
        written.append(ax.text(u, v, note.text, transform=ax.transAxes, path_effects=halo, **look))
    return written


def _watched(part: Channel) -> bool:
    """What theory says and what only decorates may leave."""
    mark, artist = part.mark, part.artist
    if not isinstance(artist, Line2D | PathCollection) or not all(_in_data(artist)):
        return False
    return mark.role in ("main", "other", "here", "end") or (mark.role == "plain" and mark.named)


def _in_data(artist: Artist) -> tuple[bool, bool]:
    if isinstance(artist, PathCollection):
        return True, True
    x, y = artist.get_transform().contains_branch_seperately(artist.axes.transData)  # type: ignore[union-attr]
    return bool(x), bool(y)


def _points(artist: Any) -> np.ndarray:
    """Its points in data, `(points, 2)`."""
    if isinstance(artist, PathCollection):
        return np.ma.filled(np.ma.asarray(artist.get_offsets(), float), np.nan)
    return np.stack([np.asarray(v, float) for v in artist.get_data(orig=True)], axis=1)


def _shares(ax: Any, points: np.ndarray) -> np.ndarray:
    """Where points are, as shares of the axes; 0 and less lie below every log axis."""
    spans = [(ax.get_xlim(), ax.get_xscale()), (ax.get_ylim(), ax.get_yscale())]
    shares = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for values, ((low, high), scale) in zip(points.T, spans, strict=True):
            v, a, b = (np.log10(part) if scale == "log" else part for part in (values, low, high))
            share = (v - a) / (b - a)
            shares.append(np.where(np.isnan(share) & ~np.isnan(values), -np.inf, share))
    return np.stack(shares, axis=1)


def _side(share: float) -> int:
    return int(share > 1 + SLACK) - int(share < -SLACK)


def _note(part: Channel, ax: Any) -> Note | None:
    artist = part.artist
    points = _points(artist)
    shares = _shares(ax, points)
    known = ~np.isnan(points).any(axis=1)
    if _cloud(artist, part):
        return _most_outside(shares[known], _color(artist))
    for (x, y), (u, v) in zip(points[known][::-1], shares[known][::-1], strict=True):
        across, up = _side(u), _side(v)
        if part.mark.fixed_x and across:  # a curve that goes on beyond the end of the axis
            continue
        if not across and not up:
            return None
        value = _value(part, x, y, across, up)
        return Note(f"{value} {ARROWS[up + 1][across + 1]}", _color(artist), float(u), float(v))
    return None


def _cloud(artist: Any, part: Channel) -> bool:
    if isinstance(artist, PathCollection):
        return len(_points(artist)) > 1
    stroked = artist.get_linestyle() != "None" and artist.get_linewidth() > 0
    return not stroked and not part.mark.fixed_x and len(artist.get_xdata()) > 1


def _most_outside(shares: np.ndarray, color: str) -> Note | None:
    """Many points lie about: how many are outside."""
    out = sum(bool(_side(u) or _side(v)) for u, v in shares)
    return Note(f"{out} of {len(shares)} outside", color, 1.0, 2.0) if out > len(shares) / 2 else None


def _value(part: Channel, x: float, y: float, across: int, up: int) -> str:
    if across and up:
        return f"({_told(x)}, {_told(y)})"
    if part.mark.first is not None and up and not np.isfinite(y):
        return "diverged"
    return _told(x if across else y)


def _told(value: float) -> str:
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞"
    return minus(shortest(float(value)))


def shortest(value: float) -> str:
    """Three digits, written as JavaScript writes them.

    >>> shortest(35.04), shortest(123456.0), shortest(1e-9), shortest(2.5e22)
    ('35', '123000', '1e-9', '2.5e+22')
    """
    rounded = float(f"{value:.3g}")
    if rounded == 0 or 1e-6 <= abs(rounded) < 1e21:
        return np.format_float_positional(rounded, trim="-")
    head, power = f"{rounded:e}".split("e")
    return f"{float(head):g}e{int(power):+d}"


def _color(artist: Any) -> str:
    if isinstance(artist, PathCollection):
        faces = artist.get_facecolor()
        return hex_color(faces[0] if len(faces) else "black")[:7]
    stroked = artist.get_linestyle() != "None" and artist.get_linewidth() > 0
    marked = artist.get_marker() not in ("None", "", " ", None) and artist.get_markerfacecolor() != "none"
    return hex_color(artist.get_color() if stroked or not marked else artist.get_markerfacecolor())[:7]


def _seen(part: Channel, ax: Any) -> bool:
    artist = part.artist
    if part.mark.role == "theory" or not artist.get_visible():
        return False
    if isinstance(artist, AxesImage):
        return bool(np.isfinite(np.ma.filled(np.ma.asarray(artist.get_array(), float), np.nan)).any())
    if not isinstance(artist, Line2D | PathCollection):
        return False
    points = _points(artist)
    shares = np.where(_in_data(artist), _shares(ax, points), points)
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
    numbers = [
        _points(part.artist)[:, 1]
        for part in own
        if isinstance(part.artist, Line2D | PathCollection) and part.mark.role != "theory"
    ]
    if any(np.isinf(ys).any() for ys in numbers):
        return "diverged: nothing is within the axes"
    if any(np.isfinite(ys).any() for ys in numbers):
        return "nothing here is within the axes"
    return "nothing to draw at this setting"
