"""The descent lemma on losses whose smoothness L is known: what a step promises, and what it does.

For a loss whose gradient changes by at most L times the way gone,
J(θ − α∇J) ≤ J(θ) − α (1 − αL/2) ‖∇J‖².
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.data.dataset import iris_pair
from optlab.engine.validation import one_of, positive, whole

__all__ = ["FRACTIONS", "LOSSES", "STEPS", "Descents", "SmoothLoss", "descents", "flowers", "men"]

STEPS = 30
FRACTIONS = np.linspace(0, 3, 121)
"""The step sizes αL at which one step is tried."""


@dataclass(frozen=True, eq=False)
class SmoothLoss:
    """A loss with a known bound on its curvature.

    Args:
        value: J, `(..., parameters)` to `(...)`.
        gradient: ∇J, `(..., parameters)` to the same shape.
        smoothness: L.
        least: the smallest value of J, or what it comes ever nearer to.
        start: where descents begin, `(parameters,)`.
    """

    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    smoothness: float
    least: float
    start: np.ndarray


@cache
def men() -> SmoothLoss:
    """Least squares on the twenty men of the fitness club; L is the largest eigenvalue of XᵀX/N, exactly.

    Example:
        >>> round(men().smoothness, 3), round(men().least, 3)
        (1.696, 0.281)
    """
    club = fitness_club()

    def value(theta: np.ndarray) -> np.ndarray:
        return club.gap(theta) + club.least

    def gradient(theta: np.ndarray) -> np.ndarray:
        return (theta - club.solution) @ club.hessian

    return SmoothLoss(value, gradient, float(club.curvatures[-1]), float(club.least), np.array([1.4, -0.4]))


@cache
def flowers() -> SmoothLoss:
    """Logistic regression on two species of iris; L is a bound: a quarter of XᵀX/N's largest eigenvalue.

    A plane separates the 80 training flowers, so the loss has no lowest point: it comes ever nearer to 0.

    Example:
        >>> round(flowers().smoothness, 3), flowers().least
        (0.737, 0.0)

    Source:
        The curvature of log(1 + e^(−m)) is at most 1/4, at m = 0.
    """
    data = iris_pair()
    x = np.column_stack([data.x_train.double().numpy(), np.ones(len(data))])
    x = x * np.where(data.y_train.numpy() == 1, 1.0, -1.0)[:, None]  # rows whose x·θ should be positive

    def value(theta: np.ndarray) -> np.ndarray:
        return np.logaddexp(0, -theta @ x.T).mean(-1)

    def gradient(theta: np.ndarray) -> np.ndarray:
        return -_sigmoid(-theta @ x.T) @ x / len(x)

    start = np.zeros(x.shape[1])
    largest = float(np.linalg.eigvalsh(x.T @ x / len(x))[-1])
    return SmoothLoss(value, gradient, largest / 4, 0.0, start)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(z / 2))


LOSSES: dict[str, Callable[[], SmoothLoss]] = {"least squares": men, "logistic regression": flowers}


@dataclass(frozen=True)
class Descents:
    """Descents at many rates: row *i* belongs to setting *i*. Losses are counted from the smallest.

    Args:
        settings: `loss`, `lr` (α in units of 1/L) and `now` (a step), each `(settings,)`.
        gap: J(θ_t) − min J, `(settings, steps + 1)`.
        square: ‖∇J(θ_t)‖², `(settings, steps + 1)`.
        bound: what the lemma says of `gap` from the step before, `(settings, steps + 1)`; NaN at the start.
        trial: the change of J by one step from θ_now, for every αL of `FRACTIONS`, `(settings, fractions)`,
            in units of ‖∇J‖²/L.
    """

    settings: dict[str, np.ndarray]
    gap: np.ndarray
    square: np.ndarray
    bound: np.ndarray
    trial: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.gap)

    def select(self, rows: Any) -> Descents:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Descents(settings, self.gap[rows], self.square[rows], self.bound[rows], self.trial[rows])


def descents(settings: dict[str, np.ndarray]) -> Descents:
    """Go down with a constant rate, and note what the lemma promised before each step.

    Args:
        settings: `loss` (of `LOSSES`), `lr` (α in units of 1/L, above 0) and `now` (0 to 30), each
            `(settings,)`.

    Returns:
        The record.

    Raises:
        ValueError: if a loss, a rate or a step is not what is allowed.

    Example:
        >>> run = descents({"loss": np.array(["least squares"]), "lr": np.array([1.0]), "now": np.array([0])})
        >>> bool((run.gap[0, 1:] <= run.bound[0, 1:]).all())
        True

    Source:
        Y. Nesterov, "Introductory lectures on convex optimization", 2004, theorem 2.1.5.
    """
    for name in settings["loss"]:
        one_of("loss", str(name), LOSSES)
    positive("lr", settings["lr"]), whole("now", settings["now"], 0, STEPS)
    rows = [
        _one(LOSSES[str(name)](), float(lr), int(now))
        for name, lr, now in zip(settings["loss"], settings["lr"], settings["now"], strict=True)
    ]
    return Descents(settings, *(np.stack(part) for part in zip(*rows, strict=True)))


@lru_cache(256)
def _path(loss: SmoothLoss, lr: float) -> np.ndarray:
    path = [loss.start]
    for _ in range(STEPS):
        path.append(path[-1] - lr / loss.smoothness * loss.gradient(path[-1]))
    return np.stack(path)


def _one(loss: SmoothLoss, lr: float, now: int) -> tuple[np.ndarray, ...]:
    points = _path(loss, lr)
    gap, square = loss.value(points) - loss.least, (loss.gradient(points) ** 2).sum(1)
    promised = gap - lr * (1 - lr / 2) * square / loss.smoothness
    bound = np.concatenate([[np.nan], promised[:-1]])
    tries = points[now] - FRACTIONS[:, None] / loss.smoothness * loss.gradient(points[now])
    unit = square[now] / loss.smoothness
    trial = (loss.value(tries) - loss.value(points[now])) / unit if unit > 1e-12 else FRACTIONS * np.nan
    return gap, square, bound, trial
