"""The lab of one random sample a step: 256 seeds as a cloud, and their mean loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import CloudView, GapCurves, Kind, Shown
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, number
from optlab.course.stochastic_gradient_descent.cloud import (
    STEPS,
    STOPS,
    best_constant,
    cloud,
    full_gradient,
)
from optlab.course.stochastic_gradient_descent.seeds import GOAL, RATES, SEEDS, START, Clouds
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate, parabola_gap
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.sampling_noise import fraction_inside
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["cloud_lab"]

PROGRAM = Path(__file__).with_name("cloud_program.py")
BOX = (-1.7, 1.7, -1.7, 0.9)
"""The part of the plane that the picture of the cloud shows."""


def marked_rates(now: int) -> dict[str, Any]:
    """What theory marks on the slider of α: the best at this step, and from where on the spread grows."""
    best = {"best by now": float(best_constant()[now])} if now else {}
    return best | {"spread grows": (largest_noisy_rate(fitness_club()), np.inf)}


ALPHA = Param("lr", "α", "learning rate", RATES[10:], default=0.1, marks=marked_rates)
NOW = Param("now", "t", "step", tuple(STOPS.tolist()), default=200)


CLOUD_GOALS = (
    Goal("the mean under 0.022 at step 200", lambda run: run.gap[0, 0, 200] < 0.022),
    Goal("the mean under 0.001 at step 200", lambda run: run.gap[0, 0, 200] < GOAL),
)


def cloud_lab(**options: Any) -> Lab:
    """One random sample a step at a constant rate: 256 seeds as a cloud, and their mean loss.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `now`; its results are `Clouds`.

    Source:
        The article, section 3.3; G. Pflug, "Stochastic minimization with constant step-size", 1986.
    """
    club = fitness_club()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Clouds:
        return replace(cloud({"lr": settings["lr"]}), settings=settings)

    view = CloudView(
        club, BOX, [Kind("256 seeds", BLUE)], START, records=len(STEPS), seeds=SEEDS, note=_spread
    )
    kinds = [Kind("one seed", ORANGE, "-", width=1.0), Kind("mean of 256 seeds", "black", width=2.6)]
    theory = [
        Kind("mean by theory", BLUE, "--"),
        Kind("floor on a parabola", GREY, ":"),
        Kind("all 20 at once, best α", GREEN, "-."),
    ]
    curves = GapCurves(STEPS, (1e-4, 1e2), GOAL, kinds, theory, _single_and_mean, xlabel="step")
    options = {"goals": CLOUD_GOALS} | options
    return Lab((ALPHA, NOW), run, [view, curves], program=Program(PROGRAM), **options)


def _spread(clouds: Clouds, row: int) -> str:
    """How wide the cloud is, measured and by theory, and how much of it the ellipse holds."""
    now = clouds.settings["now"][row]
    stop = clouds.stops.tolist().index(now)
    where = f"start ○   solution +   step {now}"
    first, second = clouds.spread[row, 0, stop].round(3)
    words = f"spread {number(first)} × {number(second)}"
    if clouds.settings["lr"][row] >= largest_noisy_rate(fitness_club()):
        return f"{where}\n{words}, by theory it grows without bound"
    points, center, covariance = (
        part[row, 0, stop] for part in (clouds.points, clouds.center, clouds.covariance)
    )
    inside = fraction_inside(points, center, covariance)
    held = "" if np.isnan(inside) else f"   the ellipse holds {inside:.0%}"
    first, second = clouds.expected_spread[row, 0, stop].round(3)
    return f"{where}{held}\n{words}, theory {number(first)} × {number(second)}"


def _single_and_mean(clouds: Clouds, row: int) -> Shown:
    gap, now = clouds.gap[row, 0], int(clouds.settings["now"][row])
    expected, floor = clouds.expected[row, 0], float(parabola_gap(fitness_club(), clouds.settings["lr"][row]))
    note = f"step {now}: mean {number(gap[now])}, theory {number(expected[now])}"
    rest = f"floor on a parabola: {number(floor)}"
    theory = np.stack([expected, np.full(len(STEPS), floor), full_gradient()])
    return Shown(np.stack([clouds.single[row, 0], gap]), theory, now, f"{note}\n{rest}")
