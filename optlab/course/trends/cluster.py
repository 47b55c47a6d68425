"""What the two workers do: train as one large batch, train locally, race against one worker, and get lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab.engine.data.dataset import Dataset, iris_pair, shuffles
from optlab.engine.models.mlp import MLP
from optlab.engine.systems.distributed import Traffic, data_parallel, local_sgd
from optlab.engine.systems.threads import threads
from optlab.engine.systems.workers import WorkersFailedError, launch
from optlab.record import Record

__all__ = [
    "BATCH",
    "BATCHES",
    "EPOCHS",
    "EVERY",
    "RATES",
    "SPLITS",
    "STEPS",
    "WIDTHS",
    "Cluster",
    "LocalRuns",
    "StepTimes",
    "lost_worker",
    "run_cluster",
]

MODEL = MLP((4, 16, 2))
EPOCHS, BATCH = 40, 16
STEPS = EPOCHS * 80 // BATCH
EVERY = (1, 2, 5, 10, 20, 50, 100, 200)
"""H, steps between two means."""
RATES = (0.1, 1.0)
SPLITS = ("mixed", "one species each")
WIDTHS, BATCHES = (16, 128, 1024), (16, 64, 256, 1024)
"""Hidden units and samples of the networks whose steps are timed."""


def gradient_on(x: Tensor, y: Tensor, batches: Sequence[Tensor]) -> Callable[[Tensor, int], Tensor]:
    """The gradient of the mean cross-entropy on the batch of a step, for each row of θ."""

    def gradient(theta: Tensor, step: int) -> Tensor:
        leaf, rows = theta.detach().requires_grad_(), batches[step]
        outputs, labels = MODEL(leaf, x[rows][None]).flatten(0, 1), y[rows].repeat(len(theta))
        loss = cross_entropy(outputs, labels, reduction="sum") / len(rows)
        return torch.autograd.grad(loss, leaf)[0]

    return gradient


def large_batches() -> list[Tensor]:
    """The batches of 16 that `optlab.train` takes with seed 0, one for each step."""
    orders = shuffles(80, np.array([0]))
    return [batch for _, order in zip(range(EPOCHS), orders, strict=False) for batch in order[0].split(BATCH)]


def own_batches(split: str, rank: int, y: Tensor) -> list[Tensor]:
    """The batches of 8 of one of two workers, from its own 40 flowers."""
    mixed = torch.randperm(len(y), generator=torch.Generator().manual_seed(7))
    mine = mixed[rank::2] if split == SPLITS[0] else torch.nonzero(y == rank)[:, 0]
    generator = torch.Generator().manual_seed(rank)
    orders = [mine[torch.randperm(len(mine), generator=generator)] for _ in range(EPOCHS)]
    return [batch for order in orders for batch in order.split(BATCH // 2)]


# ---------------------------------------------------------------- inside the workers


def work(rank: int, _: int, *, timed: bool = True, local: bool = True) -> dict[str, Any]:
    """All that the labs of section 5 need from two workers, in one start.

    Args:
        rank: which worker this is.
        _: how many there are: 2, or the halves of a batch would not make a whole.
        timed: whether to time the steps as well.
        local: whether to run local SGD too.

    Returns:
        Paths of the parameters, the bytes that were counted, and seconds.
    """
    data = iris_pair(dtype=torch.float64)
    theta = MODEL.start(0).double()[None]
    traffic = Traffic()
    mine = [batch.chunk(2)[rank] for batch in large_batches()]
    gradient = gradient_on(data.x_train, data.y_train, mine)
    together = data_parallel(gradient, theta, STEPS, lr=RATES[0], mean=traffic.mean)
    known: dict[str, Any] = {"parallel": together[-1, 0], "parallel_bytes": traffic.bytes}
    return (
        known
        | (_local(rank, data, theta) if local else {})
        | ({"seconds": _time_steps(rank)} if timed else {})
    )


def _local(rank: int, data: Dataset, theta: Tensor) -> dict[str, Any]:
    """Local SGD at every rate with every H at once, on one split after the other."""
    lr, every = np.repeat(RATES, len(EVERY)), np.tile(EVERY, len(RATES))
    paths, sent, traffic = [], [], Traffic()
    for split in SPLITS:
        gradient = gradient_on(data.x_train, data.y_train, own_batches(split, rank, data.y_train))
        path, means = local_sgd(
            gradient, theta.repeat(len(lr), 1), STEPS, lr=lr, every=every, mean=traffic.mean
        )
        paths.append(path[:, :: STEPS // EPOCHS])
        sent.append(means * theta.nbytes)
    return {"local": torch.cat(paths), "local_bytes": torch.cat(sent), "counted": traffic.bytes}


def _time_steps(rank: int) -> np.ndarray:
    """Seconds of a step, `(widths, batches, 3)`: one worker alone, two with half a batch each, their mean."""
    seconds = np.empty((len(WIDTHS), len(BATCHES), 3))
    for i, width in enumerate(WIDTHS):
        layers = [torch.nn.Linear(64, width), torch.nn.ReLU(), torch.nn.Linear(width, 10)]
        net = torch.nn.Sequential(*layers)
        for j, batch in enumerate(BATCHES):
            whole = _compute(net, batch) if rank == 0 else None
            half, send = _compute(net, batch // 2), _send(net)
            seconds[i, j] = [_best(whole), _best(half), _best(send)]
    return seconds


def _compute(net: torch.nn.Module, batch: int) -> Callable[[], None]:
    x, y = torch.randn(batch, 64), torch.randint(10, (batch,))

    def step() -> None:
        net.zero_grad()
        cross_entropy(net(x), y).backward()

    return step


def _send(net: torch.nn.Module) -> Callable[[], None]:
    numbers = torch.zeros(sum(p.numel() for p in net.parameters()))
    return lambda: dist.all_reduce(numbers)


def _best(function: Callable[[], None] | None, tries: int = 7) -> float:
    """The least of several times, all workers beginning together; None waits for the others."""
    least = np.inf
    for _ in range(tries):
        dist.barrier()
        began = time.perf_counter()
        if function is not None:
            function()
        least = min(least, time.perf_counter() - began)
    dist.barrier()
    return least


def get_lost(rank: int, processes: int, *, at: int = 40) -> dict[str, Any]:
    """Take means for ever; the last worker is killed after some of them.

    Args:
        rank: which worker this is.
        processes: how many there are.
        at: after how many means the last worker is killed.

    Returns:
        Nothing: it never gets that far.
    """
    traffic = Traffic()
    while True:
        traffic.mean(torch.ones(114))
        if rank == processes - 1 and traffic.calls == at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


# ---------------------------------------------------------------- outside


@dataclass(frozen=True)
class LocalRuns(Record):
    """Local SGD on two workers: row *i* belongs to setting *i*.

    Args:
        settings: `every`, `lr` and `split`, each `(settings,)`.
        loss: training loss of the mean of the workers' models, before training and after each epoch.
        accuracy: its share of right test flowers, likewise `(settings, epochs + 1)`.
        apart: distance between the two workers' models over the length of their mean, likewise.
        sent: bytes that each worker sent, `(settings,)`.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    apart: np.ndarray
    sent: np.ndarray


