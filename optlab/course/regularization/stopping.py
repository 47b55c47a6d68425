"""Early stopping beside ridge: the same least squares, held back by few steps or by a large λ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.regularization.shrinkage import kept_by_ridge, kept_by_stopping, ridge
from optlab.engine.data.diabetes import Regression

__all__ = ["Held", "hold", "steps_like", "strength_like"]


def strength_like(lr: Any, steps: Any) -> Any:
    """The λ that holds ridge back about as much as t steps hold descent back: 1/(2αt).

    Both leave 2αth of a direction whose eigenvalue h is small, and all of one whose h is large.

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
    """The other way round: the number of steps that holds descent back about as much as λ: 1/(2αλ)."""
    return 1 / (2 * lr * l2)


@dataclass(frozen=True)
class Held:
    """Ridge at some λ beside descent stopped after some steps: row *i* belongs to setting *i*.

    Args:
        settings: `l2` and `steps`, each `(settings,)`.
        kept: the share of the unpenalised solution that descent has reached in each direction, measured on
            its path, `(settings, directions)`.
        theory: the same by 1 − (1 − 2αh)ᵗ.
        ridge: h/(h + λ), the share that ridge keeps.
        stopped_errors: on the training, validation and test samples, stopped, `(settings, 3)`.
        ridge_errors: the same of ridge.
    """

    settings: dict[str, np.ndarray]
    kept: np.ndarray
    theory: np.ndarray
    ridge: np.ndarray
    stopped_errors: np.ndarray
    ridge_errors: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.kept)

    def select(self, rows: Any) -> Held:
        """Some of the settings, in the order asked for; a row, or a sequence of rows."""
        rows = np.atleast_1d(rows)
        arrays = (self.kept, self.theory, self.ridge, self.stopped_errors, self.ridge_errors)
        return Held({k: c[rows] for k, c in self.settings.items()}, *(part[rows] for part in arrays))


def hold(data: Regression, path: np.ndarray, settings: dict[str, np.ndarray], lr: float) -> Held:
    """Set ridge at each λ beside a descent stopped at each step.

    Args:
        data: the samples.
        path: the weights of one unpenalised descent from 0, `(steps + 1, features)`.
        settings: `l2` and `steps`, each `(settings,)`; no step beyond the path's end.
        lr: the α of the path.

    Returns:
        The record.

    Example:
        >>> from optlab.engine.data.diabetes import diabetes
        >>> from optlab.course.regularization.shrinkage import walks
        >>> data = diabetes(products=True)
        >>> path = walks(data, l2=0.0, l1=0.0, lr=0.025, steps=63)[0]
        >>> held = hold(data, path, {"l2": np.array([0.32]), "steps": np.array([63])}, lr=0.025)
        >>> held.ridge_errors[0, 1].round(2), held.stopped_errors[0, 1].round(2)
        (np.float64(0.65), np.float64(0.68))
    """
    l2, steps = np.asarray(settings["l2"], dtype=float), np.asarray(settings["steps"])
    h, vectors = data.directions
    stopped, held = path[steps], ridge(data, l2)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = (stopped @ vectors) * h / (data.correlation @ vectors)
    parts = ("training", "validation", "test")
    return Held(
        settings,
        kept,
        kept_by_stopping(h, lr, steps[:, None]),
        kept_by_ridge(h, l2[:, None]),
        np.stack([data.error(stopped, part) for part in parts], axis=1),
        np.stack([data.error(held, part) for part in parts], axis=1),
    )
