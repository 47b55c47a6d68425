"""The lab of the learning rate: one parabola, one number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_paths import Curve, DescentLoss
from optlab.course.core_concepts.old_parabola_figures import ParabolaSteps
from optlab.course.core_concepts.parabola import GOAL, STEPS, expected_loss, parabola
from optlab.engine.analysis.quadratic import largest_rate
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["parabola_lab"]

PROGRAM = Program(Path(__file__).with_name("parabola_program.py"))

RATES = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.15,
    0.18,
    0.2,
    0.21,
    0.25,
    0.3,
    0.38,
    0.4,
    0.42,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.05,
    1.5,
    1.8,
    1.9,
    2.0,
    2.1,
    2.5,
    3.0,
)
SKY = "#9ecae9"
"""Light enough to lie under the measured line and be seen on both sides of it."""


GOALS = (
    Goal("L = 5: in one step", lambda run: run.settings["curvature"][0] == 5 and run.reached_at[0] == 1),
    Goal(
        "L = 2: there within 30 steps at the largest α that can",
        lambda run: run.settings["curvature"][0] == 2 and run.settings["lr"][0] == 0.8,
    ),
)


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the rate that lands in one step, and all from 2/L on."""
    return {"one step": 1 / curvature, "diverges above": (largest_rate(curvature), np.inf)}


PARAMS = (
    Param("lr", "α", "learning rate", RATES, 0.9, marks=marked_rates),
    Param("curvature", "L", "curvature", (1.0, 2.0, 5.0, 10.0), 2.0),
)


def parabola_lab(**options: Any) -> Lab:
    """Gradient descent on ½Lθ² from θ = 1: every step multiplies θ by 1 − αL.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `curvature`; its results are `Descent`s, their paths
        `(settings, steps + 1, 1)`.

    Source:
        The article, section 2: learning rate.
    """
    theory = Curve(
        "theory: J₀ (1 − αL)²ᵗ",
        SKY,
        "-",
        lambda run, row: expected_loss(run.settings["lr"][row], run.settings["curvature"][row]),
        width=8,
    )
    loss = DescentLoss(STEPS, (1e-12, 1e7), GOAL, [theory])
    loss.lines[0].set_zorder(1.5)  # under the measured line
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: parabola(settings),
        [ParabolaSteps(STEPS), loss],
        program=PROGRAM,
        **options,
    )
