"""Surfaces over a plane to descend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.validation import positive

__all__ = ["SURFACES", "Surface", "beale", "parts", "ravine", "rosenbrock", "saddle", "start_at"]

TURN = 0.4
"""How far the ravine is turned, in radians: a path along an axis would hide that both coordinates matter."""


@dataclass(frozen=True)
class Surface:
    """A function of two variables, and what a figure of it must know.

    Args:
        name: in words.
        fn: takes points `(settings, 2)`, gives heights `(settings,)`.
        limits: left, right, bottom and top of its picture.
        minima: its minima, where the height is 0.
        starts: good places to begin, by name.
    """

    name: str
    fn: Callable[[Tensor], Tensor]
    limits: tuple[float, float, float, float]
    minima: tuple[tuple[float, float], ...]
    starts: dict[str, tuple[float, float]]


# ---------------------------------------------------------------- the ravine: a quadratic


def axes_of_ravine() -> Tensor:
    """The two eigen-directions as rows `(2, 2)`: along the valley floor, and across it."""
    cos, sin = np.cos(TURN), np.sin(TURN)
    return torch.tensor([[cos, sin], [-sin, cos]], dtype=torch.float64)


def parts(points: Any, kappa: Any = 1.0) -> Tensor:
    """The loss of the ravine split in two: ½ u² along the valley, ½ κ v² across it.

    Args:
        points: `(settings, ..., 2)`.
        kappa: κ, a number or `(settings,)`.

    Returns:
        `(settings, ..., 2)`, along and across; their sum is the loss.

    Example:
        >>> parts([[1.0, 0.0]], kappa=10.0).sum(-1)
        tensor([1.1824], dtype=torch.float64)

    Source:
        G. Goh, "Why momentum really works", Distill, 2017.
    """
    points = torch.as_tensor(points, dtype=torch.float64)
    kappa = torch.as_tensor(positive("kappa", kappa)).reshape(-1, *[1] * (points.ndim - 1))
    curvature = torch.cat([torch.ones_like(kappa), kappa], dim=-1)
    return curvature * (points @ axes_of_ravine().T) ** 2 / 2


def ravine(kappa: Any = 1.0) -> Callable[[Tensor], Tensor]:
    """A valley that is κ times as curved across as along: f = ½ (u² + κ v²), lowest at 0.

    u and v are the coordinates along and across, turned a little against the axes. The curvatures are
    μ = 1 and L = κ, so κ is the condition number; κ = 1 is a round bowl.

    Args:
        kappa: κ, a number or `(settings,)`, 1 or above.

    Returns:
        The function for `descend`.

    Raises:
        ValueError: if κ is not above 0.

    Example:
        >>> ravine(10.0)(torch.tensor([[0.0, 0.0], [1.0, 0.0]], dtype=torch.float64))
        tensor([0.0000, 1.1824], dtype=torch.float64)
    """
    kappa = positive("kappa", kappa)
    return lambda points: parts(points, kappa).sum(-1)


def start_at(angle: Any, radius: float = 2.0) -> np.ndarray:
    """A point at an angle to the ravine's floor.

    Args:
        angle: in degrees, a number or `(settings,)`; 0 lies on the floor, 90 straight up the wall.
        radius: its distance from the minimum.

    Returns:
        `(settings, 2)`.

    Example:
        >>> start_at(0.0, radius=1.0).round(3)
        array([[0.921, 0.389]])
    """
    turned = np.deg2rad(np.atleast_1d(angle)) + TURN
    return radius * np.stack([np.cos(turned), np.sin(turned)], axis=-1)


# ---------------------------------------------------------------- three that are not


def rosenbrock(points: Tensor) -> Tensor:
    """A bent valley: f = (1 − x)² + 100 (y − x²)², lowest at (1, 1).

    Args:
        points: `(settings, 2)`.

    Returns:
        `(settings,)`.

    Example:
        >>> rosenbrock(torch.tensor([[1.0, 1.0], [0.0, 0.0]]))
        tensor([0., 1.])

    Source:
        H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960.
    """
    x, y = points.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def saddle(points: Tensor) -> Tensor:
    """A pass between two hollows: f = ½ x² + ¼ (y² − 1)², lowest at (0, ±1), flat at (0, 0).

    Args:
        points: `(settings, 2)`.

    Returns:
        `(settings,)`.

    Example:
        >>> saddle(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
        tensor([0.0000, 0.2500])

    Source:
        The shape is in Y. Nesterov, "Introductory lectures on convex optimization", 2004, section 1.2.3.
    """
    x, y = points.unbind(-1)
    return x**2 / 2 + (y**2 - 1) ** 2 / 4


def beale(points: Tensor) -> Tensor:
    """Flat floors between steep corners: f = (3/2 − x + xy)² + (9/4 − x + xy²)² + (21/8 − x + xy³)².

    Lowest at (3, ½).

    Args:
        points: `(settings, 2)`.

    Returns:
        `(settings,)`.

    Example:
        >>> beale(torch.tensor([[3.0, 0.5], [0.0, 0.0]]))
        tensor([ 0.0000, 14.2031])

    Source:
        E. Beale, "On an iterative method for finding a local minimum of a function of more than one
        variable", 1958.
    """
    x, y = points.unbind(-1)
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _named(*places: tuple[float, float]) -> dict[str, tuple[float, float]]:
    return dict(zip("ABCDEF", places, strict=True))


SURFACES = {
    surface.name: surface
    for surface in (
        Surface(
            "Rosenbrock's valley",
            rosenbrock,
            (-2.0, 2.0, -0.8, 2.2),
            ((1.0, 1.0),),
            _named((-1.2, 1.0), (0.0, 2.0), (-0.5, -0.5), (-1.7, 2.0), (1.6, 1.5), (0.8, -0.6)),
        ),
        Surface(
            "saddle",
            saddle,
            (-2.2, 2.2, -1.6, 1.6),
            ((0.0, 1.0), (0.0, -1.0)),
            _named((-1.8, 0.01), (-1.8, 0.0), (1.8, -0.3), (-1.0, 1.3), (0.9, 0.3), (1.6, 1.2)),
        ),
        Surface(
            "Beale's function",
            beale,
            (-1.0, 4.2, -2.0, 1.9),
            ((3.0, 0.5),),
            _named((1.0, 1.5), (0.0, -1.0), (3.5, -0.6), (-0.5, 0.8), (2.0, -1.5), (3.8, 1.4)),
        ),
    )
}
"""The surfaces that are no quadratics, by name."""
