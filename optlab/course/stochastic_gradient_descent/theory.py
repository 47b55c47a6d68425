"""Gradient noise in closed form: how much of it a batch has, and what it does to descent at a given rate.

All of it is exact for linear least squares, where the noise of one sample is known: at the point θ = θ* + e
sample i has the gradient xᵢ (xᵢ·e − rᵢ), with rᵢ its residual at the solution θ*.
"""

from typing import Any

import numpy as np

from optlab.engine.analysis.least_squares import LeastSquares
from optlab.engine.validation import positive


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
        The variance; inf from α = 2/λ on, where it grows without bound.

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
    """The mean optimality gap, were the noise the same everywhere: Σ ½ λ Var over eigen-directions.

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
    """The covariance M at which the cloud of all seeds comes to rest, exactly.

    HM + MH = α (E[(xᵀMx) xxᵀ] + E[r² xxᵀ]): pull, and the noise of a slope and a residual.

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


def best_possible_gap(problem: LeastSquares, steps: Any) -> np.ndarray:
    """The smallest mean optimality gap that t random samples allow in the long run: tr(H⁻¹S) / 2t.

    The average of the iterates attains it if α falls to 0, slower than 1/t; `average_ratio` says how close it
    comes at a constant rate.

    Args:
        problem: the least squares.
        steps: t, any shape; inf comes for 0.

    Returns:
        The gap, in the shape of t.

    Example:
        >>> best_possible_gap(LeastSquares([[1.0], [1.0]], [0.0, 2.0]), [1, 10])  # σ²/2t: the mean of t draws
        array([0.5 , 0.05])

    Source:
        B. Polyak and A. Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
    """
    price = np.trace(np.linalg.solve(problem.hessian, noise_covariance(problem))) / 2
    with np.errstate(divide="ignore"):
        return price / np.asarray(steps, float)


def average_ratio(problem: LeastSquares, lr: float) -> float:
    """The average's mean gap over `best_possible_gap`, in the long run at a constant rate.

    With M the covariance at which the cloud rests, each gradient has the noise S + E[(xxᵀ − H) M (xxᵀ − H)]:
    the walk is not at the solution, and away from it the gradients differ more.

    Args:
        problem: the least squares; its samples are drawn one at a time, with replacement.
        lr: α, above 0.

    Returns:
        1 or above, and 1 only in the limit of small α; inf from `largest_noisy_rate` on.

    Example:
        >>> from optlab.engine.analysis.least_squares import fitness_club
        >>> [round(average_ratio(fitness_club(), lr), 2) for lr in (0.02, 0.15, 0.5)]
        [1.02, 1.17, 2.71]

    Source:
        F. Bach and E. Moulines, "Non-strongly-convex smooth stochastic approximation with convergence rate
        O(1/n)", 2013.
    """
    rest, noise = stationary_covariance(problem, lr), noise_covariance(problem)
    if not np.isfinite(rest).all():
        return float("inf")
    swing = np.einsum("ni,nj->nij", problem.x, problem.x) - problem.hessian
    more = (swing @ rest @ swing).mean(0)
    prices = [np.trace(np.linalg.solve(problem.hessian, part)) for part in (noise + more, noise)]
    return float(prices[0] / prices[1])
