"""Samples without replacement: where a constant rate comes to rest when every epoch is a new shuffle."""

from typing import Any

import numpy as np

from optlab.engine.analysis.least_squares import LeastSquares


def reshuffled_gap(problem: LeastSquares, lr: Any) -> Any:
    """The mean optimality gap at the end of an epoch, when every epoch is a new shuffle and α small.

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
    """Cov(Z) over all orders, from how often two pairs are both in their order in a random one."""
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
