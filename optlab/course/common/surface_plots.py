"""A surface over two parameters, drawn as contours, and where a path leaves the picture."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from optlab.live.plots.style import DEPTH

Limits = tuple[float, float, float, float]


def draw_contours(ax: Axes, limits: Limits, height: np.ndarray, levels: Any) -> list:
    """Draw filled contours with thin white lines.

    Args:
        ax: where.
        limits: left, right, bottom and top of the grid that the heights are known on.
        height: `(rows, columns)`, the first row at the bottom.
        levels: how many, or their heights.

    Returns:
        What was drawn.
    """
    rows, columns = height.shape
    x, y = np.linspace(*limits[:2], columns), np.linspace(*limits[2:], rows)
    fill = ax.contourf(x, y, height, levels, cmap=DEPTH, zorder=0)
    lines = ax.contour(x, y, height, levels, colors="white", linestyles="solid", linewidths=0.6, zorder=0.5)
    return [fill, lines]


def contours(
    ax: Axes, fn: Callable[[Tensor], Tensor], limits: Limits, minima: Sequence[tuple[float, float]]
) -> list:
    """Draw the contours of a surface, close enough at the bottom to show its shape, and its minima.

    Args:
        ax: where.
        fn: the surface, points `(settings, 2)` to heights `(settings,)`, never below 0.
        limits: left, right, bottom and top of the picture.
        minima: the points to mark with a plus sign.

    Returns:
        What was drawn.
    """
    x, y = np.meshgrid(np.linspace(*limits[:2], 160), np.linspace(*limits[2:], 120))
    height = fn(torch.as_tensor(np.stack([x, y], -1).reshape(-1, 2))).numpy().reshape(x.shape)
    height = np.log10(height + 0.01 * np.median(height))
    drawn = draw_contours(ax, limits, height, np.linspace(height.min(), height.max(), 15))
    return drawn + ax.plot(*np.transpose(minima), "+", color="black", markersize=9, zorder=1)


def way_out(path: np.ndarray, limits: Limits) -> np.ndarray:
    """The point of a picture's border at which a path leaves it for good.

    Args:
        path: `(points, 2)`; at least one point is inside.
        limits: left, right, bottom and top of the picture.

    Returns:
        `(2,)`; the path's last known point if it never leaves.

    Example:
        >>> way_out(np.array([[0.0, 0.0], [4.0, 2.0]]), (-1, 1, -1, 1)).tolist()
        [1.0, 0.5]
    """
    low, high = np.array(limits[::2]), np.array(limits[1::2])
    inside = np.flatnonzero(((low <= path) & (path <= high)).all(1))[-1]
    here, there = path[inside], path[min(inside + 1, len(path) - 1)]
    move = there - here
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(move > 0, high - here, low - here) / move  # in each direction, in steps
    return here + move * min(1.0, np.nanmin(np.where(move == 0, np.nan, reach)))
