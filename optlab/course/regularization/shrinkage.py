"""Linear least squares with a penalty: its closed forms, and what descent makes of it, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.analysis.descend import descend
from optlab.engine.data.diabetes import Regression
from optlab.engine.models.penalties import proximal, split
from optlab.engine.validation import non_negative

__all__ = [
    "Shrunk",
    "elastic_net",
    "kept_by_ridge",
    "kept_by_stopping",
    "ridge",
    "shrink",
    "walks",
]


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
        >>> from optlab.engine.data.diabetes import diabetes
        >>> ridge(diabetes(), [0.01, 1.0])[:, 2].round(2)
        array([0.27, 0.18])

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
        >>> from optlab.engine.data.diabetes import diabetes
        >>> walks(diabetes(), l2=[0.1], l1=[0.0], lr=0.1, steps=300)[0, -1, 2].round(3)
        np.float64(0.265)
        >>> ridge(diabetes(), 0.1)[0, 2].round(3)
        np.float64(0.265)
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


@dataclass(frozen=True)
class Shrunk:
    """What descent made of many settings: row *i* belongs to setting *i*.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        weights: after the last step, `(settings, features)`.
        low: the least of each weight over the last 50 steps, `(settings, features)`.
        high: the largest.
        theory: the weights that minimise J, `(settings, features)`.
        errors: on the training, validation and test samples, `(settings, 3)`.
    """

    settings: dict[str, np.ndarray]
    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    theory: np.ndarray
    errors: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.weights)

    def select(self, rows: Any) -> Shrunk:
        """Some of the settings, in the order asked for; a row, or a sequence of rows."""
        rows = np.atleast_1d(rows)
        arrays = (self.weights, self.low, self.high, self.theory, self.errors)
        return Shrunk({k: c[rows] for k, c in self.settings.items()}, *(part[rows] for part in arrays))


def shrink(
    data: Regression, settings: dict[str, np.ndarray], *, lr: float = 0.1, steps: int = 1000
) -> Shrunk:
    """Descend for many settings, and set what is reached beside theory.

    Args:
        data: the samples.
        settings: `strength` and `kind` as in `penalties.split`, and `step`: `"gradient"`, or
            `"soft threshold"` for exact zeros; each `(settings,)`.
        lr: α.
        steps: how many.

    Returns:
        The record.

    Example:
        >>> from optlab.engine.data.diabetes import diabetes
        >>> columns = {"strength": [0.32, 0.32], "kind": ["L1", "L1"], "step": ["gradient", "soft threshold"]}
        >>> found = shrink(diabetes(), {name: np.array(column) for name, column in columns.items()})
        >>> (found.weights == 0).sum(axis=1), (found.theory == 0).sum(axis=1)
        (array([0, 7]), array([7, 7]))
    """
    l2, l1 = split(settings["kind"], settings["strength"])
    exact = np.asarray(settings["step"]) == "soft threshold"
    last = np.empty((len(l2), 51, len(data.names)))
    for way in np.unique(exact):
        rows = exact == way
        path = walks(data, l2=l2[rows], l1=l1[rows], lr=lr, steps=steps, exact=bool(way))
        last[rows] = path[:, -51:]
    w = last[:, -1]
    errors = np.stack([data.error(w, part) for part in ("training", "validation", "test")], axis=1)
    return Shrunk(settings, w, last.min(axis=1), last.max(axis=1), elastic_net(data, l2, l1), errors)
