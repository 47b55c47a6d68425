"""What a training leaves behind: named arrays with a settings axis and an epoch axis."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["CURVES", "NEVER", "History"]

NEVER = -1
"""The value of `diverged_at` for a run that stayed finite."""

CURVES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "penalty", "weight_norm")
"""The arrays of a History that have one value before training and one after each epoch."""


@dataclass(frozen=True)
class History:
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

    settings: dict[str, np.ndarray]
    train_loss: np.ndarray
    test_loss: np.ndarray
    train_accuracy: np.ndarray
    test_accuracy: np.ndarray
    penalty: np.ndarray
    weight_norm: np.ndarray
    lr: np.ndarray
    diverged_at: np.ndarray
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.train_loss)

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return self.train_loss.shape[1] - 1

    def select(self, rows: Any = None, **where: Any) -> History:
        """The part of the history that belongs to some settings.

        Args:
            rows: an index, a slice, a list of indices or a boolean mask; all rows when left out.
            where: values that a setting must have, such as `lr=0.1`.

        Returns:
            A History with the same arrays and fewer rows.

        Raises:
            KeyError: if a name in `where` is not a hyper-parameter of this history.
            TypeError: if a value is not one number or one name.
            ValueError: if no setting fits.
        """
        chosen = np.arange(len(self))
        chosen = chosen if rows is None else np.atleast_1d(chosen[rows])
        for name, value in where.items():
            chosen = chosen[self._has(name, value)[chosen]]
        if chosen.size == 0:
            raise ValueError(f"no setting has {where or rows}")
        return self._take(chosen)

    def _has(self, name: str, value: Any) -> np.ndarray:
        if name not in self.settings:
            raise KeyError(f"{name!r} is not one of {', '.join(self.settings)}")
        column = self.settings[name]
        numeric = column.dtype.kind in "iuf"
        if not isinstance(value, (int, float, np.number) if numeric else str):
            raise TypeError(f"{name}={value!r}: expected one {'number' if numeric else 'name'}")
        return np.isclose(column, value, rtol=1e-6, atol=0) if numeric else column == value

    def _take(self, rows: np.ndarray) -> History:
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in _DICTS}
        settings = {name: column[rows] for name, column in self.settings.items()}
        return History(settings=settings, weights={k: w[rows] for k, w in self.weights.items()}, **arrays)

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
