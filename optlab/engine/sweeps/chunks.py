"""Cut a sweep into chunks, and keep those that are finished in a folder."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from optlab.engine.sweeps.digest import digest
from optlab.engine.training.history import History

__all__ = ["Chunk", "Shelf", "Table", "cut"]


@dataclass(frozen=True)
class Chunk:
    """Some settings of a sweep, trained in one go.

    Args:
        rows: where they are in the sweep, `(settings,)`.
        settings: their hyper-parameters as they go into the History, each `(settings,)`.
        arguments: what `train` is asked with for them, beside what all chunks share.
    """

    rows: np.ndarray
    settings: dict[str, np.ndarray]
    arguments: dict[str, Any]


def cut(settings: Mapping[str, np.ndarray], most: int) -> list[np.ndarray]:
    """The rows of each chunk: settings that can share a run are together, the smallest batches first.

    What takes longest is begun first, so that no worker is left with it when the others are done.

    Args:
        settings: the hyper-parameters of the sweep, each `(settings,)`.
        most: settings in a chunk; the last may have fewer.

    Returns:
        For each chunk its rows.

    Example:
        >>> names = np.array(["sgd"] * 4)
        >>> cut({"batch_size": np.array([80, 1, 80, 1]), "optimizer": names, "schedule": names}, 2)
        [array([1, 3]), array([0, 2])]
    """
    order = np.lexsort([settings[name] for name in ("schedule", "optimizer", "batch_size")])
    return [order[start : start + most] for start in range(0, len(order), most)]


class Table:
    """A History of a whole sweep that is filled chunk by chunk.

    Args:
        settings: the hyper-parameters of the sweep, each `(settings,)`.
    """

    def __init__(self, settings: dict[str, np.ndarray]) -> None:
        self.settings, self.n = settings, len(next(iter(settings.values())))
        self.parts: dict[str, Any] | None = None

    def put(self, rows: np.ndarray, part: History) -> None:
        """Put the rows of one chunk where they belong."""
        arrays = {name: value for name, value in vars(part).items() if name != "settings"}
        if self.parts is None:
            self.parts = _room(arrays, self.n)
        _fill(self.parts, arrays, rows)

    def history(self) -> History:
        """The History, once every row is there."""
        return History(settings=self.settings, **(self.parts or {}))


def _room(arrays: dict[str, Any], n: int) -> dict[str, Any]:
    return {
        name: _room(a, n) if isinstance(a, dict) else np.empty((n, *a.shape[1:]), a.dtype)
        for name, a in arrays.items()
    }


def _fill(room: dict[str, Any], arrays: dict[str, Any], rows: np.ndarray) -> None:
    for name, array in arrays.items():
        if isinstance(array, dict):
            _fill(room[name], array, rows)
        else:
            room[name][rows] = array


class Shelf:
    """Finished chunks in a folder, each a saved History under a name that says what was asked for.

    Several sweeps can share the folder, also at the same time: a name has one content.

    Args:
        folder: made when it is not there.
        shared: what all chunks of the sweep are asked with.
        epochs: how many epochs each has.

    Raises:
        TypeError: if `folder` is not a path, or an argument cannot be told from another one.
        ValueError: if nothing can be written to the folder.
    """

    def __init__(self, folder: str | os.PathLike[str], shared: Any, epochs: int) -> None:
        self.folder, self.epochs, self.full = Path(folder), epochs, False
        try:
            self.shared = digest(shared)
        except TypeError as error:
            words = "what is kept there is found by what was asked for; leave folder out"
            raise TypeError(f"folder={os.fspath(folder)!r}: {error}: {words}") from error
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise ValueError(
                f"folder={os.fspath(folder)!r}: nothing can be written there: {error}"
            ) from error

    def path(self, chunk: Chunk) -> Path:
        """The file of a chunk: its name changes with everything that the numbers depend on."""
        return self.folder / f"chunk-{digest([self.shared, chunk.arguments])[:32]}.npz"

    def find(self, chunk: Chunk) -> History | None:
        """A chunk that is finished already; warns when its file is damaged."""
        try:
            return self._load(chunk)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            warnings.warn(f"{error}; these settings are trained again", RuntimeWarning, stacklevel=4)
            return None

    def keep(self, chunk: Chunk, part: History) -> None:
        """Write a finished chunk; what cannot be written is warned of once, and the sweep goes on."""
        try:
            replace(part, settings=chunk.settings).save(self.path(chunk))
        except OSError as error:
            if not self.full and not self._has(chunk):
                words = "the sweep goes on, but what cannot be written is trained again after a stop"
                warnings.warn(f"{str(self.path(chunk))!r}: {error}; {words}", RuntimeWarning, stacklevel=4)
                self.full = True

    def _load(self, chunk: Chunk) -> History:
        path = self.path(chunk)
        found = History.load(path)
        same = found.epochs == self.epochs and list(found.settings) == list(chunk.settings)
        if not same or not all(np.array_equal(found.settings[k], v) for k, v in chunk.settings.items()):
            raise ValueError(f"{str(path)!r} holds other settings than its name says")
        return found

    def _has(self, chunk: Chunk) -> bool:
        """Whether another sweep has written it: Windows does not replace a file that is being read."""
        try:
            return bool(self._load(chunk))
        except (OSError, ValueError):
            return False
