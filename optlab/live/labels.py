"""Room for labels: margins at both sides of axes as wide as their ticks and labels need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg

__all__ = ["make_room_for_labels"]

ROOM = 0.015
"""Inches between a label and the edge of the figure."""
WIDEST = 0.45
"""Of a figure: how wide a margin can become."""


def make_room_for_labels(
    figure: Any,
    axes: Sequence[Any],
    scenes: Sequence[Callable[[], object]],
    seen: Callable[[], AbstractContextManager[None]],
) -> None:
    """Widen the margins at both sides until no tick and no label is cut, on any background.

    Args:
        figure: the figure; one with a layout engine is left alone: that sees to it.
        axes: those whose labels count.
        scenes: what brings it to each of its backgrounds.
        seen: gives the axes the limits that a reader has asked for.
    """
    if figure.get_layout_engine() is not None or len(axes) != 1:
        return
    needs = list(_needs(figure, axes[0], scenes, seen))
    width, old = figure.get_figwidth(), figure.subplotpars
    left = max(old.left * width, *(need.left for need in needs))
    right = max((1 - old.right) * width, *(need.right for need in needs))
    half = max(need.label for need in needs) / 2
    # the label stands in the middle of the axes, and moves by half of what either margin grows
    right = max(right, left + 2 * (half + ROOM) - width)
    left = max(left, right + 2 * (half + ROOM) - width)
    figure.subplots_adjust(left=min(WIDEST, left / width), right=max(1 - WIDEST, 1 - right / width))


class _Need(NamedTuple):
    """What the labels of one background need, in inches."""

    left: float  # margin
    right: float
    label: float  # how wide the label below the axes is


def _needs(figure: Any, ax: Any, scenes: Any, seen: Any) -> Iterator[_Need]:
    """What the labels of every background need; those that look alike are measured once."""
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    looks = set()
    for prepare in scenes:
        prepare()
        with seen():
            if (look := _look_of(ax)) not in looks:
                looks.add(look)
                yield _need(figure, ax, canvas.get_renderer())


def _look_of(ax: Any) -> Any:
    """What says where its labels are."""
    return ax.get_xlim(), ax.get_ylim(), ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()


def _need(figure: Any, ax: Any, renderer: Any) -> _Need:
    if not ax.axison:
        return _Need(0.0, 0.0, 0.0)
    place, inch = ax.get_window_extent(renderer), figure.dpi
    across, up = (axis.get_tightbbox(renderer) or place for axis in (ax.xaxis, ax.yaxis))
    left, right = [place.x0 - up.x0], [across.x1 - place.x1]
    wide = 0.0
    if ax.get_xlabel():
        label = ax.xaxis.label.get_window_extent(renderer)
        wide = label.width
        right = (
            right if label.x1 < across.x1 else []
        )  # no tick reaches as far: the label is seen to by itself
        left += [place.x0 - across.x0] if label.x0 > across.x0 else []
    return _Need(max([0.0, *left]) / inch + ROOM, max([0.0, *right]) / inch + ROOM, wide / inch)
