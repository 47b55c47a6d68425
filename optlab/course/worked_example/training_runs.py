"""The trainings of section 4's lab: one setting while it is watched, or many together."""

import math
import time
from typing import Any

from optlab import Dataset, History, train
from optlab.engine.training.callbacks import StopWhen
from optlab.engine.training.forecast import kernel_seconds
from optlab.engine.training.streaming import Stream
from optlab.live.source import Job

A_BLINK = 0.1
"""Seconds: a training that takes no longer is not watched."""
MANY = 16
"""Of fewer settings together each takes longer than it would among many."""


class Trainings:
    """Trains settings for a `Lazy` source.

    Where the compiled kernel serves, a training takes milliseconds: nothing is shown while it goes on,
    nothing stops it, and soon all that the sliders reach are trained. Else a training is drawn as it goes on,
    is stopped when the sliders move on, and only so many are trained unasked.

    Args:
        data: what is learnt from.
        arguments: of `train`, the same for every setting.
        box: how many settings the sliders reach.
        few: how many to train unasked where it takes long.
        patience: seconds that the whole box may take.
    """

    def __init__(
        self, data: Dataset, arguments: dict[str, Any], box: int, *, few: int = 1024, patience: float = 180.0
    ) -> None:
        self._data, self._arguments = data, arguments
        self._box, self._few, self._patience = box, few, patience
        self._seconds = float("inf")  # of one setting among many
        self._kernel_takes: dict[Any, float] = {}  # how long for so many settings of these batch sizes

    def __call__(self, settings: dict[str, Any], job: Job) -> History:
        """Train some settings.

        Args:
            settings: for each slider its values, each `(n,)`.
            job: when to stop, and where to show what is not finished.

        Returns:
            A history of `n` settings.
        """
        asked = self._arguments | settings
        if self._kernel_seconds(asked) > A_BLINK:
            watch = [StopWhen(job.stopped), *([Stream(job.show)] if len(settings["lr"]) == 1 else [])]
            return train(self._data, callbacks=watch, **asked)
        began = time.perf_counter()
        history = train(self._data, **asked)
        if len(history) >= MANY:
            each = (time.perf_counter() - began) / len(history)
            self._seconds = min(self._seconds, each)  # other programs can only make it longer
        return history

    def _kernel_seconds(self, asked: dict[str, Any]) -> float:
        """As `kernel_seconds`; asking takes longer than a training, and of our sliders one alone matters."""
        sizes = tuple(asked["batch_size"].tolist())
        if sizes not in self._kernel_takes:
            seconds = kernel_seconds(self._data, **asked)
            if not math.isfinite(seconds):  # it may be compiled the next time
                return seconds
            self._kernel_takes[sizes] = seconds
        return self._kernel_takes[sizes]

    def unasked(self) -> int:
        """How many settings to train without being asked."""
        return self._box if self._seconds * self._box < self._patience else self._few
