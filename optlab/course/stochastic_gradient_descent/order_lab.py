"""The third lab of section 3.3: in which order the samples come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import GapCurves, GapOverRates, Kind, Shown
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, number
from optlab.course.stochastic_gradient_descent.cloud_labs import (
    EPOCH,
    EPOCH_AXIS,
    EPOCHS,
    GOAL,
    RATES,
    SEEDS,
    START,
    constant,
)
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.old_programs import order_program
from optlab.course.stochastic_gradient_descent.reshuffling import reshuffled_gap
from optlab.course.stochastic_gradient_descent.sampling import ORDERS, sample_order, walk
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param

__all__ = ["ORDER_GOALS", "Orders", "order_lab"]

ALPHA = Param("lr", "α", "learning rate", RATES, default=0.05)
KINDS = [
    Kind("with replacement", BLUE, "-"),
    Kind("reshuffled", ORANGE, "--"),
    Kind("one shuffle", GREEN, "-."),
]


@dataclass(frozen=True)
class Orders:
    """The mean loss above the smallest of every order, at every rate and epoch: one table for all settings.

    Args:
        settings: the hyper-parameters, each `(settings,)`.
        gap: measured, `(orders, rates, epochs + 1)`.
        expected: by theory, for samples drawn with replacement, `(rates, epochs + 1)`.
    """

    settings: dict[str, np.ndarray]
    gap: np.ndarray
    expected: np.ndarray

    def select(self, rows: Any) -> Orders:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        return replace(self, settings={name: c[rows] for name, c in self.settings.items()})

    def curves(self, row: int = 0) -> np.ndarray:
        """The gap of every order over the epochs, at a setting's rate, `(orders, epochs + 1)`."""
        return self.gap[:, self.at(row)[0]]

    def at(self, row: int = 0) -> tuple[int, int]:
        """Where a setting stands in the table: the index of its rate, and its epoch."""
        return ALPHA.index(float(self.settings["lr"][row])), int(self.settings["now"][row])


ORDER_GOALS = (
    Goal("under 0.001 at epoch 100, in any order", lambda run: run.curves()[:, -1].min() < GOAL),
    Goal("under 0.001 at epoch 100, with replacement", lambda run: run.curves()[0, -1] < GOAL),
    Goal("an α at which shuffling no longer helps", lambda run: run.curves()[1, -1] > run.curves()[0, -1]),
)


def order_lab(**options: Any) -> Lab:
    """Samples drawn with replacement, reshuffled every epoch, or shuffled once.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `now`; its results are `Orders`.

    Source:
        L. Bottou, "Curiously fast convergence of some stochastic gradient descent algorithms", 2009;
        K. Mishchenko, A. Khaled and P. Richtárik, "Random reshuffling", 2020.
    """
    table = _table()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Orders:
        return replace(table, settings=settings)

    with_replacement = Kind("theory, with repl.", "black", ":", width=1.4)
    reshuffled = Kind("theory, reshuffled", "black", (0, (1, 1, 5, 1)), width=1.4)
    limits, limit = (1e-6, 1e3), largest_noisy_rate(fitness_club())
    over_rates = GapOverRates(
        np.array(RATES), limits, GOAL, KINDS, [with_replacement, reshuffled], _over_rates, lost=limit
    )
    over_epochs = GapCurves(
        EPOCHS, limits, GOAL, KINDS, [with_replacement], _over_epochs, xlabel=EPOCH_AXIS, log=True
    )
    options = {"goals": ORDER_GOALS} | options
    return Lab((ALPHA, EPOCH), run, [over_epochs, over_rates], program=order_program, **options)


def _table() -> Orders:
    """All orders, rates and epochs in one go: the whole box costs no more than a few settings."""
    club = fitness_club()
    steps = EPOCHS * len(club)
    rates = constant(RATES, steps[-1])
    orders = [sample_order(name, len(club), steps[-1], range(SEEDS)) for name in ORDERS]
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = [club.gap(walk(club, order, rates, START, steps).points).mean(1) for order in orders]
        second = moments(club, rates, START, steps).second
        return Orders({}, np.stack(gaps), (second * club.hessian).sum((-2, -1)) / 2)


def _over_epochs(orders: Orders, row: int) -> Shown:
    rate, now = orders.at(row)
    gaps = orders.gap[:, rate]
    times = gaps[0, now] / gaps[1, now]
    words = f"{times:.0f} times closer" if times > 1.5 else "no closer"
    note = f"epoch {now}: with replacement {number(gaps[0, now])}, reshuffled {number(gaps[1, now])}"
    return Shown(gaps, orders.expected[rate][None], max(now, 1), f"{note}\nreshuffled comes {words}")


def _over_rates(orders: Orders, row: int) -> Shown:
    rate, now = orders.at(row)
    gaps, expected = orders.gap[:, :, now], orders.expected[:, now]
    club, rates = fitness_club(), np.array(RATES)
    small = np.where(rates * len(club) * club.curvatures[-1] < 2, reshuffled_gap(club, rates), np.nan)
    best = [f"{number(RATES[int(np.nanargmin(gap))])}" for gap in gaps[:2]]
    note = f"after {now} epochs, for every α\nbest α: {best[0]} with replacement, {best[1]} reshuffled"
    return Shown(gaps, np.stack([expected, small]), RATES[rate], note)
