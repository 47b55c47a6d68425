"""What the labs of batch sizes show of a setting, read off the table of all trainings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.batch_gradient_descent.batch import FACTORS, SAMPLES, SIZES, first_below, price, trained

__all__ = ["Runs", "Scaled", "curves_apart", "runs_of", "scaled_of"]


@dataclass(frozen=True)
class Runs:
    """All batch sizes at one rate, for each setting.

    Args:
        settings: `axis`, `batch_size`, `lr` and `sample_cost`, each `(settings,)`.
        loss: training loss, `(settings, sizes, epochs + 1)`.
    """

    settings: dict[str, np.ndarray]
    loss: np.ndarray

    def select(self, rows: Any) -> Runs:
        """Some of the settings."""
        rows = np.atleast_1d(rows)
        return Runs({name: c[rows] for name, c in self.settings.items()}, self.loss[rows])

    def prices(self, axis: str, row: int = 0) -> np.ndarray:
        """What an epoch costs each batch size on an axis, `(sizes,)`."""
        return price(axis, SIZES, SAMPLES, float(self.settings["sample_cost"][row]))

    def spent(self, axis: str, goal: float, row: int = 0) -> np.ndarray:
        """What each batch size has spent when it is first at the goal, `(sizes,)`; NaN: never."""
        return first_below(self.loss[row], goal) * self.prices(axis, row)

    def winner(self, axis: str, goal: float, row: int = 0) -> int:
        """The batch size that spends least; 0 if none gets there."""
        spent = self.spent(axis, goal, row)
        return SIZES[int(np.nanargmin(spent))] if np.isfinite(spent).any() else 0

    def own(self, goal: float, axis: str, row: int = 0) -> float:
        """What the batch size on the slider spends."""
        return float(self.spent(axis, goal, row)[SIZES.index(int(self.settings["batch_size"][row]))])


def runs_of(settings: dict[str, np.ndarray]) -> Runs:
    """The runs that some settings show; see `Runs`."""
    return Runs(settings, np.swapaxes(trained().at(settings["lr"]), 0, 1))


@dataclass(frozen=True)
class Scaled:
    """A batch of one at its rate, and a larger batch at a multiple of that rate, for each setting.

    Args:
        settings: `base`, `batch_size` and `factor`, each `(settings,)`.
        loss: training loss of the larger batch at factor · base, `(settings, epochs + 1)`.
        one: that of the batch of one at base.
        unscaled: that of the larger batch at base.
        distance: how far apart `loss` and `one` are at every factor, `(settings, factors)`.
    """

    settings: dict[str, np.ndarray]
    loss: np.ndarray
    one: np.ndarray
    unscaled: np.ndarray
    distance: np.ndarray

    def select(self, rows: Any) -> Scaled:
        """Some of the settings."""
        rows = np.atleast_1d(rows)
        arrays = (self.loss, self.one, self.unscaled, self.distance)
        return Scaled({name: c[rows] for name, c in self.settings.items()}, *(a[rows] for a in arrays))

    def apart(self, row: int = 0) -> float:
        """How far apart the two curves on the screen are, 1: the same."""
        return float(self.distance[row, FACTORS.index(float(self.settings["factor"][row]))])


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


def scaled_of(settings: dict[str, np.ndarray]) -> Scaled:
    """The runs that some settings show; see `Scaled`."""
    table, base = trained(), np.asarray(settings["base"], float)
    size = [SIZES.index(int(b)) for b in settings["batch_size"]]
    rows = np.arange(len(base))
    all_factors = np.stack([table.at(base * factor)[size, rows] for factor in FACTORS], 1)
    one, unscaled = table.at(base)[0], table.at(base)[size, rows]
    chosen = all_factors[rows, [FACTORS.index(float(f)) for f in settings["factor"]]]
    return Scaled(settings, chosen, one, unscaled, curves_apart(all_factors, one[:, None]))
