"""A group's settings as the kernel keeps them: blocks of lanes that share a seed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import torch

from optlab.engine.compiled.arrays import (
    CROSS_ENTROPY,
    CURVES,
    SQUARED_ERROR,
    Memory,
    Network,
    Room,
    Samples,
)
from optlab.engine.compiled.lanes import LANES, TILE
from optlab.engine.compiled.network import Layer
from optlab.engine.compiled.tracing import Traced
from optlab.engine.data.dataset import shuffles
from optlab.engine.models.losses import cross_entropy
from optlab.engine.training.plan import Group, Task

__all__ = ["Blocks", "network_of", "order_of", "room_for", "samples_of"]

SCRATCH = 64
"""How many numbers of one setting a rule may work out in a step."""


def network_of(task: Task, layers: Sequence[Layer]) -> Network:
    """The layers as arrays."""
    widths = [layers[0].inputs, *(layer.outputs for layer in layers)]
    starts = np.cumsum([0, *(layer.parameters for layer in layers)])[:-1]
    biases = [
        start + layer.inputs * layer.outputs if layer.bias else -1
        for start, layer in zip(starts, layers, strict=True)
    ]
    return Network(
        widths=np.array(widths),
        units=np.cumsum([0, *widths])[:-1],
        weights=starts.astype(np.int64),
        biases=np.array(biases, dtype=np.int64),
        kinds=np.array([layer.activation[0] for layer in layers]),
        shapes=np.array([layer.activation[1] for layer in layers]),
        is_weight=task.weights.numpy(),
        loss=CROSS_ENTROPY if task.loss is cross_entropy else SQUARED_ERROR,
    )


def room_for(network: Network, samples: Samples) -> Room:
    """Working memory for one thread."""
    tile, units = TILE * LANES, int(network.widths.sum())

    def zeros(numbers: int) -> np.ndarray:
        return np.zeros(numbers, np.float32)

    return Room(
        h=zeros(units * tile),
        z=zeros(units * tile),
        d=zeros(units * tile),
        grad=zeros(len(network.is_weight) * LANES),
        target=zeros((network.widths[-1] + 1) * tile),
        rows=np.arange(len(samples.labels), dtype=np.int32),
        scratch=zeros(SCRATCH * LANES),
    )


def samples_of(task: Task) -> Samples:
    """All samples as arrays, classes as targets that are 1 for the right one."""
    classes = task.data.outputs > 1
    targets = torch.nn.functional.one_hot(task.y, task.data.outputs) if classes else task.y[:, None]
    labels = task.y if classes else torch.zeros(len(task.y))
    x, y, right = (part.to(torch.float32).contiguous().numpy() for part in (task.x, targets, labels))
    return Samples(x, y, right, len(task.data))


@lru_cache(maxsize=32)
def _order_of_few(n: int, seed: int, epochs: int) -> np.ndarray:
    orders = [order[0].numpy() for order in islice(shuffles(n, np.array([seed])), epochs)]
    return np.stack(orders).astype(np.int32)


def order_of(n: int, seed: int, epochs: int) -> np.ndarray:
    """The order of the training samples in each epoch, int32 `(epochs, n)`."""
    few = n * epochs < 2**18  # kept for the next setting of a lab: 1 MB or less
    return (_order_of_few if few else _order_of_few.__wrapped__)(n, seed, epochs)


class Blocks:
    """The numbers of all settings of a group, `LANES` side by side; the last block is filled up with copies.

    Args:
        task: what is trained.
        group: the settings.
        traced: their rule.
        hyper: names of what the rule and the penalties read, in the order of the source.

    Attributes:
        rows: which settings of the group each block holds, `(blocks, LANES)`.
        seeds: the seed of each block, `(blocks,)`.
    """

    def __init__(self, task: Task, group: Group, traced: Traced, hyper: Sequence[str]) -> None:
        which = np.broadcast_to(group.seed_rows, len(group.theta))
        per_seed = [np.flatnonzero(which == k) for k in range(len(group.seeds))]
        filled = [np.resize(rows, (-(-len(rows) // LANES), LANES)) for rows in per_seed]
        self.rows = np.concatenate(filled)
        self.seeds = np.repeat(group.seeds, [len(blocks) for blocks in filled])
        blocks = len(self.rows)
        self.theta = self._lanes(group.theta.numpy())
        counted = traced.per_setting()
        starts = {n: s for n, s in traced.starts.items() if f"state_{n}" not in counted}
        buffers = [self.theta if start != 0 else np.zeros_like(self.theta) for start in starts.values()]
        self.state = np.concatenate([np.zeros((blocks, 0), np.float32), *buffers], axis=1)
        self.counters = np.zeros((blocks, LANES * len(traced.starts)))
        self.hyper = self._lanes(_hyper(group, hyper))
        self.rates = np.zeros(
            (blocks, task.epochs * (group.steps if task.per_step else 1) * LANES), np.float32
        )
        self.curves = np.zeros((blocks, (task.epochs + 1) * CURVES * LANES), np.float32)
        self.mask = task.penalized.numpy()
        self.answer = list(starts).index("answer") if "answer" in starts else -1

    def _lanes(self, rows: np.ndarray) -> np.ndarray:
        """Values of each setting, `(settings, n)`, as blocks `(blocks, n * LANES)`."""
        return np.ascontiguousarray(rows[self.rows].swapaxes(1, 2)).reshape(len(self.rows), -1)

    def _settings(self, blocks: np.ndarray) -> np.ndarray:
        """Values in blocks, `(blocks, ..., LANES)`, as `(settings, ...)`."""
        lanes = np.moveaxis(blocks, -1, 1)
        values = np.empty((self.rows.max() + 1, *lanes.shape[2:]), blocks.dtype)
        values[self.rows.ravel()] = lanes.reshape(-1, *lanes.shape[2:])
        return values

    def memory(self, block: int) -> Memory:
        """What the kernel works on for one block."""
        own = (self.theta[block], self.state[block], self.counters[block], self.hyper[block])
        return Memory(*own, self.mask, self.rates[block], self.curves[block])

    def set_rates(self, first: int, rates: np.ndarray) -> None:
        """Put in the rates `(settings, n)` of some epochs or steps, from `first` on."""
        self.rates[:, first * LANES : (first + rates.shape[1]) * LANES] = self._lanes(rates)

    def rates_of_settings(self) -> np.ndarray:
        """The rates of all epochs or steps, `(settings, n)`."""
        return self._settings(self.rates.reshape(len(self.rows), -1, LANES))

    def values(self, epoch: Any) -> np.ndarray:
        """All curves in some epochs, `(settings, ..., curves)`."""
        epochs = self.curves.reshape(len(self.rows), -1, CURVES, LANES)
        return self._settings(epochs[:, epoch])

    def answers(self) -> np.ndarray:
        """The parameters that are measured, `(settings, parameters)`."""
        parameters = len(self.mask)
        if self.answer < 0:
            return self._settings(self.theta.reshape(len(self.rows), parameters, LANES))
        states = self.state.reshape(len(self.rows), -1, parameters, LANES)
        return self._settings(states[:, self.answer])


def _hyper(group: Group, names: Sequence[str]) -> np.ndarray:
    """The strengths and hyper-parameters, `(settings, names)`."""
    columns = group.strengths | group.rule_hyper
    return torch.cat([columns[name] for name in names], dim=1).numpy()
