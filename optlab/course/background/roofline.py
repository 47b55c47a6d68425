"""The roofline of this machine, and where a few tasks stand under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab.engine.models.mlp import MLP
from optlab.engine.systems.bench import bandwidth, peak, roof, timed
from optlab.engine.systems.threads import threads
from optlab.record import Record

__all__ = ["SIZES", "TASKS", "Roofline", "Standing", "cost", "measure_roofline"]

TASKS = ("add matrices", "multiply matrices", "train this course's network")
SIZES = (1, 4, 16, 64, 256, 1024)
"""n: the side of the matrices (4n where they are added), or how many networks are trained at once."""
MODEL, BATCH = MLP((4, 16, 2)), 16


def cost(task: str, n: int) -> tuple[float, float]:
    """What a task has to do at the least.

    Args:
        task: one of `TASKS`.
        n: its size.

    Returns:
        Floating-point operations, and bytes that must move between memory and processor (float32).

    Raises:
        ValueError: if there is no such task.

    Example:
        >>> cost("multiply matrices", 64)
        (524288, 49152)
    """
    if task == TASKS[0]:
        return 16 * n**2, 12 * 16 * n**2
    if task == TASKS[1]:
        return 2 * n**3, 12 * n**2
    if task == TASKS[2]:  # forward 2 operations a weight and sample, backward twice that; θ read and written
        weights = sum(a * b for a, b in zip(MODEL.widths, MODEL.widths[1:], strict=False))
        return 6 * weights * BATCH * n, 2 * 4 * 114 * n
    raise ValueError(f"task={task!r}: expected one of {', '.join(TASKS)}")


def _function(task: str, n: int) -> Callable[[], Any]:
    if task == TASKS[2]:
        theta, x = MODEL.start(0).repeat(n, 1), torch.ones(1, BATCH, 4)
        return lambda: _step(theta, x)
    side = 4 * n if task == TASKS[0] else n  # so that the largest is larger than any cache
    a, b, out = (torch.ones(side, side) for _ in range(3))
    if task == TASKS[0]:
        return lambda: torch.add(a, b, out=out)
    return lambda: torch.mm(a, b, out=out)


def _step(theta: Tensor, x: Tensor) -> Tensor:
    leaf = theta.detach().requires_grad_()
    labels = torch.zeros(len(theta) * BATCH, dtype=torch.int64)
    loss = cross_entropy(MODEL(leaf, x).flatten(0, 1), labels, reduction="sum") / BATCH
    return theta - 0.1 * torch.autograd.grad(loss, leaf)[0]


@dataclass(frozen=True)
class Standing(Record):
    """Where tasks stand: row *i* belongs to setting *i*.

    Args:
        settings: `task` and `n`, each `(settings,)`.
        seconds: how long each takes, `(settings,)`.
        spread: how many times that the median try takes.
        intensity: operations for each byte that must move.
        speed: operations a second that were reached.
    """

    seconds: np.ndarray
    spread: np.ndarray
    intensity: np.ndarray
    speed: np.ndarray


@dataclass(frozen=True)
class Roofline:
    """The two roofs of this machine, on one thread, and what stands under them.

    Args:
        peak: operations a second, float32.
        bandwidth: bytes a second.
        tasks: every task at every size, task after task.
    """

    peak: float
    bandwidth: float
    tasks: Standing

    @property
    def share(self) -> np.ndarray:
        """The share of its roof that each task reaches, `(settings,)`."""
        return self.tasks.speed / roof(self.tasks.intensity, self.peak, self.bandwidth)

    def at(self, task: str, n: int) -> int:
        """The row of a task and a size."""
        return TASKS.index(task) * len(SIZES) + SIZES.index(n)


def measure_roofline() -> Roofline:
    """Measure both roofs and every task, on one thread.

    Returns:
        The roofline; it takes about two seconds.

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    rows = [(task, n) for task in TASKS for n in SIZES]
    with threads(1):
        timings = [timed(_function(task, n), tries=5) for task, n in rows]
        top, stream = peak(), bandwidth()
    seconds = np.array([timing.best for timing in timings])
    work, moved = np.transpose([cost(task, n) for task, n in rows])
    settings = {"task": np.array([task for task, _ in rows]), "n": np.array([n for _, n in rows])}
    spread = np.array([timing.spread for timing in timings])
    speed = work / seconds
    # a small product can do better than the large one that measures the peak
    return Roofline(max(top, speed.max()), stream, Standing(settings, seconds, spread, work / moved, speed))
