"""The catapult: beyond 2/λ₀ the loss first grows, then the network lands where it is flatter.

A network with one hidden layer says +1 or −1 of the two kinds of iris, by gradient descent on the squared
error. It is so small that all eigenvalues of its Hessian are computed after every step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record, iris_pair
from optlab.engine.systems.threads import threads

LRS = (0.5, 1.0, 1.5, 1.9, 2.2, 2.6, 3.0, 3.4, 3.8, 4.2, 5.0)
"""Learning rates in units of 1/λ₀, where λ₀ is the sharpness at the start."""
SEEDS = (0, 1, 2, 3)
NETWORKS = ("linear", "ReLU")
STEPS, WIDTH, INPUTS = 40, 32, 4
PARAMETERS = (INPUTS + 1) * WIDTH
LOST = 1e6
"""A loss from which on a run counts as diverged."""


@dataclass(frozen=True)
class Catapult(Record):
    """Runs of full-batch gradient descent; NaN once they have diverged.

    Args:
        settings: `lr` in units of 1/λ₀, `network` and `seed`, each `(settings,)`.
        loss: the loss before the first step and after each, `(settings, steps + 1)`.
        spectrum: all eigenvalues of the Hessian over λ₀, largest first, `(settings, steps + 1, parameters)`.
        start: λ₀, `(settings,)`.
        slow: the loss at the lowest of the `LRS`, from the same start, `(settings, steps + 1)`.
        slow_sharpness: its largest eigenvalue over λ₀, likewise.
    """

    loss: np.ndarray
    spectrum: np.ndarray
    start: np.ndarray
    slow: np.ndarray
    slow_sharpness: np.ndarray

    @property
    def sharpness(self) -> np.ndarray:
        """The largest eigenvalue over λ₀, `(settings, steps + 1)`."""
        return self.spectrum[..., 0]

    @property
    def edge(self) -> np.ndarray:
        """2/α over λ₀, `(settings,)`."""
        return 2 / self.settings["lr"]

    @property
    def peak(self) -> np.ndarray:
        """The highest loss over that of the start, infinite where it diverges, `(settings,)`."""
        peak = np.nan_to_num(self.loss, nan=np.inf).max(1)
        return peak / self.loss[:, 0]


def start_of(seed: int) -> Tensor:
    """Parameters from the normal distribution, `(160,)`."""
    return torch.randn(PARAMETERS, generator=torch.Generator().manual_seed(seed)).double()


def catapult(settings: dict[str, Any]) -> Catapult:
    """The runs of all settings.

    Args:
        settings: `lr` in units of 1/λ₀, `network` and `seed`, each `(settings,)`.

    Returns:
        The record.

    Example:
        >>> run = catapult({"lr": np.array([0.5, 3.0]), "network": ["linear"] * 2, "seed": np.array([1, 1])})
        >>> (run.sharpness[:, -1] < 0.5).tolist()
        [False, True]

    Source:
        A. Lewkowycz et al., "The large learning rate phase of deep learning: the catapult mechanism", 2020.
    """
    columns = {name: np.asarray(column) for name, column in settings.items()}
    rows = zip(*(columns[name].tolist() for name in ("lr", "network", "seed")), strict=True)
    parts = [_one(*row) for row in rows]
    return Catapult(columns, *(np.array(part) for part in zip(*parts, strict=True)))


def _one(lr: float, network: str, seed: int) -> tuple[Any, ...]:
    losses, spectra, start = runs(network, seed)
    row = LRS.index(lr)
    return losses[row], spectra[row], start, losses[0], spectra[0, :, 0]


@cache
@threads(1)
def runs(
    network: str, seed: int, lrs: Sequence[float] = LRS, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray, float]:
    """The runs at some learning rates from one start.

    Args:
        network: `"linear"` or `"ReLU"`.
        seed: of the start.
        lrs: the learning rate of each, in units of 1/λ₀.
        steps: how many.

    Returns:
        Losses, `(lrs, steps + 1)`; eigenvalues over λ₀, largest first, `(lrs, steps + 1, parameters)`;
        and λ₀.
    """
    theta = start_of(seed).repeat(len(lrs), 1)
    start = torch.linalg.eigvalsh(derivatives(theta[:1], network)[2])[0, -1]
    lr, losses, spectra = torch.tensor(lrs, dtype=torch.float64)[:, None] / start, [], []
    for _ in range(steps + 1):
        loss, gradient, curvature = derivatives(theta, network)
        losses.append(loss.where(loss < LOST, torch.nan))
        spectra.append(_eigenvalues(curvature) / start)
        theta = torch.where((loss < LOST)[:, None], theta - lr * gradient, torch.nan)
    return torch.stack(losses, 1).numpy(), torch.stack(spectra, 1).numpy(), start.item()


def derivatives(theta: Tensor, network: str) -> tuple[Tensor, Tensor, Tensor]:
    """The loss J = (1/80)Σ(f(x) − y)² of f(x) = v · φ(Ux/√4)/√n on the flowers, its gradient and Hessian.

    The kinks of φ apart, φ″ = 0, so beside JᵀJ of the slopes of f the Hessian has only what couples the
    weights into a neuron with the one out of it.

    Args:
        theta: the parameters U and v, `(runs, parameters)`.
        network: `"linear"`: φ(z) = z; or `"ReLU"`.

    Returns:
        `(runs,)`, `(runs, parameters)` and `(runs, parameters, parameters)`.
    """
    x, y = flowers()
    count, inner = len(theta), INPUTS * WIDTH
    u, v = theta[:, :inner].view(count, WIDTH, INPUTS), theta[:, inner:]
    z = x @ u.mT / INPUTS**0.5
    on = (z > 0).double() if network == "ReLU" else torch.ones_like(z)
    error = ((on * z) @ v[..., None])[..., 0] / WIDTH**0.5 - y
    into = torch.einsum("rij,ik->rijk", on, x) / (INPUTS * WIDTH) ** 0.5
    slopes = torch.cat([(into * v[:, None, :, None]).flatten(2), on * z / WIDTH**0.5], 2)
    hessian = slopes.mT @ slopes
    coupling = torch.einsum("ri,rijk->rjk", error, into)
    neuron, weight = torch.arange(WIDTH)[:, None], torch.arange(inner).view(WIDTH, INPUTS)
    hessian[:, weight, inner + neuron] += coupling
    hessian[:, inner + neuron, weight] += coupling
    gradient = (error[:, None] @ slopes)[:, 0]
    return (error**2).mean(1), 2 / len(y) * gradient, 2 / len(y) * hessian


def _eigenvalues(matrices: Tensor) -> Tensor:
    """Largest first; NaN where a matrix is not finite."""
    fine = matrices.isfinite().all(-1).all(-1)
    values = torch.full(matrices.shape[:2], torch.nan, dtype=matrices.dtype)
    values[fine] = torch.linalg.eigvalsh(matrices[fine]).flip(-1)
    return values


@cache
def flowers() -> tuple[Tensor, Tensor]:
    """Measurements of the 80 flowers to learn from, and for each −1 or +1."""
    data = iris_pair()
    return data.x_train.double(), 2.0 * data.y_train - 1
