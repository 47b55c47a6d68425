"""The lab of regularisation: a penalty bends the surface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.core_concepts.bend import STEPS, bend, minima
from optlab.course.core_concepts.line import curvatures, petals
from optlab.course.core_concepts.old_bend_figures import BentPath, PenaltyCut
from optlab.course.core_concepts.old_view import view_of
from optlab.engine.analysis.quadratic import best_rate, largest_rate
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["bend_lab"]

PROGRAM = Program(Path(__file__).with_name("bend_program.py"))


def marked_rates(l2: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the fastest rate, and all from 2/L on."""
    flattest, steepest = curvatures(petals()[0], l2)
    return {"best": best_rate(flattest, steepest), "diverges above": (largest_rate(steepest), np.inf)}


PARAMS = (
    Param("l2", "λ", "penalty", (0.0, 0.03, 0.1, 0.3, 1.0, 3.0), 0.3),
    Param("lr", "α", "learning rate", log_values(0.01, 1, 12), 0.1, marks=marked_rates),
)

GOALS = (Goal("there (★) in under 10 steps", lambda run: 0 < run.reached_at[0] < 10),)


def bend_lab(**options: Any) -> Lab:
    """Gradient descent on the loss with a penalty λ(θ₁² + θ₂²): what bends, and what that does to the rates.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `l2` and `lr`; its results are `Descent`s, their loss the optimality gap
        for each λ.

    Source:
        The article, sections 2 and 3.5.
    """
    strength = PARAMS[0]
    panels = [
        BentPath(
            [view_of(l2) for l2 in strength.values],
            lambda descent, row: strength.index(float(descent.settings["l2"][row])),
            STEPS,
            minima([0.0, *np.geomspace(1e-3, 1e4, 200)]),
        ),
        PenaltyCut(*petals()),
    ]
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: bend(settings),
        panels,
        program=PROGRAM,
        **options,
    )
