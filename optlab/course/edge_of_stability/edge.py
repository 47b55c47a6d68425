"""The edge of stability: loss and sharpness of a small tanh network under gradient descent."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import MLP, Record, grid, shared
from optlab.engine.analysis.curvature import sharpness
from optlab.engine.systems.threads import threads

LRS, SEEDS = (0.07, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18), (0, 1, 2, 3)
STEPS, EVERY = 2000, 20
"""The number of steps, and the number of steps between two measurements of the sharpness."""

WIDTH, POINTS, DEGREE = 20, 20, 4
FIRST_ROUNDS, ROUNDS = 30, 5
"""Hessian products per measurement; after the first, the previous direction is nearly the answer."""


def network() -> MLP:
    """Two hidden layers of 20 tanh units, from one number to one number: 481 parameters."""
    return MLP((1, WIDTH, WIDTH, 1), activation=torch.tanh)


def wave_loss(theta: Tensor) -> Tensor:
    """Mean squared error of the network on 20 points of the fourth Chebyshev polynomial.

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
    """The curvature above which gradient descent on a parabola diverges: 2/α.

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
class Edge(Record):
    """Runs of full-batch gradient descent.

    Args:
        settings: `lr` and `seed`, each `(settings,)`.
        loss: the loss before the first step and after each, `(settings, steps + 1)`.
        sharpness: the largest eigenvalue of the Hessian, `(settings, measurements)`.
        steps: the steps at which it was measured, `(measurements,)`.
    """

    loss: np.ndarray
    sharpness: np.ndarray
    steps: np.ndarray = shared()

    @property
    def relative(self) -> np.ndarray:
        """The sharpness as a fraction of its threshold, `(settings, measurements)`."""
        return self.sharpness / threshold(self.settings["lr"])[:, None]

    @property
    def level(self) -> np.ndarray:
        """The median of that fraction over the last third of the run, `(settings,)`."""
        return np.median(self.relative[:, -len(self.steps) // 3 :], axis=1)


@threads(1)
def edge(settings: dict[str, Any], *, steps: int = STEPS, every: int = EVERY) -> Edge:
    """Run gradient descent for all settings at once, and measure the sharpness on the way.

    Args:
        settings: `lr` and `seed`, each `(settings,)`.
        steps: the number of steps.
        every: the number of steps between two measurements of the sharpness.

    Returns:
        The record.

    Example:
        >>> run = edge({"lr": np.array([0.1]), "seed": np.array([0])}, steps=40)
        >>> run.loss.shape, run.sharpness.round(1).tolist()
        ((1, 41), [[10.9, 11.1, 11.5]])

    Source:
        J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability", ICLR
        2021, section 3 and, for the Chebyshev polynomials, appendix E.
    """
    lr = torch.as_tensor(settings["lr"], dtype=torch.float64)[:, None]
    theta = torch.stack([network().start(int(seed)) for seed in settings["seed"]]).double()
    losses: list[Tensor] = []
    measured: list[Tensor] = []
    direction = None
    for step in range(steps + 1):
        leaf = theta.detach().requires_grad_()
        value = wave_loss(leaf)
        losses.append(value.detach())
        if step % every == 0:
            top, direction = sharpness(wave_loss, theta, direction, rounds=ROUNDS if step else FIRST_ROUNDS)
            measured.append(top)
        theta = theta - lr * torch.autograd.grad(value.sum(), leaf)[0]
    loss, sharp = (torch.stack(part, dim=1).numpy() for part in (losses, measured))
    columns = {name: np.asarray(column) for name, column in settings.items()}
    return Edge(columns, loss, sharp, np.arange(0, steps + 1, every))


def edge_runs() -> Edge:
    """Gradient descent at every rate and from every start of the lab: 28 runs."""
    return edge(grid(lr=LRS, seed=SEEDS))
