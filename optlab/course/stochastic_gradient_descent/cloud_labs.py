"""Two labs of section 3.3: one sample a step as a cloud of seeds, and two ways to make the cloud shrink."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import torch

from optlab.course.common.old_clouds import CloudView, GapCurves, Kind, Shown
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, number
from optlab.course.stochastic_gradient_descent.cloud import Clouds, Run, clouds_of, share_inside
from optlab.course.stochastic_gradient_descent.moments import moments
from optlab.course.stochastic_gradient_descent.old_programs import cloud_program, shrink_program
from optlab.course.stochastic_gradient_descent.sampling import ORDERS, sample_order, walk
from optlab.course.stochastic_gradient_descent.theory import (
    best_possible_gap,
    largest_noisy_rate,
    parabola_gap,
)
from optlab.engine.analysis.descend import descend
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.quadratic import best_rate
from optlab.engine.rules.schedules import power_decay
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param

__all__ = [
    "CLOUD_GOALS",
    "EPOCH",
    "EPOCHS",
    "EPOCH_AXIS",
    "GOAL",
    "RATES",
    "SEEDS",
    "SHRINK_GOALS",
    "START",
    "cloud_lab",
    "constant",
    "shrink_lab",
]

START = (1.4, -0.4)
GOAL = 1e-3
"""The mean loss above the smallest that counts as having found the least-squares solution."""
SEEDS = 256
TENTHS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
RATES = (*(float(f"{t * d:.2g}") for d in (0.001, 0.01, 0.1) for t in TENTHS), 1.0, 1.2)
"""Learning rates, ten to a factor of ten, as people write them."""
WITH = next(iter(ORDERS))


def constant(lr: Any, steps: int) -> np.ndarray:
    """The same rate in every step, `(settings, steps)`."""
    return np.repeat(np.atleast_1d(np.asarray(lr, float))[:, None], steps, axis=1)


def _run(rates: np.ndarray, order: np.ndarray, steps: np.ndarray) -> Run:
    """The walks of all settings, each different row of rates walked once."""
    club = fitness_club()
    unique, rows = np.unique(rates, axis=0, return_inverse=True)
    walks = walk(club, order, unique, START, steps)
    return Run(walks, moments(club, unique, START, steps), rows.reshape(-1))


# ---------------------------------------------------------------- the cloud

STEPS = np.arange(201)
BOX = (-1.7, 1.7, -1.7, 0.9)
"""The part of the plane that the picture of the cloud shows."""


@cache
def best_constant() -> np.ndarray:
    """For every step the constant rate with the smallest mean loss at that step, by theory."""
    club = fitness_club()
    rates = np.geomspace(0.005, largest_noisy_rate(club), 200)
    second = moments(club, constant(rates, STEPS[-1]), START, STEPS).second
    return rates[(second * club.hessian).sum((-2, -1)).argmin(0)]


def marked_rates(now: int) -> dict[str, Any]:
    """What theory marks on the slider of α: the best at this step, and from where on the spread grows."""
    best = {"best by now": float(best_constant()[now])} if now else {}
    return best | {"spread grows": (largest_noisy_rate(fitness_club()), np.inf)}


ALPHA = Param("lr", "α", "learning rate", RATES[10:], default=0.1, marks=marked_rates)
NOW = Param("now", "t", "step", (*range(21), *range(25, 100, 5), *range(100, 201, 10)), default=200)


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
        Section 3.3 of the document; G. Pflug, "Stochastic minimization with constant step-size", 1986.
    """
    club = fitness_club()
    order = sample_order(WITH, len(club), len(STEPS) - 1, range(SEEDS))

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Clouds:
        walked = _run(constant(settings["lr"], len(order)), order, STEPS)
        return clouds_of(club, [(walked, False)], settings=settings, steps=STEPS, now=settings["now"])

    cloud = CloudView(
        club, BOX, [Kind("256 seeds", BLUE)], START, records=len(STEPS), seeds=SEEDS, note=_spread
    )
    kinds = [Kind("one seed", ORANGE, "-", width=1.0), Kind("mean of 256 seeds", "black", width=2.6)]
    theory = [
        Kind("mean by theory", BLUE, "--"),
        Kind("floor on a parabola", GREY, ":"),
        Kind("all 20 at once, best α", GREEN, "-."),
    ]
    read = partial(_single_and_mean, _full_gradient())
    curves = GapCurves(STEPS, (1e-4, 1e2), GOAL, kinds, theory, read, xlabel="step")
    options = {"goals": CLOUD_GOALS} | options
    return Lab((ALPHA, NOW), run, [cloud, curves], program=cloud_program, **options)


