"""The five rules on section 4's network, with one feature in another unit."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from optlab import Dataset, Record, grid, iris_pair, train
from optlab.course.adaptive_methods.adaptive import RULES
from optlab.params import log_values

LRS = np.array(log_values(1e-3, 10, 2))
"""The rates at which every rule is tried."""

UNITS = (1.0, 10.0, 100.0)
"""The petal length is multiplied by this."""

SEEDS = range(3)
PETAL_LENGTH = 2
EPOCHS = 30


def in_units(unit: float) -> Dataset:
    """Section 4's flowers, standardised, but with the petal length in another unit.

    Args:
        unit: what the petal length is multiplied by.

    Returns:
        The dataset.

    Example:
        >>> in_units(10.0).x_train.std(0).round().tolist()
        [1.0, 1.0, 10.0, 1.0]
    """
    data, scale = iris_pair(), torch.ones(4)
    scale[PETAL_LENGTH] = unit
    return replace(data, x_train=data.x_train * scale, x_test=data.x_test * scale)


@dataclass(frozen=True)
class UnitRuns(Record):
    """All rules on the network, at one rate and in one unit.

    Args:
        settings: `unit` and `lr`, each `(settings,)`.
        loss: training loss, mean over three seeds, `(settings, rules, epochs + 1)`; inf if one diverges.
        ends: the last loss of each rule at every rate of `LRS`, `(settings, rules, rates)`.
    """

    loss: np.ndarray
    ends: np.ndarray

    def best(self, rule: str) -> np.ndarray:
        """The last loss of a rule at the best of its rates, `(settings,)`."""
        return self.ends[:, RULES.index(rule)].min(1)


def train_in_units(epochs: int = EPOCHS) -> UnitRuns:
    """Train the network with every rule, at every rate, in every unit, with three seeds.

    Args:
        epochs: passes over the training data.

    Returns:
        The runs; the rate varies fastest.

    Source:
        A. Wilson et al., "The marginal value of adaptive gradient methods in machine learning", 2017, on
        why every rule must be tuned before it is compared.
    """
    loss = np.stack([_losses(unit, epochs) for unit in UNITS])  # (units, rates, rules, epochs + 1)
    ends = np.repeat(loss[..., -1].swapaxes(1, 2), len(LRS), axis=0)
    return UnitRuns(grid(unit=UNITS, lr=LRS), loss.reshape(-1, *loss.shape[2:]), ends)


def _losses(unit: float, epochs: int) -> np.ndarray:
    """Training losses in one unit, mean over the seeds, `(rates, rules, epochs + 1)`."""
    data, curves = in_units(unit), []
    settings: dict[str, Any] = grid(seed=SEEDS, lr=LRS)
    for rule in RULES:
        loss = train(data, optimizer=rule, **settings, epochs=epochs).train_loss
        curves.append(np.nan_to_num(loss, nan=np.inf).reshape(len(SEEDS), len(LRS), -1).mean(0))
    return np.stack(curves, axis=1)
