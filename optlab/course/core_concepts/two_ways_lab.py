"""The lab of batch and stochastic gradient descent: all petals a step, or some."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.core_concepts.line import curvatures, petals
from optlab.course.core_concepts.old_view import view_of
from optlab.course.core_concepts.old_walks_figures import TwoLosses, TwoPaths
from optlab.course.core_concepts.two_ways import EPOCHS, SAMPLES, TwoWays, two_ways
from optlab.course.core_concepts.walk import last_tenth
from optlab.engine.analysis.quadratic import largest_rate
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["two_ways_lab"]

PROGRAM = Program(Path(__file__).with_name("two_ways_program.py"))

RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.38, 0.4, 0.45)


def marked_rate() -> dict[str, Any]:
    """What theory marks on the slider of α: where a descent over all petals diverges."""
    return {"diverges above": (largest_rate(curvatures(petals()[0])[1]), np.inf)}


PARAMS = (
    Param("lr", "α", "learning rate", RATES, 0.05, marks=marked_rate),
    Param("batch_size", "B", "flowers a step", (1, 2, 4, 5, 10, SAMPLES), 1),
    Param("seed", "", "random order", tuple(range(6)), 0),
)

GOALS = (
    Goal("blue under 0.001 over the last tenth", lambda run: last_tenth(run.other_loss[0]) < 1e-3),
    Goal(
        "B = 1: orange under 0.006 over the last tenth",
        lambda run: run.settings["batch_size"][0] == 1 and last_tenth(run.loss[0]) < 6e-3,
    ),
)


def two_ways_lab(**options: Any) -> Lab:
    """Two descents from one start: all petals a step, and some of them a step, at equal cost.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `batch_size` and `seed`; its results are `TwoWays`, one mark for each
        petal looked at.

    Source:
        The article, sections 2, 3.2 and 3.3.
    """
    looks = np.arange(EPOCHS * SAMPLES + 1)
    panels = [
        TwoPaths(view_of(), len(looks), _names),
        TwoLosses(looks, "flowers looked at", (1e-7, 1e2), _names, lambda run, row: run.expected[row]),
    ]
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: two_ways(settings),
        panels,
        program=PROGRAM,
        **options,
    )


def _names(run: TwoWays, row: int) -> tuple[str, str]:
    size = int(run.settings["batch_size"][row])
    return f"{size} a step" if size > 1 else "one a step", "all at once"
