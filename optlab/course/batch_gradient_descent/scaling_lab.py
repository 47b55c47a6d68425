"""The linear scaling rule: when does a larger batch learn like a batch of one, epoch by epoch?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.batch_gradient_descent.gradients import curvature_after
from optlab.course.batch_gradient_descent.old_batch_figures import ScalingCurves, ScalingDistance
from optlab.course.batch_gradient_descent.scaling import Scaled, run
from optlab.course.batch_gradient_descent.trained import FACTORS, ONE_RATES, SIZES
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["scaling_lab"]

STEEP = 3
"""The epoch whose curvature L marks the rate 2/L."""


def marked_factors(base: float, batch_size: int) -> dict[str, Any]:
    """The factor by the linear rule, and from where on the full gradient would overshoot."""
    steep = 2 / curvature_after(STEEP) / base
    return {"linear": float(batch_size), "2/L": (steep, np.inf)}


BASE = Param("base", "α₁", "rate of B = 1", ONE_RATES, default=0.03)
FACTOR = Param("factor", "k", "rate times", FACTORS, default=1.0, marks=marked_factors)
SIZE = Param("batch_size", "B", "batch size", SIZES, default=32, unit="samples")


def _close_at(size: int, apart: float) -> Callable[[Scaled], bool]:
    """Whether this batch size learns like a batch of one."""
    return lambda run: bool(run.settings["batch_size"][0] == size and run.apart[0] < apart)


GOALS = (
    Goal("B = 32 within a factor 1.1 of B = 1", _close_at(32, 1.1)),
    Goal("B = 80 within a factor 1.1 of B = 1", _close_at(80, 1.1)),
    Goal(
        "break it: k = B, and more than a factor 2 apart",
        lambda run: bool(run.settings["factor"][0] == run.settings["batch_size"][0] and not run.apart[0] < 2),
    ),
)


def scaling_lab(**options: Any) -> Lab:
    """A larger batch at a multiple of the rate of a batch of one: when do they learn alike, epoch by epoch?

    Args:
        options: other arguments of `Lab`.

    Returns:
        The lab, its sliders named `base`, `batch_size` and `factor`; its results are `Scaled`.

    Source:
        P. Goyal, P. Dollár, R. Girshick and others, "Accurate, large minibatch SGD", 2017.
    """
    program = Program(Path(__file__).with_name("scaling_program.py"))
    given: dict[str, Any] = {"goals": GOALS, "program": program}
    panels = [ScalingCurves(), ScalingDistance()]
    return Lab((BASE, SIZE, FACTOR), lambda settings, _: run(settings), panels, **(given | options))
