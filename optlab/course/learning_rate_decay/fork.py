"""Forks of a training: from some epoch on the rate falls to 0, and shows how far the training had come.

The network of section 4 learns from one flower a step, as in the race. At a constant rate its loss hovers
above the bottom of a valley, and you cannot see whether it still moves along the valley. A fork comes down
and shows it. So does an average of the weights, without any fall of the rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import MLP, Dataset, History, Record, iris_pair, train
from optlab.course.learning_rate_decay.race import L2, MINIMUM
from optlab.engine.data.digits import theta_of
from optlab.engine.models.losses import cross_entropy
from optlab.engine.models.mlp import weight_mask
from optlab.engine.training.callbacks import Callback, EpochRecord

EPOCHS = 60
STEPS = 80
"""Steps of an epoch: one a flower."""
SEEDS = range(4)
MODEL = MLP((4, 16, 2))

LRS = (0.032, 0.056, 0.1, 0.18, 0.32)
FORKS = (0, 2, 4, 6, 8, 10, 15, 20, 25, 30, 35, 40, 45, 50)
"""The epochs after which the rate may begin to fall."""
SPANS = (1, 3, 10)
"""How many epochs it may take to come to 0."""
MEMORIES = (1, 3, 10, 30)
"""How many epochs the average of the weights may remember; 1: it is no average."""


@dataclass(frozen=True)
class Forks(Record):
    """A fork beside the training that it leaves; every curve is the mean of the seeds.

    Args:
        settings: `lr`, `fork`, `span` and `memory`, each `(settings,)`.
        gap: the optimality gap J − J* of the fork after every epoch, `(settings, epochs + 1)`.
        kept: that of the training whose rate is kept, likewise.
        averaged: that of the average of its weights, likewise.
        ends: the gap of each of `FORKS` when its rate has come to 0, at this `lr` and `span`, `(settings,
            forks)`.
    """

    gap: np.ndarray
    kept: np.ndarray
    averaged: np.ndarray
    ends: np.ndarray

    @property
    def end(self) -> np.ndarray:
        """The epoch at which the rate is 0, `(settings,)`."""
        return self.settings["fork"] + self.settings["span"]

    @property
    def end_gap(self) -> np.ndarray:
        """The fork's gap there, `(settings,)`."""
        return self.gap[np.arange(len(self)), self.end]


def fork_rate(t: Tensor, *, lr: Tensor, fork: Tensor, span: Tensor) -> Tensor:
    """The rate that is kept up to a fork, and then falls to 0 in a straight line.

    α_t = α₀ min(1, max(0, (fork + span − t) / span))

    Args:
        t: time from 0; all times count the same, here steps.
        lr: α₀.
        fork: when the fall begins.
        span: how long it takes.

    Returns:
        The rates.

    Example:
        >>> fork_rate(torch.arange(5.0), lr=torch.tensor(1.0), fork=torch.tensor(1.0), span=torch.tensor(2.0))
        tensor([1.0000, 1.0000, 0.5000, 0.0000, 0.0000])

    Source:
        S. Hu et al., "MiniCPM", 2024; K. Wen et al., "Understanding warmup-stable-decay learning rates: a
        river valley loss landscape perspective", 2024.
    """
    return lr * torch.clamp((fork + span - t) / span, 0, 1)


def fork_runs(settings: dict[str, np.ndarray], epochs: int = EPOCHS, seeds: Sequence[int] = SEEDS) -> Forks:
    """Train the forks of all settings, and the trainings that they leave, on several seeds each.

    Args:
        settings: `lr`, `fork`, `span` and `memory`, each `(settings,)`.
        epochs: how long each lasts.
        seeds: of the start and the order of the flowers.

    Returns:
        The record.

    Source:
        K. Wen et al., 2024; for the average M. Sandler et al., "Training trajectories, mini-batch losses and
        the curious role of the learning rate", 2023.
    """
    lr = settings["lr"].tolist()
    both = list(zip(lr, settings["span"].tolist(), strict=True))
    rates, valleys = list(dict.fromkeys(lr)), list(dict.fromkeys(both))
    forks = _forks(valleys, epochs, seeds)
    kept, averaged = _kept(rates, epochs, seeds)
    rate, valley = [rates.index(one) for one in lr], [valleys.index(one) for one in both]
    fork = [FORKS.index(one) for one in settings["fork"].tolist()]
    memory = [MEMORIES.index(one) for one in settings["memory"].tolist()]
    ends = np.minimum(np.add.outer([own for _, own in valleys], FORKS), epochs)
    at_end = np.take_along_axis(forks, ends[..., None].astype(int), axis=-1)[..., 0]
    return Forks(settings, forks[valley, fork], kept[rate], averaged[memory, rate], at_end[valley])


