"""The smallest model there is: a line through twenty flowers, its parameters a point on a surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.arguments import non_negative, whole
from optlab.data import shuffles
from optlab.rows import Rows

__all__ = [
    "Point",
    "Walks",
    "curvatures",
    "excess",
    "expected_excess",
    "least_squares",
    "line_at",
    "line_gradient",
    "line_loss",
    "petals",
    "picks",
    "walk",
]

SHORT_PETAL = 4.0
"""Lengths are counted from here, in cm: θ₁ is then the width of a petal that some flowers really have."""


def petals() -> tuple[Tensor, Tensor]:
    """Every fifth iris versicolor and virginica: twenty petals.

    Returns:
        x, how much longer than 4 cm a petal is, and y, how wide it is, both in cm, `(20,)`, float64.

    Example:
        >>> x, y = petals()
        >>> len(x), x[:3].tolist(), y[:3].tolist()
        (20, [0.7, 0.5, -0.5], [1.4, 1.3, 1.0])

    Source:
        R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """
    from sklearn.datasets import load_iris  # noqa: PLC0415  (here, so that importing stays quick)

    measured = torch.from_numpy(load_iris().data[50::5])
    return torch.round(measured[:, 2] - SHORT_PETAL, decimals=1), measured[:, 3].clone()


def line_at(theta: Any, x: Any) -> Any:
    """The line's height θ₁ + θ₂x, for one θ `(2,)` and any x."""
    return theta[0] + theta[1] * x


@dataclass(frozen=True)
class Point(Rows):
    """Lines, one a setting, each a point on the loss surface.

    Args:
        theta: θ₁ and θ₂, `(settings, 2)`.
        loss: J there, `(settings,)`.
        gradient: ∇J there, `(settings, 2)`.
    """

    theta: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray


def line_loss(theta: Any, x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """How wrong the line θ₁ + θ₂x is: J = mean (θ₁ + θ₂x − y)² + λ (θ₁² + θ₂²).

    Args:
        theta: θ₁ and θ₂, `(..., 2)`.
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number, or an array that broadcasts against the result.

    Returns:
        The loss, `(...)`.

    Example:
        >>> line_loss([0.0, 1.0], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]), l2=0.5)
        tensor(2.5000, dtype=torch.float64)
    """
    theta = torch.as_tensor(theta, dtype=torch.float64)
    wrong = theta[..., :1] + theta[..., 1:] * x - y
    return (wrong**2).mean(-1) + torch.as_tensor(l2) * (theta**2).sum(-1)


def line_gradient(theta: Any, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of the line's mean squared error: 2/n Σ (θ₁ + θ₂x − y) (1, x).

    Args:
        theta: `(settings, 2)`.
        x: `(samples,)`, or `(settings, samples)` for samples of each setting's own.
        y: likewise.

    Returns:
        `(settings, 2)`.

    Example:
        >>> line_gradient([[0.0, 1.0]], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
        tensor([[-2., -4.]], dtype=torch.float64)
    """
    theta = torch.as_tensor(theta, dtype=torch.float64)
    wrong = theta[:, :1] + theta[:, 1:] * x - y
    return 2 * torch.stack([wrong.mean(1), (wrong * x).mean(1)], dim=1)


def least_squares(x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """The lowest point of `line_loss` in closed form: (XᵀX/n + λ)⁻¹ Xᵀy/n, with rows (1, x) in X.

    Args:
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number or `(settings,)`, 0 or above.

    Returns:
        θ₁ and θ₂, `(settings, 2)`.

    Raises:
        ValueError: if a λ is negative.

    Example:
        >>> least_squares(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])).round(decimals=6).tolist()
        [[1.0, 2.0]]

    Source:
        A. Hoerl and R. Kennard, "Ridge regression", Technometrics, 1970.
    """
    design = torch.stack([torch.ones_like(x), x], dim=1).double()
    l2 = torch.from_numpy(non_negative("l2", l2))[:, None, None]
    matrix = design.T @ design / len(x) + l2 * torch.eye(2, dtype=torch.float64)
    return torch.linalg.solve(matrix, (design.T @ y.double() / len(x)).expand(len(l2), 2))


def curvatures(x: Tensor, l2: float = 0.0) -> tuple[float, float]:
    """The smallest and the largest curvature of `line_loss`, μ and L: the eigenvalues of 2XᵀX/n, plus 2λ.

    Args:
        x: `(samples,)`; a single sample is a valley with a flat floor, μ = 0.
        l2: λ.

    Returns:
        μ and L.

    Example:
        >>> curvatures(torch.tensor([-1.0, 1.0]), l2=0.5)
        (3.0, 3.0)
    """
    design = torch.stack([torch.ones_like(x), x], dim=1).double()
    low, high = (torch.linalg.eigvalsh(2 * design.T @ design / len(x)) + 2 * l2).tolist()
    return low, high


def excess(x: Tensor, y: Tensor, l2: Any = 0.0) -> Callable[[Tensor], Tensor]:
    """How far `line_loss` is above its lowest value, as a function of θ; 0 at the lowest point.

    Args:
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number or `(settings,)`.

    Returns:
        A function from `(settings, 2)` to `(settings,)`, never below 0: ½ dᵀH d, with d the way
        to the lowest point.

    Example:
        >>> excess(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0]))(torch.tensor([[1.0, 3.0]]))
        tensor([0.5000], dtype=torch.float64)
    """
    lowest, strength = least_squares(x, y, l2), torch.from_numpy(non_negative("l2", l2))

    def above(theta: Tensor) -> Tensor:
        away = theta - lowest
        return ((away[..., :1] + away[..., 1:] * x) ** 2).mean(-1) + strength * (away**2).sum(-1)

    return above


# ---------------------------------------------------------------- sample by sample


@dataclass(frozen=True)
class Walks(Rows):
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


def picks(samples: int, batch_size: int, epochs: int, seed: int) -> Tensor:
    """Which samples each step looks at: the samples in a new random order every epoch, cut into batches.

    Args:
        samples: how many there are.
        batch_size: how many a step looks at; it must divide `samples`.
        epochs: how often every sample is looked at.
        seed: of the orders, as in `optlab.data.shuffles`.

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
