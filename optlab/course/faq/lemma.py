"""The descent lemma on losses whose smoothness L is known: what a step promises, and what it does.

For a loss whose gradient changes by at most L times the distance moved,
J(θ − α∇J) ≤ J(θ) − α (1 − αL/2) ‖∇J‖².
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from optlab import Record, iris_pair
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.validation import one_of, positive

STEPS = 30
SIZES = np.linspace(0, 3, 121)
"""The step sizes αL at which one step is tried."""


@dataclass(frozen=True, eq=False)
class SmoothLoss:
    """A loss with a known bound on its curvature.

    Args:
        value: J, `(..., parameters)` to `(...)`.
        gradient: ∇J, `(..., parameters)` to the same shape.
        smoothness: L.
        minimum: the smallest value of J, or what it approaches.
        start: where descents begin, `(parameters,)`.
    """

    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    smoothness: float
    minimum: float
    start: np.ndarray


@cache
def men() -> SmoothLoss:
    """Least squares on the twenty men of the fitness club; L is the largest eigenvalue of XᵀX/N, exactly.

    Example:
        >>> round(men().smoothness, 3), round(men().minimum, 3)
        (1.696, 0.281)
    """
    club = fitness_club()

    def value(theta: np.ndarray) -> np.ndarray:
        return club.gap(theta) + club.minimum

    def gradient(theta: np.ndarray) -> np.ndarray:
        return (theta - club.solution) @ club.hessian

    return SmoothLoss(value, gradient, float(club.curvatures[-1]), float(club.minimum), np.array([1.4, -0.4]))


@cache
def flowers() -> SmoothLoss:
    """Logistic regression on two species of iris; L is a bound: a quarter of XᵀX/N's largest eigenvalue.

    A plane separates the 80 training flowers, so the loss has no minimum: it approaches 0.

    Example:
        >>> round(flowers().smoothness, 3), flowers().minimum
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
class Descents(Record):
    """Descents at many rates.

    Args:
        settings: `loss` and `lr` (α in units of 1/L), each `(settings,)`.
        gap: the optimality gap J(θ_t) − min J, `(settings, steps + 1)`.
        square: ‖∇J(θ_t)‖², `(settings, steps + 1)`.
        bound: what the lemma says of `gap` from the step before, `(settings, steps + 1)`; NaN at the start.
        trial: the change of J by one step from θ_t for every αL of `SIZES`, in units of ‖∇J‖²/L,
            `(settings, steps + 1, sizes)`; NaN where the gradient is 0 to rounding.
    """

    gap: np.ndarray
    square: np.ndarray
    bound: np.ndarray
    trial: np.ndarray


def descents(settings: dict[str, np.ndarray]) -> Descents:
    """Go down with a constant rate, and record what the lemma promised before each step.

    Args:
        settings: `loss` (of `LOSSES`) and `lr` (α in units of 1/L, above 0), each `(settings,)`.

    Returns:
        The record.

    Raises:
        ValueError: if a loss or a rate is not what is allowed.

    Example:
        >>> run = descents({"loss": np.array(["least squares"]), "lr": np.array([1.0])})
        >>> bool((run.gap[0, 1:] <= run.bound[0, 1:]).all())
        True

    Source:
        Y. Nesterov, "Introductory lectures on convex optimization", 2004, theorem 2.1.5.
    """
    for name in settings["loss"]:
        one_of("loss", str(name), LOSSES)
    positive("lr", settings["lr"])
    rows = [
        _descend(LOSSES[str(name)](), float(lr))
        for name, lr in zip(settings["loss"], settings["lr"], strict=True)
    ]
    return Descents(settings, *(np.stack(part) for part in zip(*rows, strict=True)))


def _descend(loss: SmoothLoss, lr: float) -> tuple[np.ndarray, ...]:
    points = [loss.start]
    for _ in range(STEPS):
        points.append(points[-1] - lr / loss.smoothness * loss.gradient(points[-1]))
    path = np.stack(points)
    value, gradient = loss.value(path), loss.gradient(path)
    square = (gradient**2).sum(1)
    promised = value - loss.minimum - lr * (1 - lr / 2) * square / loss.smoothness
    bound = np.concatenate([[np.nan], promised[:-1]])
    return value - loss.minimum, square, bound, _trials(loss, path, gradient)


def _trials(loss: SmoothLoss, path: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The change of J by one step of every size from every point of a path, in units of ‖∇J‖²/L."""
    tried = path[:, None] - SIZES[:, None] / loss.smoothness * gradient[:, None]
    unit = (gradient**2).sum(1, keepdims=True) / loss.smoothness
    unit = np.where(unit > 1e-12, unit, np.nan)
    return (loss.value(tried) - loss.value(path)[:, None]) / unit
