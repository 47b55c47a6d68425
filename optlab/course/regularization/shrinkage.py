"""What L2, L1 and the elastic net make of the weights of a linear model: by theory, and by descent."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.regularization.linear_model import descent, ridge
from optlab.engine.data.diabetes import Regression, diabetes
from optlab.engine.models.penalties import KINDS, split
from optlab.engine.validation import non_negative

LAST = 50
"""Over how many of the last steps a weight is watched."""


def elastic_net(data: Regression, l2: Any, l1: Any) -> np.ndarray:
    """The weights that minimise (1/n)Σ(xw − y)² + λ₂Σw² + λ₁Σ|w|, by coordinate descent.

    Args:
        data: the training samples.
        l2: λ₂, `(settings,)`.
        l1: λ₁, `(settings,)`.

    Returns:
        `(settings, features)`, to ten digits; weights that are 0 are exactly 0.

    Raises:
        ValueError: if a strength is below 0.

    Example:
        >>> elastic_net(diabetes(), [0.0, 0.3], [0.32, 0.0])[:, 2].round(2)
        array([0.25, 0.24])

    Source:
        J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via
        coordinate descent", 2010. With scikit-learn's letters α = λ₂ + λ₁/2, and its loss is half of this.
    """
    pairs = np.broadcast(non_negative("l2", l2), non_negative("l1", l1))
    return np.stack([_net(data, l2, l1) if l1 else ridge(data, l2)[0] for l2, l1 in pairs])


def _net(data: Regression, l2: float, l1: float) -> np.ndarray:
    from sklearn.linear_model import enet_path  # noqa: PLC0415  (slow to load)

    alpha = l2 + l1 / 2
    ratio = l1 / 2 / alpha
    return enet_path(data.x, data.y, l1_ratio=ratio, alphas=[alpha], tol=1e-12, max_iter=100_000)[1][:, 0]


def all_zero_from(data: Regression, kind: str) -> float:
    """The λ from which on J has its minimum at w = 0: twice the largest |xᵀy|/n over the L1 fraction of J₂.

    Args:
        data: the training samples.
        kind: J₂, a name from `penalties.KINDS`.

    Returns:
        λ; infinity for L2, whose weights never reach 0.

    Example:
        >>> round(all_zero_from(diabetes(), "L1"), 6), all_zero_from(diabetes(), "L2")
        (1.212273, inf)

    Source:
        R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """
    fraction = KINDS[kind][1]
    return float(2 * np.abs(data.correlation).max() / fraction) if fraction else np.inf


@dataclass(frozen=True)
class Shrinkage(Record):
    """The weights that descent has reached, beside those that minimise J.

    Args:
        settings: `strength`, `kind` and `step`, each `(settings,)`.
        weights: after the last step, `(settings, features)`.
        low: the smallest value of each weight over the last 50 steps, `(settings, features)`.
        high: the largest.
        theory: the weights that minimise J, `(settings, features)`.
        errors: mean squared errors on the training, validation and test samples, `(settings, 3)`.
    """

    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    theory: np.ndarray
    errors: np.ndarray


def shrinkage(settings: dict[str, np.ndarray], *, lr: float = 0.1, steps: int = 1000) -> Shrinkage:
    """Run descent on the ten diabetes features for many settings, and compute theory's weights.

    Args:
        settings: `strength` and `kind` as in `penalties.split`, and `step`: `"gradient"`, or
            `"soft threshold"` for exact zeros; each `(settings,)`.
        lr: α.
        steps: how many, 50 or more.

    Returns:
        The record.

    Example:
        >>> columns = {"strength": [0.32, 0.32], "kind": ["L1", "L1"], "step": ["gradient", "soft threshold"]}
        >>> run = shrinkage({name: np.array(column) for name, column in columns.items()})
        >>> (run.weights == 0).sum(axis=1), (run.theory == 0).sum(axis=1)
        (array([0, 7]), array([7, 7]))
    """
    data = diabetes()
    l2, l1 = split(settings["kind"], settings["strength"])
    exact = np.asarray(settings["step"]) == "soft threshold"
    last = np.empty((len(l2), LAST + 1, len(data.names)))
    for way in np.unique(exact):
        rows = exact == way
        path = descent(data, l2=l2[rows], l1=l1[rows], lr=lr, steps=steps, exact=bool(way))
        last[rows] = path[:, -LAST - 1 :]
    w = last[:, -1]
    errors = np.stack([data.error(w, part) for part in ("training", "validation", "test")], axis=1)
    return Shrinkage(settings, w, last.min(axis=1), last.max(axis=1), elastic_net(data, l2, l1), errors)
