"""How long things take here: on threads, in number formats, many settings at once, two processes at once."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from optlab import iris_pair, train
from optlab.course.common.halves import flowers, train_alone, train_on_halves
from optlab.engine.systems.bench import Timing, timed
from optlab.engine.systems.threads import threads
from optlab.engine.systems.workers import launch

FORMATS = {"float64": torch.float64, "float32": torch.float32, "bfloat16": torch.bfloat16, "int8": torch.int8}
"""Number formats by name, from 8 bytes down to 1."""
AT_ONCE = (1, 4, 16, 64, 256, 1024)
"""How many settings are trained at once."""
EPOCHS = 4


# ---------------------------------------------------------------- one process


def thread_times(sizes: tuple[int, ...] = (32, 1024)) -> dict[int, dict[int, Timing]]:
    """Time a matrix product with one thread, and with as many as torch uses here.

    Args:
        sizes: the sides of the matrices.

    Returns:
        For each side, the timing by number of threads. Torch has its old number again afterwards.
    """
    numbers = sorted({1, torch.get_num_threads()})
    found: dict[int, dict[int, Timing]] = {}
    for size in sizes:
        matrix, found[size] = torch.ones(size, size), {}
        for number in numbers:
            with threads(number):
                found[size][number] = timed(partial(torch.mm, matrix, matrix))
    return found


def format_times(size: int = 512) -> dict[str, Timing | str]:
    """Time a matrix product in each number format.

    Args:
        size: the side of the matrices.

    Returns:
        By name of the format the timing, or in words why this torch cannot do it.
    """
    found: dict[str, Timing | str] = {}
    for name, dtype in FORMATS.items():
        matrix = torch.ones(size, size, dtype=dtype)
        product: Any = getattr(torch, "_int_mm", None) if dtype is torch.int8 else torch.mm
        try:
            found[name] = timed(partial(product, matrix, matrix))
        except (RuntimeError, TypeError, NotImplementedError) as error:
            found[name] = f"not on this machine: {str(error).splitlines()[0]}"
    return found


def plain_loop(x: Tensor, y: Tensor, lr: float) -> None:
    """One setting as everybody would train it: a module, an optimiser, a loop."""
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(16):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()


def at_once(most_by_loop: int = 64) -> dict[str, np.ndarray]:
    """Time the training of several settings: in a plain loop, and as one vectorised run.

    Args:
        most_by_loop: up to how many settings the loop is timed; it has no patience for more.

    Returns:
        Seconds for each number of settings in `AT_ONCE`, as `loop` (NaN where it was not timed) and
        `together`; 4 epochs of section 4's network.
    """
    data = iris_pair()
    run = partial(train, data, epochs=EPOCHS, engine="autograd")  # PyTorch's, as in the loop
    seconds: dict[str, list[float]] = {"loop": [], "together": []}
    with threads(1), torch.random.fork_rng(devices=[]):
        plain_loop(data.x_train, data.y_train, 0.1)  # the first optimiser of a process loads a good deal
        for number in AT_ONCE:
            lrs = np.geomspace(0.001, 1, number)
            seconds["together"].append(timed(partial(run, lr=lrs), tries=2).best)
            if number > most_by_loop:
                seconds["loop"].append(np.nan)
                continue
            began = time.perf_counter()
            for lr in lrs:
                plain_loop(data.x_train, data.y_train, float(lr))
            seconds["loop"].append(time.perf_counter() - began)
    return {name: np.array(column) for name, column in seconds.items()}


# ---------------------------------------------------------------- two processes


@dataclass(frozen=True)
class Pair:
    """What two worker processes say about sharing this machine.

    Args:
        alone: seconds that a training takes while the other worker waits.
        together: seconds that it takes while the other one trains too: the slower of the two.
        start: seconds that starting and ending the workers took, with all of their work.
        theta: parameters after data-parallel training, `(parameters,)`, as in `optlab.course.common.halves`.
        sent: bytes that each worker sent for it.
    """

    alone: float
    together: float
    start: float
    theta: np.ndarray
    sent: int

    @property
    def gain(self) -> float:
        """How many times as much is done in the same time by two at once."""
        return 2 * self.alone / self.together


def share(rank: int, _: int, *, x: list[list[float]], y: list[int], tries: int = 5) -> dict[str, Any]:
    """The job of a worker: train alone, train beside the other, then train one network with it.

    Args:
        rank: which worker this is.
        _: how many there are, 2.
        x: the measurements of the flowers, `(80, 4)`.
        y: their species, `(80,)`.
        tries: how often each training is timed.

    Returns:
        Seconds alone and together, and what the common training gave.
    """
    inputs, labels = torch.tensor(x, dtype=torch.float64), torch.tensor(y)
    train_alone(inputs, labels)
    alone = [_turn(inputs, labels, mine=rank == who) for who in (0, 1) for _ in range(tries)]
    both = [_turn(inputs, labels, mine=True) for _ in range(tries)]
    return {"alone": np.nanmin(alone), "together": min(both)} | train_on_halves(rank, inputs, labels)


def _turn(x: Tensor, y: Tensor, *, mine: bool) -> float:
    dist.barrier()
    began = time.perf_counter()
    if mine:
        train_alone(x, y)
    seconds = time.perf_counter() - began
    dist.barrier()
    return seconds if mine else np.nan


def pair() -> Pair:
    """Start two workers once: two trainings one after the other, two at once, and one on both.

    Returns:
        What they measured.

    Raises:
        WorkersFailedError: if they cannot be started.
    """
    given = flowers()
    began = time.perf_counter()
    first, second = launch("optlab.course.common.speeds:share", **given)
    took = time.perf_counter() - began
    alone, together = (max(float(w[name]) for w in (first, second)) for name in ("alone", "together"))
    return Pair(alone, together, took, first["theta"], int(first["theta_bytes"]))
