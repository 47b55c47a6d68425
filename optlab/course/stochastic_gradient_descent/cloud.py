"""Many seeds of one setting as a cloud: where they stand, how high, and what theory says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from optlab.course.stochastic_gradient_descent.moments import Moments
from optlab.course.stochastic_gradient_descent.sampling import Walks
from optlab.engine.analysis.least_squares import LeastSquares
from optlab.engine.analysis.sampling_noise import RADIUS

__all__ = ["Clouds", "Run", "clouds_of", "share_inside"]


@dataclass(frozen=True)
class Clouds:
    """One cloud or several for each setting: row *i* belongs to setting *i*.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        steps: the steps that were kept, `(records,)`.
        now: which of them is looked at, an index, `(settings,)`.
        gap: the mean loss of all seeds above the smallest, `(settings, clouds, records)`.
        expected: the same by theory, for samples drawn with replacement.
        single: that of the first seed alone, `(settings, clouds, records)`.
        path: where the first seed of the first cloud went, `(settings, records, 2)`.
        points: where all seeds stand at the step that is looked at, `(settings, clouds, seeds, 2)`.
        center: the middle of the cloud at that step, by theory, `(settings, clouds, 2)`.
        covariance: its covariance, by theory, `(settings, clouds, 2, 2)`.
    """

    settings: dict[str, np.ndarray]
    steps: np.ndarray
    now: np.ndarray
    gap: np.ndarray
    expected: np.ndarray
    single: np.ndarray
    path: np.ndarray
    points: np.ndarray
    center: np.ndarray
    covariance: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.gap)

    def select(self, rows: Any) -> Clouds:
        """Some of the settings, in the order asked for.

        Args:
            rows: a row, or a sequence of rows.

        Returns:
            The `Clouds` of those settings alone.
        """
        rows = np.atleast_1d(rows)
        parts = {f.name: getattr(self, f.name)[rows] for f in fields(self)[2:]}
        return replace(self, settings={name: c[rows] for name, c in self.settings.items()}, **parts)

    @classmethod
    def joined(cls, parts: Sequence[Clouds]) -> Clouds:
        """Several records, one after the other, as one."""
        settings = {k: np.concatenate([part.settings[k] for part in parts]) for k in parts[0].settings}
        rest = [np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)[2:]]
        return cls(settings, parts[0].steps, *rest)

    def spread(self, row: int = 0, cloud: int = 0) -> np.ndarray:
        """The standard deviation of the seeds along each weight, measured, `(2,)`."""
        return self.points[row, cloud].std(0)

    def expected_spread(self, row: int = 0, cloud: int = 0) -> np.ndarray:
        """The standard deviation along each weight by theory, `(2,)`."""
        return np.sqrt(np.maximum(np.diagonal(self.covariance[row, cloud]), 0))


@dataclass(frozen=True)
class Run:
    """Walks, what theory expects of them, and the row of each setting: several may share a walk.

    Args:
        walks: where the seeds stand.
        expected: the moments by theory, at the same steps and rates.
        rows: `(settings,)`.
    """

    walks: Walks
    expected: Moments
    rows: np.ndarray

    def shown(self, *, average: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The points, their mean and second moment: of the iterates, or of their running average."""
        if average:
            return self.walks.averages, self.expected.averaged_mean, self.expected.averaged_second
        return self.walks.points, self.expected.mean, self.expected.second


def clouds_of(
    problem: LeastSquares,
    clouds: Sequence[tuple[Run, bool]],
    *,
    settings: dict[str, np.ndarray],
    steps: np.ndarray,
    now: np.ndarray,
) -> Clouds:
    """Put runs together as clouds.

    Args:
        problem: the least squares, with two features.
        clouds: for each cloud its run, and whether to show the average of the iterates.
        settings: what to note of each setting, each `(settings,)`.
        steps: the steps that were kept, `(records,)`.
        now: which of them each setting looks at, indices `(settings,)`.

    Returns:
        The record.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        parts = [_one_cloud(problem, run, average, now) for run, average in clouds]
    gap, expected, single, points, center, covariance = (np.stack(of, 1) for of in zip(*parts, strict=True))
    run, _ = clouds[0]
    path = run.walks.points[run.rows, 0]
    return Clouds(settings, steps, now, gap, expected, single, path, points, center, covariance)


def _one_cloud(problem: LeastSquares, run: Run, average: bool, now: np.ndarray) -> tuple[np.ndarray, ...]:
    points, mean, second = run.shown(average=average)
    gaps, rows = problem.gap(points), run.rows
    expected = (second * problem.hessian).sum((-2, -1)) / 2
    center = mean[rows, now]
    covariance = second[rows, now] - center[:, :, None] * center[:, None, :]
    return (
        gaps.mean(1)[rows],
        expected[rows],
        gaps[:, 0][rows],
        points[rows, :, now],
        center + problem.solution,
        covariance,
    )


def share_inside(points: np.ndarray, center: Any, covariance: Any) -> float:
    """The share of a cloud that lies inside its ellipse.

    Args:
        points: `(seeds, 2)`.
        center: `(2,)`.
        covariance: `(2, 2)`.

    Returns:
        From 0 to 1; NaN where the ellipse is none.

    Example:
        >>> share_inside(np.array([[0.0, 0.0], [3.0, 0.0]]), [0.0, 0.0], np.eye(2))
        0.5
    """
    if not np.isfinite(covariance).all() or np.linalg.det(covariance) <= 0:
        return float("nan")
    away = points - np.asarray(center)
    return float(((away @ np.linalg.inv(covariance) * away).sum(1) <= RADIUS**2).mean())
