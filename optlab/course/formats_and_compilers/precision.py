"""The network of section 4 trained in four number formats, and the updates that rounding loses."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab import MLP, Dataset, Record, grid, iris_pair
from optlab.engine.data.dataset import shuffles
from optlab.engine.systems.threads import threads

KINDS: dict[str, tuple[torch.dtype, torch.dtype]] = {
    "float64": (torch.float64, torch.float64),
    "float32": (torch.float32, torch.float32),
    "bfloat16": (torch.bfloat16, torch.bfloat16),
    "bfloat16, weights in float32": (torch.bfloat16, torch.float32),
}
"""The formats of the gradients and of the weights, by name."""
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
EPOCHS, BATCH = 40, 16
MODEL = MLP((4, 16, 2))


@dataclass(frozen=True)
class InFormats(Record):
    """Training in one number format.

    Args:
        settings: `kind` and `lr`, each `(settings,)`.
        loss: training loss before training and after each epoch, `(settings, epochs + 1)`.
        lost: the fraction of the weights' updates that changed nothing, `(settings,)`.
    """

    loss: np.ndarray
    lost: np.ndarray


def train_in_formats(seed: int = 0, epochs: int = EPOCHS) -> InFormats:
    """Train in every format at every rate, from the same weights and on the same batches.

    Args:
        seed: of the weights and of the batches.
        epochs: passes over the training data.

    Returns:
        The runs; the rate varies fastest.

    Source:
        P. Micikevicius et al., "Mixed precision training", 2018.
    """
    with threads(1):  # too small for a second thread
        parts = [_train(*formats, seed, epochs) for formats in KINDS.values()]
    return InFormats(grid(kind=list(KINDS), lr=RATES), *map(np.concatenate, zip(*parts, strict=True)))


def _train(
    gradients: torch.dtype, weights: torch.dtype, seed: int, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    data = iris_pair()
    theta = MODEL.start(seed).to(weights).repeat(len(RATES), 1)
    lr = torch.tensor(RATES, dtype=torch.float64).to(weights)[:, None]
    exact = iris_pair(dtype=torch.float64)
    losses, lost, seen = [_loss(theta, exact)], torch.zeros(len(RATES)), torch.zeros(len(RATES))
    for _, order in zip(range(epochs), shuffles(len(data), np.array([seed])), strict=False):
        for batch in order[0].split(BATCH):
            grad = _gradient(theta.to(gradients), data.x_train[batch], data.y_train[batch]).to(weights)
            moved = theta - lr * grad
            lost += ((moved == theta) & (grad != 0)).sum(1)
            seen += (grad != 0).sum(1)
            theta = moved
        losses.append(_loss(theta, exact))
    return torch.stack(losses, 1).numpy(), (lost / seen).numpy()


def _gradient(theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
    leaf = theta.detach().requires_grad_()
    outputs = MODEL(leaf, x.to(theta.dtype)[None]).transpose(1, 2)
    loss = cross_entropy(outputs, y.expand(len(theta), -1), reduction="none").sum() / len(y)
    return torch.autograd.grad(loss, leaf)[0]


@torch.no_grad()
def _loss(theta: Tensor, data: Dataset) -> Tensor:
    """The training loss, computed in float64 whatever the format of θ."""
    outputs = MODEL(theta.double(), data.x_train[None]).transpose(1, 2)
    return cross_entropy(outputs, data.y_train.expand(len(theta), -1), reduction="none").mean(1)
