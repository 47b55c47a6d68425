"""Many seeds of one setting as a cloud: where they stand, how high, and what theory says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record, shared
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import walk
from optlab.engine.analysis.least_squares import fitness_club

START = (1.4, -0.4)
GOAL = 1e-3
"""The mean optimality gap that counts as having found the least-squares solution."""
SEEDS = 256
TENTHS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
RATES = (*(float(f"{t * d:.2g}") for d in (0.001, 0.01, 0.1) for t in TENTHS), 1.0, 1.2)
"""Learning rates, ten to a factor of ten, as people write them."""
EPOCHS = np.arange(101)
EPOCH_STOPS = np.array([*range(11), *range(15, 55, 5), *range(60, 101, 10)])
"""The epochs at which a plot shows more than its curves."""
WITH = "with replacement"


@dataclass(frozen=True)
class Clouds(Record):
    """One cloud of seeds or several for each setting.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        gap: the mean optimality gap of all seeds, `(settings, clouds, records)`.
        median: the gap that half of the seeds are below, likewise.
        expected: the same by theory, for samples drawn with replacement.
        single: that of the first seed alone.
        path: where the first seed of the first cloud went, `(settings, records, 2)`.
        points: where the seeds are at each stop, `(settings, clouds, stops, seeds, 2)`.
        spread: the standard deviation of all seeds along each weight, `(settings, clouds, stops, 2)`.
        center: the middle of the cloud by theory, `(settings, clouds, stops, 2)`.
        covariance: its covariance by theory, `(settings, clouds, stops, 2, 2)`.
        steps: the steps that were kept, `(records,)`.
        stops: the records at which the whole cloud was kept, `(stops,)`.
    """

    gap: np.ndarray
    median: np.ndarray
    expected: np.ndarray
    single: np.ndarray
    path: np.ndarray
    points: np.ndarray
    spread: np.ndarray
    center: np.ndarray
    covariance: np.ndarray
    steps: np.ndarray = shared()
    stops: np.ndarray = shared()

    @property
    def expected_spread(self) -> np.ndarray:
        """The standard deviation along each weight by theory, `(settings, clouds, stops, 2)`."""
        return np.sqrt(np.maximum(np.diagonal(self.covariance, axis1=-2, axis2=-1), 0))


def constant(lr: Any, steps: int) -> np.ndarray:
    """The same rate in every step, `(settings, steps)`."""
    return np.repeat(np.atleast_1d(np.asarray(lr, float))[:, None], steps, axis=1)


def clouds_of(
    settings: dict[str, np.ndarray],
    rates: Sequence[np.ndarray],
    order: np.ndarray,
    *,
    average: Sequence[bool] = (False,),
    steps: np.ndarray,
    stops: np.ndarray,
    seeds: int = SEEDS,
) -> Clouds:
    """Walk the seeds of all settings and clouds, each different row of rates once.

    Args:
        settings: the hyper-parameters of each setting, each `(settings,)`.
        rates: for each cloud α of every step, `(settings, steps)`.
        order: the sample of each step of each seed, `(steps, seeds)`.
        average: for each cloud whether it is that of the average of the iterates.
        steps: the steps to keep, ascending, `(records,)`.
        stops: the records at which to keep the whole cloud.
        seeds: how many seeds' points to keep there; the means are always those of all.

    Returns:
        The record.
    """
    club = fitness_club()
    unique, rows = np.unique(np.concatenate(rates), axis=0, return_inverse=True)
    rows = rows.reshape(len(rates), -1)
    walks, theory = walk(club, order, unique, START, steps), moments(club, unique, START, steps)
    iterates = walks.points, theory.mean, theory.second
    averages = walks.averages, theory.averaged_mean, theory.averaged_second
    with np.errstate(over="ignore", invalid="ignore"):
        each = [
            _one_cloud(averages if averaged else iterates, row, stops, seeds)
            for averaged, row in zip(average, rows, strict=True)
        ]
    parts = {name: np.stack([cloud[name] for cloud in each], axis=1) for name in each[0]}
    return Clouds(settings, path=walks.points[rows[0], 0], steps=steps, stops=stops, **parts)


def _one_cloud(shown: tuple, rows: np.ndarray, stops: np.ndarray, seeds: int) -> dict[str, np.ndarray]:
    """What a cloud has in a record, from its points and their first and second moments."""
    club, (points, mean, second) = fitness_club(), shown
    gaps, center, there = club.gap(points), mean[:, stops], points[:, :, stops].swapaxes(1, 2)
    parts = {
        "gap": gaps.mean(1),
        "median": np.median(gaps, axis=1),
        "expected": (second * club.hessian).sum((-2, -1)) / 2,
        "single": gaps[:, 0],
        "points": there[:, :, :seeds],
        "spread": there.std(2),
        "center": center + club.solution,
        "covariance": second[:, stops] - center[..., :, None] * center[..., None, :],
    }
    return {name: part[rows] for name, part in parts.items()}
