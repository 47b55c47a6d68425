"""What a training leaves behind: named arrays with a settings axis and an epoch axis."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

import numpy as np

from optlab.engine.training.npz import Header, read_arrays
from optlab.files import whole_file
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
        weights: the final parameters by name, each `(settings, *shape)`; of a `torch.nn.Module` also its
            buffers, such as the running statistics of BatchNorm, by the keys of its `state_dict`.

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
        """Write the history to a NumPy `.npz` file: plain arrays, nothing pickled.

        The file takes its place only when it is complete: when writing fails, an older one stays as it was.

        Args:
            path: the file's name, taken as it is.

        Raises:
            ValueError: if an array is not what `load` would accept, such as text among the weights.
            OSError: if the file cannot be written.

        Example:
            >>> import os, tempfile
            >>> from optlab import iris_pair, train
            >>> path = os.path.join(tempfile.mkdtemp(), "run.npz")
            >>> train(iris_pair(), epochs=3).save(path)
            >>> History.load(path).epochs
            3
        """
        flat = {f.name: np.asarray(getattr(self, f.name)) for f in fields(self) if f.name not in _DICTS}
        for name in _DICTS:
            flat |= {f"{name}/{key}": np.asarray(array) for key, array in getattr(self, name).items()}
        _check({name: Header(array.shape, array.dtype) for name, array in flat.items()})
        with whole_file(path) as file:
            # not compressed: that would halve it, but what is compressed can ask for any memory when read
            np.savez(file, **cast(Any, flat))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> History:
        """Read a history that `save` wrote.

        Names, shapes, dtypes and sizes are checked before an array is read, and nothing is unpickled: a file
        from anywhere does no harm.

        Args:
            path: the file.

        Returns:
            The history, bit for bit.

        Raises:
            OSError: if there is no such file, or it may not be read.
            ValueError: if the file is damaged or something else.
        """
        with Path(path).open("rb") as file:
            try:
                return cls(**_nested(read_arrays(file, _check)))
            except (
                Exception
            ) as error:  # what is damaged can fail in any way, zip, zlib and NumPy each in its own
                reason = str(error) or type(error).__name__
                raise ValueError(f"{os.fspath(path)!r} is not a saved History: {reason}") from error


_DICTS = [f.name for f in fields(History) if str(f.type).startswith("dict")]


def _nested(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of a History from arrays whose names may be `field/key`."""
    parts: dict[str, Any] = {name: {} for name in _DICTS}
    for name, array in arrays.items():
        head, _, key = name.partition("/")
        (parts[head] if key else parts)[key or head] = array
    return parts


def _check(headers: dict[str, Header]) -> None:
    """Raise `ValueError` unless these are the arrays of one History."""
    plain = {f.name for f in fields(History)} - set(_DICTS)
    if missing := sorted(plain - set(headers)):
        raise ValueError(f"there is no {missing[0]!r}")
    if not any(name.startswith("settings/") for name in headers):
        raise ValueError("there are no settings")
    for name in headers:
        head, _, key = name.partition("/")
        if name not in plain and not (key and head in _DICTS):
            raise ValueError(f"a History has no {name!r}")
    n, values = (*headers["train_loss"].shape, 0, 0)[:2]
    if n < 1 or values < 1:
        raise ValueError(
            f"'train_loss' has shape {headers['train_loss'].shape}: expected (settings, epochs + 1)"
        )
    for name, header in headers.items():
        shape, kinds = _expected(name, n, values, header.shape[1:])
        if header.shape != shape or header.dtype.kind not in kinds:
            raise ValueError(
                f"{name!r} has shape {header.shape}, {header.dtype}: expected {shape} of a kind in {kinds!r}"
            )


def _expected(name: str, n: int, values: int, rest: tuple[int, ...]) -> tuple[tuple[int, ...], str]:
    """The shape of an array and the kinds of its dtype, for `n` settings and so many values a curve."""
    if name in CURVES:
        return (n, values), "f"
    if name == "lr":
        return (n, values - 1), "f"
    if name == "diverged_at":
        return (n,), "i"
    if name.startswith("settings/"):
        return (n,), "biufU"
    return (n, *rest), "biufc"
