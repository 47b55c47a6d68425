"""An axis of λ: logarithmic, with a place of its own for λ = 0."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def places(strengths: Any, axis: Sequence[float]) -> np.ndarray:
    """Where strengths stand on the axis: each at itself, and 0 half a decade below the smallest other.

    Args:
        strengths: λ, any shape.
        axis: every λ of the axis.

    Returns:
        Numbers above 0, of the same shape.

    Example:
        >>> places([0.1, 0.0], [0.0, 0.01, 0.1]).round(5)
        array([0.1    , 0.00316])
    """
    smallest = min(value for value in axis if value > 0)
    return np.where(np.asarray(strengths) > 0, strengths, smallest / 10**0.5)


def strength_axis(ax: Any, strengths: Sequence[float]) -> np.ndarray:
    """Make the x axis one of λ.

    Args:
        ax: the matplotlib axes.
        strengths: every λ that will stand on it, 0 among them.

    Returns:
        Where each stands, `(strengths,)`.
    """
    x, smallest = places(strengths, strengths), min(value for value in strengths if value > 0)
    decades = [10.0**k for k in range(-6, 3) if smallest / 1.001 <= 10.0**k <= max(strengths) * 1.001]
    ax.set(xscale="log", xlabel="strength λ", xlim=(x.min() / 1.25, x.max() * 1.25))
    ax.set_xticks([x.min(), *decades], ["0", *(f"{decade:g}" for decade in decades)])
    ax.minorticks_off()
    return x
