"""Which samples are for training and which for the test."""

from __future__ import annotations

import numpy as np

from optlab.engine.validation import between, whole

__all__ = ["split"]


def split(samples: int, strata: np.ndarray | None, fraction: float, seed: int) -> list[np.ndarray]:
    """Indices of the training samples and of the test samples.

    Args:
        samples: how many there are.
        strata: the class of each, to be represented equally in both parts; None for a regression.
        fraction: share of the samples kept for testing.
        seed: of the split.
    """
    from sklearn.model_selection import train_test_split

    share = float(between("test_fraction", fraction)[0])
    state = int(whole("seed", seed, 0, 2**32 - 1)[0])
    try:
        return train_test_split(np.arange(samples), test_size=share, random_state=state, stratify=strata)
    except ValueError as error:  # every class must be in both parts
        raise ValueError(
            f"test_fraction={fraction}: expected a share of {samples} samples that leaves each part one "
            f"sample of each class at least ({error})"
        ) from error
