"""The same four measurements in other units and other preparations: how round the bowl, how many steps.

Least squares on two species of iris: every step of gradient descent is known in closed form, so that a
billion steps cost nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from optlab import Record, grid
from optlab.engine.validation import one_of

UNITS = {"m": 0.01, "dm": 0.1, "cm": 1.0, "mm": 10.0, "µm": 1e4}
"""Units of the petal length, and how many of them make a centimetre."""

GOAL = 1e-3
"""The optimality gap that counts as learnt."""

TIMES = np.unique(np.concatenate([np.arange(10), np.geomspace(10, 1e12, 231).round()]))


def _centred(x: np.ndarray) -> np.ndarray:
    return x - x.mean(0)


def _standardised(x: np.ndarray) -> np.ndarray:
    return _centred(x) / x.std(0)


def _whitened(x: np.ndarray) -> np.ndarray:
    """Rotated so that no two features are correlated, then every direction scaled to 1."""
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
    """Bowls by unit and preparation.

    Args:
        settings: `unit` and `preparation`, each `(settings,)`.
        curvatures: of the loss, ascending, `(settings, 5)`.
        lr: the best constant learning rate, 2/(μ + L), `(settings,)`.
        gap: the optimality gap after `TIMES` steps, `(settings, TIMES)`.
        steps: until the gap is at most `GOAL`, `(settings,)`.
        minimum: of the loss, `(settings,)`.
    """

    curvatures: np.ndarray
    lr: np.ndarray
    gap: np.ndarray
    steps: np.ndarray
    minimum: np.ndarray

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
    """The features and the targets of the least squares.

    Args:
        unit: of the petal length, a name from `UNITS`.
        preparation: a name from `PREPARATIONS`.

    Returns:
        A column of ones and the four features, `(100, 5)`; and the targets, `(100,)`.

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


def steps_to(goal: float, curvatures: np.ndarray, parts: np.ndarray, lr: float) -> float:
    """How many steps t of gradient descent bring the gap Σ parts (1 − αλ)^(2t) to a goal.

    Args:
        goal: above 0.
        curvatures: λ, one for each direction, `(directions,)`.
        parts: of the gap at the start, in each direction, `(directions,)`.
        lr: α; 0 < αλ < 2 for every λ.

    Returns:
        The number of steps, to six digits.
    """

    def there(steps: float) -> bool:
        return bool(parts @ np.abs(1 - lr * curvatures) ** (2 * steps) <= goal)

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
    curvatures, parts = size[::-1] ** 2 / len(x), (u.T @ y)[::-1] ** 2 / 2 / len(x)
    lr = 2 / (curvatures[0] + curvatures[-1])
    gap = (parts * np.abs(1 - lr * curvatures) ** (2 * TIMES[:, None])).sum(1)
    minimum = float(y @ y / 2 / len(x) - parts.sum())
    return curvatures, lr, gap, steps_to(GOAL, curvatures, parts, lr), minimum


@cache
def bowls() -> Bowls:
    """The bowl of every unit and preparation; computed once.

    Descent starts at 0, so the gap is Σ (uᵢᵀy)²/2n · (1 − αλᵢ)^(2t), where uᵢ are the
    left singular vectors of the features and λᵢ the squared singular values over n.
    """
    settings = grid(unit=list(UNITS), preparation=list(PREPARATIONS))
    rows = [_bowl(str(unit), str(preparation)) for unit, preparation in zip(*settings.values(), strict=True)]
    return Bowls(settings, *(np.array(column) for column in zip(*rows, strict=True)))
