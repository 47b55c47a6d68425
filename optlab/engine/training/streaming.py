"""Show a training that takes longer than a blink while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from optlab.engine.training.callbacks import EpochRecord
from optlab.engine.training.recorder import Recorder

__all__ = ["Stream"]


class Stream(Recorder):
    """Hand on the history so far, again and again.

    Args:
        show: takes the history so far.
        every: seconds between two calls.
    """

    def __init__(self, show: Callable[[Any], None], every: float = 0.08) -> None:
        self.show, self.every = show, every
        self.shown = time.perf_counter()

    def on_epoch_end(self, record: EpochRecord) -> None:
        """Show the curves so far when it is time to."""
        super().on_epoch_end(record)
        if time.perf_counter() - self.shown > self.every:
            self.show(self.history)
            self.shown = time.perf_counter()
