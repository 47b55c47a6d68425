"""One straight line through the petals: its loss, and where its gradient points."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record
from optlab.course.core_concepts.line import least_squares, line_gradient, line_loss, petals


@dataclass(frozen=True)
class Point(Record):
    """Lines, one a setting, each a point on the loss surface.

    Args:
        theta: θ₁ and θ₂, `(settings, 2)`.
        loss: J there, `(settings,)`.
        gradient: ∇J there, `(settings, 2)`.
        degrees: the angle between straight downhill and the way to the minimum, `(settings,)`.
    """

    theta: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    degrees: np.ndarray


def point(settings: dict[str, Any]) -> Point:
    """The loss and the gradient of straight lines through the petals.

    Args:
        settings: `theta1` and `theta2`, each `(settings,)`.

    Returns:
        The lines as points on the surface.

    Example:
        >>> point({"theta1": np.array([0.2]), "theta2": np.array([1.8])}).loss.round(2)
        array([1.39])

    Source:
        The article, section 2: loss function, gradient.
    """
    x, y = petals()
    theta = torch.from_numpy(np.stack([settings["theta1"], settings["theta2"]], axis=1))
    loss, gradient = line_loss(theta, x, y), line_gradient(theta, x, y)
    return Point(settings, theta.numpy(), loss.numpy(), gradient.numpy(), degrees_beside(theta, x, y))


def degrees_beside(theta: Tensor, x: Tensor, y: Tensor) -> np.ndarray:
    """The angle between straight downhill and the way to the minimum.

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


def best_height(theta2: float) -> float:
    """The θ₁ with the lowest loss for one θ₂."""
    x, y = petals()
    return float((y - theta2 * x).mean())


def best_slope(theta1: float) -> float:
    """The θ₂ with the lowest loss for one θ₁."""
    x, y = petals()
    return float((x * (y - theta1)).sum() / (x**2).sum())
