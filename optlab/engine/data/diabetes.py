"""The diabetes data for linear least squares: to learn from, to choose by, to be judged by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from optlab.engine.validation import one_of, whole

__all__ = ["Regression", "diabetes"]


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
        one_of("part", part, parts)
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
    from sklearn.datasets import load_diabetes

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
