"""Checks on what a caller passes in: each error names the argument, its value and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

__all__ = ["broadcast", "choice", "column", "count", "finite", "non_negative", "positive", "whole"]


def column(name: str, value: Any) -> np.ndarray:
    """Turn one number or a sequence of numbers into a float64 column.

    Args:
        name: the argument's name, for the error.
        value: a number, or a one-dimensional sequence, array or tensor of numbers.

    Returns:
        Array of shape `(values,)`; a single number gives `(1,)`.

    Raises:
        TypeError: if `value` holds something that is not a number.
        ValueError: if `value` is empty or has more than one dimension.

    Example:
        >>> column("lr", 0.1)
        array([0.1])
    """
    array = np.atleast_1d(np.asarray(value))
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name}={value!r}: expected a number or an array of numbers")
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: expected one number or a non-empty 1-D array")
    return array.astype(np.float64)


def _require(name: str, array: np.ndarray, ok: np.ndarray, allowed: str) -> np.ndarray:
    if not ok.all():
        raise ValueError(f"{name}={array[~ok][0]:g}: expected {allowed}")
    return array


def finite(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers, or raise `ValueError`."""
    array = column(name, value)
    return _require(name, array, np.isfinite(array), "a finite number")


def positive(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers above 0, or raise `ValueError`."""
    array = column(name, value)
    return _require(name, array, np.isfinite(array) & (array > 0), "a finite number above 0")


def non_negative(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers, 0 or above, or raise `ValueError`."""
    array = column(name, value)
    return _require(name, array, np.isfinite(array) & (array >= 0), "a finite number, 0 or above")


def whole(name: str, value: Any, least: int = 1, most: float = math.inf, most_is: str = "") -> np.ndarray:
    """Return `value` as a column of whole numbers from `least` to `most`.

    Args:
        name: the argument's name, for the error.
        value: a whole number or a sequence of them.
        least: the smallest allowed.
        most: the largest allowed.
        most_is: what `most` stands for, for the error ("the 80 training samples").

    Returns:
        Array of int64, shape `(values,)`.

    Raises:
        TypeError: if `value` holds something that is not a number.
        ValueError: if a value is fractional, not finite or out of range.

    Example:
        >>> whole("batch_size", [1, 16], most=80)
        array([ 1, 16])
    """
    array = column(name, value)
    limit = f" to {most:g}" if math.isfinite(most) else " up"
    allowed = f"a whole number from {least}{limit}" + (f" ({most_is})" if most_is else "")
    inside = np.isfinite(array) & (array >= least) & (array <= most)
    _require(name, array, inside, allowed)
    return _require(name, array, array == np.floor(array), allowed).astype(np.int64)


def count(name: str, value: Any) -> int:
    """Return `value` as one whole number of at least 1, or raise `TypeError` or `ValueError`."""
    array = whole(name, value)
    if array.size != 1 or np.ndim(value) > 0:
        raise ValueError(f"{name}={value!r}: expected one whole number, not {array.size}")
    return int(array[0])


def choice(name: str, value: Any, table: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Look a name up in `table`; a function stands for itself.

    Args:
        name: the argument's name, for the error.
        value: a key of `table`, or a function.
        table: the names that are known.

    Returns:
        The function.

    Raises:
        ValueError: if the name is not in the table.
        TypeError: if `value` is neither a name nor a function.

    Example:
        >>> choice("optimizer", "neg", {"neg": abs})
        <built-in function abs>
    """
    if callable(value):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r}: expected a name or a function")
    if value not in table:
        raise ValueError(f"{name}={value!r}: expected a function or one of {', '.join(sorted(table))}")
    return table[value]


def broadcast(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Stretch columns of length 1 to the common length, the number of settings.

    Args:
        columns: arrays of shape `(1,)` or `(settings,)` by argument name.

    Returns:
        The same names, every array of shape `(settings,)`.

    Raises:
        ValueError: if two columns have different lengths above 1; the message names both.

    Example:
        >>> broadcast({"lr": np.array([0.1, 0.2]), "l2": np.array([0.0])})["l2"]
        array([0., 0.])
    """
    longest = max(columns, key=lambda name: len(columns[name]))
    settings = len(columns[longest])
    for name, array in columns.items():
        if len(array) not in (1, settings):
            raise ValueError(
                f"{name} has {len(array)} values and {longest} has {settings}: "
                "arrays must have the same length, or length 1; grid(...) makes every combination"
            )
    return {name: np.broadcast_to(array, settings).copy() for name, array in columns.items()}


def names_of(functions: Iterable[Callable[..., Any]]) -> str:
    """List the functions' names for an error message.

    Example:
        >>> names_of([abs, max])
        'abs, max'
    """
    return ", ".join(dict.fromkeys(getattr(f, "__name__", repr(f)) for f in functions))
