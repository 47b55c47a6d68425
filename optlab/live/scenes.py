"""Scenes: all of a figure that does not live, drawn once by matplotlib, with the places of its axes."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.spines import Spine

from optlab.live.artists import Channel
from optlab.live.looks import plain
from optlab.live.seen import is_free

CSS_DPI = 100  # one inch of figure is 100 CSS pixels wide on the page

# matplotlib is not thread-safe, and a front end may ask for a drawing (another width, a finer screen) on
# another thread than the one that runs a cell: hold this while drawing.
DRAW_LOCK = threading.RLock()


def png_of(figure: Figure, pixel_ratio: float) -> bytes:
    """Return the figure as it is now, drawn at `pixel_ratio` device pixels to a CSS pixel, as PNG bytes."""
    figure.set_dpi(CSS_DPI * pixel_ratio)
    buffer = io.BytesIO()
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    canvas.print_png(buffer)  # not savefig: its rcParams may crop the picture
    return buffer.getvalue()


def scene_of(
    figure: Figure, axes: Sequence[Any], channels: Sequence[Channel], pixel_ratio: float
) -> dict[str, Any]:
    """Draw the figure without its living artists; return the picture and where its axes and texts are."""
    living = [channel.artist for channel in channels]
    with hidden(living):
        background = png_of(figure, pixel_ratio)
    return {
        "background": background,
        "width": float(figure.get_figwidth()) * CSS_DPI,
        "axes": [axes_place(ax, living) for ax in axes],
        "places": [channel.place() for channel in channels],
    }


def axes_place(ax: Axes, living: Sequence[Artist]) -> dict[str, Any]:
    """Return an axes' box (left, bottom, width, height: fractions of the figure), limits, scales, spines."""
    for axis in (ax.xaxis, ax.yaxis):
        if axis.get_scale() not in ("linear", "log"):
            raise ValueError(f"a living axes has a linear or a log scale, not {axis.get_scale()!r}")
    return {
        "box": [float(v) for v in ax.get_position().bounds],
        "xlim": [float(v) for v in ax.get_xlim()],
        "ylim": [float(v) for v in ax.get_ylim()],
        "xlog": ax.get_xscale() == "log",
        "ylog": ax.get_yscale() == "log",
        "spines": [half_width(ax.spines[side]) for side in ("left", "right", "top", "bottom")],
        "free": [is_free(ax.xaxis), is_free(ax.yaxis)],
        "still": shows_something(ax, living),
        "xlabel": plain(ax.get_xlabel()) or "x",
    }


def shows_something(ax: Axes, living: Sequence[Artist]) -> bool:
    """Whether anything but the living is drawn on the axes."""
    drawn = [*ax.lines, *ax.collections, *ax.patches, *ax.images]
    return any(artist not in living and artist.get_visible() for artist in drawn)


def half_width(spine: Spine) -> float:
    """Return how far a spine reaches into its axes, in points: the living do not draw over it."""
    return spine.get_linewidth() / 2 if spine.get_visible() else 0.0


@contextmanager
def shrunk(figure: Figure, factor: float) -> Iterator[None]:
    """Give a figure less room, in the same shape, for as long as the block runs; letters keep their size.

    So do the margins around its axes, which hold letters: as a share of the figure they grow.
    """
    width, height = figure.get_size_inches()
    margins = {side: getattr(figure.subplotpars, side) for side in ("left", "right", "bottom", "top")}
    figure.set_size_inches(width * factor, height * factor)
    share = 1 / max(factor, 0.5)
    if figure.get_layout_engine() is None:
        figure.subplots_adjust(**{side: _widened(side, at, share) for side, at in margins.items()})
    try:
        yield
    finally:
        figure.set_size_inches(width, height)
        if figure.get_layout_engine() is None:
            figure.subplots_adjust(**margins)


def _widened(side: str, at: float, share: float) -> float:
    """Where axes begin or end, as a fraction of the figure, if the margin beyond is `share` times as wide."""
    far = side in ("right", "top")
    margin = min(0.45, share * (1 - at if far else at))
    return 1 - margin if far else margin


@contextmanager
def hidden(artists: Sequence[Artist]) -> Iterator[None]:
    """Hide artists for as long as the block runs."""
    before = [artist.get_visible() for artist in artists]
    for artist in artists:
        artist.set_visible(False)
    try:
        yield
    finally:
        for artist, visible in zip(artists, before, strict=True):
            artist.set_visible(visible)


def styles_of(channels: Sequence[Channel], axes: Sequence[Axes]) -> list[dict[str, Any]]:
    """The artists' styles in drawing order, each with its axes and the place of its numbers.

    Args:
        channels: the artists.
        axes: those that the browser knows.

    Returns:
        As the browser wants them.
    """
    starts = np.cumsum([0, *(part.room for part in channels)]).tolist()
    texts = np.cumsum([0, *(part.kind == "text" for part in channels)]).tolist()
    places = [axes.index(part.artist.axes) if part.artist.axes is not None else -1 for part in channels]
    described = [
        part.style() | {"id": k, "start": starts[k], "text": texts[k], "axes": place}
        for k, (part, place) in enumerate(zip(channels, places, strict=True))
    ]
    return sorted(described, key=lambda style: channels[style["id"]].artist.get_zorder())
