"""The lab of the learning rate: one parabola, one number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.course.common.old_paths import Curve, DescentLoss
from optlab.course.common.old_programs import parabola_program
from optlab.course.core_concepts.old_parabola_figures import ParabolaSteps
from optlab.engine.analysis.follow import Descent, follow
from optlab.engine.analysis.quadratic import largest_rate
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param

__all__ = ["parabola_lab"]

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
GOAL = 1e-6
SKY = "#9ecae9"
"""Light enough to lie under the measured line and be seen on both sides of it."""


PARABOLA_GOALS = (
    Goal("L = 5: in one step", lambda run: run.settings["curvature"][0] == 5 and run.reached_at[0] == 1),
    Goal(
        "L = 2: there within 30 steps at the largest α that can",
        lambda run: run.settings["curvature"][0] == 2 and run.settings["lr"][0] == 0.8,
    ),
)


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the rate that lands in one step, and all from 2/L on."""
    return {"one step": 1 / curvature, "diverges above": (largest_rate(curvature), np.inf)}


def parabola_lab(steps: int = 30, **options: Any) -> Lab:
    """Gradient descent on ½Lx² from x = 1: every step multiplies x by 1 − αL.

    Args:
        steps: the cap of steps.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `curvature`; its results are `Descent`s, their paths
        `(settings, steps + 1, 1)`.

    Source:
        Section 2 of the document: learning rate.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descent:
        curvature = torch.from_numpy(settings["curvature"])

        def parabola(points: Tensor) -> Tensor:
            return curvature * points[:, 0] ** 2 / 2

        start, lr = np.ones((len(curvature), 1)), settings["lr"]
        return follow(parabola, start, settings=settings, tolerance=GOAL, lr=lr, steps=steps)

    params = (
        Param("lr", "α", "learning rate", RATES, 0.9, marks=marked_rates),
        Param("curvature", "L", "curvature", (1.0, 2.0, 5.0, 10.0), 2.0),
    )
    theory = Curve("theory: J₀ (1 − αL)²ᵗ", SKY, "-", _expected, width=8)
    loss = DescentLoss(steps, (1e-12, 1e7), GOAL, [theory])
    loss.lines[0].set_zorder(1.5)  # under the measured line
    options = {"goals": PARABOLA_GOALS} | options
    program = partial(parabola_program, steps=steps)
    return Lab(params, run, [ParabolaSteps(steps), loss], program=program, **options)


def _expected(descent: Descent, row: int) -> np.ndarray:
    lr, curvature = (float(descent.settings[name][row]) for name in ("lr", "curvature"))
    loss = descent.loss[row]
    with np.errstate(over="ignore"):
        return loss[0] * (1 - lr * curvature) ** (2.0 * np.arange(len(loss)))
