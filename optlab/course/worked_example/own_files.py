"""What the program of a learner's own data and network reads: the data and the network, each in a file."""

from __future__ import annotations

import copy
import hashlib
import io
from collections.abc import Mapping
from functools import partial
from typing import Any

import cloudpickle
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from optlab import Dataset
from optlab.engine.data.features import numbers_of
from optlab.engine.data.frames import is_frame
from optlab.engine.data.labels import class_labels
from optlab.live.beside import Write

__all__ = ["arrays_of", "files_with", "saved_network"]


def arrays_of(dataset: Any, data: Dataset) -> dict[str, np.ndarray]:
    """The data that a program begins with.

    Args:
        dataset: what the learner gave.
        data: the same as it is trained on.

    Returns:
        `X` and `y` where splitting and scaling them as the program does gives the lab's data; else the four
        arrays of `data`.

    Example:
        >>> from optlab import from_arrays, iris_pair
        >>> table = [[0.0], [1.0]] * 10, [0, 1] * 10
        >>> list(arrays_of(table, from_arrays(*table))), list(arrays_of(iris_pair(), iris_pair()))
        (['X', 'y'], ['x_train', 'x_test', 'y_train', 'y_test'])
    """
    if isinstance(dataset, (tuple, list)) and len(dataset) == 2 and data.classes and not is_frame(dataset[0]):
        raw = _raw(*dataset)
        if raw and _gives(raw["X"], raw["y"], data):
            return raw
    return {name: getattr(data, name).cpu().numpy() for name in ("x_train", "x_test", "y_train", "y_test")}


def _raw(x: Any, y: Any) -> dict[str, np.ndarray]:
    """Features and labels as arrays; nothing where they are something else, such as torch's data sets."""
    try:
        return {"X": numbers_of("X", x), "y": class_labels(y)}
    except (TypeError, ValueError):
        return {}


def _gives(x: np.ndarray, y: np.ndarray, data: Dataset) -> bool:
    """Whether the program's own lines make these data."""
    x, (names, y) = x.astype(float), np.unique(y, return_inverse=True)
    if x.shape[1:] != data.x_train.shape[1:] or len(x) != len(data) + len(data.x_test):
        return False
    x, x_test, y, _ = train_test_split(x, y, test_size=0.2, random_state=0, stratify=y)
    mean, std = x.mean(axis=0), x.std(axis=0)
    std[std == 0] = 1
    made = [torch.tensor((part - mean) / std, dtype=torch.float32) for part in (x, x_test)]
    alike = (
        a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a, b, atol=1e-5)
        for a, b in zip((*made, torch.tensor(y)), (data.x_train, data.x_test, data.y_train), strict=True)
    )
    return len(names) == len(data.classes) and all(alike)


def saved_network(module: nn.Module) -> bytes:
    """A module as `torch.load` reads it, in a Python where its class is not known too.

    Args:
        module: any; it stays as it is.

    Returns:
        The bytes of the file.

    Raises:
        Exception: of whatever kind, if something in it cannot be pickled.
    """
    buffer = io.BytesIO()
    torch.save(copy.deepcopy(module).cpu().train(), buffer, pickle_module=cloudpickle)
    return buffer.getvalue()


def files_with(arrays: Mapping[str, np.ndarray], network: bytes) -> dict[str, Write]:
    """The files, by names that tell what is in them: other data have another name.

    Args:
        arrays: the data.
        network: from `saved_network`; empty: none.

    Returns:
        What writes each file.
    """
    digest = hashlib.sha256(network)
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    key = digest.hexdigest()[:8]
    files: dict[str, Write] = {f"own_data_{key}.npz": partial(_write_arrays, arrays)}
    if network:
        files[f"own_network_{key}.pt"] = partial(_write_bytes, network)
    return files


def _write_arrays(arrays: Mapping[str, np.ndarray], file: Any) -> None:
    np.savez(file, **arrays)  # type: ignore[arg-type]


def _write_bytes(content: bytes, file: Any) -> None:
    file.write(content)
