"""How long the article's decay takes to a given share of the first rate."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["time_to_share"]


def time_to_share(delta: Any, p: Any, share: float = 0.5) -> Any:
    """The time at which α₀ (1/√(1 + δt))^p has fallen to a share of α₀: (share^(−2/p) − 1)/δ.

    Args:
        delta: δ, 0 or above.
        p: the exponent, above 0.
        share: above 0, at most 1.

    Returns:
        t, in the unit that δ is per; inf where δ is 0: a constant rate never falls.

    Example:
        >>> float(time_to_share(delta=0.1, p=2.0)), float(time_to_share(delta=0.1, p=1.0))
        (10.0, 30.0)

    Source:
        The article, section 3.4, solved for t.
    """
    with np.errstate(divide="ignore"):
        return (share ** (-2 / np.asarray(p, float)) - 1) / np.asarray(delta, float)
