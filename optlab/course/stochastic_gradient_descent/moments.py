"""What all seeds of stochastic descent do together, step by step and exactly, on linear least squares."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from optlab.engine.analysis.least_squares import LeastSquares
from optlab.engine.validation import whole


@dataclass(frozen=True)
class Moments:
    """What all seeds together do, exactly, at some steps; distances are from the solution.

    Args:
        mean: `(settings, steps, features)`.
        second: E[e eᵀ], `(settings, steps, features, features)`.
        averaged_mean: the same of the running average of the iterates.
        averaged_second: likewise.
    """

    mean: np.ndarray
    second: np.ndarray
    averaged_mean: np.ndarray
    averaged_second: np.ndarray


def moments(problem: LeastSquares, rates: Any, start: Any, at: Any) -> Moments:
    """Mean and second moment over all seeds, for one random sample a step with replacement.

    With e the distance from the solution, and H e = E[g] the mean gradient:
    E[e eᵀ] ← E[e eᵀ] − α (H E[e eᵀ] + E[e eᵀ] H) + α² E[g gᵀ], where g gᵀ = (xᵀe − r)² xxᵀ.
    The average of the iterates, which leaves the start out, follows from the same numbers.

    Args:
        problem: the least squares.
        rates: α of every step, `(settings, steps)`.
        start: where all seeds begin, `(features,)`.
        at: the steps to keep, ascending, from 0 to `steps`.

    Returns:
        The moments at those steps; at step 0 the average is the start.

    Example:
        >>> mean = LeastSquares([[1.0], [1.0]], [0.0, 2.0])
        >>> moments(mean, [[0.5, 0.5]], [1.0], at=[0, 1, 2]).second.ravel().tolist()
        [0.0, 0.25, 0.3125]

    Source:
        F. Bach and E. Moulines, "Non-strongly-convex smooth stochastic approximation with convergence rate
        O(1/n)", 2013.
    """
    rates, at = np.atleast_2d(np.asarray(rates, float)), whole("at", at, 0, np.shape(rates)[-1])
    error = np.broadcast_to(np.asarray(start, float) - problem.solution, (len(rates), len(problem.hessian)))
    square = error[:, :, None] * error[:, None, :]
    state = (error, square, error, square, square)
    kept = []
    with np.errstate(over="ignore", invalid="ignore"):
        for begin, end in pairwise([0, *at.tolist()]):
            for step in range(begin, end):
                state = _next(problem, rates[:, step, None, None], step, state)
            kept.append(state[:4])
    return Moments(*(np.stack(parts, 1) for parts in zip(*kept, strict=True)))


def _next(problem: LeastSquares, lr: np.ndarray, step: int, state: tuple) -> tuple:
    """Mean, second moment, both of the average, and E[average · iterateᵀ], one step on."""
    mean, second, bar, bar_second, cross = state
    h, x, r = problem.hessian, problem.x, problem.residuals
    pairs = np.einsum("ni,nj->nij", x, x).reshape(len(x), -1)
    size = second.reshape(len(second), -1) @ pairs.T - 2 * r * (mean @ x.T) + r**2  # E (xᵀe − r)²
    noise = (size @ pairs).reshape(second.shape) / len(x)
    mean = mean - lr[:, :, 0] * (mean @ h)
    second = second - lr * (h @ second + second @ h) + lr**2 * noise
    cross = cross - lr * (cross @ h)
    both = cross + cross.swapaxes(1, 2)
    bar = (step * bar + mean) / (step + 1)
    bar_second = (step**2 * bar_second + step * both + second) / (step + 1) ** 2
    return mean, second, bar, bar_second, (step * cross + second) / (step + 1)
