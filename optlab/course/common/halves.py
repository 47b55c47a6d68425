"""Section 4's network trained by one worker, or by two, each on half of every batch.

No worker makes an optimiser of torch: the first one in a process loads torch's compiler, 75 MB each.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab import MLP, iris_pair
from optlab.engine.data.dataset import shuffles
from optlab.engine.systems.distributed import Mean, Traffic, data_parallel

MODEL = MLP((4, 16, 2))
EPOCHS, BATCH, LR = 40, 16, 0.1
STEPS = EPOCHS * 80 // BATCH


def gradient_on(x: Tensor, y: Tensor, batches: Sequence[Tensor]) -> Callable[[Tensor, int], Tensor]:
    """The gradient of the mean cross-entropy on the batch of a step, for each row of θ.

    Args:
        x: the inputs, `(samples, features)`.
        y: the labels, `(samples,)`.
        batches: the samples of each step.

    Returns:
        The function `gradient(theta, step)`, from `(settings, parameters)` to the same shape.
    """

    def gradient(theta: Tensor, step: int) -> Tensor:
        leaf, rows = theta.detach().requires_grad_(), batches[step]
        outputs, labels = MODEL(leaf, x[rows][None]).flatten(0, 1), y[rows].repeat(len(theta))
        loss = cross_entropy(outputs, labels, reduction="sum") / len(rows)
        return torch.autograd.grad(loss, leaf)[0]

    return gradient


def whole_batches() -> list[Tensor]:
    """The batches of 16 that `optlab.train` uses with seed 0, one for each step."""
    orders = shuffles(80, np.array([0]))
    return [batch for _, order in zip(range(EPOCHS), orders, strict=False) for batch in order[0].split(BATCH)]


def flowers() -> dict[str, Any]:
    """The training flowers to hand to a worker: measurements `x`, `(80, 4)`, and species `y`, `(80,)`."""
    data = iris_pair(dtype=torch.float64)
    return {"x": data.x_train.tolist(), "y": data.y_train.tolist()}


def train_alone(x: Tensor, y: Tensor) -> Tensor:
    """What one process does by itself: every batch, whole.

    Args:
        x: the measurements of the `flowers()`, `(80, 4)`.
        y: their species, `(80,)`.

    Returns:
        The parameters at the end, `(parameters,)`.
    """
    return _trained(x, y, whole_batches(), lambda gradient: gradient)


def train_on_halves(rank: int, x: Tensor, y: Tensor) -> dict[str, Any]:
    """What one of two workers does: its half of every batch, then the mean of both gradients.

    Args:
        rank: which worker this is.
        x: the measurements of the `flowers()`, `(80, 4)`, float64.
        y: their species, `(80,)`.

    Returns:
        The parameters at the end as `theta`, `(parameters,)`, float64, and the bytes sent as `theta_bytes`.
    """
    traffic = Traffic()
    mine = [batch.chunk(2)[rank] for batch in whole_batches()]
    return {"theta": _trained(x, y, mine, traffic.mean), "theta_bytes": traffic.bytes}


def _trained(x: Tensor, y: Tensor, batches: Sequence[Tensor], mean: Mean) -> Tensor:
    start = MODEL.start(0).to(x)[None]
    return data_parallel(gradient_on(x, y, batches), start, STEPS, lr=LR, mean=mean)[-1, 0]
