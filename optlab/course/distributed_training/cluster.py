"""Two real worker processes: started once for all that the labs show, and once more to lose one."""

import os
import signal
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from optlab.course.common.halves import flowers, train_on_halves
from optlab.course.distributed_training.data_parallel import (
    BATCHES,
    WIDTHS,
    StepTimes,
    step_times,
    time_steps,
)
from optlab.course.distributed_training.local_sgd import LocalRuns, local_runs, train_locally
from optlab.engine.systems.distributed import Traffic
from optlab.engine.systems.workers import WorkersFailedError, launch


@dataclass(frozen=True)
class Cluster:
    """What two workers returned.

    Args:
        local: local SGD, every H at every rate on both splits.
        steps: how long a step takes; NaN if it was not timed.
        theta: parameters after data-parallel training, `(parameters,)`, float64.
        theta_bytes: bytes sent by each worker for them.
        counted: bytes that a worker handed over in all runs of local SGD together.
    """

    local: LocalRuns
    steps: StepTimes
    theta: np.ndarray
    theta_bytes: int
    counted: int


def run_cluster(*, timed: bool = True) -> Cluster:
    """Start two worker processes once, and let them do everything.

    Args:
        timed: whether to time the steps as well.

    Returns:
        What they returned.

    Raises:
        WorkersFailedError: if they cannot be started or one is lost.
    """
    both = launch("optlab.course.distributed_training.cluster:work", timed=timed, **flowers())
    steps = step_times(*(worker["seconds"] for worker in both))
    first = both[0]
    return Cluster(local_runs(*both), steps, first["theta"], int(first["theta_bytes"]), int(first["counted"]))


def work(rank: int, _: int, *, timed: bool, x: list[list[float]], y: list[int]) -> dict[str, Any]:
    """What each worker does: train on halves of batches, run local SGD, and time steps.

    Args:
        rank: which worker this is.
        _: the number of workers: 2.
        timed: whether to time the steps as well.
        x: the measurements of the flowers, `(80, 4)`.
        y: their species, `(80,)`.

    Returns:
        What `train_on_halves` and `train_locally` return, and `seconds`.
    """
    seconds = time_steps(rank) if timed else np.full((len(WIDTHS) * len(BATCHES), 3), np.nan)
    given = torch.tensor(x, dtype=torch.float64), torch.tensor(y)
    return train_on_halves(rank, *given) | train_locally(rank, *given) | {"seconds": seconds}


def crash_midway(rank: int, processes: int, *, at: int = 40) -> dict[str, Any]:
    """Take means without end; the last worker is killed after some of them.

    Args:
        rank: which worker this is.
        processes: the number of workers.
        at: after how many means the last worker is killed.

    Returns:
        Nothing: it never gets that far.
    """
    traffic = Traffic()
    while True:
        traffic.mean(torch.ones(114))
        if rank == processes - 1 and traffic.calls == at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def lost_worker(at: int = 40) -> tuple[str, float]:
    """Start two workers, kill one at work, and see what happens to the other.

    Args:
        at: after how many means it is killed.

    Returns:
        The launcher's message, and the seconds from the start to it.

    Raises:
        AssertionError: if no worker was lost.
    """
    began = time.perf_counter()
    try:
        launch("optlab.course.distributed_training.cluster:crash_midway", at=at)
    except WorkersFailedError as error:
        return str(error), time.perf_counter() - began
    raise AssertionError("both workers returned")
