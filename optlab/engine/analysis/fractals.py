"""How rough a boundary is: it is covered with boxes, small and large, and they are counted."""

from __future__ import annotations

import numpy as np

__all__ = ["BOXES", "boxes", "dimension", "edges"]

BOXES = (1, 2, 4, 8, 16)
"""Sides of the boxes, in pixels."""


def edges(field: np.ndarray) -> np.ndarray:
    """The boundary between below 0 and not: the pixels whose square of four has both.

    Args:
        field: `(rows, columns)`.

    Returns:
        Booleans, `(rows, columns)`; none in the last row and column.

    Example:
        >>> edges(np.array([[-1.0, 1, 1], [-1, 1, 1], [-1, 1, 1]])).astype(int)
        array([[1, 0, 0],
               [1, 0, 0],
               [0, 0, 0]])
    """
    below = field < 0
    count = below[1:, 1:] + 1 * below[:-1, 1:] + below[1:, :-1] + below[:-1, :-1]
    return np.pad((count > 0) & (count < 4), (0, 1))


def boxes(field: np.ndarray) -> np.ndarray:
    """How many boxes of each size the boundary runs through.

    Args:
        field: `(n, n)`; n is a multiple of 16.

    Returns:
        As many counts as there are `BOXES`.

    Example:
        >>> upper = np.arange(160)[:, None] > np.full(160, 80)
        >>> boxes(np.where(upper, 1.0, -1.0))
        array([159,  80,  40,  20,  10])
    """
    line = edges(field)
    n = len(line)
    return np.array([line.reshape(n // side, side, n // side, side).any(axis=(1, 3)).sum() for side in BOXES])


def dimension(counts: np.ndarray) -> float:
    """The boundary's dimension: how often the number of boxes doubles when their side is halved.

    Args:
        counts: from `boxes`.

    Returns:
        About 1 for a smooth line, 2 for what fills the plane; NaN without a boundary.

    Example:
        >>> round(dimension(np.array([160, 80, 40, 20, 10])), 6)
        1.0
    """
    if not counts.all():
        return float("nan")
    return float(-np.polyfit(np.log2(BOXES), np.log2(counts), 1)[0])
