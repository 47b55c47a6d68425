"""The same four measurements in other units, otherwise prepared: how round the bowl is, how long it takes.

Least squares on two species of iris: every step of gradient descent is known in closed form, so that a
billion steps cost nothing to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from optlab.engine.validation import one_of
from optlab.params import grid
from optlab.record import Record

__all__ = ["GOAL", "PREPARATIONS", "TIMES", "UNITS", "Bowls", "bowls", "design", "steps_to"]

UNITS = {"m": 0.01, "dm": 0.1, "cm": 1.0, "mm": 10.0, "µm": 1e4}
"""What petal lengths are written in, and how many of these make a centimetre."""

GOAL = 1e-3
"""The loss above the least that counts as learnt."""

TIMES = np.unique(np.concatenate([np.arange(10), np.geomspace(10, 1e12, 231).round()]))


def _centred(x: np.ndarray) -> np.ndarray:
    return x - x.mean(0)


def _standardised(x: np.ndarray) -> np.ndarray:
    return _centred(x) / x.std(0)


def _whitened(x: np.ndarray) -> np.ndarray:
    """Turned so that no two features go together, then every direction scaled to 1."""
    u, _, _ = np.linalg.svd(_standardised(x), full_matrices=False)
    return u * len(x) ** 0.5


PREPARATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda x: x,
    "centred": _centred,
    "standardised": _standardised,
    "whitened": _whitened,
}


@dataclass(frozen=True)
class Bowls(Record):
    """Bowls by unit and preparation; row *i* belongs to setting *i*.

    Args:
        settings: `unit` and `preparation`, each `(settings,)`.
        curvatures: of the loss, ascending, `(settings, 5)`.
        rate: the best constant learning rate, 2/(μ + L), `(settings,)`.
        excess: the loss above the least there is, after `TIMES` steps, `(settings, TIMES)`.
        steps: until it is at most `GOAL`, `(settings,)`.
        least: the least loss, `(settings,)`.
    """

    curvatures: np.ndarray
    rate: np.ndarray
    excess: np.ndarray
    steps: np.ndarray
    least: np.ndarray

    def of(self, unit: str, preparation: str) -> Bowls:
        """One unit, and one preparation."""
        return self.find({"unit": np.array([unit]), "preparation": np.array([preparation])})

    @property
    def condition(self) -> np.ndarray:
        """The condition number κ = L/μ, `(settings,)`."""
        return self.curvatures[:, -1] / self.curvatures[:, 0]


@cache
def measurements() -> tuple[np.ndarray, np.ndarray]:
    """Four measurements of 100 flowers in cm, `(100, 4)`; −1 for versicolor, 1 for virginica."""
    from sklearn.datasets import load_iris  # noqa: PLC0415  (scikit-learn is loaded when its data are)

    x, y = load_iris(return_X_y=True)
    return x[y > 0], 2.0 * y[y > 0] - 3


def design(unit: str, preparation: str) -> tuple[np.ndarray, np.ndarray]:
    """What the model is given.

    Args:
        unit: of the petal lengths, from `UNITS`.
        preparation: a name from `PREPARATIONS`.

    Returns:
        A column of ones and the four features, `(100, 5)`; and what to predict, `(100,)`.

    Raises:
        ValueError: if a name is not known.

    Example:
        >>> design("mm", "as it is")[0][0].tolist()
        [1.0, 7.0, 3.2, 47.0, 1.4]
    """
    one_of("unit", unit, UNITS)
    one_of("preparation", preparation, PREPARATIONS)
    x, y = measurements()
    x = PREPARATIONS[preparation](x * [1, 1, UNITS[unit], 1])
    return np.column_stack([np.ones(len(x)), x]), y


def steps_to(goal: float, curvatures: np.ndarray, share: np.ndarray, rate: float) -> float:
    """How many steps of gradient descent bring Σ share (1 − α λ)^(2t) to a goal.

    Args:
        goal: above 0.
        curvatures: λ, one for each direction, `(directions,)`.
        share: the loss above the least in each direction at the start, `(directions,)`.
        rate: α; 0 < αλ < 2 for every λ.

    Returns:
        The number of steps, to six digits.
    """

    def there(steps: float) -> bool:
        return bool(share @ np.abs(1 - rate * curvatures) ** (2 * steps) <= goal)

    low, high = 0.0, 1.0
    while not there(high):
        low, high = high, high * 2
    while high - low > max(1.0, 1e-6 * high):
        middle = np.floor((low + high) / 2)
        low, high = (low, middle) if there(middle) else (middle, high)
    return 0.0 if there(0) else float(high)


def _bowl(unit: str, preparation: str) -> tuple[np.ndarray, float, np.ndarray, float, float]:
    x, y = design(unit, preparation)
    u, size, _ = np.linalg.svd(x, full_matrices=False)
    curvatures, share = size[::-1] ** 2 / len(x), (u.T @ y)[::-1] ** 2 / 2 / len(x)
    rate = 2 / (curvatures[0] + curvatures[-1])
    factors = np.abs(1 - rate * curvatures)
    excess = (share * factors ** (2 * TIMES[:, None])).sum(1)
    least = float(y @ y / 2 / len(x) - share.sum())
    return curvatures, rate, excess, steps_to(GOAL, curvatures, share, rate), least


@cache
def bowls() -> Bowls:
    """The bowl of every unit and preparation; asked again, it remembers.

    The start is 0 everywhere, so the loss above the least is Σ (uᵢᵀy)²/2n · (1 − αλᵢ)^(2t), where uᵢ are the
    left singular vectors of the features and λᵢ the squared singular values over n.
    """
    settings = grid(unit=list(UNITS), preparation=list(PREPARATIONS))
    rows = [_bowl(str(unit), str(preparation)) for unit, preparation in zip(*settings.values(), strict=True)]
    return Bowls(settings, *(np.array(column) for column in zip(*rows, strict=True)))
