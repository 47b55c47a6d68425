"""From what a mark's function returns to the numbers that travel: checked, broadcast, padded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["each", "nth", "place_numbers", "points_of"]


def each(function: Callable[[Any], Any]) -> Callable[[Any], np.ndarray]:
    """Turn a function of one setting into a function of all settings of a record.

    Args:
        function: takes a record of one setting, returns an array.

    Returns:
        A function from a record to `(settings, ...)`.

    Example:
        >>> from optlab.record import Record
        >>> both = Record({"x": np.array([1.0, 2.0])})
        >>> each(lambda one: [one.settings["x"][0], 0.0])(both).tolist()
        [[1.0, 0.0], [2.0, 0.0]]
    """
    return lambda record: np.stack([np.asarray(function(one), float) for one in record])


def nth(function: Callable[[Any], np.ndarray], k: int) -> Callable[[Any], np.ndarray]:
    """One of several curves that a function gives together, for the mark that shows it.

    Args:
        function: from a record to `(settings, curves, ...)`, or `(1, curves, ...)` where all settings have
            the same ones.
        k: which of the curves.

    Returns:
        A function from a record to `(settings, ...)`.

    Example:
        >>> both = lambda record: np.arange(6).reshape(1, 2, 3)
        >>> nth(both, 1)(None).tolist()
        [[3, 4, 5]]
    """
    return lambda record: function(record)[:, k]


def place_numbers(values: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    """Bring what a function returned to a shape.

    The settings axis is added where the values are the same for all settings. On the last axis fewer points
    than there is room for are padded with NaN, a gap.

    Args:
        values: what the function of the mark returned.
        shape: `(settings, ..., points)`.
        name: what to call the mark in an error.

    Returns:
        Floats of that shape; infinities stay, and have no place on the axes: their edge says so.

    Raises:
        ValueError: if the values do not fit.

    Example:
        >>> place_numbers([[1.0, np.inf]], (1, 3), "loss").tolist()
        [[1.0, inf, nan]]
    """
    found = np.asarray(values, float)
    try:
        found = np.broadcast_to(found, (*shape[:-1], found.shape[-1] if found.ndim else shape[-1]))
        if found.shape[-1] > shape[-1]:
            raise ValueError  # noqa: TRY301  (the same answer as when the other axes do not fit)
    except ValueError:
        raise wrong_shape(values, shape, name) from None
    room = np.full(shape, np.nan)
    room[..., : found.shape[-1]] = found
    return room


def wrong_shape(values: Any, shape: tuple[int, ...], name: str) -> ValueError:
    """The error that says which mark gave values of which shape, and what is expected."""
    return ValueError(
        f"the mark {name!r} gave values of shape {np.shape(values)}: expected {shape}, "
        f"one row for each of the {shape[0]} settings"
    )


def points_of(values: Any, settings: int, points: int, name: str, stops: Sequence[int] = ()) -> np.ndarray:
    """Bring points to the order in which they travel: all x, then all y.

    Args:
        values: `(settings, points, 2)`, or a pair of x and y, each `(settings, points)` or the same for all
            settings, `(points,)`; with `stops` there is one more axis before the points.
        settings: how many there are.
        points: how many points there is room for.
        name: what to call the mark in an error.
        stops: the film's steps for which the mark has a position.

    Returns:
        `(settings, [stops,] 2 * points)`.

    Raises:
        ValueError: if the values do not fit.

    Example:
        >>> points_of(([1.0, 2.0], [[3.0, 4.0]]), settings=1, points=2, name="path").tolist()
        [[1.0, 2.0, 3.0, 4.0]]
    """
    pair = values if isinstance(values, tuple) else np.moveaxis(np.asarray(values, float), -1, 0)
    if len(pair) != 2:
        raise ValueError(f"the mark {name!r} gave values of shape {np.shape(values)}: expected (..., 2)")
    shape = (settings, *([len(stops)] if stops else []), points)
    if points == 1:  # one marker: its coordinates may come without a points axis
        pair = tuple(_with_points_axis(part, len(shape)) for part in pair)
    return np.concatenate([place_numbers(part, shape, name) for part in pair], axis=-1)


def _with_points_axis(part: Any, ndim: int) -> np.ndarray:
    part = np.asarray(part, float)
    return part[..., None] if part.ndim in (0, ndim - 1) else part
