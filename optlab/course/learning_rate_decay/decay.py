"""Descent on a parabola whose gradient is noisy: many walks at once, and what theory expects of them.

J = ½ h θ², and every step sees the gradient hθ + ξ, where ξ is a fresh standard normal number:
θ ← θ − α (hθ + ξ). With h = 1 that is a mean looked for in noisy measurements, one measurement a step.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.learning_rate_decay.steps import decayed_rates, noise
from optlab.engine.validation import positive

START = 10.0
"""How far from the minimum every walk begins: ten times the noise."""
STEPS = 400
EPOCH = 20
"""Steps per epoch."""
WALKS = 512


@dataclass(frozen=True)
class Walks(Record):
    """Many walks for each setting.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        rates: the learning rate of every step, `(settings, steps)`.
        first: where the first walk stands, `(settings, steps + 1)`.
        loss: the mean loss of all walks, `(settings, steps + 1)`.
        expected: the same by theory, `(settings, steps + 1)`.
    """

    rates: np.ndarray
    first: np.ndarray
    loss: np.ndarray
    expected: np.ndarray


def run(settings: dict[str, np.ndarray]) -> Walks:
    """What `decay_lab` shows of some settings: 512 walks of 400 steps with a falling rate.

    Args:
        settings: `lr`, `delta`, `p`, `count` and `curvature`, each `(settings,)`.

    Returns:
        The record.

    Source:
        The article, section 3.4.
    """
    rates = decayed_rates(settings, STEPS, EPOCH)
    return walk(rates, noise(STEPS, WALKS), curvature=settings["curvature"], settings=settings)


def walk(
    rates: Any,
    xi: np.ndarray,
    *,
    curvature: Any = 1.0,
    start: float = START,
    settings: dict[str, np.ndarray] | None = None,
) -> Walks:
    """Walk down the parabola: θ ← θ − α_t (hθ + ξ_t).

    Args:
        rates: α_t, `(settings, steps)` or `(steps,)`.
        xi: ξ_t of every walk, `(steps, walks)`; all settings share them.
        curvature: h, a number or `(settings,)`, above 0.
        start: θ₀ of every walk.
        settings: what to note of each setting, each `(settings,)`; its first rate and h when left out.

    Returns:
        The record.

    Raises:
        ValueError: if there is not one row of noise for each step, or h is not above 0.

    Example:
        >>> run = walk([1.0, 0.5], np.array([[0.3], [-0.1]]), start=2.0)
        >>> run.first.round(3).tolist()
        [[2.0, -0.3, -0.1]]

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    rates, h = _rows(rates), positive("curvature", curvature)
    if len(xi) != rates.shape[1]:
        raise ValueError(f"xi has {len(xi)} rows: expected one for each of the {rates.shape[1]} steps")
    theta = np.full((len(rates), xi.shape[1]), float(start))
    first, square = [theta[:, 0]], [theta[:, 0] ** 2]
    with np.errstate(over="ignore", invalid="ignore"):
        for alpha, step in zip(rates.T[:, :, None], xi, strict=True):
            theta = (1 - alpha * h[:, None]) * theta - alpha * step
            first.append(theta[:, 0])
            square.append((theta**2).mean(1))
        loss = h[:, None] * np.stack(square, 1) / 2
    expected = expected_loss(rates, curvature=h, start=start)
    settings = settings or {"lr": rates[:, 0], "curvature": h + 0 * rates[:, 0]}
    return Walks(settings, rates, np.stack(first, 1), loss, expected)


def expected_loss(rates: Any, *, curvature: Any = 1.0, start: float = START) -> np.ndarray:
    """The mean loss over all noise, step by step: E θ² ← (1 − αh)² E θ² + α².

    The first term is what the start still weighs; the second is the noise that the step lets in.

    Args:
        rates: α_t, `(settings, steps)` or `(steps,)`.
        curvature: h, a number or `(settings,)`, above 0.
        start: θ₀.

    Returns:
        `(settings, steps + 1)`.

    Example:
        >>> expected_loss([1.0, 0.5, 1 / 3], start=7.0).round(3).tolist()
        [[24.5, 0.5, 0.25, 0.167]]

    Source:
        L. Bottou, F. Curtis and J. Nocedal, "Optimization methods for large-scale machine learning", 2018.
    """
    rates, h = _rows(rates), positive("curvature", curvature)
    square = [np.full(len(rates), float(start) ** 2)]
    with np.errstate(over="ignore"):
        for alpha in rates.T:
            square.append((1 - alpha * h) ** 2 * square[-1] + alpha**2)
        return h[:, None] * np.stack(square, 1) / 2


def _rows(rates: Any) -> np.ndarray:
    return np.atleast_2d(np.asarray(rates, dtype=np.float64))


def floor(lr: Any, curvature: Any = 1.0) -> Any:
    """The mean loss at which a constant rate settles: α / (2 (2 − αh)).

    Args:
        lr: α, below 2/h.
        curvature: h.

    Returns:
        The loss; inf from 2/h on.

    Example:
        >>> float(floor(1.0)), float(floor(2.0))
        (0.5, inf)
    """
    room = 2 - np.asarray(lr) * curvature
    return np.where(room > 0, np.asarray(lr) / (2 * np.where(room > 0, room, 1)), np.inf)


@cache
def best_constant(steps: int, *, curvature: float = 1.0, start: float = START) -> tuple[float, float]:
    """The constant rate with the smallest mean loss after some steps, found by search and remembered.

    Args:
        steps: how many steps there are.
        curvature: h.
        start: θ₀.

    Returns:
        The rate, to four digits, and the mean loss that it ends with.

    Example:
        >>> rate, loss = best_constant(400)
        >>> round(rate, 4), round(loss, 5)
        (0.0149, 0.00406)
    """
    rates = np.geomspace(1e-6, 1, 60_000) / curvature  # beyond 1/h both parts of the loss only grow
    left = (1 - rates * curvature) ** (2 * steps)
    loss = left * curvature * start**2 / 2 + (1 - left) * floor(rates, curvature)
    best = int(loss.argmin())
    return float(rates[best]), float(loss[best])
