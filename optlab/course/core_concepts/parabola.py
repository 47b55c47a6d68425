"""Gradient descent on one parabola: every step multiplies θ by 1 − αL."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.analysis.follow import Descent, follow

STEPS = 30
GOAL = 1e-6


def parabola(settings: dict[str, Any]) -> Descent:
    """Gradient descent on J = ½Lθ², `STEPS` steps from θ = 1.

    Args:
        settings: `lr` and `curvature`, which is L, each `(settings,)`.

    Returns:
        The descents, their paths `(settings, STEPS + 1, 1)`.

    Example:
        >>> run = parabola({"lr": np.array([0.5, 0.9]), "curvature": np.array([2.0, 2.0])})
        >>> run.path[:, :3, 0].round(2).tolist()
        [[1.0, 0.0, 0.0], [1.0, -0.8, 0.64]]

    Source:
        The article, section 2: learning rate.
    """
    curvature = torch.from_numpy(settings["curvature"])

    def loss(points: Tensor) -> Tensor:
        return curvature * points[:, 0] ** 2 / 2

    start = np.ones((len(curvature), 1))
    return follow(loss, start, settings=settings, tolerance=GOAL, lr=settings["lr"], steps=STEPS)


def expected_loss(lr: Any, curvature: Any) -> np.ndarray:
    """The loss after every step in closed form: J₀ (1 − αL)²ᵗ.

    Args:
        lr: α, a number or `(settings,)`.
        curvature: L, likewise.

    Returns:
        `(..., STEPS + 1)`.

    Example:
        >>> expected_loss(0.25, 2.0)[:3].tolist()
        [1.0, 0.25, 0.0625]
    """
    lr, curvature = np.asarray(lr)[..., None], np.asarray(curvature)[..., None]
    with np.errstate(over="ignore"):
        return curvature / 2 * (1 - lr * curvature) ** (2.0 * np.arange(STEPS + 1))
