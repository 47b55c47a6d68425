"""A learner's own arrays as a `Dataset`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.features import Features, features_of
from optlab.engine.data.frames import take_column
from optlab.engine.data.labels import class_labels, numbered, targets_of
from optlab.engine.data.splits import split
from optlab.engine.data.standardizing import Scale, scaled_note, standardized

__all__ = ["from_arrays"]

Part = tuple[Any, Any]


def from_arrays(
    x: Any,
    y: Any,
    *,
    test: Part | None = None,
    classes: Sequence[Any] | None = None,
    regression: bool = False,
    test_fraction: float = 0.2,
    seed: int = 0,
    standardize: bool = True,
    name: str = "data",
    dtype: torch.dtype | None = None,
) -> Dataset:
    """Split a learner's own `X, y` into training and test data.

    Args:
        x: features: an array or tensor of real or whole numbers, `(samples, features)`, or with more axes,
            such as images `(samples, channels, height, width)`; or a frame (pandas, polars, a dict of
            columns), whose text and categories become columns of 0 and 1: the dataset's `notes` say so.
        y: labels `(samples,)`: whole numbers, booleans or strings; real numbers when `regression` is set; or
            the name of one of the frame's columns.
        test: test data `(X, y)`, if the split is already made; `test_fraction` and `seed` are then not used.
        classes: the labels in the order of their class numbers; sorted when left out.
        regression: whether `y` is a quantity rather than a class.
        test_fraction: share of the samples kept for testing, between 0 and 1.
        seed: of the split.
        standardize: scale every feature, and the target of a regression, to mean 0 and standard deviation 1
            over the training samples; in data with more axes every entry of a sample is a feature. Ids and
            columns of 0 and 1 stay as they are. The dataset's `inputs` scales other samples alike, and its
            `in_units` brings targets back.
        name: what to call the data in a title.
        dtype: of the features. A whole one keeps ids as whole numbers. Left out: int64 where X is a tensor of
            int32 or int64, which in PyTorch are ids, otherwise float32.

    Returns:
        The dataset, its classes equally represented in both parts.

    Raises:
        ValueError: if `x` is empty, has no axis behind the samples or is not finite, `y` has another length,
            labels are not classes, or the split leaves too little in a part.
        TypeError: if `x` is not numeric.

    Example:
        >>> data = from_arrays([[0.0], [1.0]] * 10, ["no", "yes"] * 10)
        >>> len(data), data.classes
        (16, ('no', 'yes'))
        >>> from_arrays(torch.zeros(20, 1, 8, 8), [0, 1] * 10, name="images")
        images: 16 samples to train on and 4 to test, each (1, 8, 8) of float32; classes 0, 1
        >>> from_arrays([[0.0], [1.0]] * 10, [2e5, 4e5] * 10, regression=True)
        data: 16 samples to train on and 4 to test, each (1,) of float32
        y: standardised, of mean 300,000 and standard deviation 100,000
        >>> from_arrays({"mass": range(20), "kind": ["a", "b"] * 10, "sex": ["f", "f", "m", "m"] * 5}, "kind")
        data: 16 samples to train on and 4 to test, each (3,) of float32; classes a, b
        1 column of numbers: mass
        sex: text, made 2 columns of 0 and 1: f, m
    """
    parts = [_named(part) for part in ([(x, y)] if test is None else [(x, y), _pair(test)])]
    ends = ("",) if test is None else ("_train", "_test")
    features = features_of([part[0] for part in parts], [f"X{end}" for end in ends])
    read = targets_of if regression else class_labels
    answers = [read(part[1], f"y{end}") for part, end in zip(parts, ends, strict=True)]
    _check_lengths(answers, features, ends)
    targets, names = (np.concatenate(answers), ()) if regression else numbered(answers, classes)
    if test is None:
        train, tested = split(len(targets), None if regression else answers[0], test_fraction, seed)
    else:
        train, tested = np.split(np.arange(len(targets)), [len(answers[0])])
    dtype = _checked(dtype, features)
    values, x_scale, y_scale = features.values, None, None
    if standardize and dtype.is_floating_point:
        values, x_scale = _quantities_scaled(features, train)
    if standardize and regression:
        targets, y_scale = standardized(targets, train)
    real = dtype if dtype.is_floating_point else torch.float32
    inputs = _tensor("X", values, dtype)
    answer = _tensor("y", targets, real if regression else torch.int64)
    notes = (*features.notes, *([scaled_note(y_scale)] if y_scale else []))
    parts_of = inputs[train], answer[train], inputs[tested], answer[tested]
    return Dataset(*parts_of, name, names, notes, x_scale, y_scale, features.columns)


def _quantities_scaled(features: Features, train: np.ndarray) -> tuple[np.ndarray, Scale]:
    """The features, of which columns of 0 and 1 stay as they are."""
    values, scale = standardized(features.values, train)
    keep = np.broadcast_to(np.logical_not(features.quantities), values.shape[1:])
    scale = Scale(np.where(keep, 0.0, scale.mean), np.where(keep, 1.0, scale.std))
    return np.where(keep, features.values, values), scale


def _pair(test: Any) -> Part:
    if not isinstance(test, (tuple, list)) or len(test) != 2:
        raise TypeError(f"test is a {type(test).__name__}: expected a pair (X, y)")
    return test[0], test[1]


def _named(part: Part) -> Part:
    """Take the labels out of the frame that has them as a column."""
    return take_column(*part) if isinstance(part[1], str) else part


def _check_lengths(answers: Sequence[np.ndarray], features: Features, ends: Sequence[str]) -> None:
    for end, answer, samples in zip(ends, answers, features.lengths, strict=True):
        if len(answer) != samples:
            raise ValueError(
                f"y{end} has {len(answer)} values and X{end} has {samples} samples: expected as many"
            )


def _checked(dtype: Any, features: Features) -> torch.dtype:
    if dtype is None:
        return torch.int64 if features.ids else torch.float32
    if not isinstance(dtype, torch.dtype) or dtype.is_complex or dtype in (torch.bool, torch.bfloat16):
        raise TypeError(
            f"dtype={dtype!r}: expected a torch.dtype of real or whole numbers that NumPy has too"
        )
    return dtype


def _tensor(name: str, values: np.ndarray, dtype: torch.dtype) -> Tensor:
    """Values in this dtype, which must be able to hold them."""
    if dtype.is_floating_point:
        values = values.astype(np.float64)
        fits = np.abs(values) <= torch.finfo(dtype).max
    else:
        values, limits = (
            values if values.dtype.kind in "iu" else values.astype(np.float64),
            torch.iinfo(dtype),
        )
        fits = (values == np.floor(values)) & (values >= limits.min) & (values < limits.max + 1)
    if not fits.all():
        raise ValueError(f"{name} holds {values[~fits][0]}: expected numbers that {dtype} can hold")
    return torch.from_numpy(values.astype(np.float64 if dtype.is_floating_point else np.int64)).to(dtype)
