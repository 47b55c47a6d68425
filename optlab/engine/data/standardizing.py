"""Every feature with mean 0 and standard deviation 1 over the training samples."""

from __future__ import annotations

import numpy as np

__all__ = ["standardized"]


def standardized(features: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Shift and scale all samples by what the training samples say, as they alone are known in advance.

    Args:
        features: of all samples, `(samples, features)`.
        train: which samples are for training, indices.

    Returns:
        The features, scaled.
    """
    spread = features[train].std(axis=0)
    return (features - features[train].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
