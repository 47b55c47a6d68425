"""The lab of the gradient: a slope by finite differences, against autograd's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optlab.course.core_concepts.difference import DTYPES, METHODS, STEPS, Slopes, best_step, slopes
from optlab.course.core_concepts.old_difference_figures import SlopeErrors, Tangent
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["difference_lab"]

PROGRAM = Program(Path(__file__).with_name("difference_program.py"))


def error_of(slopes: Slopes) -> float:
    """How wrong the first row's slope is."""
    return float(abs(slopes.slope[0] - slopes.autograd[0]))


GOALS = (
    Goal(
        "float32: the slope wrong by less than 0.00001",
        lambda slopes: slopes.settings["dtype"][0] == "float32" and error_of(slopes) < 1e-5,
    ),
)


def marked_steps(theta: float, method: str, dtype: str) -> dict[str, Any]:
    """What theory marks on the slider of h: where the two errors together are smallest."""
    return {"best": float(best_step(theta, method, dtype))}


PARAMS = (
    Param("h", "h", "step", STEPS, 1.0, marks=marked_steps),
    Param("dtype", "", "numbers", tuple(DTYPES), "float32"),
    Param("method", "", "difference", METHODS, "central"),
    Param("theta", "θ", "where", (-2.0, -1.0, 1.0, 2.0, 3.0), -1.0),
)


def difference_lab(**options: Any) -> Lab:
    """The slope of a loss between two points h apart: too long a step is wrong, and so is too short a one.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `h`, `dtype`, `method` and `theta`; its results are `Slopes`.

    Source:
        The article, section 2: gradient.
    """
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: slopes(settings),
        [Tangent(), SlopeErrors(STEPS)],
        program=PROGRAM,
        **options,
    )
