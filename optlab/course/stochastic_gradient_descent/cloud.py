"""One random sample a step at a constant rate: 256 seeds as a cloud, and gradient descent beside it."""

from functools import cache

import numpy as np
import torch

from optlab import descend
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import sample_order
from optlab.course.stochastic_gradient_descent.seeds import (
    SEEDS,
    START,
    WITH,
    Clouds,
    clouds_of,
    constant,
)
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.quadratic import best_rate

STEPS = np.arange(201)
STOPS = np.array([*range(21), *range(25, 100, 5), *range(100, 201, 10)])
"""The steps at which the whole cloud is kept."""


def cloud(settings: dict[str, np.ndarray]) -> Clouds:
    """Walk 256 seeds for 200 steps, one random sample a step.

    Args:
        settings: `lr`, `(settings,)`.

    Returns:
        One cloud for each setting.

    Example:
        >>> cloud({"lr": np.array([0.03, 0.1])}).gap[:, 0, -1].round(3)
        array([0.021, 0.058])

    Source:
        The article, section 3.3; G. Pflug, "Stochastic minimization with constant step-size", 1986.
    """
    order = sample_order(WITH, len(fitness_club()), STEPS[-1], range(SEEDS))
    rates = constant(settings["lr"], STEPS[-1])
    return clouds_of(settings, [rates], order, steps=STEPS, stops=STOPS)


@cache
def best_constant() -> np.ndarray:
    """For every step the constant rate with the smallest mean optimality gap at that step, by theory."""
    club = fitness_club()
    rates = np.geomspace(0.005, largest_noisy_rate(club), 200)
    second = moments(club, constant(rates, STEPS[-1]), START, STEPS).second
    return rates[(second * club.hessian).sum((-2, -1)).argmin(0)]


@cache
def full_gradient() -> np.ndarray:
    """The optimality gap of gradient descent at its best rate, 20 samples for a step, `(steps + 1,)`."""
    club = fitness_club()
    solution, hessian = torch.from_numpy(club.solution), torch.from_numpy(club.hessian)

    def gap(theta: torch.Tensor) -> torch.Tensor:
        return ((theta - solution) @ hessian * (theta - solution)).sum(-1) / 2

    lr = best_rate(*club.curvatures)
    path = descend(gap, torch.tensor(START, dtype=torch.float64), lr=lr, steps=len(STEPS) // len(club))[0]
    return np.repeat(gap(path).numpy(), len(club))[: len(STEPS)]


def fate(run: Clouds) -> int:
    """What becomes of a cloud by step 200.

    Args:
        run: one setting.

    Returns:
        0 if it flies apart: its median grows tenfold after step 100; 1 if it settles, but with a mean over 10
        times its median; 2 if both settle.

    Example:
        >>> [fate(run) for run in cloud({"lr": np.array([0.1, 0.8, 1.0])})]
        [2, 1, 0]
    """
    early, late = run.median[0, 0, [100, 200]]
    if not late < 10 * early:
        return 0
    return 1 if run.gap[0, 0, 200] > 10 * late else 2
