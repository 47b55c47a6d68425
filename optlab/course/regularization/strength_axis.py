"""Axes of λ: logarithmic, with a place of its own for λ = 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

__all__ = ["place", "strength_axis"]


def place(strength: float, strengths: Sequence[float]) -> float:
    """Where a strength stands on the axis: at itself, and 0 half a decade below the smallest other.

    Args:
        strength: λ.
        strengths: all of the axis.

    Returns:
        A number above 0.

    Example:
        >>> place(0.1, [0.0, 0.01, 0.1]), round(place(0.0, [0.0, 0.01, 0.1]), 5)
        (0.1, 0.00316)
    """
    least = min(value for value in strengths if value > 0)
    return float(strength) if strength > 0 else least / 10**0.5


def strength_axis(ax: Axes, strengths: Sequence[float]) -> np.ndarray:
    """Make the x axis one of λ.

    Args:
        ax: the axes.
        strengths: every λ that will stand on it.

    Returns:
        Where each stands, `(strengths,)`.
    """
    places = np.array([place(strength, strengths) for strength in strengths])
    decades = [10.0**k for k in range(-6, 3) if min(s for s in strengths if s > 0) <= 10.0**k * 1.001]
    shown = [d for d in decades if d <= max(strengths) * 1.001]
    zero = [place(0.0, strengths)] if 0 in strengths else []
    ax.set(xscale="log", xlabel="strength λ", xlim=(places.min() / 1.25, places.max() * 1.25))
    ax.set_xticks([*zero, *shown], [*(["0"] if zero else []), *(f"{d:g}" for d in shown)])
    ax.xaxis.set_minor_locator(NullLocator())
    return places
