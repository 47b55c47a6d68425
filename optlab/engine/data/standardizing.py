"""Every feature with mean 0 and standard deviation 1 over the training samples."""

from __future__ import annotations

import numpy as np

__all__ = ["standardized"]

ROUNDING = {np.dtype(kind): 8 * np.finfo(kind).eps for kind in (np.float32, np.float64)}
"""How far apart, next to their size, the values of a constant may lie after a few operations."""


def standardized(features: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Shift and scale all samples by what the training samples say, as they alone are known in advance.

    A feature that is constant over the training samples, or would be but for rounding, is shifted only: it
    becomes 0 there, and its rounding does not become a signal.

    Args:
        features: of all samples, `(samples, *shape)`; every entry of a sample is a feature.
        train: which samples are for training, indices.

    Returns:
        The features, float64.

    Example:
        >>> table = np.array([[1.0, 0.1], [3.0, 0.1], [7.0, 0.3]])
        >>> standardized(table, train=np.array([0, 1])).round(9).tolist()
        [[-1.0, 0.0], [1.0, 0.0], [5.0, 0.2]]

    Source:
        `sklearn.preprocessing.StandardScaler`, whose bound for a constant feature this is: a variance below
        nεσ² + (nμε)², with ε of float64.
    """
    kind = np.dtype(features.dtype)
    features = features.astype(np.float64)
    _, exponent = np.frexp(np.abs(features[train]).max(axis=0))
    with np.errstate(over="ignore"):  # a test value may be out of all proportion: from_arrays refuses it
        features = np.ldexp(features, -exponent)  # exact; or squares of huge and tiny numbers would be lost
    part = features[train]
    n, mean, variance, eps = len(part), part.mean(axis=0), part.var(axis=0), np.finfo(np.float64).eps
    rounding = ROUNDING.get(kind, ROUNDING[np.dtype(np.float64)])
    constant = (variance <= n * eps * variance + (n * mean * eps) ** 2) | (
        np.ptp(part, axis=0) <= rounding * np.abs(part).max(axis=0)
    )
    shifted = features - mean
    rounded = np.abs(shifted) <= max(n * eps, rounding) * np.abs(mean)
    alone = np.where(rounded, 0.0, np.ldexp(shifted, exponent))
    return np.where(constant, alone, shifted / np.sqrt(np.where(constant, 1.0, variance)))
