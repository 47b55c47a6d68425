"""Checks on what a caller passes in: each error names the argument, its value and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

__all__ = [
    "HYPER",
    "between",
    "broadcast",
    "choice",
    "column",
    "count",
    "finite",
    "names_of",
    "non_negative",
    "one_of",
    "plain",
    "positive",
    "share",
    "whole",
]


def plain(name: str, value: Any) -> np.ndarray:
    """Turn what a caller passed into a NumPy array; a tensor leaves its gradient behind.

    Args:
        name: the argument's name, for the error.
        value: a number, a sequence, an array or a tensor.

    Returns:
        The array, of whatever shape and dtype the value has.

    Raises:
        ValueError: if `value` is a nested sequence with rows of different lengths.
    """
    if isinstance(value, Tensor):
        value = value.detach().cpu()
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} is ragged: expected rows of one length") from error


def column(name: str, value: Any) -> np.ndarray:
    """Turn one number or a sequence of numbers into a column.

    Args:
        name: the argument's name, for the error.
        value: a number, or a one-dimensional sequence, array or tensor of numbers.

    Returns:
        Array of float64 or of whole numbers, shape `(values,)`; a single number gives `(1,)`.

    Raises:
        TypeError: if `value` holds something that is not a number.
        ValueError: if `value` is empty or has more than one dimension.

    Example:
        >>> column("lr", 0.1)
        array([0.1])
    """
    array = np.atleast_1d(plain(name, value))
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: expected one number or a non-empty 1-D array")
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name}={value!r}: expected a number or an array of numbers")
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _require(name: str, array: np.ndarray, ok: np.ndarray, allowed: str) -> np.ndarray:
    if not ok.all():
        raise ValueError(f"{name}={array[~ok][0]:.12g}: expected {allowed}")
    return array


def _numbers(allowed: str, inside: Callable[[np.ndarray], np.ndarray], name: str, value: Any) -> np.ndarray:
    array = column(name, value).astype(np.float64)
    return _require(name, array, np.isfinite(array) & inside(array), allowed)


def finite(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers, or raise `ValueError`."""
    return _numbers("a finite number", np.isfinite, name, value)


def positive(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers above 0, or raise `ValueError`."""
    return _numbers("a finite number above 0", lambda v: v > 0, name, value)


def non_negative(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of finite numbers, 0 or above, or raise `ValueError`."""
    return _numbers("a finite number, 0 or above", lambda v: v >= 0, name, value)


def share(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of numbers from 0 to below 1, or raise `ValueError`."""
    return _numbers("a number from 0 to below 1", lambda v: (v >= 0) & (v < 1), name, value)


def between(name: str, value: Any) -> np.ndarray:
    """Return `value` as a column of numbers above 0 and below 1, or raise `ValueError`."""
    return _numbers("a number above 0 and below 1", lambda v: (v > 0) & (v < 1), name, value)


def whole(name: str, value: Any, least: int = 1, most: float = math.inf, why: str = "") -> np.ndarray:
    """Return `value` as a column of whole numbers from `least` to `most`.

    Args:
        name: the argument's name, for the error.
        value: a whole number or a sequence of them.
        least: the smallest allowed.
        most: the largest allowed.
        why: where `most` comes from, for the error ("there are 80 training samples").

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
    limit = f"from {least} to {most}" if math.isfinite(most) else f"of at least {least}"
    inside = (array >= least) & (array <= most) & (array == np.floor(array))
    return _require(
        name, array, np.isfinite(array) & inside, f"a whole number {limit}" + (f" ({why})" if why else "")
    ).astype(np.int64)


def _seed(name: str, value: Any) -> np.ndarray:
    return whole(name, value, 0, MAX_SEED)


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


def one_of(name: str, value: Any, allowed: Iterable[str]) -> None:
    """Raise `ValueError` unless `value` is one of the words that are allowed.

    Example:
        >>> one_of("axis", "epochs", ("epochs", "updates"))
    """
    words = list(allowed)
    if value not in words:
        raise ValueError(f"{name}={value!r}: expected one of {', '.join(words)}")


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


MAX_SEED = 2**53
"""The largest seed: beyond it a seed that came as a float is no longer the number that was written."""

HYPER: dict[str, Callable[[str, Any], np.ndarray]] = {
    "lr": positive,
    "l1": non_negative,
    "l2": non_negative,
    "weight_decay": non_negative,
    "delta": non_negative,
    "p": non_negative,
    "momentum": non_negative,
    "beta1": share,
    "beta2": share,
    "eps": non_negative,
    "rho": non_negative,
    "gamma": positive,
    "every": positive,
    "over": positive,
    "rise": between,
    "fall": between,
    "factor": positive,
    "patience": non_negative,
    "threshold": non_negative,
    "seed": _seed,
}
"""The check of each hyper-parameter; one that is not here must be finite."""
