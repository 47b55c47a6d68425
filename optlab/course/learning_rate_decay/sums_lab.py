"""The two sums of the rates: added up, walked by 400 walkers, and by theory far beyond."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optlab.course.learning_rate_decay.old_decay_figures import SumCurve
from optlab.course.learning_rate_decay.sums import TIMES, Sums, limit, marked_exponents, run
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["sums_lab"]

FAR = 1e12
"""Theory is drawn to this many steps."""

GOAL = 10.0
"""How far the walkers have to go."""

ALPHA0 = Param("lr", "α₀", "initial rate", (0.1, 0.2, 0.5, 1.0, 2.0), default=0.5)
DELTA = Param("delta", "δ", "decay rate", log_values(0.01, 10, 2), default=1.0, unit="/step")
EXPONENT = Param(
    "p", "p", "decay exponent", (0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0), 1.0, marks=marked_exponents
)


def _never_arrives(run: Sums) -> bool:
    """Whether Σα has a limit short of the goal."""
    lr, delta, p = (float(run.settings[name][0]) for name in ("lr", "delta", "p"))
    return lr * limit(p / 2, delta) < GOAL


GOALS = (
    Goal(
        "arrive within 10 000 steps, with a spread that has a limit",
        lambda run: run.rate[0, -1] >= GOAL and run.settings["p"][0] > 1,
    ),
    Goal("never arrive, with α₀ = 2", lambda run: run.settings["lr"][0] == 2 and _never_arrives(run)),
)


def sums_lab(**options: Any) -> Lab:
    """The sums of the rates and of their squares: added up, walked by 400 walkers, and by theory far beyond.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `delta` and `p`; its results are `Sums`.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951: the first sum without a limit,
        the second with one.
    """
    panels = [SumCurve("rate", TIMES, FAR, (0.02, 1e4), GOAL), SumCurve("square", TIMES, FAR, (0.002, 1e3))]
    program = Program(Path(__file__).with_name("sums_program.py"))
    params, options = (ALPHA0, DELTA, EXPONENT), {"goals": GOALS} | options
    return Lab(params, lambda settings, _: run(settings), panels, program=program, **options)
