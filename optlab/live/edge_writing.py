"""Writing into a picture what has left its axes, and why they are empty; markers on their edge are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from optlab.live.artists import Channel
from optlab.live.edges import Note, edge_notes, empty_words, in_data, shares_of, side_of

__all__ = ["FONT_SIZE", "HALO", "LETTER", "fewer", "told_at_the_edges"]

FONT_SIZE = 8.5
LETTER = 0.62
"""About how wide a letter is, in units of the font size."""
HALO = (withStroke(linewidth=2.6, foreground="white"),)
"""What lies below letters stays away from them."""

MOST = 4
"""Notes at one edge."""

ALIKE = 3
"""Notes at one edge that say the same are one."""


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
        with whole_markers(channels), gaps_on_log_axes(channels):
            yield
    finally:
        for text in added:
            text.remove()
        for text in declared:
            text.set_visible(True)


def fewer(notes: Sequence[Note]) -> list[Note]:
    """At each edge no more than can be read, and nothing twice; what is left out is counted."""
    notes = list(dict.fromkeys(notes))  # the end of a path, and the mark on it
    kept = []
    for edge in dict.fromkeys(map(_edge, notes)):
        group = _alike([note for note in notes if _edge(note) == edge])
        if len(group) > MOST:
            last = group[MOST - 1]
            more = Note(f"and {len(group) - MOST + 1} more", "#444444", last.u, last.v)
            group = [*group[: MOST - 1], more]
        kept += group
    return kept


def _edge(note: Note) -> tuple[float, ...]:
    """Which edge it stands at; beside the axes each stands in its own row."""
    up = side_of(note.v)
    return side_of(note.u), up, 0 if up else _tenth(note.v)


def _tenth(share: float) -> float:
    """To the nearest tenth of the axes."""
    return float(np.floor(10 * np.clip(share, 0, 1) + 0.5))


def _alike(group: list[Note]) -> list[Note]:
    """Several lines that all say the same at one place say it together, where the first of them does."""
    said = [(note.text, _tenth(note.u), _tenth(note.v)) for note in group]
    kept: dict[Any, Note] = {}
    for note, place in zip(group, said, strict=True):
        count = said.count(place)
        together = replace(note, text=f"{note.text} ({count} lines)", color="#444444")
        kept.setdefault(*((place, together) if count >= ALIKE else (note, note)))
    return list(kept.values())


def _write_notes(figure: Any, ax: Any, notes: Sequence[Note]) -> list[Text]:
    """At their edge, none over another."""
    box, size = ax.get_window_extent(), FONT_SIZE * figure.dpi / 72
    taken: list[tuple[float, float, float]] = []
    written = []
    for note in fewer(notes):
        long = LETTER * size * len(note.text)
        middle = box.x0 + np.clip(note.u, 0, 1) * box.width
        x = max(box.x0 + 3, min(box.x1 - 3 - long, middle - long / 2))
        v = box.y0 + np.clip(note.v, 0, 1) * box.height - size / 3
        y = max(box.y0 + 0.5 * size, min(box.y1 - size - 1, v))
        inwards = -1 if note.v > 0.5 else 1
        while any(a < x + long and x < b and abs(y - c) < 1.15 * size for a, b, c in taken[:12]):
            y += inwards * 1.2 * size
        taken.append((x, x + long, y))
        u, v = ax.transAxes.inverted().transform((x, y))
        look: dict[str, Any] = {
            "fontsize": FONT_SIZE,
            "fontweight": "bold",
            "color": note.color,
            "zorder": 20,
        }
        written.append(ax.text(u, v, note.text, transform=ax.transAxes, path_effects=HALO, **look))
    return written


@contextmanager
def gaps_on_log_axes(channels: Sequence[Channel]) -> Iterator[None]:
    """0 and less are gaps in a line on a log axis, as in the browser; matplotlib would draw a cliff."""
    lines = [part.artist for part in channels if isinstance(part.artist, Line2D) and part.artist.axes]
    before = [line.get_data(orig=True) for line in lines]
    for line, data in zip(lines, before, strict=True):
        scales = line.axes.get_xscale(), line.axes.get_yscale()  # type: ignore[union-attr]
        logs = [of_data and scale == "log" for of_data, scale in zip(in_data(line), scales, strict=True)]
        pairs = [(np.asarray(v, float), log) for v, log in zip(data, logs, strict=True)]
        line.set_data(*(np.where(v > 0, v, np.nan) if log else v for v, log in pairs))
    try:
        yield
    finally:
        for line, data in zip(lines, before, strict=True):
            line.set_data(*data)


@contextmanager
def whole_markers(channels: Sequence[Channel]) -> Iterator[None]:
    """Lone markers are not cut at the edge of their axes; those beyond it are left out."""
    markers = [part.artist for part in channels if isinstance(part.artist, Line2D) and _lone(part.artist)]
    before = [(marker.get_data(orig=True), marker.get_clip_on()) for marker in markers]
    for marker, ((x, y), _) in zip(markers, before, strict=True):
        points = np.stack([np.asarray(x, float), np.asarray(y, float)], axis=1)
        seen = [not side_of(u) and not side_of(v) for u, v in shares_of(marker.axes, points)]
        marker.set_data(x, np.where(seen, y, np.nan))
        marker.set_clip_on(False)
    try:
        yield
    finally:
        for marker, (data, clip) in zip(markers, before, strict=True):
            marker.set_clip_on(clip)
            marker.set_data(*data)


def _lone(line: Line2D) -> bool:
    """Whether it is markers alone, over data."""
    return line.axes is not None and all(in_data(line)) and line.get_linestyle() == "None"
