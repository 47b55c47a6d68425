"""Training on several workers: data-parallel gradients, local SGD, and the bytes that either one sends.

Both take the mean over the workers as a function, so that they run in real processes (`Traffic().mean`) and,
with one worker, in this one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from optlab.engine.validation import count, positive, whole

__all__ = ["Traffic", "bytes_sent", "data_parallel", "local_sgd"]

Gradient = Callable[[Tensor, int], Tensor]
Mean = Callable[[Tensor], Tensor]


class Traffic:
    """Means over all workers of the process group, with every byte that is handed over counted.

    Attributes:
        calls: how many means were taken.
        bytes: how many bytes this worker handed to `all_reduce`.
    """

    def __init__(self) -> None:
        self.calls, self.bytes = 0, 0

    def mean(self, values: Tensor) -> Tensor:
        """The mean of `values` over the workers; every worker must call it."""
        total = values.detach().clone()
        dist.all_reduce(total)
        self.calls += 1
        self.bytes += total.numel() * total.element_size()
        return total / dist.get_world_size()


def data_parallel(gradient: Gradient, theta: Tensor, steps: int, *, lr: float, mean: Mean) -> Tensor:
    """Gradient descent with the mean of all workers' gradients: θ ← θ − α · mean(g).

    Args:
        gradient: of the loss of this worker's share of a batch, `gradient(theta, step) -> (parameters,)`.
        theta: initial parameters, `(parameters,)`, the same on every worker.
        steps: how many steps, 1 or more.
        lr: the learning rate α.
        mean: of a tensor over all workers.

    Returns:
        The parameters before the first step and after each, `(steps + 1, parameters)`.

    Raises:
        TypeError: if `steps` is no number.
        ValueError: if `steps` is no whole number of at least 1.

    Example:
        >>> data_parallel(lambda t, _: t, torch.ones(1), 2, lr=0.5, mean=lambda g: g).flatten()
        tensor([1.0000, 0.5000, 0.2500])

    Source:
        J. Dean et al., "Large scale distributed deep networks", 2012.
    """
    path = [theta]
    for step in range(count("steps", steps)):
        path.append(path[-1] - lr * mean(gradient(path[-1], step)))
    return torch.stack(path)


def local_sgd(
    gradient: Gradient, theta: Tensor, steps: int, *, lr: Any, every: Any, mean: Mean
) -> tuple[Tensor, Tensor]:
    """Each worker goes its own way, and every H steps all go on from the mean of their parameters.

    Many settings run at once: row *i* of θ has its own α and its own H.

    Args:
        gradient: of the loss of this worker's batch, for each row: `gradient(theta, step)`.
        theta: initial parameters, `(settings, parameters)`, the same on every worker.
        steps: how many steps, 1 or more.
        lr: the learning rate α, a number or one for each setting.
        every: H, how many steps lie between two means, 1 or more, a number or one for each setting.
        mean: of a tensor over all workers.

    Returns:
        This worker's parameters before the first step and after each, `(settings, steps + 1, parameters)`,
        and how many means were taken of each setting, `(settings,)`.

    Raises:
        TypeError: if `lr`, `steps` or `every` is no number.
        ValueError: if `lr` is not above 0, or `steps` or `every` is no whole number of at least 1.

    Example:
        >>> one = torch.ones(1, 1)
        >>> path, means = local_sgd(lambda t, _: t, one, 2, lr=0.5, every=2, mean=lambda t: t + 1)
        >>> path.flatten(), means
        (tensor([1.0000, 0.5000, 1.2500]), tensor([1]))

    Source:
        S. Stich, "Local SGD converges fast and communicates little", 2019.
    """
    rates = torch.as_tensor(positive("lr", lr), dtype=theta.dtype)[:, None]
    gaps = torch.as_tensor(whole("every", every)).expand(len(theta))
    path, means = [theta], torch.zeros_like(gaps)
    for step in range(1, count("steps", steps) + 1):
        moved = path[-1] - rates * gradient(path[-1], step - 1)
        due = step % gaps == 0
        if due.any():
            moved[due] = mean(moved[due])
        path.append(moved)
        means += due
    return torch.stack(path, 1), means


def bytes_sent(parameters: int, means: int, *, workers: int = 2, itemsize: int = 4) -> float:
    """What each worker sends for some means over all workers, by a ring: 2 (W − 1) / W · bytes, each time.

    Args:
        parameters: how many numbers a mean is taken of.
        means: how many means are taken.
        workers: W.
        itemsize: bytes of a number.

    Returns:
        Bytes.

    Raises:
        TypeError: if an argument is no number.
        ValueError: if an argument is no whole number of at least 1.

    Example:
        >>> bytes_sent(114, 200, workers=2)
        91200.0

    Source:
        P. Patarasuk and X. Yuan, "Bandwidth optimal all-reduce algorithms", 2009.
    """
    names = {"parameters": parameters, "means": means, "workers": workers, "itemsize": itemsize}
    for name, value in names.items():
        count(name, value)
    return 2 * (workers - 1) / workers * parameters * itemsize * means
