"""Callbacks: called before, during and after training with an `EpochRecord`; they never see the trainer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.engine.training.history import CURVES, History
from optlab.engine.validation import count, non_negative, one_of, whole

__all__ = ["Callback", "EarlyStopping", "EpochRecord", "PrintLosses", "Progress", "StopWhen"]


@dataclass(frozen=True)
class EpochRecord:
    """One epoch of all settings.

    Args:
        epoch: how many epochs are done; 0 before training.
        epochs: how many there will be.
        settings: the hyper-parameters, each `(settings,)`.
        values: for each curve of a History its value now, `(settings,)`, such as `values["train_loss"]`.
        lr: the learning rate in force during this epoch, `(settings,)`; NaN before training.
        weights: called before `on_epoch_end` returns, gives the parameters of this epoch as
            `History.weights` has them: for each name an array `(settings, ...)`.

    Example:
        >>> from optlab import iris_pair, train
        >>> class Norms(Callback):
        ...     def on_epoch_end(self, record):
        ...         hidden = record.weights()["0.weight"]
        ...         print(record.epoch, hidden.shape)
        >>> _ = train(iris_pair(), epochs=1, callbacks=[Norms()])
        0 (1, 16, 4)
        1 (1, 16, 4)
    """

    epoch: int
    epochs: int
    settings: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    lr: np.ndarray
    weights: Callable[[], dict[str, np.ndarray]] = dict


class Callback:
    """Does nothing; override what you need.

    Example:
        >>> from optlab import iris_pair, train
        >>> class Count(Callback):
        ...     seen = 0
        ...     def on_epoch_end(self, record):
        ...         self.seen += 1
        >>> counter = Count()
        >>> _ = train(iris_pair(), epochs=3, callbacks=[counter])
        >>> counter.seen
        4
    """

    def on_train_begin(self, settings: dict[str, np.ndarray], epochs: int) -> None:
        """Called once before training, with the hyper-parameters and the number of epochs."""

    def on_epoch_end(self, record: EpochRecord) -> bool | None:
        """Called before training (epoch 0) and after each epoch; return True to stop the training."""

    def on_train_end(self, history: History) -> None:
        """Called once after training, with everything that was recorded."""


class PrintLosses(Callback):
    """Print training and test loss, as the article, section 4.5 asks.

    Args:
        every: print one epoch in so many.
        row: which setting to print, from 0.

    Example:
        >>> from optlab import iris_pair, train
        >>> _ = train(iris_pair(), epochs=1, callbacks=[PrintLosses()])
        epoch   0  train loss 0.7128  test loss 0.6963
        epoch   1  train loss 0.6822  test loss 0.6646
    """

    def __init__(self, every: int = 1, row: int = 0) -> None:
        self.every, self.row = count("every", every), int(whole("row", row, 0)[0])

    def on_train_begin(self, settings: dict[str, np.ndarray], epochs: int) -> None:
        """Raise `ValueError` when there is no such setting."""
        n = len(next(iter(settings.values())))
        whole("row", self.row, 0, n - 1, f"there are {n} settings")

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Print one line."""
        if record.epoch % self.every == 0:
            train, test = (record.values[name][self.row] for name in ("train_loss", "test_loss"))
            print(f"epoch {record.epoch:3d}  train loss {train:.4f}  test loss {test:.4f}")


class Progress(Callback):
    """Keep one line of text up to date: epochs done and seconds gone.

    Args:
        write: what shows the line; by default it is printed, each over the last one, and stands on a line of
            its own at the end.
        at_least: seconds between two updates.

    Example:
        >>> from optlab import iris_pair, train
        >>> lines = []
        >>> history = train(iris_pair(), epochs=3, callbacks=[Progress(lines.append)])
        >>> lines[0].startswith("epoch 0 of 3, "), lines[-1].startswith("epoch 3 of 3, ")
        (True, True)
    """

    def __init__(self, write: Callable[[str], Any] | None = None, at_least: float = 0.1) -> None:
        # what anyone prints meanwhile begins where the line began, and writes over it
        self.write = write or (lambda line: print(line, end="\r", flush=True))
        self.end = (lambda: None) if write else print
        self.at_least = float(non_negative("at_least", at_least)[0])

    def on_train_begin(self, settings: dict[str, np.ndarray], epochs: int) -> None:
        """Start the clock."""
        self.began = time.perf_counter()
        self.shown, self.line = -np.inf, ""

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Show the line when it is time to."""
        now = time.perf_counter() - self.began
        self.line = f"epoch {record.epoch} of {record.epochs}, {now:.1f} s"
        if now - self.shown >= self.at_least:
            self.shown = now
            self.write(self.line)

    def on_train_end(self, history: History) -> None:
        """Show the last epoch, wherever the training stopped."""
        self.write(self.line)
        self.end()


_OTHERS = "expected a curve that can improve, such as 'test_loss'"


class EarlyStopping(Callback):
    """Stop when no setting has improved its test loss for more than `patience` epochs.

    Args:
        patience: epochs without improvement that are let pass, 0 or more.
        monitor: the curve to watch, a name from `history.CURVES`; an accuracy improves when it rises.

    Raises:
        ValueError: if `patience` is not a whole number or `monitor` is not a curve; from `train`, before the
            first step, if this training has no such curve: the accuracy of a regression, or the penalty where
            `l1` and `l2` are 0 in every setting.

    Example:
        >>> from optlab import iris_pair, train
        >>> train(iris_pair(), lr=3.0, callbacks=[EarlyStopping(patience=5)]).epochs < 100
        True

    Source:
        L. Prechelt, "Early stopping, but when?", 1998.
    """

    def __init__(self, patience: int = 10, monitor: str = "test_loss") -> None:
        one_of("monitor", monitor, CURVES)
        self.patience, self.monitor = int(whole("patience", patience, 0)[0]), monitor
        self.sign = -1 if monitor.endswith("accuracy") else 1

    def on_train_begin(self, settings: dict[str, np.ndarray], epochs: int) -> None:
        """Forget earlier trainings; raise `ValueError` where there is no penalty to watch."""
        if self.monitor == "penalty" and not any(np.any(settings.get(name, 0)) for name in ("l1", "l2")):
            raise ValueError(f"monitor='penalty': there is none, as l1 = l2 = 0; {_OTHERS}")
        n = len(next(iter(settings.values())))
        self.best = np.full(n, np.inf)
        self.waited = np.zeros(n, dtype=int)

    def on_epoch_end(self, record: EpochRecord) -> bool:
        """Count the epochs without improvement; raise `ValueError` where there is no accuracy to watch."""
        if record.epoch == 0 and self.sign < 0 and np.isnan(record.values[self.monitor]).all():
            raise ValueError(f"monitor={self.monitor!r}: a regression has no accuracy; {_OTHERS}")
        value = self.sign * record.values[self.monitor]
        better = value < self.best
        self.best = np.where(better, value, self.best)
        self.waited = np.where(better, 0, self.waited + 1)
        return bool((self.waited > self.patience).all())


class StopWhen(Callback):
    """Stop as soon as a function says so: how another thread calls a training off.

    Args:
        stop: called after each epoch; its truth stops the training.
    """

    def __init__(self, stop: Callable[[], bool]) -> None:
        if not callable(stop):
            raise TypeError(f"stop={stop!r}: expected a function")
        self.stop = stop

    def on_epoch_end(self, record: EpochRecord) -> bool:
        """Ask the function."""
        return self.stop()
