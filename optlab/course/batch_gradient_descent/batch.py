"""Batch sizes compared at one learning rate: the loss, and what an epoch costs on four axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn

from optlab import Record, iris_pair
from optlab.course.batch_gradient_descent.trained import SAMPLES, SIZES, losses
from optlab.engine.systems.bench import timed
from optlab.engine.validation import count, one_of, whole

AXES = ("epochs", "examples seen", "updates", "time")
GOAL = 0.08
"""The training loss that the batch sizes race to."""


@dataclass(frozen=True)
class Batches(Record):
    """All batch sizes at one rate, for each setting.

    Args:
        settings: `axis`, `batch_size`, `lr` and `sample_cost`.
        loss: training loss, `(settings, sizes, epochs + 1)`; NaN once a run has diverged.
        prices: what an epoch costs each batch size on each axis, `(settings, axes, sizes)`.
        reached: epochs until each batch size first reaches the goal, `(settings, sizes)`; NaN: never.
    """

    loss: np.ndarray
    prices: np.ndarray
    reached: np.ndarray

    def spent(self, axis: str) -> np.ndarray:
        """What each batch size has spent when it first reaches the goal, `(settings, sizes)`; NaN: never."""
        return self.reached * self.prices[:, AXES.index(axis)]

    def winner(self, axis: str) -> np.ndarray:
        """The batch size that spends the least, `(settings,)`; 0 if none reaches the goal."""
        spent = self.spent(axis)
        best = np.array(SIZES)[np.where(np.isnan(spent), np.inf, spent).argmin(1)]
        return np.where(np.isfinite(spent).any(1), best, 0)

    @property
    def own_price(self) -> np.ndarray:
        """What an epoch costs each batch size on the setting's own axis, `(settings, sizes)`."""
        return self.prices[np.arange(len(self)), [AXES.index(axis) for axis in self.settings["axis"]]]

    def own(self, values: np.ndarray) -> np.ndarray:
        """What belongs to the setting's own batch size, of `(settings, sizes, ...)`."""
        return values[np.arange(len(self)), np.searchsorted(SIZES, self.settings["batch_size"])]


def run(settings: dict[str, np.ndarray]) -> Batches:
    """What `batch_lab` shows of some settings.

    Args:
        settings: `axis`, `batch_size`, `lr` and `sample_cost`, each `(settings,)`.

    Returns:
        The losses of all batch sizes at each setting's rate, and when they reach the goal.

    Source:
        The article, section 3.2.
    """
    loss, cost = losses(SIZES, settings["lr"][:, None]), settings["sample_cost"][:, None]
    prices = np.stack([price(axis, SIZES, SAMPLES, cost) for axis in AXES], axis=1)
    return Batches(settings, loss, prices, first_below(loss, GOAL))


def price(axis: str, batch_size: Any, samples: int, sample_cost: Any = 0.0) -> np.ndarray:
    """What one epoch costs, on one of four axes: 1, N, ⌈N/B⌉, or ⌈N/B⌉ + cN.

    Time is a model: an update has a fixed cost of 1, and c more for every sample in its batch.

    Args:
        axis: one of `AXES`.
        batch_size: B, whole numbers from 1 to N.
        samples: N.
        sample_cost: c, as a fraction of the fixed cost.

    Returns:
        The cost, in the shape that B and c broadcast to.

    Raises:
        ValueError: if there is no such axis, or a batch size is out of range.

    Example:
        >>> [price(axis, [1, 32], samples=80, sample_cost=0.1).tolist() for axis in AXES]
        [[1.0, 1.0], [80.0, 80.0], [80.0, 3.0], [88.0, 11.0]]

    Source:
        S. McCandlish, J. Kaplan, D. Amodei and others, "An empirical model of large-batch training", 2018.
    """
    one_of("axis", axis, AXES)
    samples, cost = count("samples", samples), np.asarray(sample_cost, float)
    size = whole("batch_size", batch_size, 1, samples, f"there are {samples} samples")
    updates = np.ceil(samples / size)
    costs = {"epochs": 1.0, "examples seen": samples, "updates": updates, "time": updates + cost * samples}
    return np.zeros(np.broadcast(size, cost).shape) + costs[axis]


def first_below(losses: Any, goal: float) -> np.ndarray:
    """After how many epochs each curve first reaches the goal; linear between two epochs.

    Args:
        losses: `(..., epochs + 1)`, column 0 before training.
        goal: the loss to reach.

    Returns:
        Epochs, `(...)`; NaN for a curve that never gets there.

    Example:
        >>> first_below([[1.0, 0.5, 0.3], [1.0, 0.9, 0.8]], goal=0.4)
        array([1.5, nan])
    """
    losses = np.asarray(losses, float)
    there = losses <= goal
    k = np.maximum(there.argmax(-1), 1)[..., None]
    before, after = (np.take_along_axis(losses, at, -1)[..., 0] for at in (k - 1, k))
    with np.errstate(invalid="ignore", divide="ignore"):
        epochs = k[..., 0] - 1 + (before - goal) / (before - after)
    return np.where(there.any(-1), np.where(there[..., 0], 0.0, epochs), np.nan)


def measured_seconds(batch_sizes: Sequence[int] = SIZES, tries: int = 7) -> np.ndarray:
    """How long one update of the article's network takes on this machine, in plain PyTorch.

    Args:
        batch_sizes: samples in the batch.
        tries: how often each is timed; the shortest time counts, the others were disturbed.

    Returns:
        Seconds, `(len(batch_sizes),)`.

    Example:
        >>> bool((measured_seconds([1, 80]) > 0).all())
        True
    """
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer, data = torch.optim.SGD(model.parameters(), lr=1e-6), iris_pair()

    def update(size: int) -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(data.x_train[:size]), data.y_train[:size]).backward()
        optimizer.step()

    return np.array([timed(partial(update, size), tries=tries).best for size in batch_sizes])
