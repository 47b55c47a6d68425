"""The linear scaling rule: a batch of B at k times the rate of a batch of one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.batch_gradient_descent.trained import FACTORS, losses


@dataclass(frozen=True)
class Scaled(Record):
    """A batch of one at its rate, and a larger batch at a multiple of that rate, for each setting.

    Args:
        settings: `base`, `batch_size` and `factor`.
        loss: training loss of the larger batch at factor · base, `(settings, epochs + 1)`.
        one: that of the batch of one at base.
        unscaled: that of the larger batch at base.
        distance: how far apart `loss` and `one` are at every factor, `(settings, factors)`.
    """

    loss: np.ndarray
    one: np.ndarray
    unscaled: np.ndarray
    distance: np.ndarray

    @property
    def apart(self) -> np.ndarray:
        """How far apart `loss` and `one` are, `(settings,)`; 1: the same curve, NaN: one diverged."""
        return curves_apart(self.loss, self.one)


def run(settings: dict[str, np.ndarray]) -> Scaled:
    """What `scaling_lab` shows of some settings.

    Args:
        settings: `base`, `batch_size` and `factor`, each `(settings,)`.

    Returns:
        The losses and their distances.

    Source:
        P. Goyal, P. Dollár, R. Girshick and others, "Accurate, large minibatch SGD", 2017.
    """
    base, size, factor = (settings[name] for name in ("base", "batch_size", "factor"))
    one, every = losses(1, base), losses(size[:, None], base[:, None] * FACTORS)
    distance = curves_apart(every, one[:, None])
    return Scaled(settings, losses(size, base * factor), one, losses(size, base), distance)


def curves_apart(losses: Any, reference: Any) -> np.ndarray:
    """How many times a curve lies above or below another, the geometric mean over the epochs.

    Args:
        losses: `(..., epochs + 1)`, column 0 before training, where curves do not differ yet.
        reference: the other, of a shape that broadcasts.

    Returns:
        `(...)`; 1 for the same curve, NaN if one of them diverges.

    Example:
        >>> curves_apart([[0.7, 0.2, 0.4], [0.7, 0.4, 0.1]], [0.7, 0.4, 0.2]).round(3)
        array([2.   , 1.414])
    """
    ratio = np.log(np.asarray(losses, float)[..., 1:]) - np.log(np.asarray(reference, float)[..., 1:])
    return np.exp(np.abs(ratio).mean(-1))
