"""How much goes through a network at once: memory is bounded where a sample is an image or a sequence.

A network makes many numbers of each that it takes in: a convolution with 16 channels 16, and so each layer.
Tables are small beside that, and an accelerator would rather have all of it at once: both are left whole.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

__all__ = ["settings_at_once", "split_samples"]

ROOM = 2**17
"""How many numbers go in at once, over settings and samples; a step keeps what it makes of them."""


def settings_at_once(rows: np.ndarray, x: Tensor, batch_size: int) -> list[np.ndarray]:
    """Cut settings that could share a run into runs whose steps fit.

    Args:
        rows: which settings.
        x: inputs, `(samples, *features)`.
        batch_size: how many of them a step takes.

    Returns:
        The runs, each with one setting or more.
    """
    most = _fitting(x, batch_size)
    return [rows] if most is None else np.split(rows, range(most, len(rows), most))


def split_samples(x: Tensor, settings: int) -> tuple[Tensor, ...]:
    """Cut inputs that are only to be measured into parts that fit for so many settings."""
    most = _fitting(x, settings)
    return (x,) if most is None else x.split(most)


def _fitting(x: Tensor, times: int) -> int | None:
    """How many inputs, each taken so many times, fit; None where there is no need to count."""
    if x.ndim == 2 or x.device.type != "cpu":
        return None
    return max(1, ROOM // (x[0].numel() * times))
