"""The noise of a batch: how far the gradient of a random batch is from the full one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.batch_gradient_descent.gradients import DRAWS, gradients_after

SHOWN = 256
"""How many batches are drawn."""


@dataclass(frozen=True)
class Noise(Record):
    """The gradients of random batches at each setting's point.

    Args:
        settings: `batch_size`, `epoch` and `draw`.
        variance: σ², that of one random sample's gradient, `(settings,)`.
        length: of the full gradient, `(settings,)`.
        by_size: measured variance of a batch's gradient, for batches of 1, 2, …, N, `(settings, samples)`.
        law_by_size: the same by theory.
        cloud: the gradients of some batches along and across the full one, `(settings, batches, 2)`.
        spread: the covariance of the cloud by theory, `(settings, 2, 2)`.
        downhill: the fraction of batches whose step, if short, lowers the full loss, `(settings,)`.
    """

    variance: np.ndarray
    length: np.ndarray
    by_size: np.ndarray
    law_by_size: np.ndarray
    cloud: np.ndarray
    spread: np.ndarray
    downhill: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """The measured variance at the setting's batch size, `(settings,)`."""
        return self._at_size(self.by_size)

    @property
    def law(self) -> np.ndarray:
        """The variance by theory at the setting's batch size, `(settings,)`."""
        return self._at_size(self.law_by_size)

    def _at_size(self, by_size: np.ndarray) -> np.ndarray:
        return by_size[np.arange(len(self)), self.settings["batch_size"] - 1]


def run(settings: dict[str, np.ndarray]) -> Noise:
    """What `noise_lab` shows of some settings.

    Args:
        settings: `batch_size`, `epoch` and `draw`, each `(settings,)`.

    Returns:
        The noise.

    Source:
        W. G. Cochran, "Sampling techniques", 1977, section 2.5.
    """
    rows = zip(*(settings[name].tolist() for name in ("batch_size", "epoch", "draw")), strict=True)
    return Noise(settings, *(np.stack(part) for part in zip(*(_one(*row) for row in rows), strict=True)))


def _one(batch_size: int, epoch: int, draw: str) -> tuple[Any, ...]:
    """The fields of `Noise` for one setting."""
    at, k = gradients_after(epoch), DRAWS.index(draw)
    cloud, spread = at.clouds[k, batch_size - 1, :SHOWN], at.spread(batch_size, draw)
    length = np.linalg.norm(at.full)
    return at.variance, length, at.noise[k], at.law(draw), cloud, spread, at.downhill(batch_size, draw)
