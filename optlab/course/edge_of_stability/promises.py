"""Gradient descent on least squares beside what theory guarantees: two bounds and the descent lemma."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from optlab import Record, descend
from optlab.engine.analysis.quadratic import worst_factor

STEPS = 1000
DIRECTIONS = 30
"""The number of curvatures, evenly spaced on a log axis from 1/κ to L = 1."""


def curvatures(kappa: Any) -> np.ndarray:
    """The curvatures of the least-squares problem; the largest is 1.

    Args:
        kappa: κ, a number or `(settings,)`, 1 or above.

    Returns:
        The curvatures, ascending, `(settings, 30)`.

    Example:
        >>> curvatures(100.0)[0, [0, -1]].tolist()
        [0.01, 1.0]
    """
    return np.atleast_1d(kappa).astype(float)[:, None] ** np.linspace(-1, 0, DIRECTIONS)


def slow_bound(first: Any, distance: Any, lr: Any, steps: int) -> np.ndarray:
    """The bound that needs no μ: J_t − J* ≤ 2 d r² / (2 r² + t α (2 − αL) d), with L = 1 here.

    Args:
        first: d, the optimality gap at the start, `(settings,)`.
        distance: r, the distance of the start from the minimum, `(settings,)`.
        lr: α, `(settings,)`; there is no bound from 2 on.
        steps: the number of steps.

    Returns:
        `(settings, steps + 1)`, NaN where there is no bound.

    Example:
        >>> slow_bound(1.0, 1.0, 1.0, steps=4).round(3).tolist()
        [[1.0, 0.667, 0.5, 0.4, 0.333]]

    Source:
        Y. Nesterov, "Introductory lectures on convex optimization", 2004, theorem 2.1.14.
    """
    d, square, lr = (np.atleast_1d(v).astype(float)[:, None] for v in (first, np.square(distance), lr))
    bound = 2 * d * square / (2 * square + np.arange(steps + 1) * lr * np.maximum(2 - lr, 0) * d)
    return np.where(lr < 2, bound, np.nan)


def linear_bound(first: Any, kappa: Any, lr: Any, steps: int) -> np.ndarray:
    """The bound that knows μ = 1/κ: J_t − J* ≤ ρ²ᵗ (J₀ − J*), where ρ is the worst factor of a step.

    Args:
        first: J₀ − J*, `(settings,)`.
        kappa: κ, `(settings,)`.
        lr: α, `(settings,)`; there is no bound from 2 on.
        steps: the number of steps.

    Returns:
        `(settings, steps + 1)`, NaN where there is no bound.

    Example:
        >>> linear_bound(1.0, 2.0, 1.0, steps=2).tolist()
        [[1.0, 0.25, 0.0625]]
    """
    first, kappa, lr = (np.atleast_1d(v).astype(float)[:, None] for v in (first, kappa, lr))
    rho = np.asarray(worst_factor(1 / kappa, 1.0, lr), dtype=float)
    with np.errstate(under="ignore", over="ignore"):
        return np.where(lr < 2, first * rho ** (2.0 * np.arange(steps + 1)), np.nan)


@dataclass(frozen=True)
class Promises(Record):
    """Gradient descent on least squares beside its guarantees.

    Args:
        settings: `lr`, in units of 1/L, and `kappa`, each `(settings,)`.
        loss: the optimality gap, `(settings, steps + 1)`.
        slow: the bound that falls like 1/t, of the same shape; NaN from α = 2/L on.
        linear: the bound that falls like ρ²ᵗ, likewise.
        gain: by how much each step lowers the loss, `(settings, steps)`.
        promised: what the descent lemma guarantees of it, α(1 − αL/2)‖g‖², `(settings, steps)`.
    """

    loss: np.ndarray
    slow: np.ndarray
    linear: np.ndarray
    gain: np.ndarray
    promised: np.ndarray

    @property
    def bound(self) -> np.ndarray:
        """The lower of the two bounds, `(settings, steps + 1)`; NaN where there is none."""
        return np.minimum(self.slow, self.linear)


def promises(settings: dict[str, Any], steps: int = STEPS) -> Promises:
    """Start at distance 1 along every direction, and compare each step with theory.

    Args:
        settings: `lr`, α in units of 1/L, and `kappa`, each `(settings,)`.
        steps: the number of steps.

    Returns:
        The record.

    Example:
        >>> run = promises({"lr": np.array([1.0]), "kappa": np.array([10.0])}, steps=50)
        >>> bool((run.loss <= run.bound * (1 + 1e-9)).all())
        True
    """
    lr, kappa = (np.asarray(settings[name], dtype=float) for name in ("lr", "kappa"))
    h = torch.as_tensor(curvatures(kappa))
    path = descend(
        lambda theta: (h * theta**2).sum(-1) / 2,
        torch.ones(len(lr), DIRECTIONS, dtype=torch.float64),
        lr=lr,
        steps=steps,
    )
    loss = ((h[:, None] * path**2).sum(-1) / 2).numpy()
    slope = ((h[:, None] * path) ** 2).sum(-1).numpy()[:, :-1]
    return Promises(
        {"lr": lr, "kappa": kappa},
        loss,
        slow_bound(loss[:, 0], DIRECTIONS**0.5, lr, steps),
        linear_bound(loss[:, 0], kappa, lr, steps),
        loss[:, :-1] - loss[:, 1:],
        (lr * (1 - lr / 2))[:, None] * slope,
    )
