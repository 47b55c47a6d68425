"""The roofline of this machine, and how close a few tasks come to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab import MLP, Record, grid, shared
from optlab.engine.systems.bench import bandwidth, peak, roof, timed
from optlab.engine.systems.threads import threads

TASKS = ("add matrices", "multiply matrices", "train this course's network")
SIZES = (1, 4, 16, 64, 256, 1024)
"""n: the side of the matrices (4n where they are added), or how many networks are trained at once."""
MODEL, BATCH = MLP((4, 16, 2)), 16


def cost(task: str, n: int) -> tuple[float, float]:
    """The least that a task has to do.

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
        return lambda: step(theta, x)
    side = 4 * n if task == TASKS[0] else n  # so that the largest exceeds any cache
    a, b, out = (torch.ones(side, side) for _ in range(3))
    if task == TASKS[0]:
        return lambda: torch.add(a, b, out=out)
    return lambda: torch.mm(a, b, out=out)


def step(theta: Tensor, x: Tensor) -> Tensor:
    """One step of SGD at rate 0.1 for many networks, all targets class 0.

    Args:
        theta: `(networks, parameters)`.
        x: `(1, BATCH, features)`.

    Returns:
        The parameters after it, `(networks, parameters)`.
    """
    leaf = theta.detach().requires_grad_()
    labels = torch.zeros(len(theta) * BATCH, dtype=torch.int64)
    loss = cross_entropy(MODEL(leaf, x).flatten(0, 1), labels, reduction="sum") / BATCH
    return theta - 0.1 * torch.autograd.grad(loss, leaf)[0]


@dataclass(frozen=True)
class Roofline(Record):
    """Tasks under the two roofs of this machine, on one thread.

    Args:
        settings: `task` and `n`, each `(settings,)`.
        seconds: how long a task takes, `(settings,)`.
        spread: how many times that the median try takes, `(settings,)`.
        intensity: operations for each byte that must move, `(settings,)`.
        speed: operations per second, `(settings,)`.
        peak: the most operations per second, float32.
        bandwidth: bytes per second.
    """

    seconds: np.ndarray
    spread: np.ndarray
    intensity: np.ndarray
    speed: np.ndarray
    peak: float = shared()
    bandwidth: float = shared()

    @property
    def roof(self) -> np.ndarray:
        """The most operations per second at the intensity of each task, `(settings,)`."""
        return roof(self.intensity, self.peak, self.bandwidth)

    @property
    def fraction(self) -> np.ndarray:
        """The fraction of its roof that each task reaches, `(settings,)`."""
        return self.speed / self.roof


def measure_roofline() -> Roofline:
    """Measure both roofs and every task, on one thread.

    Returns:
        Every task at every size, task after task; it takes about two seconds.

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    settings = grid(task=TASKS, n=SIZES)
    rows = [(str(task), int(n)) for task, n in zip(*settings.values(), strict=True)]
    with threads(1):
        timings = [timed(_function(task, n), tries=5) for task, n in rows]
        top, stream = peak(), bandwidth()
    seconds = np.array([timing.best for timing in timings])
    work, moved = np.transpose([cost(task, n) for task, n in rows])
    spread = np.array([timing.spread for timing in timings])
    speed = work / seconds
    # a small product can do better than the large one that measures the peak
    return Roofline(settings, seconds, spread, work / moved, speed, max(top, speed.max()), stream)
