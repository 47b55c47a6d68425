"""How long a training step takes on one worker, and on two with half of the batch each."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.distributed as dist
from torch.nn.functional import cross_entropy

from optlab import Record, grid
from optlab.engine.systems.measured import as_measured

WIDTHS, BATCHES = (16, 128, 1024), (16, 64, 256, 1024)
"""Hidden units and batch sizes of the networks whose steps are timed."""


@dataclass(frozen=True)
class StepTimes(Record):
    """How long a step takes.

    Args:
        settings: `width` and `batch`, each `(settings,)`.
        seconds: for one worker; for two with half a batch each; for the mean of the gradients:
            `(settings, 3)`.
    """

    seconds: np.ndarray

    @property
    def two(self) -> np.ndarray:
        """Seconds of a step on two workers: their halves and the mean, `(settings,)`."""
        return self.seconds[:, 1:].sum(-1)

    @property
    def speedup(self) -> np.ndarray:
        """How many times as fast two workers are, `(settings,)`."""
        return self.seconds[:, 0] / self.two


def step_times(first: np.ndarray, second: np.ndarray) -> StepTimes:
    """The slower of the two workers decides; one worker alone is the first.

    Args:
        first: what `time_steps` returned on rank 0, `(settings, 3)`.
        second: and on rank 1.

    Returns:
        The record; the batch size varies fastest.
    """
    seconds = np.maximum(first, second)
    seconds[:, 0] = first[:, 0]  # the second worker only waited
    seconds = np.reshape(as_measured("steps of two workers", seconds.ravel().tolist), seconds.shape)
    return StepTimes(grid(width=WIDTHS, batch=BATCHES), seconds)


def time_steps(rank: int) -> np.ndarray:
    """Time the steps of every network as one of two workers.

    Args:
        rank: which worker this is.

    Returns:
        Seconds for one worker, for half a batch, and for the mean: `(settings, 3)`.
    """
    seconds = []
    for width in WIDTHS:
        net = torch.nn.Sequential(torch.nn.Linear(64, width), torch.nn.ReLU(), torch.nn.Linear(width, 10))
        for batch in BATCHES:
            whole = _step(net, batch) if rank == 0 else None
            half, mean = _step(net, batch // 2), _mean(net)
            seconds.append([_best(whole), _best(half), _best(mean)])
    return np.array(seconds)


def _step(net: torch.nn.Module, batch: int) -> Callable[[], None]:
    x, y = torch.randn(batch, 64), torch.randint(10, (batch,))

    def step() -> None:
        net.zero_grad()
        cross_entropy(net(x), y).backward()

    return step


def _mean(net: torch.nn.Module) -> Callable[[], None]:
    numbers = torch.zeros(sum(p.numel() for p in net.parameters()))
    return lambda: dist.all_reduce(numbers)


def _best(function: Callable[[], None] | None, tries: int = 7) -> float:
    """The best of several times, all workers starting together; a worker without a function only waits."""
    best = np.inf
    for _ in range(tries):
        dist.barrier()
        began = time.perf_counter()
        if function is not None:
            function()
        best = min(best, time.perf_counter() - began)
    dist.barrier()
    return best
