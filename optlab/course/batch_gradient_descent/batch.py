"""Batch sizes compared: the document's network trained with each, and what an epoch costs on four axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn

from optlab.engine.data.dataset import iris_pair
from optlab.engine.training.train import train
from optlab.engine.validation import count, one_of, whole
from optlab.params import grid

__all__ = [
    "AXES",
    "EPOCHS",
    "FACTORS",
    "ONE_RATES",
    "RATES",
    "SAMPLES",
    "SIZES",
    "Table",
    "first_below",
    "measured_seconds",
    "price",
    "trained",
]

SAMPLES = 80
SIZES = (1, 4, 8, 16, 32, 80)
EPOCHS = 20
AXES = ("epochs", "examples seen", "updates", "time")
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
ONE_RATES = (0.01, 0.03, 0.1, 0.3)
"""Learning rates of a batch of one, which the linear rule scales up."""
FACTORS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 80.0, 160.0)


@dataclass(frozen=True)
class Table:
    """The training loss of every batch size at every rate, after every epoch.

    Args:
        rates: ascending, `(rates,)`.
        loss: `(sizes, rates, epochs + 1)`; NaN once a run has diverged.
    """

    rates: np.ndarray
    loss: np.ndarray

    def at(self, lr: Any) -> np.ndarray:
        """The losses of all batch sizes at some rates, `(sizes, len(lr), epochs + 1)`."""
        return self.loss[:, [int(np.abs(self.rates / rate - 1).argmin()) for rate in np.atleast_1d(lr)]]


@cache
def trained() -> Table:
    """Train the document's network on 80 irises for 20 epochs, with all batch sizes and rates of the labs.

    Returns:
        The table. It is trained once: rates share each step, so that many cost little more than one.
    """
    scaled = np.outer(ONE_RATES, FACTORS).ravel()
    rates = np.unique(np.round([*RATES, *scaled], 6))
    settings: dict[str, Any] = grid(batch_size=SIZES, lr=rates)
    history = train(iris_pair(), epochs=EPOCHS, **settings)
    return Table(rates, history.train_loss.reshape(len(SIZES), len(rates), -1))


def price(axis: str, batch_size: Any, samples: int, sample_cost: float = 0.0) -> np.ndarray:
    """What one epoch costs, on one of four axes: 1, N, ⌈N/B⌉, or ⌈N/B⌉ + cN.

    Time is a model: an update has a fixed cost of 1, and c more for every sample in its batch.

    Args:
        axis: one of `AXES`.
        batch_size: B, whole numbers from 1 to N.
        samples: N.
        sample_cost: c, as a share of the fixed cost.

    Returns:
        The cost, in the shape of B.

    Raises:
        ValueError: if the axis or a batch size is none.

    Example:
        >>> [price(axis, [1, 32], samples=80, sample_cost=0.1).tolist() for axis in AXES]
        [[1.0, 1.0], [80.0, 80.0], [80.0, 3.0], [88.0, 11.0]]

    Source:
        S. McCandlish, J. Kaplan, D. Amodei and others, "An empirical model of large-batch training", 2018.
    """
    samples = count("samples", samples)
    size = whole("batch_size", batch_size, 1, samples, f"there are {samples} samples")
    updates = np.ceil(samples / size)
    costs = {
        "epochs": np.ones(size.shape),
        "examples seen": np.full(size.shape, float(samples)),
        "updates": updates,
        "time": updates + sample_cost * samples,
    }
    one_of("axis", axis, AXES)
    return costs[axis]


def first_below(losses: Any, goal: float) -> np.ndarray:
    """After how many epochs each curve is first at the goal; between two epochs by a straight line.

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


def measured_seconds(batch_sizes: Sequence[int] = SIZES, repeats: int = 30) -> np.ndarray:
    """How long one update of the document's network takes on this machine, in plain PyTorch.

    Args:
        batch_sizes: samples in the batch.
        repeats: how often each is timed; the shortest time counts, the others were disturbed.

    Returns:
        Seconds, `(len(batch_sizes),)`.

    Example:
        >>> bool((measured_seconds([1, 80]) > 0).all())
        True
    """
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
    data = iris_pair()
    parts = [(data.x_train[:size], data.y_train[:size]) for size in batch_sizes]
    times = [[_seconds(model, optimizer, *part) for part in parts] for _ in range(repeats)]
    return np.min(times, axis=0)


def _seconds(model: nn.Module, optimizer: Any, x: torch.Tensor, y: torch.Tensor) -> float:
    begun = perf_counter()
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
    return perf_counter() - begun
