"""Linear least squares: a loss that is a bowl, with one term for each sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from optlab.engine.validation import plain

__all__ = ["LeastSquares", "fitness_club"]


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """The loss J(θ) = 1/(2N) Σᵢ (xᵢ·θ − yᵢ)².

    Args:
        x: the features, `(samples, features)`; no column a combination of the others.
        y: the targets, `(samples,)`.

    Raises:
        ValueError: if shapes do not fit, a number is not finite, or the solution is not unique.

    Example:
        >>> line = LeastSquares([[1.0], [2.0]], [2.0, 5.0])
        >>> line.solution, line.hessian, float(line.minimum.round(6))
        (array([2.4]), array([[2.5]]), 0.05)
    """

    x: Any
    y: Any

    def __post_init__(self) -> None:
        x, y = plain("x", self.x).astype(np.float64), plain("y", self.y).astype(np.float64)
        if x.ndim != 2 or x.size == 0 or y.shape != x.shape[:1]:
            raise ValueError(f"x {x.shape}, y {y.shape}: expected (samples, features) and (samples,)")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise ValueError("x or y holds a number that is not finite: expected finite numbers")
        if np.linalg.matrix_rank(x) < x.shape[1]:
            raise ValueError(f"x {x.shape} has rank {np.linalg.matrix_rank(x)}: expected independent columns")
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    def __len__(self) -> int:
        """How many samples there are."""
        return len(self.y)

    @cached_property
    def hessian(self) -> np.ndarray:
        """The curvature of the bowl, H = XᵀX / N, `(features, features)`."""
        return self.x.T @ self.x / len(self)

    @cached_property
    def solution(self) -> np.ndarray:
        """The lowest point θ*, from the normal equations, `(features,)`."""
        return np.linalg.solve(self.hessian, self.x.T @ self.y / len(self))

    @cached_property
    def residuals(self) -> np.ndarray:
        """What the solution leaves unexplained, y − Xθ*, `(samples,)`."""
        return self.y - self.x @ self.solution

    @cached_property
    def minimum(self) -> np.float64:
        """The loss at the solution, which is the smallest."""
        return (self.residuals**2).mean() / 2

    @cached_property
    def curvatures(self) -> np.ndarray:
        """The eigenvalues of H, from μ to L, `(features,)`."""
        return np.linalg.eigvalsh(self.hessian)

    def gap(self, theta: Any) -> np.ndarray:
        """The optimality gap of a point: J(θ) − J(θ*) = ½ (θ − θ*)ᵀ H (θ − θ*).

        Args:
            theta: `(..., features)`.

        Returns:
            `(...)`, 0 or above.
        """
        error = np.asarray(theta) - self.solution
        with np.errstate(over="ignore", invalid="ignore"):
            return ((error @ self.hessian) * error).sum(-1) / 2

    def gradients(self, theta: Any) -> np.ndarray:
        """The gradient of each sample's own loss, (xᵢ·θ − yᵢ) xᵢ; their mean is the gradient of J.

        Args:
            theta: `(features,)`.

        Returns:
            `(samples, features)`.
        """
        return (self.x @ np.asarray(theta) - self.y)[:, None] * self.x


@cache
def fitness_club() -> LeastSquares:
    """Twenty men of a fitness club: the waist from chin-ups and sit-ups, all three standardised.

    With mean 0 everywhere no intercept is needed, so there are two weights, and the loss can be drawn.

    Returns:
        The problem: 20 samples, 2 features.

    Example:
        >>> club = fitness_club()
        >>> len(club), club.solution.round(2), club.curvatures.round(2)
        (20, array([-0.2 , -0.51]), array([0.3, 1.7]))

    Source:
        A. C. Linnerud's data, in M. Tenenhaus, "La régression PLS", 1998; `sklearn.datasets.load_linnerud`.
    """
    from sklearn.datasets import load_linnerud  # noqa: PLC0415  (importing optlab stays quick)

    men = load_linnerud()
    table = np.column_stack([men.data[:, :2], men.target[:, 1]])
    table = (table - table.mean(0)) / table.std(0)
    return LeastSquares(table[:, :2], table[:, 2])
