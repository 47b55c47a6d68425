"""Gradient noise in closed form: how much of it a batch has, and what it does to descent at a given rate.

All of it is exact for linear least squares, where the noise of one sample is known: at the point θ = θ* + e
sample i has the gradient xᵢ (xᵢ·e − rᵢ), with rᵢ its residual at the solution θ*.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from optlab.arguments import count, positive, whole
from optlab.least_squares import LeastSquares

__all__ = [
    "Moments",
    "batch_noise",
    "largest_noisy_rate",
    "moments",
    "noise_covariance",
    "parabola_gap",
    "parabola_variance",
    "reshuffled_gap",
    "stationary_covariance",
]


def batch_noise(variance: Any, batch_size: Any, samples: int, *, replacement: bool = False) -> Any:
    """The variance of a batch's mean gradient: (σ²/B) (N − B)/(N − 1), or σ²/B with replacement.

    Args:
        variance: σ², the variance of one sample's gradient over all N samples.
        batch_size: B, whole numbers from 1 to N; with replacement any from 1 on.
        samples: N.
        replacement: whether a sample can stand in a batch twice.

    Returns:
        The variance, in the shape that the arguments broadcast to.

    Raises:
        ValueError: if B is out of range.

    Example:
        >>> batch_noise(1.0, [1, 10, 20], samples=20).round(4).tolist()
        [1.0, 0.0526, 0.0]

    Source:
        W. G. Cochran, "Sampling techniques", 1977, section 2.5.
    """
    samples = count("samples", samples)
    most = np.inf if replacement else samples
    size = whole("batch_size", batch_size, 1, most, f"there are {samples} samples")
    left = 1.0 if replacement else (samples - size) / max(samples - 1, 1)
    return np.asarray(variance) / size * left


def noise_covariance(problem: LeastSquares, theta: Any = None) -> np.ndarray:
    """The covariance of one random sample's gradient, `(features, features)`.

    Args:
        problem: the least squares.
        theta: where, `(features,)`; at the solution if left out.

    Returns:
        E[g gᵀ] − E[g] E[g]ᵀ.

    Example:
        >>> noise_covariance(LeastSquares([[1.0], [1.0]], [0.0, 2.0]))
        array([[1.]])
    """
    grads = problem.gradients(problem.solution if theta is None else theta)
    grads = grads - grads.mean(0)
    return grads.T @ grads / len(problem)


# ---------------------------------------------------------------- a constant rate, one sample a step


def parabola_variance(lr: Any, curvature: Any, variance: Any) -> Any:
    """Where noise and pull balance on a parabola: Var θ = α σ² / (λ (2 − αλ)).

    θ ← θ − α (λθ + ξ) gives Var θ ← (1 − αλ)² Var θ + α² σ², which this solves.

    Args:
        lr: α.
        curvature: λ, above 0.
        variance: σ², that of the noise ξ, the same everywhere.

    Returns:
        The variance; inf from α = 2/λ on, where it grows for ever.

    Example:
        >>> parabola_variance(0.1, 1.0, 1.9).round(6), parabola_variance(2.0, 1.0, 1.0)
        (np.float64(0.1), np.float64(inf))

    Source:
        S. Mandt, M. Hoffman and D. Blei, "Stochastic gradient descent as approximate Bayesian inference",
        2017, for small α; the recursion above for all.
    """
    lr, curvature = np.asarray(lr, float), np.asarray(curvature, float)
    room = curvature * (2 - lr * curvature)
    return np.where(room > 0, lr * variance / np.where(room > 0, room, 1.0), np.inf)[()]


def parabola_gap(problem: LeastSquares, lr: Any) -> Any:
    """The mean loss above the smallest, were the noise the same everywhere: Σ ½ λ Var over eigen-directions.

    Args:
        problem: the least squares.
        lr: α, any shape.

    Returns:
        The gap, in α's shape.

    Example:
        >>> mean = LeastSquares([[1.0], [1.0]], [0.0, 2.0])
        >>> parabola_gap(mean, [0.5]).round(4)  # ½ · 0.5/1.5
        array([0.1667])
    """
    curvature, axes = np.linalg.eigh(problem.hessian)
    variance = np.diag(axes.T @ noise_covariance(problem) @ axes)
    lr = np.asarray(lr, float)[..., None]
    return (curvature / 2 * parabola_variance(lr, curvature, variance)).sum(-1)


def stationary_covariance(problem: LeastSquares, lr: float) -> np.ndarray:
    """Where the cloud of all seeds comes to rest, exactly: its covariance M solves

    HM + MH = α (E[(xᵀMx) xxᵀ] + E[r² xxᵀ]).

    Args:
        problem: the least squares; its samples are drawn one at a time, with replacement.
        lr: α, above 0.

    Returns:
        `(features, features)`; inf from `largest_noisy_rate` on.

    Example:
        >>> mean = LeastSquares([[1.0], [1.0]], [0.0, 2.0])
        >>> stationary_covariance(mean, 0.5).round(4)  # on a parabola it is `parabola_variance`
        array([[0.3333]])

    Source:
        A. Dieuleveut, A. Durmus and F. Bach, "Bridging the gap between constant step size stochastic gradient
        descent and Markov chains", 2020.
    """
    lr = float(positive("lr", lr)[0])
    pull, fourth = _pull(problem), _fourth(problem)
    if lr >= largest_noisy_rate(problem):
        return np.full_like(problem.hessian, np.inf)
    flat = np.linalg.solve(pull - lr * fourth, lr * noise_covariance(problem).ravel())
    return flat.reshape(problem.hessian.shape)


def largest_noisy_rate(problem: LeastSquares) -> float:
    """The rate from which on the spread over all seeds grows without bound; it lies below 2/L.

    Args:
        problem: the least squares; its samples are drawn one at a time, with replacement.

    Returns:
        The α at which HM + MH = α E[(xᵀMx) xxᵀ] first has a solution M.

    Example:
        >>> largest_noisy_rate(LeastSquares([[1.0], [1.0]], [0.0, 2.0]))  # the noise is the same everywhere
        2.0
    """
    growth = np.linalg.eigvals(np.linalg.solve(_pull(problem), _fourth(problem)))
    return float(1 / np.abs(growth).max())


def _pull(problem: LeastSquares) -> np.ndarray:
    """M ↦ HM + MH as a matrix on the flattened M."""
    one = np.eye(len(problem.hessian))
    return np.kron(problem.hessian, one) + np.kron(one, problem.hessian)


def _fourth(problem: LeastSquares) -> np.ndarray:
    """M ↦ E[(xᵀMx) xxᵀ] as a matrix on the flattened M."""
    pairs = _pairs(problem.x)
    return pairs.T @ pairs / len(problem)


def _pairs(x: np.ndarray) -> np.ndarray:
    """The flattened xxᵀ of every sample, `(samples, features²)`."""
    return np.einsum("ni,nj->nij", x, x).reshape(len(x), -1)


# ---------------------------------------------------------------- any rates, step by step


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
    size = second.reshape(len(second), -1) @ _pairs(x).T - 2 * r * (mean @ x.T) + r**2  # E (xᵀe − r)²
    noise = (size @ _pairs(x)).reshape(second.shape) / len(x)
    mean = mean - lr[:, :, 0] * (mean @ h)
    second = second - lr * (h @ second + second @ h) + lr**2 * noise
    cross = cross - lr * (cross @ h)
    both = cross + cross.swapaxes(1, 2)
    bar = (step * bar + mean) / (step + 1)
    bar_second = (step**2 * bar_second + step * both + second) / (step + 1) ** 2
    return mean, second, bar, bar_second, (step * cross + second) / (step + 1)


# ---------------------------------------------------------------- without replacement


def reshuffled_gap(problem: LeastSquares, lr: Any) -> Any:
    """The mean loss above the smallest at the end of an epoch, for small α, when every epoch is a new shuffle.

    To first order an epoch is a step of gradient descent with the rate αN: the gradients of all samples at
    the solution add up to 0. What is left is of second order, −α² Z with Z = Σ xᵢ xᵢᵀ (xⱼ rⱼ) over all pairs
    with j before i. Its mean moves the cloud by O(α), its covariance spreads it by O(α³):
    gap = α²/8 vᵀ H⁻¹ v + α³ tr Cov(Z) / (4N), with v = E[|x|² r x].

    Args:
        problem: the least squares.
        lr: α, any shape; small next to 1/(N L).

    Returns:
        The gap, in α's shape.

    Example:
        >>> mean = LeastSquares([[1.0], [1.0]], [0.0, 2.0])
        >>> reshuffled_gap(mean, 0.1).round(6)  # Z is −1 or 1, so it is 0.1³ / 8
        np.float64(0.000125)

    Source:
        Our own second-order expansion; K. Mishchenko, A. Khaled and P. Richtárik, "Random reshuffling: simple
        analysis with vast improvements", 2020, prove a bound of the order α² N.
    """
    v = ((problem.x**2).sum(1) * problem.residuals) @ problem.x / len(problem)
    bias = v @ np.linalg.solve(problem.hessian, v) / 8
    spread = np.trace(_pair_covariance(problem)) / (4 * len(problem))
    lr = np.asarray(lr, float)
    return lr**2 * bias + lr**3 * spread


def _pair_covariance(problem: LeastSquares) -> np.ndarray:
    """Cov(Z) over all orders, from how often two pairs both stand in their order in a random one."""
    n, x = len(problem), problem.x
    terms = (x @ x.T * problem.residuals)[:, :, None] * x[:, None]  # [i, j] = xᵢ (xᵢ·xⱼ) rⱼ
    late, early = (part.ravel() for part in np.indices((n, n)))
    terms, late, early = (part[late != early] for part in (terms.reshape(n * n, -1), late, early))
    same_late, same_early = late[:, None] == late, early[:, None] == early
    chain = (late[:, None] == early).astype(int) + (early[:, None] == late)
    both = np.full((len(late), len(late)), 1 / 4)
    both[same_late | same_early] = 1 / 3
    both[same_late & same_early] = 1 / 2
    both[chain == 1] = 1 / 6
    both[chain == 2] = 0  # (i before j) and (j before i)
    return terms.T @ (both - 1 / 4) @ terms
