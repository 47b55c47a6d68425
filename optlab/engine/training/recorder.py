"""A History that grows while the training runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.training.history import CURVES, NEVER, History

__all__ = ["Recorder"]


class Recorder(Callback):
    """Keep a History of full width, NaN where training has not come to yet.

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

    def on_train_begin(self, settings: dict[str, np.ndarray], epochs: int) -> None:
        """Make room for every epoch."""
        n = len(next(iter(settings.values())))
        curves: dict[str, Any] = {name: np.full((n, epochs + 1), np.nan, np.float32) for name in CURVES}
        lr = np.full((n, epochs), np.nan, np.float32)
        self.history = History(settings=settings, lr=lr, diverged_at=np.full(n, NEVER), **curves)

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Fill in one epoch; a loss that is not finite leaves a gap and is noted in `diverged_at`."""
        history, epoch = self.history, record.epoch
        values = record.values
        lost = ~(np.isfinite(values["train_loss"]) & np.isfinite(values["test_loss"]))
        history.diverged_at[lost & (history.diverged_at == NEVER)] = epoch
        for name in CURVES:
            getattr(history, name)[:, epoch] = np.where(lost, np.nan, values[name])
        if epoch:
            history.lr[:, epoch - 1] = record.lr
