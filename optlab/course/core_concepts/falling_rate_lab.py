"""The lab of learning-rate decay: a rate that falls, and a descent that settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.core_concepts.falling_rate import EPOCHS, falling_rate
from optlab.course.core_concepts.old_walks_figures import FallingRate, TwoLosses
from optlab.course.core_concepts.walk import last_tenth
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import DELTA, Param

__all__ = ["falling_rate_lab"]

PROGRAM = Program(Path(__file__).with_name("falling_rate_program.py"))

PARAMS = (
    Param("lr", "α₀", "first rate", (0.01, 0.02, 0.03, 0.05, 0.07, 0.1), 0.05),
    DELTA,
    Param("p", "p", "decay exponent", (0.5, 1.0, 2.0, 3.0, 4.0), 1.0),
)

GOALS = (
    Goal("the falling rate under 0.000001 over the last tenth", lambda run: last_tenth(run.loss[0]) < 1e-6),
)


def falling_rate_lab(**options: Any) -> Lab:
    """The article's decay, and what it does to a descent over one petal a step.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `delta` and `p`; its results are `FallingRate`s.

    Source:
        The article, sections 2 and 3.4.
    """
    names = ("falling rate", "constant rate")
    panels = [
        FallingRate(EPOCHS),
        TwoLosses(np.arange(EPOCHS + 1), "epoch", (1e-6, 1e1), lambda run, row: names),  # noqa: ARG005
    ]
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: falling_rate(settings),
        panels,
        program=PROGRAM,
        **options,
    )
