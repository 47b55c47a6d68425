"""Linear least squares with a penalty: its closed forms, and what descent makes of it, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.arguments import non_negative, whole
from optlab.descent import descend
from optlab.penalties import proximal

__all__ = ["Regression", "diabetes", "elastic_net", "kept_by_ridge", "kept_by_stopping", "ridge", "walks"]


@dataclass(frozen=True)
class Regression:
    """Samples to learn from, to choose by and to be judged by, for a linear model without a bias.

    Args:
        x: features of the training samples, mean 0 and spread 1, `(samples, features)`.
        y: their targets, mean 0 and spread 1, `(samples,)`.
        x_validation: the features of the validation samples, on the same scale.
        y_validation: their targets.
        x_test: the features of the test samples.
        y_test: their targets.
        names: of the features.
    """

    x: np.ndarray
    y: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    names: tuple[str, ...]

    @cached_property
    def covariance(self) -> np.ndarray:
        """XᵀX/n, `(features, features)`."""
        return self.x.T @ self.x / len(self.x)

    @cached_property
    def correlation(self) -> np.ndarray:
        """Xᵀy/n, `(features,)`."""
        return self.x.T @ self.y / len(self.x)

    @cached_property
    def directions(self) -> tuple[np.ndarray, np.ndarray]:
        """The eigenvalues h of XᵀX/n, ascending and never below 0, and the eigenvectors as columns."""
        values, vectors = np.linalg.eigh(self.covariance)
        return np.clip(values, 0, None), vectors

    def error(self, w: Any, part: str = "validation") -> np.ndarray:
        """The mean squared error on a part of the data.

        Args:
            w: weights, `(..., features)`.
            part: `"training"`, `"validation"` or `"test"`.

        Returns:
            The error, `(...,)`; 1 is that of always answering with the training samples' mean.

        Raises:
            ValueError: if there is no such part.
        """
        parts = {
            "training": (self.x, self.y),
            "validation": (self.x_validation, self.y_validation),
            "test": (self.x_test, self.y_test),
        }
        if part not in parts:
            raise ValueError(f"part={part!r}: expected one of {', '.join(parts)}")
        x, y = parts[part]
        return np.mean((np.asarray(w) @ x.T - y) ** 2, axis=-1)


def diabetes(*, products: bool = False, samples: int = 100, seed: int = 0) -> Regression:
    """How far diabetes had gone after a year, by ten measurements of 442 patients.

    Args:
        products: also take the products of any two measurements, which makes 64 features and overfits.
        samples: patients to learn from, 20 to 300; 142 at most of the others are for validation, the rest for
            the test.
        seed: of the split.

    Returns:
        The data; every feature and the target have mean 0 and spread 1 over the training patients.

    Raises:
        ValueError: if `samples` or `seed` is out of range.

    Example:
        >>> data = diabetes(products=True)
        >>> data.x.shape, data.x_validation.shape, data.x_test.shape, data.names[:3]
        ((100, 64), (142, 64), (200, 64), ('age', 'sex', 'bmi'))

    Source:
        B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", 2004.
    """
    from sklearn.datasets import load_diabetes  # here, so that importing optlab stays quick

    n = int(whole("samples", samples, 20, 300)[0])
    bunch = load_diabetes()
    x, y, names = bunch.data, bunch.target, tuple(bunch.feature_names)
    if products:
        x, names = _with_products(x / x.std(axis=0), names)
    order = np.random.default_rng(int(whole("seed", seed, 0)[0])).permutation(len(x))
    train, validation, test = np.split(order, [n, n + 142])
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    y = (y - y[train].mean()) / y[train].std()
    return Regression(x[train], y[train], x[validation], y[validation], x[test], y[test], names)


def _with_products(x: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The features and their products; the square of one with two values says nothing new."""
    pairs = [
        (i, j)
        for i in range(len(names))
        for j in range(i, len(names))
        if i != j or len(np.unique(x[:, i])) > 2
    ]
    made = np.stack([x[:, i] * x[:, j] for i, j in pairs], axis=1)
    return np.hstack([x, made]), (*names, *(f"{names[i]}·{names[j]}" for i, j in pairs))


# ---------------------------------------------------------------- where it ends


def ridge(data: Regression, l2: Any) -> np.ndarray:
    """The weights that minimise J = (1/n)Σ(xw − y)² + λΣw²: w = (XᵀX/n + λI)⁻¹ Xᵀy/n.

    Args:
        data: the training samples.
        l2: λ, 0 or above, a number or `(settings,)`. At 0 the features must not depend on each other.

    Returns:
        `(settings, features)`.

    Raises:
        ValueError: if λ is below 0.

    Example:
        >>> ridge(diabetes(), [0.01, 1.0])[:, 2].round(2)
        array([0.43, 0.18])

    Source:
        A. Hoerl and R. Kennard, "Ridge regression", 1970. In scikit-learn's `Ridge` α is nλ.
    """
    strengths = non_negative("l2", l2)
    eye = np.eye(data.x.shape[1])
    return np.stack([np.linalg.solve(data.covariance + l * eye, data.correlation) for l in strengths])


