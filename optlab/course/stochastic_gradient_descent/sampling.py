"""One random sample a step on linear least squares, for many seeds and many settings at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch

from optlab.engine.analysis.least_squares import LeastSquares
from optlab.engine.data.dataset import shuffles
from optlab.engine.validation import choice, count, whole


def _drawn(samples: int, steps: int, seeds: Sequence[int]) -> torch.Tensor:
    """A random sample in every step, whatever came before."""
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    return torch.stack([torch.randint(samples, (steps,), generator=g) for g in generators], dim=1)


def _reshuffled(samples: int, steps: int, seeds: Sequence[int]) -> torch.Tensor:
    """Every sample once an epoch, in a new random order each time."""
    epochs = islice(shuffles(samples, seeds), -(-steps // samples))
    return torch.cat([order.T for order in epochs])[:steps]


def _repeated(samples: int, steps: int, seeds: Sequence[int]) -> torch.Tensor:
    """Every sample once an epoch, always in the order of the first."""
    return next(shuffles(samples, seeds)).T.repeat(-(-steps // samples), 1)[:steps]


ORDERS: dict[str, Callable[[int, int, Sequence[int]], torch.Tensor]] = {
    "with replacement": _drawn,
    "reshuffled": _reshuffled,
    "one shuffle": _repeated,
}
"""The ways to choose the sample of a step, by name."""


def sample_order(order: str, samples: int, steps: int, seeds: Any) -> np.ndarray:
    """Which sample each step takes, for each seed.

    Args:
        order: a name from `ORDERS`.
        samples: how many samples there are.
        steps: how many steps.
        seeds: whole numbers; each has a `torch.Generator` of its own, so that a plain loop can draw the same.

    Returns:
        Indices, `(steps, seeds)`.

    Raises:
        ValueError: if the order is not known, or a number is out of range.

    Example:
        >>> sample_order("reshuffled", samples=3, steps=6, seeds=[0]).T.tolist()
        [[2, 0, 1, 2, 1, 0]]

    Source:
        `torch.utils.data.RandomSampler`, with `replacement=True` and without.
    """
    draw = choice("order", order, ORDERS)
    chosen = whole("seeds", seeds, 0).tolist()
    return draw(count("samples", samples), count("steps", steps), chosen).numpy()


@dataclass(frozen=True)
class Walks:
    """The points of all seeds at some steps.

    Args:
        points: `(settings, seeds, steps, features)`.
        averages: the mean of all points since the start, which is left out; at step 0 the start itself.
    """

    points: np.ndarray
    averages: np.ndarray


def walk(problem: LeastSquares, order: np.ndarray, rates: Any, start: Any, at: Any) -> Walks:
    """One sample a step: θ ← θ − α (xᵢ·θ − yᵢ) xᵢ.

    Args:
        problem: the least squares.
        order: the sample i of each step of each seed, `(steps, seeds)`; all settings share it.
        rates: α of every step, `(settings, steps)`.
        start: where all begin, `(features,)`.
        at: the steps to keep, ascending, from 0 to `steps`.

    Returns:
        The points and the averages at those steps; those that diverge end in inf and NaN.

    Raises:
        ValueError: if `rates` and `order` do not have as many steps, or `at` is out of range.

    Example:
        >>> mean = LeastSquares([[1.0], [1.0]], [0.0, 2.0])
        >>> walk(mean, np.array([[1], [0]]), [[0.5, 0.5]], [0.0], at=[0, 1, 2]).points.ravel().tolist()
        [0.0, 1.0, 0.5]

    Source:
        The article, section 3.3; for the average, B. Polyak and A. Juditsky, "Acceleration of stochastic
        approximation by averaging", 1992.
    """
    rates = np.atleast_2d(np.asarray(rates, float))
    if rates.shape[1] != len(order):
        raise ValueError(f"rates has {rates.shape[1]} steps and order has {len(order)}: expected as many")
    keep = set(whole("at", at, 0, len(order)).tolist())
    theta = _everyone_at(start, len(rates), order.shape[1])
    average, kept = theta, [(theta, theta)] if 0 in keep else []
    with np.errstate(over="ignore", invalid="ignore"):
        for step, samples in enumerate(order):
            x, y = problem.x[samples].T[:, None], problem.y[samples]
            error = (theta * x).sum(0) - y
            theta = theta - rates[:, step, None] * error * x
            average = theta if step == 0 else average + (theta - average) / (step + 1)
            if step + 1 in keep:
                kept.append((theta, average))
    return Walks(*(np.stack(parts).transpose(2, 3, 0, 1) for parts in zip(*kept, strict=True)))


def _everyone_at(start: Any, settings: int, seeds: int) -> np.ndarray:
    """The start of all walks, `(features, settings, seeds)`: this way round numpy is fastest."""
    begin = np.asarray(start, float)
    return np.broadcast_to(begin[:, None, None], (len(begin), settings, seeds)).copy()
