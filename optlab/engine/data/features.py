"""X as arrays of numbers, or an error that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.frames import Columns, encoded, is_frame
from optlab.engine.validation import plain

__all__ = ["Features", "features_of", "numbers_of"]


@dataclass(frozen=True)
class Features:
    """The features of all samples, as they came.

    Args:
        values: real or whole numbers, `(samples, *shape)`.
        lengths: how many samples each part has.
        ids: whether X is a tensor of int32 or int64, which in PyTorch are ids rather than quantities.
        quantities: which columns of a frame are quantities, `(columns,)`; True for an array.
        notes: what was made of a frame's columns, one sentence each.
        columns: of a frame, as `encoded_like` takes them.
    """

    values: np.ndarray
    lengths: tuple[int, ...]
    ids: bool = False
    quantities: Any = True
    notes: tuple[str, ...] = ()
    columns: Columns = field(default_factory=dict)


def features_of(parts: Sequence[Any], names: Sequence[str]) -> Features:
    """One X, or those of a split that is already made, one after the other.

    Args:
        parts: arrays, tensors, nested lists or frames, all of one kind.
        names: what to call each in an error.

    Raises:
        TypeError: if a part does not hold real numbers, or one is a frame and another is not.
        ValueError: if a part is empty, ragged or not finite, or its samples have another shape.
    """
    if any(is_frame(part) for part in parts):
        made = encoded(parts, names)
        return Features(made.values, made.lengths, False, made.quantities, made.notes, made.columns)
    arrays = [numbers_of(name, part) for name, part in zip(names, parts, strict=True)]
    for name, array in zip(names[1:], arrays[1:], strict=True):
        if array.shape[1:] != arrays[0].shape[1:]:
            raise ValueError(
                f"{name} has samples of shape {array.shape[1:]}: expected {arrays[0].shape[1:]}, as in "
                f"{names[0]}"
            )
    ids = all(isinstance(part, Tensor) and part.dtype in (torch.int32, torch.int64) for part in parts)
    return Features(np.concatenate(arrays), tuple(map(len, arrays)), ids)


def numbers_of(name: str, x: Any) -> np.ndarray:
    """Finite real or whole numbers, `(samples, *shape)`, as an array."""
    if isinstance(x, Tensor) and x.dtype == torch.bfloat16:  # NumPy has no such dtype
        x = x.float()
    if isinstance(x, np.ma.MaskedArray) and np.ma.getmaskarray(x).any():
        gap = ", ".join(map(str, np.argwhere(np.ma.getmaskarray(x))[0].tolist()))
        raise ValueError(f"{name}[{gap}] is masked: expected a value; fill the gaps or drop the samples")
    array = plain(name, x.toarray() if hasattr(x, "toarray") else x)  # scipy's sparse matrices have it
    if array.dtype.kind not in "iufb":
        raise TypeError(f"{name} has dtype {array.dtype}: expected real numbers")
    if array.ndim < 2 or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}: expected (samples, features), or more axes for images and "
            "sequences, none of them 0"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        at = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
        raise ValueError(f"{name}[{', '.join(map(str, at))}]={array[at]}: expected finite numbers")
    return array
