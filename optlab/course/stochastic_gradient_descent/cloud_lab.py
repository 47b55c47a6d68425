"""The lab of one random sample a step: 256 seeds as a cloud, and their mean optimality gap."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.stochastic_gradient_descent.cliffs import cliffs
from optlab.course.stochastic_gradient_descent.cloud import STEPS, STOPS, best_constant, cloud, full_gradient
from optlab.course.stochastic_gradient_descent.gap_plots import (
    add_cloud,
    add_solution,
    bowl_plot,
    ends_in_words,
    gap_plot,
)
from optlab.course.stochastic_gradient_descent.seeds import GOAL, RATES, SEEDS, Clouds
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate, parabola_gap
from optlab.engine.analysis.least_squares import fitness_club
from optlab.engine.analysis.sampling_noise import fraction_inside
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, number

LIMITS = (-1.7, 1.7, -1.7, 0.9)
"""The part of the plane that the picture of the cloud shows."""
FILM = Film("step")


def marked_rates() -> dict[str, Any]:
    """What theory marks on the slider of α: the best at the last step, and the first of the three cliffs."""
    best = float(best_constant()[STEPS[-1]])
    return {"best by 200": best, "mean unbounded": (cliffs()[0], np.inf)}


ALPHA = Param("lr", "α", "learning rate", RATES[10:], default=0.1, marks=marked_rates)

CLOSE = 0.022
GOALS = (
    Goal("mean gap under 0.022 at step 200", lambda run: run.gap[0, 0, 200] < CLOSE),
    Goal("mean gap under 0.001 at step 200 (possible?)", lambda run: run.gap[0, 0, 200] < GOAL),
)


@course_lab
def cloud_lab() -> Parts:
    """One random sample a step at a constant rate: 256 seeds as a cloud, and their mean gap.

    Source:
        The article, section 3.3; G. Pflug, "Stochastic minimization with constant step-size", 1986.
    """
    return Parts([ALPHA], Table(cloud), [cloud_plot(), gaps()], GOALS)


def cloud_plot() -> Plot:
    """The cloud of seeds, and the path of the first of them."""
    plot = bowl_plot(FILM, LIMITS)
    add_cloud(plot, 0, "256 seeds", BLUE, ".", seeds=SEEDS, stops=STOPS)
    look: dict[str, Any] = {"role": "other", "width": 0.9, "alpha": 0.8, "zorder": 2.3}
    plot.path("path", lambda run: run.path, ORANGE, points=len(STEPS), **look)
    add_solution(plot)
    plot.title(_spread)
    plot.words(lambda one: _spread(one).replace("\n", ". "))
    return plot


def _spread(one: Clouds) -> str:
    """How wide the cloud is at the end, measured and by theory, and how much of it the ellipse holds."""
    where = f"start ○   solution +   step {STEPS[-1]}"
    first, second = one.spread[0, 0, -1].round(3)
    words = f"spread {number(first)} × {number(second)}"
    if one.settings["lr"][0] >= largest_noisy_rate(fitness_club()):
        return f"{where}\n{words}, theory: no bound"
    inside = fraction_inside(one.points[0, 0, -1], one.center[0, 0, -1], one.covariance[0, 0, -1])
    held = "" if np.isnan(inside) else f"   the ellipse holds {inside:.0%}"
    first, second = one.expected_spread[0, 0, -1].round(3)
    return f"{where}{held}\n{words}, theory {number(first)} × {number(second)}"


def gaps() -> Plot:
    """The gap of one seed, the mean of all, and what theory says."""
    plot = gap_plot(FILM, "step", (0, STEPS[-1]), (1e-4, 1e4))
    goal_lines(plot, CLOSE)
    plot.line("one seed", lambda run: run.single[:, 0], ORANGE, x=STEPS, role="other", width=1.0)
    plot.line("mean of 256 seeds", lambda run: run.gap[:, 0], "black", x=STEPS, width=2.6)
    plot.line("their median", lambda run: run.median[:, 0], "black", (0, (4, 1, 1, 1)), x=STEPS, width=1.4)
    known: dict[str, Any] = {"x": STEPS, "role": "theory"}
    plot.line("mean by theory", lambda run: run.expected[:, 0], BLUE, "--", **known)
    plot.line("floor on a parabola", lambda run: _floor(run)[:, None] + 0 * STEPS, GREY, ":", **known)
    plot.line("all 20 at once, best α", full_gradient(), GREEN, "-.", **known)
    plot.title(_means)
    names = ("one seed", "mean of 256 seeds", "their median")
    plot.words(
        lambda one: ends_in_words(names, (one.single[0, 0, -1], one.gap[0, 0, -1], one.median[0, 0, -1]))
    )
    return plot


def _floor(run: Clouds) -> np.ndarray:
    return parabola_gap(fitness_club(), run.settings["lr"])


def _means(one: Clouds) -> str:
    lr, mean = float(one.settings["lr"][0]), number(one.gap[0, 0, -1])
    if lr >= cliffs()[0]:
        ends = f"mean {mean}, median {number(one.median[0, 0, -1])}"
        return f"step {STEPS[-1]}: {ends}\n{_fate(lr)}"
    ends = f"mean {mean}, theory {number(one.expected[0, 0, -1])}"
    return f"step {STEPS[-1]}: {ends}\nfloor on a parabola: {number(_floor(one)[0])}"


def _fate(lr: float) -> str:
    """What becomes of the walks at a rate at which their mean gap has no bound."""
    mean, walks, loss = (number(cliff) for cliff in cliffs())
    if lr < cliffs()[1]:
        return f"the median settles, the mean does not: α is above {mean}"
    if lr < cliffs()[2]:
        return f"all walks diverge: α is above {walks}"
    return f"the full gradient diverges, too: α is above {loss}"
