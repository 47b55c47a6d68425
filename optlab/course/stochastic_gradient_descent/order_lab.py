"""The lab of the order of the samples: drawn, reshuffled every epoch, or shuffled once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import GapCurves, GapOverRates, Kind, Shown
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, number
from optlab.course.stochastic_gradient_descent.order import Orders, orders
from optlab.course.stochastic_gradient_descent.reshuffling import reshuffled_gap
from optlab.course.stochastic_gradient_descent.seeds import EPOCH_STOPS, EPOCHS, GOAL, RATES
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["order_lab"]

PROGRAM = Path(__file__).with_name("order_program.py")
EPOCH = Param("now", "t", "epoch", tuple(EPOCH_STOPS.tolist()), 100)
ALPHA = Param("lr", "α", "learning rate", RATES, default=0.05)
KINDS = [
    Kind("with replacement", BLUE, "-"),
    Kind("reshuffled", ORANGE, "--"),
    Kind("one shuffle", GREEN, "-."),
]


ORDER_GOALS = (
    Goal("under 0.001 at epoch 100, in any order", lambda run: run.gap[0, :, -1].min() < GOAL),
    Goal("under 0.001 at epoch 100, with replacement", lambda run: run.gap[0, 0, -1] < GOAL),
    Goal("an α at which shuffling no longer helps", lambda run: run.gap[0, 1, -1] > run.gap[0, 0, -1]),
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

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Orders:
        return replace(orders().find(settings), settings=settings)

    with_replacement = Kind("theory, with repl.", "black", ":", width=1.4)
    reshuffled = Kind("theory, reshuffled", "black", (0, (1, 1, 5, 1)), width=1.4)
    limits, limit = (1e-6, 1e3), largest_noisy_rate(fitness_club())
    over_rates = GapOverRates(
        np.array(RATES), limits, GOAL, KINDS, [with_replacement, reshuffled], _over_rates, lost=limit
    )
    over_epochs = GapCurves(
        EPOCHS, limits, GOAL, KINDS, [with_replacement], _over_epochs, xlabel="epoch", log=True
    )
    options = {"goals": ORDER_GOALS} | options
    return Lab((ALPHA, EPOCH), run, [over_epochs, over_rates], program=Program(PROGRAM), **options)


def _over_epochs(run: Orders, row: int) -> Shown:
    gaps, now = run.gap[row], int(run.settings["now"][row])
    times = gaps[0, now] / gaps[1, now]
    words = f"{times:.0f} times closer" if times > 1.5 else "no closer"
    note = f"epoch {now}: with replacement {number(gaps[0, now])}, reshuffled {number(gaps[1, now])}"
    return Shown(gaps, run.expected[row][None], max(now, 1), f"{note}\nreshuffled comes {words}")


def _over_rates(run: Orders, row: int) -> Shown:
    now, table = int(run.settings["now"][row]), orders()
    gaps, expected = table.gap[:, :, now].T, table.expected[:, now]
    club, rates = fitness_club(), np.array(RATES)
    small = np.where(rates * len(club) * club.curvatures[-1] < 2, reshuffled_gap(club, rates), np.nan)
    best = [f"{number(RATES[int(np.nanargmin(gap))])}" for gap in gaps[:2]]
    note = f"after {now} epochs, for every α\nbest α: {best[0]} with replacement, {best[1]} reshuffled"
    return Shown(gaps, np.stack([expected, small]), run.settings["lr"][row], note)
