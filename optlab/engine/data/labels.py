"""Targets of a regression, and labels of any kind as class numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.engine.validation import plain

__all__ = ["class_labels", "numbered", "targets_of"]


def targets_of(y: Any, name: str = "y") -> np.ndarray:
    """The quantities of a regression, float64."""
    array = _one_a_sample(plain(name, y))
    if array.ndim != 1 or array.dtype.kind not in "iuf":
        raise ValueError(
            f"{name} has shape {array.shape}, dtype {array.dtype}: expected real numbers, (samples,)"
        )
    if not np.isfinite(array).all():
        k = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(f"{name}[{k}]={array[k]}: expected finite numbers")
    return array.astype(np.float64)


def numbered(
    parts: Sequence[np.ndarray], classes: Sequence[Any] | None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers from 0, and the classes' names in order.

    Args:
        parts: labels from `class_labels`: those of all samples, which are still to be split, or those of the
            training part and of the test part.
        classes: the labels in the order of their numbers; sorted when left out.
    """
    known, numbers, sizes = np.unique(_joined(parts), return_inverse=True, return_counts=True)
    if len(known) < 2:
        raise ValueError(f"y holds one class only, {known[0]}: expected 2 or more")
    if len(parts) == 1 and sizes.min() < 2:
        raise ValueError(
            f"y holds one sample of class {known[sizes.argmin()]} of {len(known)} classes: expected 2 "
            "samples or more of each; for a quantity use from_arrays(..., regression=True)"
        )
    if classes is None:
        return numbers, tuple(str(label) for label in known)
    order = list(classes)
    if set(order) != set(known.tolist()) or len(order) != len(known):
        raise ValueError(f"classes={classes!r}: expected the labels of y, {known.tolist()}, each once")
    return np.array([order.index(label) for label in known.tolist()])[numbers], tuple(map(str, order))


def class_labels(y: Any, name: str = "y") -> np.ndarray:
    """The labels as they came, of one kind: whole numbers, booleans or text."""
    array = _one_a_sample(plain(name, y))
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: expected one label a sample, (samples,)")
    if array.dtype.kind == "O" and len({type(label) for label in array}) == 1:
        array = np.array(array.tolist())  # what pandas calls object is most often plain text
    if array.dtype.kind == "f":
        whole_numbers = np.isfinite(array) & (array == np.floor(array))
        if not whole_numbers.all():
            raise ValueError(
                f"{name} holds {array[~whole_numbers][0]}: expected class labels; "
                "for a quantity use from_arrays(..., regression=True)"
            )
        return array.astype(np.int64)
    if array.dtype.kind not in "iubUS":
        kinds = sorted({type(label).__name__ for label in array})
        raise ValueError(
            f"{name} holds {', '.join(kinds)}: expected class labels of one kind, text or whole numbers"
        )
    return array


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    if len({array.dtype.kind in "US" for array in parts}) > 1:
        kinds = ", ".join(str(array.dtype) for array in parts)
        raise ValueError(f"y_train and y_test hold {kinds}: expected labels of one kind")
    return np.concatenate(parts)


def _one_a_sample(array: np.ndarray) -> np.ndarray:
    """A table of one column as that column: so come the targets of many data sets."""
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array