@dataclass(frozen=True)
class StepTimes(Record):
    """How long a step takes: row *i* belongs to setting *i*.

    Args:
        settings: `width` and `batch`, each `(settings,)`.
        seconds: one worker, two with half a batch each, taking their mean: `(settings, 3)`.
    """

    seconds: np.ndarray


@dataclass(frozen=True)
class Cluster:
    """What two real workers brought back.

    Args:
        local: local SGD, every H at every rate on both splits.
        theta: parameters after data-parallel training, `(parameters,)`, float64.
        theta_bytes: what each worker sent for them.
        seconds: of a step, `(widths, batches, 3)`: one worker, two with half a batch each, taking the mean.
        counted: bytes that a worker handed over in all runs of local SGD together.
        start: seconds that starting the workers and their work took, all in all.
    """

    local: LocalRuns
    theta: np.ndarray
    theta_bytes: int
    seconds: np.ndarray
    counted: int
    start: float

    @cached_property
    def speedup(self) -> np.ndarray:
        """How many times as fast two workers are, `(widths, batches)`."""
        return self.seconds[..., 0] / self.seconds[..., 1:].sum(-1)


def run_cluster(*, timed: bool = True) -> Cluster:
    """Start two worker processes once, and have them do everything.

    Args:
        timed: whether to time the steps as well.

    Returns:
        What they brought back.

    Raises:
        WorkersFailedError: if they cannot be started or one is lost.
    """
    began = time.perf_counter()
    first, second = launch("optlab.course.trends.cluster:work", timed=timed)
    took = time.perf_counter() - began
    both = torch.from_numpy(np.stack([first["local"], second["local"]]))
    seconds = np.full((len(WIDTHS), len(BATCHES), 3), np.nan)
    if timed:
        seconds = np.maximum(first["seconds"], second["seconds"])
        seconds[..., 0] = first["seconds"][..., 0]  # the second worker only waited
    with threads(1):
        local = _local_runs(both, first["local_bytes"])
    return Cluster(
        local, first["parallel"], int(first["parallel_bytes"]), seconds, int(first["counted"]), took
    )


def _local_runs(both: Tensor, sent: np.ndarray) -> LocalRuns:
    data, mean = iris_pair(dtype=torch.float64), both.mean(0)
    shape, flat = mean.shape[:2], mean.flatten(0, 1)
    outputs = MODEL(flat, data.x_train[None]).transpose(1, 2)
    loss = cross_entropy(outputs, data.y_train.expand(len(flat), -1), reduction="none").mean(1)
    right = MODEL(flat, data.x_test[None]).argmax(-1) == data.y_test
    apart = (both[0] - both[1]).norm(dim=-1) / mean.norm(dim=-1)
    splits, rates, everies = np.meshgrid(SPLITS, RATES, EVERY, indexing="ij")
    settings = {"every": everies.ravel(), "lr": rates.ravel(), "split": splits.ravel()}
    accuracy = right.double().mean(1).reshape(shape).numpy()
    return LocalRuns(settings, loss.reshape(shape).numpy(), accuracy, apart.numpy(), sent)


def lost_worker(at: int = 40) -> tuple[str, float]:
    """Start two workers, kill one at work, and hear what becomes of the other.

    Args:
        at: after how many means it is killed.

    Returns:
        What the launcher says, and how many seconds it took from the start.

    Raises:
        AssertionError: if nobody was lost.
    """
    began = time.perf_counter()
    try:
        launch("optlab.course.trends.cluster:get_lost", at=at)
    except WorkersFailedError as error:
        return str(error), time.perf_counter() - began
    raise AssertionError("both workers came back")
