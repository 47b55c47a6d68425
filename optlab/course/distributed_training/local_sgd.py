"""Local SGD: two workers with half of the flowers each take the mean of their models every H steps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab import Record, grid, iris_pair
from optlab.course.common.halves import BATCH, EPOCHS, MODEL, STEPS, gradient_on
from optlab.engine.systems.distributed import Traffic, local_sgd
from optlab.engine.systems.threads import threads

EVERY = (1, 2, 5, 10, 20, 50, 100, 200)
"""H, the steps between two means."""
RATES = (0.1, 1.0)
SPLITS = ("mixed", "one species each")


def own_batches(split: str, rank: int, y: Tensor) -> list[Tensor]:
    """The batches of 8 of one of two workers, from its own 40 flowers.

    Args:
        split: one of `SPLITS`.
        rank: which worker this is.
        y: the species of all flowers, `(80,)`.

    Returns:
        The flowers of each step.
    """
    mixed = torch.randperm(len(y), generator=torch.Generator().manual_seed(7))
    mine = mixed[rank::2] if split == SPLITS[0] else torch.nonzero(y == rank)[:, 0]
    generator = torch.Generator().manual_seed(rank)
    orders = [mine[torch.randperm(len(mine), generator=generator)] for _ in range(EPOCHS)]
    return [batch for order in orders for batch in order.split(BATCH // 2)]


def train_locally(rank: int, x: Tensor, y: Tensor) -> dict[str, Any]:
    """What one of two workers does: all rates and all H at once, on one split after the other.

    Args:
        rank: which worker this is.
        x: the measurements of all flowers, `(80, 4)`, float64.
        y: their species, `(80,)`.

    Returns:
        Its parameters after each epoch as `path`, `(settings, epochs + 1, parameters)`; the bytes that it
        sent as `sent`, `(settings,)`, and those that were counted as `counted`, all settings together.
    """
    traffic = Traffic()
    settings = grid(lr=RATES, every=EVERY)
    theta = MODEL.start(0).double().repeat(len(settings["lr"]), 1)
    paths, sent = [], []
    for split in SPLITS:
        gradient = gradient_on(x, y, own_batches(split, rank, y))
        path, means = local_sgd(gradient, theta, STEPS, **settings, mean=traffic.mean)
        paths.append(path[:, :: STEPS // EPOCHS])
        sent.append(means * theta[0].nbytes)
    return {"path": torch.cat(paths), "sent": torch.cat(sent), "counted": traffic.bytes}


@dataclass(frozen=True)
class LocalRuns(Record):
    """Local SGD on two workers.

    Args:
        settings: `split`, `lr` and `every`, each `(settings,)`.
        loss: training loss of the mean of the two models, before training and after each epoch,
            `(settings, epochs + 1)`.
        accuracy: its test accuracy, likewise.
        sent: bytes sent by each worker, `(settings,)`.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    sent: np.ndarray


@threads(1)
def local_runs(first: dict[str, Any], second: dict[str, Any]) -> LocalRuns:
    """Evaluate the mean of the models of two workers.

    Args:
        first: what `train_locally` returned on one worker.
        second: and on the other.

    Returns:
        The record; H varies fastest, then the rate.
    """
    data = iris_pair(dtype=torch.float64)
    mean = torch.from_numpy(np.stack([first["path"], second["path"]])).mean(0)
    shape, flat = mean.shape[:2], mean.flatten(0, 1)
    outputs = MODEL(flat, data.x_train[None]).transpose(1, 2)
    loss = cross_entropy(outputs, data.y_train.expand(len(flat), -1), reduction="none").mean(1)
    right = MODEL(flat, data.x_test[None]).argmax(-1) == data.y_test
    accuracy = right.double().mean(1)
    settings = grid(split=SPLITS, lr=RATES, every=EVERY)
    return LocalRuns(settings, loss.reshape(shape).numpy(), accuracy.reshape(shape).numpy(), first["sent"])
