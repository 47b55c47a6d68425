"""Down the loss of a straight line, each step looking at some of the samples only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.course.core_concepts.line import least_squares, line_gradient
from optlab.engine.data.dataset import shuffles
from optlab.engine.validation import whole
from optlab.record import Record

__all__ = ["Walks", "expected_excess", "last_tenth", "picks", "walk"]


@dataclass(frozen=True)
class Walks(Record):
    """Two descents from one start, over all samples and over some: row *i* belongs to setting *i*.

    Args:
        path: θ of the descent over some samples a step, `(settings, marks, 2)`.
        other: θ of the one that it is compared with, `(settings, marks, 2)`.
        loss: how far `path` is above the lowest loss, `(settings, marks)`.
        other_loss: how far `other` is.
        lr: the rate of `path` at each mark but the first, `(settings, marks - 1)`.
    """

    path: np.ndarray
    other: np.ndarray
    loss: np.ndarray
    other_loss: np.ndarray
    lr: np.ndarray


def last_tenth(loss: np.ndarray) -> float:
    """Where a loss that never settles ends: the mean over the last tenth of its marks.

    Args:
        loss: `(marks,)`.

    Returns:
        The mean.

    Example:
        >>> last_tenth(np.arange(20.0))
        18.5
    """
    return float(loss[-(len(loss) // 10) :].mean())


def picks(samples: int, batch_size: int, epochs: int, seed: int) -> Tensor:
    """Which samples each step looks at: the samples in a new random order every epoch, cut into batches.

    Args:
        samples: how many there are.
        batch_size: how many a step looks at; it must divide `samples`.
        epochs: how often every sample is looked at.
        seed: of the orders, as in `optlab.engine.data.dataset.shuffles`.

    Returns:
        `(steps, batch_size)`, whole numbers.

    Raises:
        ValueError: if `batch_size` does not divide `samples`.

    Example:
        >>> picks(4, batch_size=2, epochs=1, seed=0)
        tensor([[0, 1],
                [3, 2]])
    """
    if samples % int(whole("batch_size", batch_size)[0]):
        raise ValueError(f"batch_size={batch_size}: expected a divisor of {samples}")
    orders = shuffles(samples, [int(seed)])
    return torch.cat([next(orders)[0] for _ in range(epochs)]).reshape(-1, int(batch_size))


def walk(start: Any, lr: Any, batches: Tensor, x: Tensor, y: Tensor) -> np.ndarray:
    """Go down the line's loss, each step looking at some of the samples only.

    Args:
        start: θ at first, `(2,)`.
        lr: the rate of each step, `(settings, steps)`.
        batches: the samples of each step, `(settings, steps, batch_size)`, as from `picks`.
        x: `(samples,)`.
        y: `(samples,)`.

    Returns:
        The path, `(settings, steps + 1, 2)`; one that diverges ends in inf and NaN.

    Example:
        >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
        >>> walk([0.0, 0.0], [[0.5, 0.5]], torch.tensor([[[0], [1]]]), x, y)[0].tolist()
        [[0.0, 0.0], [1.0, 0.0], [3.0, 2.0]]

    Source:
        Section 3.3 of the document.
    """
    rates = torch.as_tensor(np.asarray(lr), dtype=torch.float64)
    theta = torch.as_tensor(start, dtype=torch.float64).expand(len(rates), 2)
    path, xs, ys = [theta], x[batches].unbind(1), y[batches].unbind(1)
    for rate, some_x, some_y in zip(rates.unbind(1), xs, ys, strict=True):
        theta = theta - rate[:, None] * line_gradient(theta, some_x, some_y)
        path.append(theta)
    return torch.stack(path, dim=1).numpy()


def expected_excess(start: Any, lr: float, steps: int, x: Tensor, y: Tensor) -> np.ndarray:
    """What full-batch descent leaves above the lowest loss, in closed form: Σ ½ λᵢ cᵢ² (1 − αλᵢ)^2t.

    Args:
        start: θ at first, `(2,)`.
        lr: α.
        steps: how many.
        x: `(samples,)`.
        y: `(samples,)`.

    Returns:
        `(steps + 1,)`; λᵢ are the two curvatures, cᵢ the start's distances along their directions.

    Example:
        >>> x, y = torch.tensor([-1.0, 1.0]), torch.tensor([-1.0, 1.0])
        >>> expected_excess([0.0, 0.0], 0.25, 2, x, y).tolist()
        [1.0, 0.25, 0.0625]
    """
    design = torch.stack([torch.ones_like(x), x], dim=1).double()
    values, directions = np.linalg.eigh((2 * design.T @ design / len(x)).numpy())
    away = (np.asarray(start) - least_squares(x, y)[0].numpy()) @ directions
    with np.errstate(over="ignore"):
        left = (1 - lr * values) ** (2 * np.arange(steps + 1)[:, None])
    return (left * values * away**2 / 2).sum(1)
