"""The smallest model there is: a straight line through twenty petals, its parameters a point on a surface."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from optlab.engine.validation import non_negative

SHORT_PETAL = 4.0
"""Lengths are counted from here, in cm: θ₁ is then the width of a petal that some flowers really have."""

START = (0.2, 1.8)
"""Where every descent on this surface begins: a line that is too low and far too steep."""

LIMITS = (-0.6, 2.6, -0.6, 2.1)
"""The part of the plane that every picture of this surface shows: left, right, bottom, top."""


@cache
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
    """The height of the line, θ₁ + θ₂x.

    Args:
        theta: θ₁ and θ₂, `(..., 2)`, an array or a tensor.
        x: `(points,)`, or `(..., points)`.

    Returns:
        `(..., points)`.

    Example:
        >>> line_at(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 3.0])).tolist()
        [1.0, 7.0]
    """
    return theta[..., :1] + theta[..., 1:] * x


def line_loss(theta: Any, x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """The loss of the line θ₁ + θ₂x: J = mean (θ₁ + θ₂x − y)² + λ (θ₁² + θ₂²).

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
    wrong = line_at(theta, x) - y
    return (wrong**2).mean(-1) + torch.as_tensor(l2, dtype=torch.float64) * (theta**2).sum(-1)


def line_gradient(theta: Any, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of the line's mean squared error: 2/n Σ (θ₁ + θ₂x − y) (1, x).

    Args:
        theta: `(settings, 2)`.
        x: `(samples,)`, or `(settings, samples)` where each setting has its own samples.
        y: likewise.

    Returns:
        `(settings, 2)`.

    Example:
        >>> line_gradient([[0.0, 1.0]], torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
        tensor([[-2., -4.]], dtype=torch.float64)
    """
    theta = torch.as_tensor(theta, dtype=torch.float64)
    wrong = line_at(theta, x) - y
    return 2 * torch.stack([wrong.mean(1), (wrong * x).mean(1)], dim=1)


def least_squares(x: Tensor, y: Tensor, l2: Any = 0.0) -> Tensor:
    """The minimum of `line_loss` in closed form: (XᵀX/n + λ)⁻¹ Xᵀy/n, with rows (1, x) in X.

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
    strength = torch.from_numpy(non_negative("l2", l2))[:, None, None]
    matrix = hessian(x) / 2 + strength * torch.eye(2, dtype=torch.float64)
    return torch.linalg.solve(matrix, (_design(x).T @ y.double() / len(x)).expand(len(strength), 2))


def hessian(x: Tensor) -> Tensor:
    """The Hessian of `line_loss` without a penalty, 2XᵀX/n, `(2, 2)`."""
    return 2 * _design(x).T @ _design(x) / len(x)


def _design(x: Tensor) -> Tensor:
    """X, with rows (1, x)."""
    return torch.stack([torch.ones_like(x), x], dim=1).double()


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
    low, high = (torch.linalg.eigvalsh(hessian(x)) + 2 * l2).tolist()
    return low, high


def optimality_gap(x: Tensor, y: Tensor, l2: Any = 0.0) -> Callable[[Tensor], Tensor]:
    """The optimality gap of `line_loss`, J(θ) − J(θ*), as a function of θ.

    Args:
        x: `(samples,)`.
        y: `(samples,)`.
        l2: λ, a number or `(settings,)`.

    Returns:
        A function from θ, `(settings, 2)`, to the gap, `(settings,)`: ½ dᵀH d with d = θ − θ*, so never
        below 0.

    Example:
        >>> optimality_gap(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0]))(torch.tensor([[1.0, 3.0]]))
        tensor([0.5000], dtype=torch.float64)
    """
    minimum, strength = least_squares(x, y, l2), torch.from_numpy(non_negative("l2", l2))

    def gap(theta: Tensor) -> Tensor:
        away = theta - minimum
        return (line_at(away, x) ** 2).mean(-1) + strength * (away**2).sum(-1)

    return gap
