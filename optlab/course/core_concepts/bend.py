"""Gradient descent on the petals' loss with an L2 penalty: what the penalty bends."""

from typing import Any

import numpy as np
import torch

from optlab.course.core_concepts.line import START, least_squares, line_loss, optimality_gap, petals
from optlab.engine.analysis.follow import Descent, follow

STEPS = 40
GOAL = 1e-6
"""The optimality gap at which a run counts as converged."""


def bend(settings: dict[str, Any]) -> Descent:
    """Gradient descent on J₁ + λ(θ₁² + θ₂²), `STEPS` steps from `START`.

    Args:
        settings: `l2`, which is λ, and `lr`, each `(settings,)`.

    Returns:
        The descents; their loss is the optimality gap for each λ.

    Example:
        >>> bend({"l2": np.array([1.0]), "lr": np.array([0.1])}).reached_at
        array([24])

    Source:
        The article, sections 2 and 3.5.
    """
    gap = optimality_gap(*petals(), settings["l2"])
    start = np.tile(START, (len(settings["l2"]), 1))
    return follow(gap, start, settings=settings, lr=settings["lr"], steps=STEPS, tolerance=GOAL)


def minima(l2: Any) -> np.ndarray:
    """The minimum θ* for each λ.

    Args:
        l2: λ, `(settings,)`.

    Returns:
        `(settings, 2)`.
    """
    return least_squares(*petals(), l2).numpy()


def cut(l2: float, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The loss along the ray from 0 through the minimum, without and with the penalty.

    Args:
        l2: λ.
        distance: how far from 0, `(points,)`.

    Returns:
        J₁ and J = J₁ + λJ₂, each `(points,)`.

    Example:
        >>> data, both = cut(3.0, np.array([0.0, 1.0]))
        >>> (both - data).round(6)  # λ times the squared distance
        array([0., 3.])
    """
    x, y = petals()
    minimum = least_squares(x, y, l2)[0]
    along = torch.from_numpy((minimum / minimum.norm()).numpy() * distance[:, None])
    return line_loss(along, x, y).numpy(), line_loss(along, x, y, l2).numpy()
