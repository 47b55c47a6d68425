"""Three ways to take one sample a step: a constant rate, a falling one, and the average of the iterates."""

from functools import cache
from typing import Any

import numpy as np
import torch

from optlab.course.stochastic_gradient_descent.sampling import sample_order
from optlab.course.stochastic_gradient_descent.seeds import (
    EPOCHS,
    SEEDS,
    WITH,
    Clouds,
    clouds_of,
    constant,
)
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.rules.schedules import power_decay

ORDERS = (WITH, "reshuffled")
STOPS = np.array([0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100])
"""The epochs at which the whole clouds are kept."""
SHOWN = 64
"""Of this many seeds the points are kept: three clouds of them can still be told apart."""


def shrink(settings: dict[str, np.ndarray]) -> Clouds:
    """Walk 256 seeds for 100 epochs: constant rate, falling rate, and the average of the constant one.

    Args:
        settings: `lr`, `delta` and `p` of the decay, and `order`, one of `ORDERS`; each `(settings,)`.

    Returns:
        Three clouds for each setting, in the order of the settings.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951; B. Polyak and A. Juditsky,
        "Acceleration of stochastic approximation by averaging", 1992.
    """
    groups = [rows for name in ORDERS if (rows := np.flatnonzero(settings["order"] == name)).size]
    parts = [_three({name: column[rows] for name, column in settings.items()}) for rows in groups]
    return Clouds.concat(parts).select(np.argsort(np.concatenate(groups)))


def _three(settings: dict[str, np.ndarray]) -> Clouds:
    """The three clouds of settings that share one order."""
    steps, order = EPOCHS * len(fitness_club()), _order(str(settings["order"][0]))
    time = torch.arange(len(order), dtype=torch.float64)
    column = {k: torch.as_tensor(settings[k], dtype=torch.float64)[:, None] for k in ("lr", "delta", "p")}
    falling, same = power_decay(time, **column).numpy(), constant(settings["lr"], len(order))
    shown: dict[str, Any] = {"steps": steps, "stops": STOPS, "seeds": SHOWN}
    return clouds_of(settings, [same, falling, same], order, average=(False, False, True), **shown)


@cache
def _order(name: str) -> np.ndarray:
    samples = len(fitness_club())
    return sample_order(name, samples, EPOCHS[-1] * samples, range(SEEDS))