def _spread(clouds: Clouds, row: int) -> str:
    """How wide the cloud is, measured and by theory, and how much of it the ellipse holds."""
    where = f"start ○   solution +   step {clouds.now[row]}"
    first, second = clouds.spread(row).round(3)
    words = f"spread {number(first)} × {number(second)}"
    if clouds.settings["lr"][row] >= largest_noisy_rate(fitness_club()):
        return f"{where}\n{words}, by theory it grows without bound"
    inside = share_inside(clouds.points[row, 0], clouds.center[row, 0], clouds.covariance[row, 0])
    held = "" if np.isnan(inside) else f"   the ellipse holds {inside:.0%}"
    first, second = clouds.expected_spread(row).round(3)
    return f"{where}{held}\n{words}, theory {number(first)} × {number(second)}"


def _single_and_mean(full_gradient: np.ndarray, clouds: Clouds, row: int) -> Shown:
    gap, now = clouds.gap[row, 0], int(clouds.now[row])
    expected, floor = clouds.expected[row, 0], float(parabola_gap(fitness_club(), clouds.settings["lr"][row]))
    note = f"step {now}: mean {number(gap[now])}, theory {number(expected[now])}"
    rest = f"floor on a parabola: {number(floor)}"
    theory = np.stack([expected, np.full(len(STEPS), floor), full_gradient])
    return Shown(np.stack([clouds.single[row, 0], gap]), theory, now, f"{note}\n{rest}")


