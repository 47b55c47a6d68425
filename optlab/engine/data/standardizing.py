"""Numbers with mean 0 and standard deviation 1 over the training samples, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Scale", "scaled_note", "standardized"]

ROUNDING = {np.dtype(kind): 8 * np.finfo(kind).eps for kind in (np.float32, np.float64)}
"""How far apart, next to their size, the values of a constant may lie after a few operations."""


@dataclass(frozen=True, eq=False)
class Scale:
    """What was subtracted from numbers, and what they were divided by.

    Args:
        mean: over the training samples, `(*shape,)`, float64.
        std: their standard deviation; 1 where they are all the same.

    Example:
        >>> scale = Scale(np.array(100.0), np.array(20.0))
        >>> float(scale.apply(130.0)), float(scale.undo(1.5))
        (1.5, 130.0)
    """

    mean: np.ndarray
    std: np.ndarray

    def apply(self, values: Any) -> np.ndarray:
        """Numbers as they were given, `(..., *shape)`, as they are trained on."""
        return (np.asarray(values, np.float64) - self.mean) / self.std

    def undo(self, values: Any) -> np.ndarray:
        """Numbers as they are trained on, `(..., *shape)`, as they were given."""
        return np.asarray(values, np.float64) * self.std + self.mean


def standardized(features: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, Scale]:
    """Shift and scale all samples by what the training samples say, as they alone are known in advance.

    A feature that is constant over the training samples, or would be but for rounding, is shifted only: it
    becomes 0 there, and its rounding does not become a signal.

    Args:
        features: of all samples, `(samples, *shape)`; every entry of a sample is a feature.
        train: which samples are for training, indices.

    Returns:
        The features, float64, and how they were scaled.

    Example:
        >>> table = np.array([[1.0, 0.1], [3.0, 0.1], [7.0, 0.3]])
        >>> values, scale = standardized(table, train=np.array([0, 1]))
        >>> values.round(9).tolist()
        [[-1.0, 0.0], [1.0, 0.0], [5.0, 0.2]]
        >>> scale.mean.tolist(), scale.std.tolist()
        ([2.0, 0.1], [1.0, 1.0])

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
    spread = np.sqrt(np.where(constant, 1.0, variance))
    scale = Scale(np.ldexp(mean, exponent), np.where(constant, 1.0, np.ldexp(spread, exponent)))
    return np.where(constant, alone, shifted / spread), scale


def scaled_note(scale: Scale) -> str:
    """A sentence on how targets were scaled.

    Example:
        >>> scaled_note(Scale(np.array(22.53), np.array(9.2)))
        'y: standardised, of mean 22.5 and standard deviation 9.2'
    """
    mean, std = (f"{float(f'{value:.3g}'):,.6g}" for value in (scale.mean, scale.std))
    return f"y: standardised, of mean {mean} and standard deviation {std}"
