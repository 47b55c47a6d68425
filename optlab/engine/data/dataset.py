"""Data sets ready for training, and the order in which samples are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.validation import between, one_of, plain, whole

__all__ = ["SPECIES", "Dataset", "as_dataset", "from_arrays", "iris_pair", "shuffles"]

SPECIES = ("setosa", "versicolor", "virginica")


@dataclass(frozen=True)
class Dataset:
    """Training and test data as tensors.

    Args:
        x_train: features, `(train samples, features)`.
        y_train: class numbers `(train samples,)`, int64; or real targets `(train samples,)` for a regression.
        x_test: features, `(test samples, features)`.
        y_test: like `y_train`, for the test samples.
        name: what to call the data in a title.
        classes: the classes' names in order; empty for a regression.

    Example:
        >>> Dataset(torch.zeros(3, 2), torch.ones(3), torch.zeros(1, 2), torch.ones(1)).features
        2
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor
    name: str = "data"
    classes: tuple[str, ...] = ()

    @property
    def features(self) -> int:
        """How many features a sample has."""
        return self.x_train.shape[1]

    @property
    def outputs(self) -> int:
        """How many outputs a model for these data needs: one a class, or 1 for a regression."""
        return len(self.classes) or 1

    def __len__(self) -> int:
        """How many training samples there are."""
        return len(self.x_train)


def iris_pair(
    first: str = "versicolor",
    second: str = "virginica",
    *,
    test_fraction: float = 0.2,
    seed: int = 3,
    dtype: torch.dtype = torch.float32,
) -> Dataset:
    """Two of the three iris species: 100 flowers, 4 measurements each, standardised.

    Versicolor against virginica is the pair that a straight line cannot separate.

    Args:
        first: species of class 0.
        second: species of class 1.
        test_fraction: share of the flowers kept for testing, between 0 and 1.
        seed: of the split. With 20 test flowers every split tells another story; in the default one,
            overfitting shows.
        dtype: of the features.

    Returns:
        The dataset; 80 training and 20 test samples with the defaults.

    Raises:
        ValueError: if a species is unknown or both are the same.

    Example:
        >>> data = iris_pair()
        >>> len(data), data.features, data.classes
        (80, 4, ('versicolor', 'virginica'))

    Source:
        The article, section 4.1. R. A. Fisher, "The use of multiple measurements in taxonomic
        problems", 1936.
    """
    for argument, species in (("first", first), ("second", second)):
        one_of(argument, species, SPECIES)
    if first == second:
        raise ValueError(f"second={second!r}: expected a species other than first")
    from sklearn.datasets import load_iris  # here, so that importing optlab stays quick

    x, species_of = load_iris(return_X_y=True)
    chosen = np.isin(species_of, [SPECIES.index(first), SPECIES.index(second)])
    names = np.array(SPECIES)[species_of[chosen]]
    order = (first, second)
    return from_arrays(
        x[chosen],
        names,
        classes=order,
        name=f"iris: {first} or {second}",
        test_fraction=test_fraction,
        seed=seed,
        dtype=dtype,
    )


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
    features = _features(x)
    labels, names = _targets(y) if regression else _labels(y, classes)
    if len(labels) != len(features):
        raise ValueError(f"y has {len(labels)} values and X has {len(features)} samples: expected as many")
    strata = None if regression else _class_labels(y)  # the labels themselves: their order changes no split
    train, test = _split(len(features), strata, test_fraction, seed)
    if standardize:
        spread = features[train].std(axis=0)
        features = (features - features[train].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    inputs = torch.as_tensor(features, dtype=dtype)
    targets = torch.as_tensor(labels, dtype=dtype if regression else torch.int64)
    return Dataset(inputs[train], targets[train], inputs[test], targets[test], name, names)


def _features(x: Any) -> np.ndarray:
    array = plain("X", x)
    if array.dtype.kind not in "iufb":
        raise TypeError(f"X has dtype {array.dtype}: expected real numbers")
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"X has shape {array.shape}: expected (samples, features), neither of them 0")
    if not np.isfinite(array).all():
        row, feature = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"X[{row}, {feature}]={array[row, feature]}: expected finite numbers")
    return array.astype(np.float64)


