"""The order of the samples: drawn with replacement, reshuffled every epoch, or shuffled once."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from optlab import Record
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.sampling import ORDERS, sample_order, walk
from optlab.course.stochastic_gradient_descent.seeds import EPOCHS, RATES, SEEDS, START, constant
from optlab.engine.analysis.least_squares import fitness_club


@dataclass(frozen=True)
class Orders(Record):
    """The mean optimality gap for every order of the samples.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        gap: measured, in the order of `ORDERS`, `(settings, orders, epochs + 1)`.
        expected: by theory, for samples drawn with replacement, `(settings, epochs + 1)`.
    """

    gap: np.ndarray
    expected: np.ndarray


@cache
def orders() -> Orders:
    """Walk 256 seeds for 100 epochs in every order at each of the `RATES`.

    Returns:
        One setting for each rate, `lr`.

    Source:
        L. Bottou, "Curiously fast convergence of some stochastic gradient descent algorithms", 2009;
        K. Mishchenko, A. Khaled and P. Richtárik, "Random reshuffling", 2020.
    """
    club = fitness_club()
    steps = EPOCHS * len(club)
    rates = constant(RATES, steps[-1])
    each = [sample_order(name, len(club), steps[-1], range(SEEDS)) for name in ORDERS]
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = [club.gap(walk(club, order, rates, START, steps).points).mean(1) for order in each]
        second = moments(club, rates, START, steps).second
        expected = (second * club.hessian).sum((-2, -1)) / 2
    return Orders({"lr": np.array(RATES)}, np.stack(gaps, 1), expected)
