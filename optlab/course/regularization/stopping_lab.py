"""The lab of early stopping, the cousin of ridge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.regularization.linear_model import ridge
from optlab.course.regularization.old_stopping_figures import KeptShare, TwoRoads
from optlab.course.regularization.stopping import (
    LONGEST,
    RATE,
    Stopping,
    patients,
    steps_like,
    stopping,
    strength_like,
    unpenalized_path,
)
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["stopping_lab"]


def marked_strength(steps: int) -> dict[str, Any]:
    """The λ that should do what so many steps do."""
    return {"like t steps": strength_like(RATE, steps)}


def marked_steps(l2: float) -> dict[str, Any]:
    """The number of steps that should do what λ does."""
    return {"like λ": steps_like(RATE, l2)}


L2 = Param("l2", "λ", "ridge, strength", log_values(0.01, 10, 4)[1:], default=0.018, marks=marked_strength)
STOPS = (2, 3, 5, 9, 17, 30, 52, 93, 167, 298, 520, LONGEST)
"""Where descent may stop; to every λ on its slider the number of steps that is like it."""
STEPS = Param("steps", "t", "stop after", STOPS, default=52, unit="steps", marks=marked_steps)

PROGRAM = Program(Path(__file__).with_name("stopping_program.py"))
GOALS = (
    Goal(
        "a validation error under 0.62, by either road",
        lambda held: min(held.stopped_errors[0, 1], held.ridge_errors[0, 1]) < 0.62,
    ),
)


def stopping_lab(**options: Any) -> Lab:
    """Ridge at λ beside unpenalised descent stopped after t steps, on 64 features and 100 patients.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `l2` and `steps`; its results are `Stopping`.

    Source:
        C. Bishop, "Regularization and complexity control in feed-forward networks", 1995; I. Goodfellow,
        Y. Bengio and A. Courville, "Deep learning", 2016, section 7.8.
    """
    data, path = patients(), unpenalized_path()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Stopping:
        return stopping(settings)

    strengths, steps = np.geomspace(0.008, 12, 120), np.unique(np.geomspace(1, LONGEST, 120).astype(int))
    panels = [
        TwoRoads(
            (strengths, data.error(ridge(data, strengths))),
            (steps, data.error(path[steps])),
            RATE,
            limits=(0.08, 100),
            top=1.2,
        ),
        KeptShare(data.directions[0], RATE, limits=(3e-4, 20)),
    ]
    options = {"goals": GOALS} | options
    return Lab((L2, STEPS), run, panels, program=PROGRAM, **options)
