"""Train many settings over processes or machines; what is finished is kept, and a killed sweep resumes."""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from optlab.engine.models.mlp import MLP
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.recent import RECENT
from optlab.engine.rules.schedules import SCHEDULES
from optlab.engine.sweeps.chunks import Chunk, Shelf, Table, cut
from optlab.engine.sweeps.digest import sources
from optlab.engine.sweeps.spread import Work, spread
from optlab.engine.training.device import placed, training_device
from optlab.engine.training.engines import decided
from optlab.engine.training.history import History
from optlab.engine.training.plan import COLUMNS, Task, functions, task_of
from optlab.engine.training.signatures import keywords
from optlab.engine.training.train import train
from optlab.engine.validation import count

__all__ = ["sweep"]

_ALWAYS = tuple(name for name in COLUMNS if name not in ("delta", "p"))  # train takes them with any schedule
_NOT_SHARED = (*COLUMNS, "optimizer", "schedule", "hyper", "dataset", "callbacks")


def sweep(
    dataset: Any,
    *,
    folder: str | os.PathLike[str] | None = None,
    chunk: int = 256,
    progress: Callable[[str], Any] | None = None,
    **arguments: Any,
) -> History:
    """Train many settings, in chunks that go wherever joblib sends them.

    The History is that of `train` with the same arguments, the rows in the same order. Each chunk is trained
    on one thread, so it is the same bit for bit with any number of workers on machines of one type: in this
    process alone, or inside `joblib.parallel_config("loky", n_jobs=4)`, `("dask")` or `("ray", n_jobs=-1)`.

    Args:
        dataset: as in `train`.
        folder: keep each finished chunk in a file there, and take from there what an earlier call with the
            same arguments has finished. Other data, another model or argument, a function that was changed,
            another optlab or torch lead to other files. When left out, nothing is written.
        chunk: settings in a chunk, 1 or more. Settings that share batch size and optimizer are put together.
        progress: called with a line of text after each chunk, such as `print`.
        arguments: as in `train`, but no callbacks: they could not be called from another process.

    Returns:
        The History, with one row for each setting.

    Raises:
        TypeError: if an argument has the wrong type or is not known, or, with a folder, holds something that
            cannot be told from another one, such as an open file.
        ValueError: if a value is out of range, callbacks are given, or nothing can be written to the folder.

    Warns:
        RuntimeWarning: if a file in the folder is damaged, or one cannot be written; the sweep goes on.

    Example:
        >>> import tempfile
        >>> from optlab import grid, iris_pair
        >>> settings = grid(lr=[0.01, 0.1, 1.0], batch_size=[16, 80])
        >>> folder = tempfile.mkdtemp()
        >>> history = sweep(iris_pair(), folder=folder, chunk=2, epochs=5, **settings)
        >>> len(history), sorted(os.listdir(folder))[0].startswith("chunk-")
        (6, True)
        >>> again = sweep(iris_pair(), folder=folder, chunk=2, epochs=5, **settings)  # trains nothing
        >>> bool((again.test_loss == history.test_loss).all())
        True
    """
    _check(folder, chunk, progress, arguments)
    asked = inspect.signature(train).bind(dataset, **arguments)
    asked.apply_defaults()
    task = _task(asked.arguments)
    chunks = [_chunk(task, asked.arguments, rows) for rows in cut(task.settings, chunk)]
    work = _work(task, asked.arguments)
    shelf = None if folder is None else Shelf(folder, work, task.epochs)
    return _collected(work, chunks, shelf, Table(task.settings), progress or (lambda _: None))


def _check(folder: Any, chunk: Any, progress: Any, arguments: dict[str, Any]) -> None:
    count("chunk", chunk)
    if folder is not None and not isinstance(folder, (str, os.PathLike)):
        raise TypeError(f"folder={folder!r}: expected a path or None")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress={progress!r}: expected a function that takes a line of text")
    if arguments.get("callbacks"):
        raise ValueError(
            f"callbacks={arguments['callbacks']!r}: a sweep trains in other processes, which cannot call "
            "them; use progress, or train"
        )


def _task(asked: dict[str, Any]) -> Task:
    """The whole sweep, its arguments checked: what is wrong is said before anything is trained.

    It is laid out where the data are; the device that is asked for may be one that only the workers have.
    """
    with training_device(None, asked["dataset"]) as place:
        return task_of(asked, place)


def _work(task: Task, asked: dict[str, Any]) -> Work:
    """What all chunks share; what `train` would decide for each by itself is decided here, once for all."""
    shared = {name: value for name, value in asked.items() if name not in _NOT_SHARED}
    here = task.data.x_train.device
    shared["model"] = task.model if isinstance(task.model, MLP) else asked["model"]
    shared["device"] = str(here if asked["device"] is None else asked["device"])
    elsewhere = asked["engine"] == "auto" and shared["device"] != "cpu"
    shared["engine"] = "autograd" if elsewhere else decided(task, asked["engine"])
    return Work(placed(task.data, torch.device("cpu")), shared, torch.get_default_dtype(), sources())


def _chunk(task: Task, asked: dict[str, Any], rows: np.ndarray) -> Chunk:
    settings = {name: column[rows] for name, column in task.settings.items()}
    optimizer, schedule = (_rows_of(asked[name], rows) for name in ("optimizer", "schedule"))
    known = [*_ALWAYS]  # train refuses a name that none of its rules takes; the rule may be in another chunk
    for rule in functions("optimizer", optimizer, OPTIMIZERS | RECENT):
        known += keywords(rule, 3)
    for rate in functions("schedule", schedule, SCHEDULES):
        known += keywords(rate, 1)
    taken = {name: settings[name] for name in (*COLUMNS, *asked["hyper"]) if name in known}
    return Chunk(rows, settings, {"optimizer": optimizer, "schedule": schedule, **taken})


def _rows_of(value: Any, rows: np.ndarray) -> Any:
    """Some of several optimizers or schedules; one stands for all."""
    if not isinstance(value, (list, tuple, np.ndarray)):
        return value
    return [value[row] for row in rows] if len(value) > 1 else value[0]


def _collected(
    work: Work, chunks: list[Chunk], shelf: Shelf | None, table: Table, show: Callable[[str], Any]
) -> History:
    """Take what is finished from the shelf, train the rest, and put all of it into one History."""
    began, done = time.perf_counter(), 0

    def put(chunk: Chunk, part: History) -> None:
        nonlocal done
        table.put(chunk.rows, part)
        done += len(chunk.rows)

    missing = []
    for chunk in chunks:
        part = shelf.find(chunk) if shelf else None
        missing += [chunk] if part is None else []
        if part is not None:
            put(chunk, part)
    found = f" ({done} found in {str(shelf.folder)!r})" if shelf else ""
    show(f"{done} of {table.n} settings{found}")
    for k, part in spread(work, [chunk.arguments for chunk in missing]):
        if shelf:
            shelf.keep(missing[k], part)
        put(missing[k], part)
        show(f"{done} of {table.n} settings{found}, {time.perf_counter() - began:.1f} s")
    return table.history()
