"""A coarser grid of a lab whose own is too large for a page: fewer stops, and none of them dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from optlab.params import Grid, Param

__all__ = ["MOST", "coarser"]

MOST = 4096
"""Settings of a lab on a page."""


def coarser(grid: Grid, wanted: Iterable[Mapping[str, Any]], most: int = MOST) -> Grid:
    """A grid of the same sliders with fewer stops.

    Args:
        grid: the lab's own.
        wanted: settings that must stay, of some sliders or all.
        most: how many settings it may have, unless what must stay is more.

    Returns:
        The grid. Of every slider both ends stay, its default, and what `wanted` names; between these stops
        are added evenly, one slider after the other, as long as there is room.

    Example:
        >>> rate = Param("lr", "", "rate", (1, 2, 3, 4, 5, 6, 7, 8, 9), 5)
        >>> decay = replace(rate, name="delta")
        >>> [p.values for p in coarser(Grid((rate, decay)), [{"lr": 2}], most=25).params]
        [(1, 2, 5, 7, 9), (1, 3, 5, 7, 9)]
    """
    settings = list(wanted)
    kept = [_needed(param, settings) for param in grid.params]
    growing = True
    while growing:
        growing = False
        for k in sorted(range(len(kept)), key=lambda k: len(kept[k]) / len(grid.params[k].values)):
            more = _one_more(kept[k], len(grid.params[k].values))
            if more and _size(kept) // len(kept[k]) * len(more) <= most:
                kept[k], growing = more, True
                break
    return Grid(
        tuple(
            replace(p, values=tuple(p.values[i] for i in sorted(stops)))
            for p, stops in zip(grid.params, kept, strict=True)
        )
    )


def _needed(param: Param, wanted: Iterable[Mapping[str, Any]]) -> set[int]:
    named = {param.index(setting[param.name]) for setting in wanted if param.name in setting}
    if not all(isinstance(value, (int, float)) for value in param.values):
        return set(range(len(param.values)))  # names: each is a thing of its own
    return named | {0, len(param.values) - 1, param.index(param.default)}


def _one_more(stops: set[int], count: int) -> set[int]:
    """These stops and the middle of their widest gap; empty where there is none."""
    order = sorted(stops)
    gaps = [(b - a, -a) for a, b in pairwise(order) if b - a > 1]
    if not gaps or len(stops) == count:
        return set()
    width, start = max(gaps)
    return stops | {-start + width // 2}


def _size(kept: list[set[int]]) -> int:
    size = 1
    for stops in kept:
        size *= len(stops)
    return size
