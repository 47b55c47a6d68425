"""Many seeds of one setting as a cloud: where they stand, how high, and what theory says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.stochastic_gradient_descent.moments import Moments, moments
from optlab.course.stochastic_gradient_descent.sampling import Walks, walk
from optlab.engine.analysis.least_squares import fitness_club
from optlab.record import Record, shared

__all__ = [
    "EPOCHS",
    "EPOCH_STOPS",
    "GOAL",
    "RATES",
    "SEEDS",
    "START",
    "WITH",
    "Clouds",
    "Run",
    "clouds_of",
    "constant",
    "run",
]

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
        expected: the same by theory, for samples drawn with replacement.
        single: that of the first seed alone.
        path: where the first seed of the first cloud went, `(settings, records, 2)`.
        points: where the seeds stand at each stop, `(settings, clouds, stops, seeds, 2)`.
        spread: the standard deviation of all seeds along each weight, `(settings, clouds, stops, 2)`.
        center: the middle of the cloud by theory, `(settings, clouds, stops, 2)`.
        covariance: its covariance by theory, `(settings, clouds, stops, 2, 2)`.
        steps: the steps that were kept, `(records,)`.
        stops: the records at which the whole cloud was kept, `(stops,)`.
    """

    gap: np.ndarray
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


@dataclass(frozen=True)
class Run:
    """Many seeds of many settings, and what theory expects of them at the same steps.

    Args:
        walks: where the seeds stand.
        expected: the moments by theory.
        rows: the walk of each setting, `(settings,)`: settings with the same rates share one.
    """

    walks: Walks
    expected: Moments
    rows: np.ndarray

    def shown(self, *, average: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The points, their mean and second moment: of the iterates, or of their running average."""
        if average:
            return self.walks.averages, self.expected.averaged_mean, self.expected.averaged_second
        return self.walks.points, self.expected.mean, self.expected.second


def constant(lr: Any, steps: int) -> np.ndarray:
    """The same rate in every step, `(settings, steps)`."""
    return np.repeat(np.atleast_1d(np.asarray(lr, float))[:, None], steps, axis=1)


def run(rates: np.ndarray, order: np.ndarray, steps: np.ndarray) -> Run:
    """Walk all settings from `START`, each different row of rates once.

    Args:
        rates: α of every step, `(settings, steps)`.
        order: the sample of each step of each seed, `(steps, seeds)`.
        steps: the steps to keep, ascending.

    Returns:
        The walks, and what theory expects of them.
    """
    club = fitness_club()
    unique, rows = np.unique(rates, axis=0, return_inverse=True)
    walks = walk(club, order, unique, START, steps)
    return Run(walks, moments(club, unique, START, steps), rows.reshape(-1))


def clouds_of(
    settings: dict[str, np.ndarray],
    clouds: Sequence[tuple[Run, bool]],
    *,
    steps: np.ndarray,
    stops: np.ndarray,
    seeds: int = SEEDS,
) -> Clouds:
    """Put runs together as clouds.

    Args:
        settings: the hyper-parameters of each setting, each `(settings,)`.
        clouds: for each cloud its run, and whether to take the average of the iterates.
        steps: the steps that were kept, `(records,)`.
        stops: the records at which to keep the whole cloud.
        seeds: how many seeds' points to keep there; the means are always those of all.

    Returns:
        The record.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        parts = [_one_cloud(run, average, stops, seeds) for run, average in clouds]
    gap, expected, single, *there = (np.stack(of, 1) for of in zip(*parts, strict=True))
    first, _ = clouds[0]
    path = first.walks.points[first.rows, 0]
    return Clouds(settings, gap, expected, single, path, *there, steps=steps, stops=stops)  # type: ignore[misc]


def _one_cloud(run: Run, average: bool, stops: np.ndarray, seeds: int) -> tuple[np.ndarray, ...]:
    club, rows = fitness_club(), run.rows
    points, mean, second = run.shown(average=average)
    gaps, expected = club.gap(points), (second * club.hessian).sum((-2, -1)) / 2
    center, there = mean[:, stops], points[:, :, stops].swapaxes(1, 2)
    covariance = second[:, stops] - center[..., :, None] * center[..., None, :]
    parts = (
        gaps.mean(1),
        expected,
        gaps[:, 0],
        there[:, :, :seeds],
        there.std(2),
        center + club.solution,
        covariance,
    )
    return tuple(part[rows] for part in parts)
