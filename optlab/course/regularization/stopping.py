"""Early stopping beside ridge: what each keeps of every direction of the data, and what error it leaves."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.regularization.linear_model import descent, ridge
from optlab.engine.data.diabetes import Regression, diabetes

RATE = 0.03
"""α; descent on these data diverges from 0.068 on."""

LONGEST = 926
"""The most steps that descent takes."""


def strength_like(lr: Any, steps: Any) -> Any:
    """The λ that restrains ridge about as much as stopping after t steps restrains descent: 1/(2αt).

    Both keep 2αth of a direction whose eigenvalue h is small, and all of one whose h is large.

    Args:
        lr: α.
        steps: t, above 0.

    Returns:
        λ.

    Example:
        >>> strength_like(0.025, 200)
        0.1

    Source:
        I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", section 7.8; C. Bishop, 1995.
    """
    return 1 / (2 * lr * steps)


def steps_like(lr: Any, l2: Any) -> Any:
    """The other way round: the number of steps that restrains descent about as much as λ does: 1/(2αλ)."""
    return 1 / (2 * lr * l2)


def kept_by_ridge(h: Any, l2: Any) -> np.ndarray:
    """The fraction of the unpenalised solution that ridge keeps in a direction of eigenvalue h: h/(h + λ).

    Args:
        h: eigenvalues of XᵀX/n.
        l2: λ, 0 or above.

    Returns:
        The fraction, 0 to 1, in the shape that the arguments broadcast to.

    Example:
        >>> kept_by_ridge([0.1, 1.0, 10.0], 1.0).round(2)
        array([0.09, 0.5 , 0.91])
    """
    h, l2 = np.asarray(h, dtype=float), np.asarray(l2, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.where(h + l2 > 0, h / (h + l2), 1.0)


def kept_by_stopping(h: Any, lr: Any, steps: Any) -> np.ndarray:
    """The fraction of the unpenalised solution that t steps of descent from 0 have reached: 1 − (1 − 2αh)ᵗ.

    Args:
        h: eigenvalues of XᵀX/n; the curvature of J₁ is 2h.
        lr: α.
        steps: t.

    Returns:
        The fraction, in the shape that the arguments broadcast to.

    Example:
        >>> kept_by_stopping([0.1, 1.0, 10.0], lr=0.04, steps=12).round(2)
        array([0.09, 0.63, 1.  ])

    Source:
        L. Prechelt, 1998; I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", section 7.8.
    """
    return 1 - (1 - 2 * np.asarray(lr) * np.asarray(h, dtype=float)) ** np.asarray(steps)


@dataclass(frozen=True)
class Stopping(Record):
    """Ridge beside unpenalised descent stopped early.

    Args:
        settings: `l2` and `steps`, each `(settings,)`.
        kept: the fraction of the unpenalised solution that descent has reached in each direction, measured on
            its path, `(settings, directions)`.
        theory: the same by 1 − (1 − 2αh)ᵗ.
        ridge: h/(h + λ), the fraction that ridge keeps.
        stopped_errors: of stopped descent on the training, validation and test samples, `(settings, 3)`.
        ridge_errors: the same of ridge.
    """

    kept: np.ndarray
    theory: np.ndarray
    ridge: np.ndarray
    stopped_errors: np.ndarray
    ridge_errors: np.ndarray


@cache
def patients() -> Regression:
    """The diabetes data with 64 features, so that a linear model overfits too."""
    return diabetes(products=True)


@cache
def unpenalized_path() -> np.ndarray:
    """The weights of descent without a penalty, `(steps + 1, features)`."""
    return descent(patients(), l2=0.0, l1=0.0, lr=RATE, steps=LONGEST)[0]


def stopping(settings: dict[str, np.ndarray]) -> Stopping:
    """Compare ridge at each λ with descent stopped after each number of steps.

    Args:
        settings: `l2`, above 0, and `steps`, `LONGEST` at most; each `(settings,)`.

    Returns:
        The record.

    Example:
        >>> run = stopping({"l2": np.array([0.32]), "steps": np.array([52])})
        >>> run.ridge_errors[0, 1].round(2), run.stopped_errors[0, 1].round(2)
        (np.float64(0.65), np.float64(0.68))
    """
    data = patients()
    l2, steps = np.asarray(settings["l2"], dtype=float), np.asarray(settings["steps"])
    h, vectors = data.directions
    stopped, penalized = unpenalized_path()[steps], ridge(data, l2)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = (stopped @ vectors) * h / (data.correlation @ vectors)
    return Stopping(
        settings,
        kept,
        kept_by_stopping(h, RATE, steps[:, None]),
        kept_by_ridge(h, l2[:, None]),
        _errors(data, stopped),
        _errors(data, penalized),
    )


def _errors(data: Regression, w: np.ndarray) -> np.ndarray:
    return np.stack([data.error(w, part) for part in ("training", "validation", "test")], axis=1)
