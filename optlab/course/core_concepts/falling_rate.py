"""The article's decay, and what it does to a descent over one petal a step."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from optlab.course.core_concepts.line import START, optimality_gap, petals
from optlab.course.core_concepts.walk import Walks, picks, walk
from optlab.engine.rules.schedules import power_decay

EPOCHS = 100
ORDERS = 10
"""How many random orders the losses are averaged over."""


@dataclass(frozen=True)
class FallingRate(Walks):
    """Descents at a falling rate (`path`) and at a constant one (`other`), one mark an epoch.

    Losses are means over `ORDERS` random orders; paths are those of the first.

    Args:
        lr: the falling rate in each epoch, `(settings, EPOCHS)`.
    """

    lr: np.ndarray


def falling_rate(settings: dict[str, Any]) -> FallingRate:
    """Descend over one petal a step at a falling rate, and at a constant one.

    Args:
        settings: `lr`, which is α₀, `delta` and `p`, each `(settings,)`.

    Returns:
        Both descents.

    Example:
        >>> run = falling_rate({"lr": np.array([0.05]), "delta": np.array([0.3]), "p": np.array([2.0])})
        >>> bool(run.loss[0, -1] < run.other_loss[0, -1] / 100)
        True

    Source:
        The article, sections 2 and 3.4.
    """
    x, y = petals()
    orders = torch.stack([picks(len(x), 1, EPOCHS, seed) for seed in range(ORDERS)])
    hyper = {name: torch.from_numpy(column)[:, None] for name, column in settings.items()}
    falling = power_decay(torch.arange(EPOCHS).double()[None], **hyper)
    first_rates, which = np.unique(settings["lr"], return_inverse=True)
    both = torch.cat([falling, torch.from_numpy(first_rates)[:, None].expand(-1, EPOCHS)])
    rates = both.repeat_interleave(len(x), dim=1).repeat_interleave(ORDERS, dim=0)
    paths = walk(START, rates, orders.repeat(len(both), 1, 1), x, y)[:, :: len(x)]
    losses = optimality_gap(x, y)(torch.from_numpy(paths)).reshape(len(both), ORDERS, -1).mean(1).numpy()
    path, other = np.split(paths[::ORDERS], [len(falling)])
    loss, other_loss = np.split(losses, [len(falling)])
    return FallingRate(settings, path, other[which], loss, other_loss[which], falling.numpy())
