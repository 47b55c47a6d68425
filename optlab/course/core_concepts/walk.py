"""Down the loss of a straight line, each step looking at some of the samples only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record
from optlab.course.core_concepts.line import line_gradient
from optlab.engine.data.dataset import shuffles
from optlab.engine.validation import whole


@dataclass(frozen=True)
class Walks(Record):
    """Two descents from one start, to be compared.

    Args:
        path: θ of the first, `(settings, marks, 2)`.
        other: θ of the second, `(settings, marks, 2)`.
        loss: the optimality gap along `path`, `(settings, marks)`.
        other_loss: the same along `other`.
    """

    path: np.ndarray
    other: np.ndarray
    loss: np.ndarray
    other_loss: np.ndarray


def last_tenth(loss: np.ndarray) -> Any:
    """Where a loss that never settles ends: the mean over the last tenth of its marks.

    Args:
        loss: `(..., marks)`.

    Returns:
        The mean, `(...)`.

    Example:
        >>> last_tenth(np.arange(40.0).reshape(2, 20)).tolist()
        [18.5, 38.5]
    """
    return loss[..., -(loss.shape[-1] // 10) :].mean(-1)


def picks(samples: int, batch_size: int, epochs: int, seed: int) -> Tensor:
    """Which samples each step looks at: every epoch, all in a new random order, cut into batches.

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
        The article, section 3.3.
    """
    rates = torch.as_tensor(np.asarray(lr), dtype=torch.float64)
    theta = torch.as_tensor(start, dtype=torch.float64).expand(len(rates), 2)
    path, xs, ys = [theta], x[batches].unbind(1), y[batches].unbind(1)
    for rate, some_x, some_y in zip(rates.unbind(1), xs, ys, strict=True):
        theta = theta - rate[:, None] * line_gradient(theta, some_x, some_y)
        path.append(theta)
    return torch.stack(path, dim=1).numpy()