def _targets(y: Any) -> tuple[np.ndarray, tuple[str, ...]]:
    array = plain("y", y)
    if array.ndim != 1 or array.dtype.kind not in "iuf":
        raise ValueError(f"y has shape {array.shape}, dtype {array.dtype}: expected real numbers, (samples,)")
    if not np.isfinite(array).all():
        k = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(f"y[{k}]={array[k]}: expected finite numbers")
    return array.astype(np.float64), ()


def _labels(y: Any, classes: Sequence[Any] | None) -> tuple[np.ndarray, tuple[str, ...]]:
    array = _class_labels(y)
    known, numbers, sizes = np.unique(array, return_inverse=True, return_counts=True)
    if len(known) < 2:
        raise ValueError(f"y holds one class only, {known[0]}: expected 2 or more")
    if sizes.min() < 2:
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


def _class_labels(y: Any) -> np.ndarray:
    array = plain("y", y)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"y has shape {array.shape}: expected one label a sample, (samples,)")
    if array.dtype.kind == "O" and len({type(label) for label in array}) == 1:
        array = np.array(array.tolist())  # what pandas calls object is most often plain text
    if array.dtype.kind == "f":
        whole_numbers = np.isfinite(array) & (array == np.floor(array))
        if not whole_numbers.all():
            raise ValueError(
                f"y holds {array[~whole_numbers][0]}: expected class labels; "
                "for a quantity use from_arrays(..., regression=True)"
            )
        return array.astype(np.int64)
    if array.dtype.kind not in "iubUS":
        kinds = sorted({type(label).__name__ for label in array})
        raise ValueError(
            f"y holds {', '.join(kinds)}: expected class labels of one kind, text or whole numbers"
        )
    return array


def _split(samples: int, strata: np.ndarray | None, fraction: float, seed: int) -> list[np.ndarray]:
    from sklearn.model_selection import train_test_split

    share = float(between("test_fraction", fraction)[0])
    state = int(whole("seed", seed, 0, 2**32 - 1)[0])
    try:
        return train_test_split(np.arange(samples), test_size=share, random_state=state, stratify=strata)
    except ValueError as error:  # every class must be in both parts
        raise ValueError(
            f"test_fraction={fraction}: expected a share of {samples} samples that leaves each part one "
            f"sample of each class at least ({error})"
        ) from error


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
    _check_part("train", data.x_train, data.y_train, data)
    _check_part("test", data.x_test, data.y_test, data)
    return data


def _check_part(part: str, x: Tensor, y: Tensor, data: Dataset) -> None:
    for name, tensor in ((f"x_{part}", x), (f"y_{part}", y)):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a {type(tensor).__name__}: expected a torch.Tensor")
    _features(x)
    if x.shape[1] != data.features or x.dtype != data.x_train.dtype or not x.is_floating_point():
        allowed = f"(samples, {data.features}), floats of one dtype"
        raise ValueError(f"x_{part} has shape {tuple(x.shape)}, {x.dtype}: expected {allowed}")
    dtype = torch.int64 if data.classes else x.dtype
    if y.shape != x.shape[:1] or y.dtype != dtype:
        raise ValueError(f"y_{part} has shape {tuple(y.shape)}, {y.dtype}: expected ({len(x)},), {dtype}")
    if data.classes and not ((y >= 0) & (y < len(data.classes))).all():
        odd = y[(y < 0) | (y >= len(data.classes))][0]
        raise ValueError(f"y_{part} holds {odd}: expected class numbers from 0 to {len(data.classes) - 1}")


def shuffles(samples: int, seeds: Iterable[int]) -> Iterator[Tensor]:
    """Random orders of the samples, a new one each epoch, the same for the same seed.

    The orders are those of `torch.randperm(samples, generator=torch.Generator().manual_seed(seed))`
    called once an epoch, so that a plain loop can draw the same mini-batches.

    Args:
        samples: how many training samples there are.
        seeds: one whole number for each order wanted.

    Yields:
        Each epoch, int64 indices of shape `(seeds, samples)`.

    Example:
        >>> next(shuffles(5, [0])).tolist()
        [[4, 0, 1, 3, 2]]
    """
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]
    while True:
        yield torch.stack([torch.randperm(samples, generator=generator) for generator in generators])