def _forks(valleys: Sequence[tuple[float, int]], epochs: int, seeds: Sequence[int]) -> np.ndarray:
    """The gaps of all forks at each rate and span, `(valleys, forks, epochs + 1)`."""
    rows = [(lr, fork * STEPS, span * STEPS) for lr, span in valleys for fork in FORKS]
    columns = dict(zip(("lr", "fork", "span"), zip(*rows, strict=True), strict=True))
    history = _train(epochs, seeds, columns, schedule=fork_rate, schedule_per="step")
    return _mean_gap(history, len(seeds)).reshape(len(valleys), len(FORKS), -1)


def _kept(rates: Sequence[float], epochs: int, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The gaps at constant rates, `(rates, epochs + 1)`, and of averages, `(memories, rates, epochs + 1)`."""
    averages = _Averages(MEMORIES)
    history = _train(epochs, seeds, {"lr": rates}, callbacks=[averages])
    data = iris_pair()
    gaps = [[gap_of(theta, data) for theta in seen] for seen in averages.seen]
    shape = (len(MEMORIES), epochs + 1, len(rates), len(seeds))
    return _mean_gap(history, len(seeds)), np.reshape(gaps, shape).mean(-1).transpose(0, 2, 1)


def _train(
    epochs: int, seeds: Sequence[int], columns: Mapping[str, Sequence[float]], **asked: Any
) -> History:
    """Train each setting of some columns on every seed, seeds fastest."""
    rows: dict[str, Any] = {
        name: np.repeat(np.asarray(column, float), len(seeds)) for name, column in columns.items()
    }
    seed = np.tile(seeds, len(columns["lr"]))
    return train(iris_pair(), model=MODEL, batch_size=1, l2=L2, epochs=epochs, seed=seed, **rows, **asked)


def _mean_gap(history: History, seeds: int) -> np.ndarray:
    gap = history.train_loss + history.penalty - MINIMUM
    return gap.reshape(-1, seeds, gap.shape[1]).mean(1)


class _Averages(Callback):
    """Averages of the parameters at the ends of the epochs, with several memories.

    θ̄ ← θ̄ + (θ − θ̄) / min(n, m) after epoch n: the plain mean of the first m epochs, then a moving one.

    `seen` has for each memory the averages after every epoch, the start first, each `(settings, parameters)`.
    """

    def __init__(self, memories: Sequence[int]) -> None:
        self.memories = memories
        self.seen: list[list[Tensor]] = [[] for _ in memories]

    def on_epoch_end(self, record: EpochRecord) -> None:
        # the start is in none of them
        theta = theta_of(record.weights()).double()
        for memory, seen in zip(self.memories, self.seen, strict=True):
            before = seen[-1] if record.epoch > 1 else theta
            seen.append(before + (theta - before) / min(max(record.epoch, 1), memory))


def gap_of(theta: Tensor, data: Dataset) -> np.ndarray:
    """The optimality gap J₁ + λΣw² − J* of networks on the training flowers.

    Args:
        theta: their parameters, `(networks, parameters)`.
        data: the flowers.

    Returns:
        The gaps, `(networks,)`.
    """
    loss = cross_entropy(MODEL(theta, data.x_train[None].to(theta.dtype)), data.y_train).mean(1)
    weights = theta * weight_mask(MODEL.shapes)
    return (loss + L2 * (weights**2).sum(1)).numpy() - MINIMUM
