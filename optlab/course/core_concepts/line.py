"""The smallest model there is: a line through twenty flowers, its parameters a point on a surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.validation import non_negative
from optlab.record import Record

__all__ = [
    "Point",
    "curvatures",
    "degrees_beside",
    "excess",
    "least_squares",
    "line_at",
    "line_gradient",
    "line_loss",
    "petals",
]

SHORT_PETAL = 4.0
"""Lengths are counted from here, in cm: θ₁ is then the width of a petal that some flowers really have."""


def petals() -> tuple[Tensor, Tensor]:
    """Every fifth iris versicolor and virginica: twenty petals.

    Returns:
        x, how much longer than 4 cm a petal is, and y, how wide it is, both in cm, `(20,)`, float64.

    Example:
        >>> x, y = petals()
        >>> len(x), x[:3].tolist(), y[:3].tolist()
        (20, [0.7, 0.5, -0.5], [1.4, 1.3, 1.0])

    Source:
        R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """
    from sklearn.datasets import load_iris  # noqa: PLC0415  (here, so that importing stays quick)

    measured = torch.from_numpy(load_iris().data[50::5])
    return torch.round(measured[:, 2] - SHORT_PETAL, decimals=1), measured[:, 3].clone()


def line_at(theta: Any, x: Any) -> Any:
    """The line's height θ₁ + θ₂x, for one θ `(2,)` and any x."""
    return theta[0] + theta[1] * x


@dataclass(frozen=True)
class Point(Record):
    """Lines, one a setting, each a point on the loss surface.

    Args:
        theta: θ₁ and θ₂, `(settings, 2)`.
        loss: J there, `(settings,)`.
        gradient: ∇J there, `(settings, 2)`.
        degrees: the angle between straight downhill and the way to the lowest point, `(settings,)`.
    """

    theta: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    degrees: np.ndarray


def line_loss(theta: Any, x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """How wrong the line θ₁ + θ₂x is: J = mean (θ₁ + θ₂x − y)² + λ (θ₁² + θ₂²).

    Args:
        theta: θ₁ and θ₂, `(..., 2)`.
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number, or an array that broadcasts against the result.

    Returns:
        The loss, `(...)`.

    Example:
        >>> line_loss([0.0, 1.0], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]), l2=0.5)
        tensor(2.5000, dtype=torch.float64)
    """
    theta = torch.as_tensor(theta, dtype=torch.float64)
    wrong = theta[..., :1] + theta[..., 1:] * x - y
    return (wrong**2).mean(-1) + torch.as_tensor(l2, dtype=torch.float64) * (theta**2).sum(-1)


def line_gradient(theta: Any, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of the line's mean squared error: 2/n Σ (θ₁ + θ₂x − y) (1, x).

    Args:
        theta: `(settings, 2)`.
        x: `(samples,)`, or `(settings, samples)` for samples of each setting's own.
        y: likewise.

    Returns:
        `(settings, 2)`.

    Example:
        >>> line_gradient([[0.0, 1.0]], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
        tensor([[-2., -4.]], dtype=torch.float64)
    """
    theta = torch.as_tensor(theta, dtype=torch.float64)
    wrong = theta[:, :1] + theta[:, 1:] * x - y
    return 2 * torch.stack([wrong.mean(1), (wrong * x).mean(1)], dim=1)


def least_squares(x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """The lowest point of `line_loss` in closed form: (XᵀX/n + λ)⁻¹ Xᵀy/n, with rows (1, x) in X.

    Args:
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number or `(settings,)`, 0 or above.

    Returns:
        θ₁ and θ₂, `(settings, 2)`.

    Raises:
        ValueError: if a λ is negative.

    Example:
        >>> least_squares(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])).round(decimals=6).tolist()
        [[1.0, 2.0]]

    Source:
        A. Hoerl and R. Kennard, "Ridge regression", Technometrics, 1970.
    """
    design = torch.stack([torch.ones_like(x), x], dim=1).double()
    l2 = torch.from_numpy(non_negative("l2", l2))[:, None, None]
    matrix = design.T @ design / len(x) + l2 * torch.eye(2, dtype=torch.float64)
    return torch.linalg.solve(matrix, (design.T @ y.double() / len(x)).expand(len(l2), 2))


def curvatures(x: Tensor, l2: float = 0.0) -> tuple[float, float]:
    """The smallest and the largest curvature of `line_loss`, μ and L: the eigenvalues of 2XᵀX/n, plus 2λ.

    Args:
        x: `(samples,)`; a single sample is a valley with a flat floor, μ = 0.
        l2: λ.

    Returns:
        μ and L.

    Example:
        >>> curvatures(torch.tensor([-1.0, 1.0]), l2=0.5)
        (3.0, 3.0)
    """
    design = torch.stack([torch.ones_like(x), x], dim=1).double()
    low, high = (torch.linalg.eigvalsh(2 * design.T @ design / len(x)) + 2 * l2).tolist()
    return low, high


def excess(x: Tensor, y: Tensor, l2: Any = 0.0) -> Callable[[Tensor], Tensor]:
    """How far `line_loss` is above its lowest value, as a function of θ; 0 at the lowest point.

    Args:
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number or `(settings,)`.

    Returns:
        A function from `(settings, 2)` to `(settings,)`, never below 0: ½ dᵀH d, with d the way
        to the lowest point.

    Example:
        >>> excess(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0]))(torch.tensor([[1.0, 3.0]]))
        tensor([0.5000], dtype=torch.float64)
    """
    lowest, strength = least_squares(x, y, l2), torch.from_numpy(non_negative("l2", l2))

    def above(theta: Tensor) -> Tensor:
        away = theta - lowest
        return ((away[..., :1] + away[..., 1:] * x) ** 2).mean(-1) + strength * (away**2).sum(-1)

    return above


def degrees_beside(theta: Tensor, x: Tensor, y: Tensor) -> np.ndarray:
    """The angle between straight downhill and the way to the lowest point.

    Args:
        theta: `(settings, 2)`.
        x: `(samples,)`.
        y: `(samples,)`.

    Returns:
        Degrees, 0 to 90, `(settings,)`.

    Example:
        >>> x, y = torch.tensor([-1.0, 1.0]), torch.tensor([0.0, 0.0])  # a round bowl around (0, 0)
        >>> degrees_beside(torch.tensor([[1.0, 2.0]]), x, y).round()
        array([0.])
    """
    away = torch.as_tensor(theta).double() - least_squares(x, y)
    cosine = torch.cosine_similarity(line_gradient(theta, x, y), away, dim=1)
    return torch.rad2deg(torch.arccos(cosine.clamp(-1, 1))).numpy()
