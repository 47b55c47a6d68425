"""A History that grows while the training runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.training.history import CURVES, NEVER, History

__all__ = ["Recorder", "recorded"]


class Recorder(Callback):
    """Keep a History of full width, NaN where training has not come to yet and where a run is lost.

    A run is lost from the first epoch whose training or test loss is not finite. `train` keeps its own
    History this way, so a curve that is shown while it grows is the one that is left at the end.

    Attributes:
        history: what is known so far; the same arrays all along, filled in place.

    Example:
        >>> from optlab import iris_pair, train
        >>> recorder = Recorder()
        >>> done = train(iris_pair(), epochs=3, callbacks=[recorder])
        >>> bool((recorder.history.train_loss == done.train_loss).all())
        True
    """

    history: History

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Fill in one epoch; what comes after a loss that is not finite stays a gap."""
        if record.epoch == 0:
            self.history = _room(record)
        history, epoch, values = self.history, record.epoch, record.values
        finite = np.isfinite(values["train_loss"]) & np.isfinite(values["test_loss"])
        known = history.diverged_at == NEVER
        history.diverged_at[known & ~finite] = epoch
        for name in CURVES:
            getattr(history, name)[:, epoch] = np.where(known & finite, values[name], np.nan)
        if epoch:
            history.lr[:, epoch - 1] = record.lr

    def finished(self, epochs: int, weights: dict[str, np.ndarray]) -> History:
        """The history of a training that has ended.

        Args:
            epochs: how many epochs it took.
            weights: the final parameters by name, each `(settings, *shape)`.

        Returns:
            The history without the epochs that were not trained.
        """
        curves = {name: getattr(self.history, name)[:, : epochs + 1] for name in CURVES}
        return replace(self.history, lr=self.history.lr[:, :epochs], weights=weights, **curves)


def recorded(
    settings: dict[str, np.ndarray],
    curves: dict[str, np.ndarray],
    lr: np.ndarray,
    weights: dict[str, np.ndarray],
) -> History:
    """The history of a whole training at once: what a `Recorder` would have made of it, epoch by epoch.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        curves: each curve of a History, `(settings, epochs + 1)`.
        lr: the rate at the start of each epoch, `(settings, epochs)`.
        weights: the final parameters by name, each `(settings, *shape)`.
    """
    lost = ~(np.isfinite(curves["train_loss"]) & np.isfinite(curves["test_loss"]))
    lost = np.logical_or.accumulate(lost, axis=1)
    diverged_at = np.where(lost.any(1), lost.argmax(1), NEVER)
    kept = {name: np.where(lost, np.float32(np.nan), curve) for name, curve in curves.items()}
    return History(settings=settings, lr=lr, diverged_at=diverged_at, weights=weights, **kept)


def _room(record: EpochRecord) -> History:
    """An empty history as wide as the training will be, in the precision of its numbers."""
    n, dtype = len(record.lr), record.values["train_loss"].dtype
    curves: dict[str, Any] = {name: np.full((n, record.epochs + 1), np.nan, dtype) for name in CURVES}
    lr = np.full((n, record.epochs), np.nan, record.lr.dtype)
    return History(settings=record.settings, lr=lr, diverged_at=np.full(n, NEVER), **curves)
