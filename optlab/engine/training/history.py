"""What a training leaves behind: named arrays with a settings axis and an epoch axis."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from optlab.record import Record

__all__ = ["CURVES", "NEVER", "History"]

NEVER = -1
"""The value of `diverged_at` for a run that stayed finite."""

CURVES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "penalty", "weight_norm")
"""The arrays of a History that have one value before training and one after each epoch."""


@dataclass(frozen=True)
class History(Record):
    """The record of one run or of many: row *i* belongs to setting *i*.

    Args:
        settings: the hyper-parameters, each of shape `(settings,)`.
        train_loss: J₁ on the training data, `(settings, epochs + 1)`; column 0 is before training.
        test_loss: J₁ on the test data, `(settings, epochs + 1)`.
        train_accuracy: share of training samples classified right, 0 to 1; NaN for a regression.
        test_accuracy: the same on the test data.
        penalty: λJ₂, what regularisation adds to the loss, `(settings, epochs + 1)`.
        weight_norm: Euclidean norm of all weights (biases left out), `(settings, epochs + 1)`.
        lr: the learning rate in force at the start of each epoch, `(settings, epochs)`.
        diverged_at: first epoch whose loss is not finite, or -1, `(settings,)`; curves are NaN from there.
        weights: the final parameters by name, each `(settings, *shape)`.

    Example:
        >>> from optlab import iris_pair, train
        >>> history = train(iris_pair(), lr=[0.01, 0.1], epochs=3)
        >>> history.train_loss.shape, history.lr.shape
        ((2, 4), (2, 3))
        >>> len(history.select(lr=0.1))
        1
    """

    train_loss: np.ndarray
    test_loss: np.ndarray
    train_accuracy: np.ndarray
    test_accuracy: np.ndarray
    penalty: np.ndarray
    weight_norm: np.ndarray
    lr: np.ndarray
    diverged_at: np.ndarray
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return self.train_loss.shape[1] - 1

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the history to a NumPy `.npz` file (plain arrays, nothing pickled)."""
        flat = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _DICTS}
        for name in _DICTS:
            flat |= {f"{name}/{key}": array for key, array in getattr(self, name).items()}
        with Path(path).open("wb") as file:  # given a name, NumPy would add ".npz" to it
            np.savez_compressed(file, **flat)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> History:
        """Read a history that `save` wrote; raises `ValueError` when the file is something else."""
        parts: dict[str, Any] = {name: {} for name in _DICTS}
        try:
            with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                for name in arrays.files:
                    head, _, key = name.partition("/")
                    (parts[head] if key else parts)[key or head] = arrays[name]
            return cls(**parts)
        except (TypeError, KeyError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            raise ValueError(f"{os.fspath(path)!r} is not a saved History: {error}") from error


_DICTS = ("settings", "weights")
