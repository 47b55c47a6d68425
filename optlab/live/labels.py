"""Room for labels: margins at both sides of axes as wide as their ticks and labels need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

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
    for _ in range(
        6
    ):  # narrower axes can have other ticks, and a label in their middle moves by half as much
        left, right = _overhang(figure, axes[0], scenes, seen)
        width, old = figure.get_figwidth(), figure.subplotpars
        if max(left, right) <= 0:
            return
        figure.subplots_adjust(
            left=min(WIDEST, old.left + max(0.0, left) / width),
            right=max(1 - WIDEST, old.right - max(0.0, right) / width),
        )


def _overhang(figure: Any, ax: Any, scenes: Any, seen: Any) -> tuple[float, float]:
    """By how many inches labels are too far to the left and to the right."""
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    looks: dict[Any, tuple[float, float]] = {}
    for prepare in scenes:
        prepare()
        with seen():
            if (look := _look_of(ax)) not in looks:
                boxes = list(_boxes(ax, canvas.get_renderer()))
                left = ROOM - min((box.x0 for box in boxes), default=0) / figure.dpi if boxes else 0.0
                right = max((box.x1 for box in boxes), default=0) / figure.dpi - figure.get_figwidth() + ROOM
                looks[look] = (left, right)
    return max(left for left, _ in looks.values()), max(right for _, right in looks.values())


def _look_of(ax: Any) -> Any:
    """What says where its labels are."""
    return ax.get_xlim(), ax.get_ylim(), ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()


def _boxes(ax: Any, renderer: Any) -> Iterator[Any]:
    for axis in (ax.xaxis, ax.yaxis):
        box = axis.get_tightbbox(renderer) if ax.axison else None
        if box is not None and box.width:
            yield box
