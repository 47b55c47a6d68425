"""Features as an array of numbers, or an error that says what is wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.engine.validation import plain

__all__ = ["features_of"]


def features_of(x: Any) -> np.ndarray:
    """X as float64, `(samples, features)`; raises `TypeError` or `ValueError`."""
    array = plain("X", x)
    if array.dtype.kind not in "iufb":
        raise TypeError(f"X has dtype {array.dtype}: expected real numbers")
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"X has shape {array.shape}: expected (samples, features), neither of them 0")
    if not np.isfinite(array).all():
        row, feature = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"X[{row}, {feature}]={array[row, feature]}: expected finite numbers")
    return array.astype(np.float64)
