"""Whatever holds a learner's data as a `Dataset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils import data as torch_data

from optlab.engine.data.dataset import Dataset, check_dataset
from optlab.engine.data.frames import is_frame
from optlab.engine.data.from_arrays import from_arrays
from optlab.engine.validation import plain

__all__ = ["as_dataset"]

EXPECTED = (
    "expected a Dataset or a pair (X, y), a split (X_train, y_train, X_test, y_test), a torch Dataset or a "
    "scikit-learn Bunch"
)


def as_dataset(data: Any, model: Any = None) -> Dataset:
    """Take a Dataset as it is, and make one of whatever else holds data.

    Args:
        data: one of
            a `Dataset`;
            a pair `(X, y)` with class labels, as `from_arrays` takes it, which is split and standardised;
            a split that is already made, `(X_train, y_train, X_test, y_test)`, also in the order in which
            scikit-learn's `train_test_split` gives it;
            a `torch.utils.data.Dataset` of pairs `(x, y)`, which is read once and split, its samples as they
            are (real numbers y are a regression, others classes), or two of them, to train and to test;
            a scikit-learn `Bunch`; real numbers as its target are a regression.
        model: what it is for: where a module has an `nn.Embedding`, whole numbers X stay whole.

    Returns:
        The dataset.

    Raises:
        TypeError: if `data` is nothing of all this.
        ValueError: if the data are empty or hold something that is not finite.

    Example:
        >>> from sklearn.datasets import load_wine
        >>> as_dataset(load_wine())
        data: 142 samples to train on and 36 to test, each (13,) of float32; classes class_0, class_1, class_2
        >>> images = torch.utils.data.TensorDataset(torch.rand(50, 1, 8, 8), torch.arange(50) % 5)
        >>> as_dataset(images).x_train.shape
        torch.Size([40, 1, 8, 8])
    """
    if isinstance(data, Dataset):
        check_dataset(data)
        return data
    if isinstance(data, torch_data.DataLoader):
        raise TypeError(_LOADER)
    if isinstance(data, torch_data.Dataset):
        return _from_torch(data)
    if isinstance(data, Mapping) and {"data", "target"} <= set(data):
        return _from_bunch(data, model)
    if isinstance(data, (tuple, list)) and len(data) in (2, 4):
        return _from_several(data, model)
    if is_frame(data):
        raise TypeError(
            f"dataset is a {type(data).__name__}: expected labels too, (frame, y) or (frame, 'column')"
        )
    raise TypeError(f"dataset is a {type(data).__name__}: {EXPECTED}")


_LOADER = (
    "dataset is a DataLoader: expected the data in it, as in train(loader.dataset, batch_size=...); batches "
    "are drawn by `seed`"
)


def _from_several(data: Sequence[Any], model: Any) -> Dataset:
    if any(isinstance(part, torch_data.DataLoader) for part in data):
        raise TypeError(_LOADER)
    if all(isinstance(part, torch_data.Dataset) for part in data) and len(data) == 2:
        return _from_torch(*data)
    if len(data) == 2 and all(isinstance(part, tuple) and len(part) == 2 for part in data):
        data = [*data[0], *data[1]]  # ((X_train, y_train), (X_test, y_test))
    if len(data) == 2:
        return from_arrays(data[0], data[1], dtype=_ids(model, data[0]))
    x, y, x_test, y_test = data
    if _axes(y) > 1 and _axes(x_test) == 1:
        y, x_test = x_test, y  # as train_test_split gives them
    return from_arrays(x, y, test=(x_test, y_test), dtype=_ids(model, x))


def _axes(array: Any) -> int:
    return 2 if is_frame(array) else len(getattr(array, "shape", np.shape(array)))


def _ids(model: Any, x: Any) -> torch.dtype | None:
    """int64 for whole numbers that a module looks up in a table."""
    looks_up = isinstance(model, nn.Module) and any(
        isinstance(layer, (nn.Embedding, nn.EmbeddingBag)) for layer in model.modules()
    )
    if not looks_up or is_frame(x):
        return None
    kind = x.dtype if isinstance(x, (Tensor, np.ndarray)) else np.asarray(x).dtype
    return torch.int64 if str(kind).removeprefix("torch.") in ("int16", "int32", "int64") else None


def _from_bunch(bunch: Mapping[str, Any], model: Any) -> Dataset:
    x, y = bunch["data"], bunch["target"]
    made = from_arrays(x, y, regression=np.asarray(y).dtype.kind == "f", dtype=_ids(model, x))
    return _told(made, bunch.get("target_names"))


def _from_torch(data: Any, test: Any = None) -> Dataset:
    x, y = _read(data, "dataset")
    tested = None if test is None else _read(test, "the test dataset")
    made = from_arrays(x, y, test=tested, regression=y.dtype.kind == "f", standardize=False)
    return _told(made, _class_names(data))


def _told(data: Dataset, names: Any) -> Dataset:
    """The data with names for their classes, where each class number has one."""
    words = [] if names is None else [str(name) for name in names]
    numbers = [int(label) if label.isdecimal() else len(words) for label in data.classes]
    if len(set(words)) < len(words) or max(numbers, default=0) >= len(words):
        return data
    return replace(data, classes=tuple(words[number] for number in numbers))


def _class_names(data: Any) -> Any:
    """What torchvision's data sets call their classes, also through a Subset."""
    found = getattr(data, "classes", None)
    inner = getattr(data, "dataset", None)
    return _class_names(inner) if found is None and inner is not None else found


def _read(data: Any, name: str) -> tuple[Any, np.ndarray]:
    """All samples, each asked for once: `(samples, *shape)` and `(samples,)`."""
    if isinstance(data, torch_data.TensorDataset) and len(data.tensors) == 2:
        return data.tensors[0], plain("y", data.tensors[1])
    try:
        rows = [data[k] for k in range(len(data))]
    except (TypeError, NotImplementedError) as error:
        kind = type(data).__name__
        raise TypeError(
            f"{name} is a {kind}, whose samples have no number ({error}): expected one with a length and "
            "samples by index; read it into tensors and pass (X, y)"
        ) from error
    if not rows:
        raise ValueError(f"{name} is empty: expected samples")
    for k, row in enumerate(rows):
        if not isinstance(row, (tuple, list)) or len(row) != 2:
            size = f" of {len(row)}" if isinstance(row, (tuple, list)) else ""
            raise TypeError(f"{name}[{k}] is a {type(row).__name__}{size}: expected a pair (x, y)")
    answers = [row[1].tolist() if isinstance(row[1], Tensor) else row[1] for row in rows]
    return _stacked([row[0] for row in rows], name), np.array(answers)


def _stacked(samples: list[Any], name: str) -> Tensor:
    x = [one if isinstance(one, Tensor) else np.asarray(one) for one in samples]
    for k, one in enumerate(x):
        if isinstance(one, np.ndarray) and one.dtype.kind not in "iufb":
            raise TypeError(f"{name}[{k}] has x of type {type(samples[k]).__name__}: expected numbers")
        if one.shape != x[0].shape:
            shapes = f"{tuple(one.shape)}, {name}[0] of {tuple(x[0].shape)}"
            raise ValueError(f"{name}[{k}] has x of shape {shapes}: expected samples of one shape")
    return torch.stack([torch.as_tensor(one) for one in x])