def elastic_net(data: Regression, l2: Any, l1: Any, sweeps: int = 5000) -> np.ndarray:
    """The weights that minimise (1/n)Σ(xw − y)² + λ₂Σw² + λ₁Σ|w|, one coordinate after the other.

    Args:
        data: the training samples.
        l2: λ₂, `(settings,)`.
        l1: λ₁, `(settings,)`.
        sweeps: the most passes over the coordinates; it stops as soon as none moves by more than 1e-12.

    Returns:
        `(settings, features)`; weights that are 0 are exactly 0.

    Raises:
        ValueError: if a strength is below 0.

    Source:
        J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via
        coordinate descent", 2010.
    """
    l2, l1 = np.broadcast_arrays(non_negative("l2", l2), non_negative("l1", l1))
    cov, cor = data.covariance, data.correlation
    w = np.zeros((len(l2), len(cor)))
    for _ in range(sweeps):
        before = w.copy()
        for k in range(len(cor)):
            pull = cor[k] - w @ cov[k] + w[:, k] * cov[k, k]
            w[:, k] = np.sign(pull) * np.maximum(np.abs(pull) - l1 / 2, 0) / (cov[k, k] + l2)
        if np.abs(w - before).max() < 1e-12:
            break
    return w


# ---------------------------------------------------------------- how it gets there


def walks(data: Regression, *, l2: Any, l1: Any, lr: Any, steps: int, exact: bool = False) -> np.ndarray:
    """Full-batch descent from 0 on (1/n)Σ(xw − y)² + λ₂Σw² + λ₁Σ|w|.

    Args:
        data: the training samples.
        l2: λ₂, `(settings,)`.
        l1: λ₁, `(settings,)`.
        lr: α, above 0.
        steps: how many.
        exact: take |w| by a soft threshold in every step, not by its gradient.

    Returns:
        The weights, `(settings, steps + 1, features)`.

    Raises:
        ValueError: if a strength is below 0 or `lr` is not above 0.

    Example:
        >>> walks(diabetes(), l2=[0.1], l1=[0.0], lr=0.1, steps=300)[0, -1, 2].round(3)
        np.float64(0.384)
        >>> ridge(diabetes(), 0.1)[0, 2].round(3)
        np.float64(0.384)
    """
    l2, l1 = np.broadcast_arrays(non_negative("l2", l2), non_negative("l1", l1))
    squares, moduli = (torch.as_tensor(part.copy(), dtype=torch.float64) for part in (l2, l1))
    cov, cor = torch.from_numpy(data.covariance), torch.from_numpy(data.correlation)

    def objective(w: Tensor) -> Tensor:
        fit = ((w @ cov) * w).sum(-1) - 2 * w @ cor  # (1/n)Σ(xw − y)² but for Σy²/n
        penalty = squares * (w**2).sum(-1)
        return fit + penalty if exact else fit + penalty + moduli * w.abs().sum(-1)

    start = np.zeros((len(l2), len(cor)))
    rule: dict[str, Any] = {"optimizer": proximal, "threshold": l1.copy()} if exact else {}
    return descend(objective, start, lr=lr, steps=steps, **rule).numpy()


def kept_by_ridge(h: Any, l2: Any) -> np.ndarray:
    """The share of the unpenalised solution that ridge leaves in a direction of eigenvalue h: h/(h + λ).

    Args:
        h: eigenvalues of XᵀX/n.
        l2: λ, 0 or above.

    Returns:
        The share, 0 to 1, in the shape that the arguments broadcast to.

    Example:
        >>> kept_by_ridge([0.1, 1.0, 10.0], 1.0).round(2)
        array([0.09, 0.5 , 0.91])
    """
    h, l2 = np.asarray(h, dtype=float), np.asarray(l2, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.where(h + l2 > 0, h / (h + l2), 1.0)


def kept_by_stopping(h: Any, lr: Any, steps: Any) -> np.ndarray:
    """The share of the unpenalised solution that t steps of descent from 0 have reached: 1 − (1 − 2αh)ᵗ.

    Args:
        h: eigenvalues of XᵀX/n; the curvature of J₁ is 2h.
        lr: α.
        steps: t.

    Returns:
        The share, in the shape that the arguments broadcast to.

    Example:
        >>> kept_by_stopping([0.1, 1.0, 10.0], lr=0.04, steps=12).round(2)
        array([0.09, 0.63, 1.  ])

    Source:
        L. Prechelt, 1998; I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", section 7.8.
    """
    return 1 - (1 - 2 * np.asarray(lr) * np.asarray(h, dtype=float)) ** np.asarray(steps)
