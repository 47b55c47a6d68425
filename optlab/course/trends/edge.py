"""The edge of stability: gradient descent on a small tanh network, its loss and its sharpness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.analysis.curvature import sharpness
from optlab.engine.models.mlp import MLP
from optlab.engine.systems.threads import threads

__all__ = ["EVERY", "STEPS", "Edge", "edge", "network", "threshold", "wave_loss"]

STEPS, EVERY = 2000, 20
"""How many updates, and after how many of them each look."""

WIDTH, POINTS, DEGREE = 20, 20, 4
WARM = 5
"""Products with the Hessian a look: the direction of the look before is nearly the answer."""


def network() -> MLP:
    """Two hidden layers of 20 tanh units, from one number to one number: 481 parameters."""
    return MLP((1, WIDTH, WIDTH, 1), activation=torch.tanh)


def wave_loss(theta: Tensor) -> Tensor:
    """Mean squared error of the network on 20 points of Chebyshev's fourth polynomial.

    Args:
        theta: parameters, `(settings, 481)`.

    Returns:
        `(settings,)`.

    Example:
        >>> wave_loss(network().start(0).double()[None])
        tensor([0.5831], dtype=torch.float64)
    """
    x = torch.linspace(-1, 1, POINTS, dtype=theta.dtype)[:, None]
    y = torch.cos(DEGREE * torch.acos(x))
    return ((network()(theta, x[None]) - y) ** 2).mean((1, 2))


def threshold(lr: Any) -> Any:
    """The curvature above which steps overshoot by more and more: 2/α.

    Args:
        lr: α, a number or `(settings,)`.

    Returns:
        The threshold.

    Example:
        >>> threshold(0.1)
        20.0
    """
    return 2 / lr


@dataclass(frozen=True)
class Edge:
    """Runs of full-batch gradient descent: row *i* belongs to setting *i*.

    Args:
        settings: `lr` and `seed`, each `(settings,)`.
        steps: the steps at which the sharpness was taken, `(looks,)`.
        loss: the loss after every step, `(settings, steps + 1)`.
        sharpness: the largest eigenvalue of its Hessian, `(settings, looks)`.
    """

    settings: dict[str, np.ndarray]
    steps: np.ndarray
    loss: np.ndarray
    sharpness: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.loss)

    def select(self, rows: Any) -> Edge:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Edge(settings, self.steps, self.loss[rows], self.sharpness[rows])

    @property
    def relative(self) -> np.ndarray:
        """The sharpness as a share of its threshold, `(settings, looks)`."""
        return self.sharpness / threshold(self.settings["lr"])[:, None]

    @property
    def level(self) -> np.ndarray:
        """The median of that share over the last third of the run, `(settings,)`."""
        return np.median(self.relative[:, -len(self.steps) // 3 :], axis=1)


@threads(1)
def edge(settings: dict[str, Any], *, steps: int = STEPS, every: int = EVERY) -> Edge:
    """Descend at many rates, all at once, and watch the sharpness.

    Args:
        settings: `lr` and `seed`, each `(settings,)`.
        steps: how many updates.
        every: after how many of them to take the sharpness.

    Returns:
        The record.

    Example:
        >>> run = edge({"lr": np.array([0.1]), "seed": np.array([0])}, steps=40)
        >>> run.loss.shape, run.sharpness.round(1).tolist()
        ((1, 41), [[10.9, 11.1, 11.5]])

    Source:
        J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability", ICLR
        2021, section 3 and, for Chebyshev's polynomials, appendix E.
    """
    lr = torch.as_tensor(settings["lr"], dtype=torch.float64)[:, None]
    theta = torch.stack([network().start(int(seed)) for seed in settings["seed"]]).double()
    losses: list[Tensor] = []
    looks: list[Tensor] = []
    direction = None
    for step in range(steps + 1):
        leaf = theta.detach().requires_grad_()
        loss = wave_loss(leaf)
        losses.append(loss.detach())
        if step % every == 0:
            top, direction = sharpness(wave_loss, theta, direction, rounds=WARM if step else 30)
            looks.append(top)
        theta = theta - lr * torch.autograd.grad(loss.sum(), leaf)[0]
    curves = (torch.stack(part, dim=1).numpy() for part in (losses, looks))
    return Edge({k: np.asarray(v) for k, v in settings.items()}, np.arange(0, steps + 1, every), *curves)
