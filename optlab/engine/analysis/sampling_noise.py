"""The noise of sampled gradients: how much of it a batch has, and the ellipse that a noisy cloud fills."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.engine.validation import count, whole

__all__ = ["RADIUS", "batch_noise", "ellipse", "fraction_inside"]

RADIUS = float(np.sqrt(-2 * np.log(0.05)))
"""An ellipse of this many standard deviations holds 95% of a normal distribution in two dimensions."""


def batch_noise(variance: Any, batch_size: Any, samples: int, *, replacement: bool = False) -> Any:
    """The variance of a batch's mean gradient: (σ²/B) (N − B)/(N − 1), or σ²/B with replacement.

    Args:
        variance: σ², the variance of one sample's gradient over all N samples.
        batch_size: B, whole numbers from 1 to N; with replacement any from 1 on.
        samples: N.
        replacement: whether a sample can be in a batch twice.

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


def ellipse(center: Any, covariance: Any, points: int = 73) -> np.ndarray:
    """The outline that holds 95% of a normal distribution.

    Args:
        center: `(..., 2)`.
        covariance: `(..., 2, 2)`.
        points: how many points the outline has; the last is the first again.

    Returns:
        `(..., points, 2)`; NaN where the covariance is not finite.

    Example:
        >>> ellipse([1.0, 0.0], np.eye(2), points=5).round(2).tolist()[:2]
        [[3.45, 0.0], [1.0, 2.45]]
    """
    covariance = np.asarray(covariance, float)
    known = np.isfinite(covariance).all((-2, -1))[..., None, None]
    variance, axes = np.linalg.eigh(np.where(known, covariance, np.eye(2)))
    root = (axes * np.sqrt(np.maximum(variance, 0))[..., None, :]) @ axes.swapaxes(-2, -1)
    turn = np.linspace(0, 2 * np.pi, points)
    outline = RADIUS * np.stack([np.cos(turn), np.sin(turn)], 1) @ root
    return np.where(known, np.asarray(center)[..., None, :] + outline, np.nan)


def fraction_inside(points: np.ndarray, center: Any, covariance: Any) -> float:
    """The fraction of a cloud that lies inside its 95% ellipse.

    Args:
        points: `(seeds, 2)`.
        center: `(2,)`.
        covariance: `(2, 2)`.

    Returns:
        From 0 to 1; NaN if the covariance is not finite or has no inverse.

    Example:
        >>> fraction_inside(np.array([[0.0, 0.0], [3.0, 0.0]]), [0.0, 0.0], np.eye(2))
        0.5
    """
    if not np.isfinite(covariance).all() or np.linalg.det(covariance) <= 0:
        return float("nan")
    away = points - np.asarray(center)
    return float(((away @ np.linalg.inv(covariance) * away).sum(1) <= RADIUS**2).mean())
