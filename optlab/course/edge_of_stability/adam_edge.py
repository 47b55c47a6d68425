"""Adam's edge of stability: the curvature that counts is the one that its own scales leave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record, grid, shared
from optlab.course.edge_of_stability.edge import FIRST_ROUNDS, ROUNDS, network, wave_loss
from optlab.engine.analysis.curvature import sharpness
from optlab.engine.rules.classic import adam
from optlab.engine.systems.threads import threads

LRS, BETA1S, SEEDS = (0.001, 0.002, 0.004, 0.01), (0.0, 0.5, 0.9), (0, 1, 2)
STEPS, EVERY = 2000, 20
BETA2, EPS = 0.99, 1e-8


def adam_threshold(beta1: Any) -> Any:
    """The preconditioned sharpness above which Adam diverges on a parabola, times α: (2 + 2β₁)/(1 − β₁).

    Args:
        beta1: β₁, a number or `(settings,)`.

    Returns:
        The threshold: 38 for β₁ = 0.9, and gradient descent's 2 for β₁ = 0.

    Example:
        >>> round(adam_threshold(0.9)), adam_threshold(0.0)
        (38, 2.0)

    Source:
        J. Cohen et al., "Adaptive gradient methods at the edge of stability", 2022.
    """
    return (2 + 2 * beta1) / (1 - beta1)


@dataclass(frozen=True)
class AdamEdge(Record):
    """Runs of full-batch Adam.

    Args:
        settings: `lr`, `beta1` and `seed`, each `(settings,)`.
        loss: the loss before the first step and after each, `(settings, steps + 1)`.
        sharpness: α times the largest eigenvalue of P⁻¹H, where a step is −αP⁻¹m, `(settings, looks)`.
        plain: α times the largest eigenvalue of H, likewise.
        steps: the steps of the looks, `(looks,)`.
    """

    loss: np.ndarray
    sharpness: np.ndarray
    plain: np.ndarray
    steps: np.ndarray = shared()

    @property
    def relative(self) -> np.ndarray:
        """The preconditioned sharpness as a fraction of its threshold, `(settings, looks)`."""
        return self.sharpness / adam_threshold(self.settings["beta1"])[:, None]

    @property
    def level(self) -> np.ndarray:
        """The median of that fraction over the last third of the run, `(settings,)`."""
        return np.median(self.relative[:, -len(self.steps) // 3 :], axis=1)


@threads(1)
def adam_edge(settings: dict[str, Any], *, steps: int = STEPS, every: int = EVERY) -> AdamEdge:
    """Run Adam for all settings at once, and measure both sharpnesses on the way.

    Args:
        settings: `lr`, `beta1` and `seed`, each `(settings,)`.
        steps: the number of steps.
        every: the number of steps between two looks.

    Returns:
        The record.

    Example:
        >>> settings = {"lr": np.array([0.01]), "beta1": np.array([0.9]), "seed": np.array([0])}
        >>> run = adam_edge(settings, steps=40)
        >>> run.loss.shape, run.sharpness.shape
        ((1, 41), (1, 3))

    Source:
        J. Cohen et al., "Adaptive gradient methods at the edge of stability", 2022.
    """
    columns = {name: np.asarray(column) for name, column in settings.items()}
    lr, beta1 = (torch.as_tensor(columns[name], dtype=torch.float64)[:, None] for name in ("lr", "beta1"))
    theta = torch.stack([network().start(int(seed)) for seed in columns["seed"]]).double()
    losses, looks, state, eyes = list[Tensor](), list[tuple[Tensor, Tensor]](), dict[str, Any](), Eyes()
    for step in range(steps + 1):
        loss, slope = _slope(theta)
        after, state = adam(theta, slope, state, lr=lr, beta1=beta1, beta2=BETA2, eps=EPS)
        if step % every == 0:
            looks.append(eyes.look(theta, preconditioner(state, beta1)))
        losses.append(loss)
        theta = after
    inner, plain = ((lr * torch.stack(part, dim=1)).numpy() for part in zip(*looks, strict=True))
    return AdamEdge(columns, torch.stack(losses, 1).numpy(), inner, plain, np.arange(0, steps + 1, every))


def _slope(theta: Tensor) -> tuple[Tensor, Tensor]:
    """The loss and its gradient."""
    leaf = theta.detach().requires_grad_()
    loss = wave_loss(leaf)
    return loss.detach(), torch.autograd.grad(loss.sum(), leaf)[0]


def preconditioner(state: dict[str, Any], beta1: Tensor) -> Tensor:
    """P of a step −αP⁻¹m: (1 − β₁ᵗ)(√(s/(1 − β₂ᵗ)) + ε), `(settings, parameters)`."""
    t = state["t"]
    return (1 - beta1**t) * (torch.sqrt(state["s"] / (1 - BETA2**t)) + EPS)


class Eyes:
    """Measures two sharpnesses again and again, each from the direction that it found before."""

    def __init__(self) -> None:
        self._directions: list[Tensor | None] = [None, None]

    def look(self, theta: Tensor, p: Tensor) -> tuple[Tensor, Tensor]:
        """The largest eigenvalues of P⁻¹H and of H, each `(settings,)`.

        P⁻¹H has the eigenvalues of the Hessian of J(P^(−½)z), which is symmetric.
        """
        scale = p.rsqrt()
        inner = self._sharpness(0, lambda z: wave_loss(scale * z), theta / scale)
        return inner, self._sharpness(1, wave_loss, theta)

    def _sharpness(self, which: int, loss: Any, theta: Tensor) -> Tensor:
        before = self._directions[which]
        rounds = FIRST_ROUNDS if before is None else ROUNDS
        top, self._directions[which] = sharpness(loss, theta, before, rounds=rounds)
        return top


def adam_edge_runs() -> AdamEdge:
    """Adam at every rate and memory, and from every start of the lab: 36 runs."""
    return adam_edge(grid(lr=LRS, beta1=BETA1S, seed=SEEDS))
