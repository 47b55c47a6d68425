"""The article's network trained once with every batch size and rate that the labs of this lesson show."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record, grid, iris_pair, train

SAMPLES = 80
SIZES = (1, 4, 8, 16, 32, 80)
EPOCHS = 20
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
ONE_RATES = (0.01, 0.03, 0.1, 0.3)
"""Learning rates of a batch of one, which the linear rule scales up."""
FACTORS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 80.0, 160.0)


@dataclass(frozen=True)
class Losses(Record):
    """Training losses, one setting a row.

    Args:
        settings: `batch_size` and `lr`.
        loss: `(settings, epochs + 1)`; NaN once a run has diverged.
    """

    loss: np.ndarray


@cache
def trained() -> Losses:
    """Train the network on 80 irises for 20 epochs, with every batch size at every rate of the labs.

    Returns:
        The losses. All runs are trained together, and once: many cost little more than one.

    Example:
        >>> len(trained()) == len(SIZES) * len(np.unique(trained().settings["lr"]))
        True
    """
    scaled = np.outer(ONE_RATES, FACTORS).ravel()
    settings = grid(batch_size=SIZES, lr=np.unique(np.round([*RATES, *scaled], 6)))
    return Losses(settings, train(iris_pair(), epochs=EPOCHS, **dict[str, Any](settings)).train_loss)


def losses(batch_size: Any, lr: Any) -> np.ndarray:
    """The training loss of some runs after every epoch.

    Args:
        batch_size: any of `SIZES`, broadcast against `lr`.
        lr: rates of the labs; a product of a rate and a factor may be off by a rounding error.

    Returns:
        `(..., epochs + 1)`, in the shape that the arguments broadcast to; NaN once a run has diverged.

    Raises:
        KeyError: if a run is not in the table.

    Example:
        >>> losses([1, 80], 0.03).shape, losses(16, 16 * 0.03)[0].round(3)
        ((2, 21), np.float32(0.713))
    """
    size, rate = np.broadcast_arrays(batch_size, np.round(lr, 6))
    found = trained().find({"batch_size": size.ravel(), "lr": rate.ravel()})
    return found.loss.reshape(*size.shape, -1)