def _full_gradient() -> np.ndarray:
    """The gap of gradient descent at its best rate, which looks at all 20 samples for one step."""
    club = fitness_club()
    solution, hessian = torch.from_numpy(club.solution), torch.from_numpy(club.hessian)

    def gap(theta: torch.Tensor) -> torch.Tensor:
        return ((theta - solution) @ hessian * (theta - solution)).sum(-1) / 2

    lr = best_rate(*club.curvatures)
    path = descend(gap, torch.tensor(START, dtype=torch.float64), lr=lr, steps=len(STEPS) // len(club))[0]
    return np.repeat(gap(path).numpy(), len(club))[: len(STEPS)]


# ---------------------------------------------------------------- ways to shrink it

EPOCHS = np.arange(101)
EPOCH_AXIS = "epoch"
ALPHA0 = Param("lr", "α₀", "learning rate", RATES[10:29], default=0.15)
DELTA = Param(
    "delta",
    "δ",
    "decay rate",
    (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    0.01,
    unit="/step",
)
POWER = Param("p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), default=2.0)
ORDER = Param("order", "", "samples", ("with replacement", "reshuffled"), WITH)
EPOCH = Param("now", "t", "epoch", (*range(11), *range(15, 55, 5), *range(60, 101, 10)), 100)
NEAR = (-1.2, 1.55, -1.25, 0.25)
"""The part of the plane that the picture of the three clouds shows."""
CONSTANT, FALLING, AVERAGE = (
    Kind("constant α", BLUE, "-", "."),
    Kind("falling α", ORANGE, "--", "x"),
    Kind("average", GREEN, "-.", "+"),
)


SHRINK_GOALS = (
    Goal(
        "falling α, samples with replacement: under 0.001 at epoch 100",
        lambda run: run.settings["order"][0] == WITH and run.gap[0, 1, -1] < GOAL,
    ),
    Goal("falling α ends worse than constant α", lambda run: run.gap[0, 1, -1] > run.gap[0, 0, -1]),
    Goal("by any means: under 0.00001", lambda run: run.gap[0, :, -1].min() < 1e-5),
)


def shrink_lab(**options: Any) -> Lab:
    """A constant rate, a falling one, and the average of the iterates: three clouds in one picture.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `lr`, `delta`, `p`, `order` and `now`; its results are `Clouds`.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951; B. Polyak and A. Juditsky,
        "Acceleration of stochastic approximation by averaging", 1992.
    """
    club = fitness_club()
    steps = EPOCHS * len(club)
    orders = {name: sample_order(name, len(club), steps[-1], range(SEEDS)) for name in ORDER.values}

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Clouds:
        groups = [np.flatnonzero(settings["order"] == name) for name in ORDER.values]
        groups = [rows for rows in groups if rows.size]
        parts = [
            _three({name: c[rows] for name, c in settings.items()}, orders[settings["order"][rows[0]]], steps)
            for rows in groups
        ]
        return Clouds.joined(parts).select(np.argsort(np.concatenate(groups)))

    kinds = [CONSTANT, FALLING, AVERAGE]
    cloud = CloudView(club, NEAR, kinds, START, seeds=SEEDS, note=_three_spreads)
    theory = [
        Kind("theory, with replacement", "black", ":", width=1.4),
        *(Kind("_theory", "black", ":", width=1.4) for _ in "ab"),
    ]
    theory.append(Kind("best possible: tr(H⁻¹S)/2t", GREY, (0, (6, 2))))
    curves = GapCurves(EPOCHS, (1e-6, 1e2), GOAL, kinds, theory, _three_gaps, xlabel=EPOCH_AXIS, log=True)
    rest: dict[str, Any] = {"most": 400, "goals": SHRINK_GOALS} | options
    return Lab((ALPHA0, DELTA, POWER, ORDER, EPOCH), run, [cloud, curves], program=shrink_program, **rest)


def _three(settings: dict[str, Any], order: np.ndarray, steps: np.ndarray) -> Clouds:
    """The three clouds of settings that share one order."""
    time = torch.arange(len(order), dtype=torch.float64)
    column = {k: torch.as_tensor(settings[k], dtype=torch.float64)[:, None] for k in ("lr", "delta", "p")}
    falling = _run(power_decay(time, **column).numpy(), order, steps)
    same = _run(constant(settings["lr"], len(order)), order, steps)
    shown = [(same, False), (falling, False), (same, True)]
    return clouds_of(fitness_club(), shown, settings=settings, steps=steps, now=settings["now"])


def _three_spreads(clouds: Clouds, row: int) -> str:
    wide = [float(np.linalg.norm(clouds.spread(row, k))) for k in range(3)]
    words = ", ".join(f"{k.label} {w:.2g}" for k, w in zip((CONSTANT, FALLING, AVERAGE), wide, strict=True))
    return f"start ○   solution +   epoch {clouds.now[row]}, 256 seeds each\nspread: {words}"


def _three_gaps(clouds: Clouds, row: int) -> Shown:
    gap, now = clouds.gap[row], int(clouds.now[row])
    stars = ["★" if g <= GOAL else "" for g in gap[:, now]]
    words = " · ".join(
        f"{k.label} {g:.2g}{star}"
        for k, g, star in zip((CONSTANT, FALLING, AVERAGE), gap[:, now], stars, strict=True)
    )
    theory = np.vstack([clouds.expected[row], best_possible_gap(fitness_club(), clouds.steps)])
    return Shown(gap, theory, max(now, 1), f"epoch {now}; ★ goal reached\n{words}")
