"""The two sums of the rates: added up, walked by 400 walkers, and by theory far beyond."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table, each
from optlab.course.common.goal_lines import GID, goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.learning_rate_decay.sums import (
    TIMES,
    WALKERS,
    Sums,
    limit,
    marked_exponents,
    partial_sum,
    run,
    times_until,
)
from optlab.live.goals import AtLeast
from optlab.live.plots import BLUE, GOLD, GREEN, GREY, ORANGE, number
from optlab.params import log_values

GOAL = 10.0
"""How far the walkers have to go."""
FAR = np.unique(np.geomspace(1, 1e12, 97).round())
"""The steps for which theory is drawn."""

ALPHA0 = Param("lr", "α₀", "initial rate", (0.1, 0.2, 0.5, 1.0, 2.0), default=0.5)
DELTA = Param("delta", "δ", "decay rate", log_values(0.01, 10, 2), default=1.0, unit="/step")
EXPONENT = Param(
    "p", "p", "decay exponent", (0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0), 2.0, marks=marked_exponents
)

NARROW = 0.3
GOALS = (
    Goal(
        "p ≥ 1.2: 10 away within 10 000 steps, with a variance under 0.3",
        lambda run: run.rate[0, -1] >= GOAL and run.square[0, -1] < NARROW,
        where={"p": AtLeast(1.2)},
    ),
    Goal("α₀ = 2: never arrive", lambda run: _limit(distance_terms(run)) < GOAL, where={"lr": 2.0}),
)

Terms = tuple[float, float, float]
"""A sum's terms c (1 + δt)^(−q), as c, q and δ."""


@course_lab
def sums_lab() -> Parts:
    """The sums of the rates and of their squares: added up, walked by 400 walkers, and by theory far beyond.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951: the first sum without a limit,
        the second with one.
    """
    return Parts((ALPHA0, DELTA, EXPONENT), Table(run), [distance(), spread()], GOALS)


def distance_terms(one: Sums) -> Terms:
    """The terms of Σα of one setting."""
    lr, delta, p = (one.setting(0)[name] for name in ("lr", "delta", "p"))
    return lr, p / 2, delta


def spread_terms(one: Sums) -> Terms:
    """The terms of Σα²."""
    lr, delta, p = (one.setting(0)[name] for name in ("lr", "delta", "p"))
    return lr**2, p, delta


def distance() -> Plot:
    """Σα against the number of steps: how far a walker comes, and when the goal is reached."""
    plot = _sum_plot("Σα", distance_terms, (0.02, 1e4))
    plot.ax.axhline(GOAL, color=GREEN, linewidth=1, linestyle=(0, (1, 2)), gid=GID)
    plot.ax.text(1.3, GOAL * 1.15, f"{GOAL:g} away", color=GREEN, fontsize=8.5)
    plot.line("added up", lambda run: run.rate, "black", x=TIMES, width=2.4)
    _draw_theory(plot, distance_terms)
    _draw_walkers(plot, f"{WALKERS} walkers: mean distance", lambda run: run.mean)
    plot.point("arrived", each(lambda one: [_arrival(one), GOAL]), GOLD, "*", role="plain", size=14)
    plot.title(lambda one: f"{_growth('Σα', distance_terms(one))}\n{_when(one)}")
    plot.words(lambda one: f"{_growth('Σα', distance_terms(one))}. {_when(one)}")
    return plot


def spread() -> Plot:
    """Σα² against the number of steps: how far the walkers spread out."""
    plot = _sum_plot("Σα²", spread_terms, (0.002, 1e3))
    goal_lines(plot, NARROW)
    plot.line("added up", lambda run: run.square, "black", x=TIMES, width=2.4)
    _draw_theory(plot, spread_terms)
    _draw_walkers(plot, f"{WALKERS} walkers: variance", lambda run: run.variance)
    plot.title(lambda one: _growth("Σα²", spread_terms(one)))
    plot.words(lambda one: f"{plot.said(one)}.")
    return plot


def _sum_plot(sign: str, terms: Callable[[Sums], Terms], limits: tuple[float, float]) -> Plot:
    """A plot of a sum on two log axes, with its limit."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (1, FAR[-1]), "ylim": limits}
    plot = Plot(legend=True, xlabel="steps", ylabel=sign, **axes)
    ends = each(lambda one: [_limit(terms(one))] * 2)
    plot.line("its limit", ends, ORANGE, ":", x=FAR[[0, -1]], role="theory", width=1.5)
    return plot


def _draw_theory(plot: Plot, terms: Callable[[Sums], Terms]) -> None:
    def theory(one: Sums) -> np.ndarray:
        scale, q, delta = terms(one)
        return scale * partial_sum(FAR, q, delta)

    plot.line("theory", each(theory), BLUE, "--", x=FAR, role="theory", width=1.5)


def _draw_walkers(plot: Plot, label: str, values: Callable[[Sums], np.ndarray]) -> None:
    look: dict[str, Any] = {"x": TIMES[::4], "role": "other", "marker": "o", "markersize": 3.5}
    plot.line(label, lambda run: values(run)[:, ::4], GREY, "", **look)


def _limit(terms: Terms) -> float:
    scale, q, delta = terms
    return scale * limit(q, delta)


def _growth(sign: str, terms: Terms) -> str:
    """How the sum goes on."""
    scale, q, delta = terms
    if q > 1:
        return f"{sign} has a limit: {number(_limit(terms))}"
    more = f"+ {number(scale / delta * np.log(10))}" if q == 1 else f"× {number(10 ** (1 - q))}"
    return f"{sign} has no limit: {more} for 10 × the steps"


def _arrival(one: Sums) -> float:
    """How many steps it takes to come to the goal."""
    scale, q, delta = distance_terms(one)
    return times_until(GOAL / scale, q, delta)


def _when(one: Sums) -> str:
    steps = _arrival(one)
    if not np.isfinite(steps):
        return f"{GOAL:g} away is never reached"
    return f"★ {GOAL:g} away is reached after {_many(steps)} steps"


def _many(steps: float) -> str:
    """A number of steps as people say it.

    Example:
        >>> _many(115.0), _many(2.72e8), _many(1e40)
        ('115', '272 million', '1e+40')
    """
    for size, name in ((1e12, ""), (1e9, " billion"), (1e6, " million")):
        if steps >= size:
            return f"{steps / size:.3g}{name}" if name else f"{steps:.0e}"
    return f"{steps:,.0f}"
