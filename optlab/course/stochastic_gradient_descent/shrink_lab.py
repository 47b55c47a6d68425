"""The lab of two ways to make the cloud shrink: a falling rate, and the average of the iterates."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Film, Goal, Lazy, Param, Plot
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.stochastic_gradient_descent.gap_plots import (
    add_cloud,
    add_solution,
    bowl_plot,
    ends_in_words,
    gap_plot,
)
from optlab.course.stochastic_gradient_descent.seeds import EPOCHS, GOAL, RATES, SEEDS, WITH, Clouds
from optlab.course.stochastic_gradient_descent.shrink import ORDERS, SHOWN, STOPS, shrink
from optlab.course.stochastic_gradient_descent.theory import best_possible_gap
from optlab.engine.analysis.least_squares import fitness_club
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE

FILM, AFTER = Film("epoch", first=1), EPOCHS[1:]
LIMITS = (-1.2, 1.55, -1.25, 0.25)
"""The part of the plane that the picture of the three clouds shows."""
CLOUDS = (
    ("constant α", BLUE, "-", "."),
    ("falling α", ORANGE, "--", "x"),
    ("average", GREEN, "-.", "+"),
)
NAMES = tuple(name for name, *_ in CLOUDS)
SHORT = tuple(name.removesuffix(" α") for name in NAMES)

DELTAS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
ALPHA0 = Param("lr", "α₀", "learning rate", RATES[10:29], default=0.15)
DELTA = Param("delta", "δ", "decay rate", DELTAS, 0.01, unit="/step")
POWER = Param(
    "p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), default=2.0, applies=lambda delta: delta > 0
)
ORDER = Param("order", "", "samples", ORDERS, WITH)

BEST = best_possible_gap(fitness_club(), AFTER * len(fitness_club()))
"""The smallest mean gap that as many random samples allow, epoch by epoch."""
CLOSE = 1e-5
GOALS = (
    Goal(
        "with replacement: falling α under 0.001 at epoch 100",
        lambda run: run.gap[0, 1, -1] < GOAL,
        where={"order": WITH},
    ),
    Goal(
        "α₀ = 0.15: falling α ends worse than constant α",
        lambda run: run.gap[0, 1, -1] > run.gap[0, 0, -1],
        where={"lr": 0.15},
    ),
    Goal("by any means: under 0.00001 at epoch 100", lambda run: run.gap[0, :, -1].min() < CLOSE),
)


@course_lab
def shrink_lab() -> Parts:
    """A constant rate, a falling one, and the average of the iterates: three clouds in one picture.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951; B. Polyak and A. Juditsky,
        "Acceleration of stochastic approximation by averaging", 1992.
    """
    source = Lazy(lambda settings, _: shrink(settings), most=256, chunk=16)
    return Parts((ALPHA0, DELTA, POWER, ORDER), source, [three_clouds(), gaps()], GOALS)


def three_clouds() -> Plot:
    """The three clouds of seeds."""
    plot = bowl_plot(FILM, LIMITS, legend=True)
    for k, (name, color, _, marker) in enumerate(CLOUDS):
        add_cloud(plot, k, name, color, marker, seeds=SHOWN, stops=STOPS, outline=37)
    add_solution(plot)
    plot.title(_spreads)
    plot.words(lambda one: _spreads(one).replace("\n", ". "))
    return plot


def _spreads(one: Clouds) -> str:
    wide = np.linalg.norm(one.spread[0, :, -1], axis=-1)
    words = ", ".join(f"{name} {width:.2g}" for name, width in zip(SHORT, wide, strict=True))
    where = f"start ○   solution +   epoch {EPOCHS[-1]}, {SHOWN} of {SEEDS} seeds each"
    return f"{where}\nspread: {words}"


def gaps() -> Plot:
    """The mean gap of the three clouds, and what theory says."""
    plot = gap_plot(FILM, "epoch", (1, EPOCHS[-1]), (1e-6, 1e2), xscale="log")
    goal_lines(plot, CLOSE)
    for k, (name, color, style, _) in enumerate(CLOUDS):
        plot.line(name, partial(_curve, "gap", k), color, style, x=AFTER)
    known: dict[str, Any] = {"x": AFTER, "role": "theory"}
    for k, name in enumerate(("theory, with replacement", "theory of falling α", "theory of the average")):
        plot.line(name, partial(_curve, "expected", k), "black", ":", width=1.4, named=k == 0, **known)
    plot.line("best possible: tr(H⁻¹S)/2t", BEST, GREY, (0, (6, 2)), **known)
    plot.title(_ends)
    plot.words(lambda one: ends_in_words(NAMES, one.gap[0, :, -1]))
    return plot


def _curve(field: str, cloud: int, run: Clouds) -> np.ndarray:
    return getattr(run, field)[:, cloud, 1:]


def _ends(one: Clouds) -> str:
    gaps = one.gap[0, :, -1]
    words = " · ".join(
        f"{name} {gap:.2g}{'★' if gap <= GOAL else ''}" for name, gap in zip(SHORT, gaps, strict=True)
    )
    legend = f" (★ under {GOAL:g})" if gaps.min() <= GOAL else ""
    above = f"; average {gaps[2] / BEST[-1]:.1f} × best possible" if one.setting(0)["order"] == WITH else ""
    return f"epoch {EPOCHS[-1]}{legend}{above}\n{words}"
