"""A learner's own arrays as a `Dataset`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.features import features_of
from optlab.engine.data.labels import class_labels, labels_of, targets_of
from optlab.engine.data.splits import split
from optlab.engine.data.standardizing import standardized

__all__ = ["from_arrays"]


def from_arrays(
    x: Any,
    y: Any,
    *,
    classes: Sequence[Any] | None = None,
    regression: bool = False,
    test_fraction: float = 0.2,
    seed: int = 0,
    standardize: bool = True,
    name: str = "data",
    dtype: torch.dtype = torch.float32,
) -> Dataset:
    """Split a learner's own `X, y` into training and test data.

    Args:
        x: features, `(samples, features)`, real numbers.
        y: labels `(samples,)`: whole numbers, booleans or strings; real numbers when `regression` is set.
        classes: the labels in the order of their class numbers; sorted when left out.
        regression: whether `y` is a quantity rather than a class.
        test_fraction: share of the samples kept for testing, between 0 and 1.
        seed: of the split.
        standardize: scale every feature to mean 0 and standard deviation 1 over the training samples.
        name: what to call the data in a title.
        dtype: of the features.

    Returns:
        The dataset, its classes equally represented in both parts.

    Raises:
        ValueError: if `x` is empty, not 2-D or not finite, `y` has another length, labels are not classes, or
            the split leaves too little in a part.
        TypeError: if `x` is not numeric.

    Example:
        >>> data = from_arrays([[0.0], [1.0]] * 10, ["no", "yes"] * 10)
        >>> len(data), data.classes
        (16, ('no', 'yes'))
    """
    features = features_of(x)
    labels, names = targets_of(y) if regression else labels_of(y, classes)
    if len(labels) != len(features):
        raise ValueError(f"y has {len(labels)} values and X has {len(features)} samples: expected as many")
    strata = None if regression else class_labels(y)  # the labels themselves: their order changes no split
    train, test = split(len(features), strata, test_fraction, seed)
    if standardize:
        features = standardized(features, train)
    inputs = torch.as_tensor(features, dtype=dtype)
    targets = torch.as_tensor(labels, dtype=dtype if regression else torch.int64)
    return Dataset(inputs[train], targets[train], inputs[test], targets[test], name, names)
