"""Whatever holds a learner's data as a `Dataset`."""

from __future__ import annotations

from typing import Any

from optlab.engine.data.dataset import Dataset, check_dataset
from optlab.engine.data.from_arrays import from_arrays

__all__ = ["as_dataset"]


def as_dataset(data: Any) -> Dataset:
    """Take a Dataset as it is, and split a pair `(X, y)` with `from_arrays`.

    Args:
        data: a `Dataset`, or a pair `(X, y)` with class labels.

    Returns:
        The dataset.

    Raises:
        TypeError: if `data` is neither.
        ValueError: if the dataset is empty or holds something that is not finite.
    """
    if isinstance(data, tuple) and len(data) == 2:
        return from_arrays(*data)
    if not isinstance(data, Dataset):
        raise TypeError(f"dataset is a {type(data).__name__}: expected a Dataset or a pair (X, y)")
    check_dataset(data)
    return data
