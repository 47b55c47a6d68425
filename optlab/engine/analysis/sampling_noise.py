"""The noise of a random batch's gradient, and the ellipse that holds 95% of a noisy cloud."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.engine.validation import count, whole

__all__ = ["RADIUS", "batch_noise", "ellipse"]

RADIUS = float(np.sqrt(-2 * np.log(0.05)))
"""The ellipse of this many standard deviations holds 95% of a normal cloud in two dimensions."""


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


def ellipse(center: Any, covariance: Any, points: int = 73) -> np.ndarray:
    """The line that holds 95% of a normal cloud.

    Args:
        center: `(2,)`.
        covariance: `(2, 2)`.
        points: how many, the first again at the end.

    Returns:
        `(points, 2)`; NaN where the covariance is not finite.

    Example:
        >>> ellipse([1.0, 0.0], np.eye(2), points=5).round(2).tolist()[:2]
        [[3.45, 0.0], [1.0, 2.45]]
    """
    if not np.isfinite(covariance).all():
        return np.full((points, 2), np.nan)
    turn = np.linspace(0, 2 * np.pi, points)
    variance, axes = np.linalg.eigh(covariance)
    root = axes * np.sqrt(np.maximum(variance, 0)) @ axes.T
    return np.asarray(center) + RADIUS * np.stack([np.cos(turn), np.sin(turn)], 1) @ root
