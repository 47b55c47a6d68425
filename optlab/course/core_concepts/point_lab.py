"""The lab of the loss: a straight line through the petals, set by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optlab.course.core_concepts.line import START, petals
from optlab.course.core_concepts.old_point_figures import FlowerLine, SurfacePoint
from optlab.course.core_concepts.old_view import view_of
from optlab.course.core_concepts.point import best_height, best_slope, point
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["point_lab"]

PROGRAM = Program(Path(__file__).with_name("point_program.py"))


def tenths(low: int, high: int) -> tuple[float, ...]:
    """Slider stops a tenth apart.

    Example:
        >>> tenths(-1, 2)
        (-0.1, 0.0, 0.1, 0.2)
    """
    return tuple(k / 10 for k in range(low, high + 1))


PARAMS = (
    Param(
        "theta1",
        "θ₁",
        "height",
        tenths(-5, 25),
        START[0],
        "cm",
        marks=lambda theta2: {"lowest here": best_height(theta2)},
    ),
    Param(
        "theta2",
        "θ₂",
        "slope",
        tenths(-5, 20),
        START[1],
        marks=lambda theta1: {"lowest here": best_slope(theta1)},
    ),
)

GOALS = (Goal("loss under 0.08", lambda point: point.loss[0] < 0.08),)


def point_lab(**options: Any) -> Lab:
    """A straight line through the petals, set by hand: its errors, its loss and its gradient.

    Each slider marks the best value for the other slider's.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `theta1` and `theta2`; its results are `Point`s.

    Source:
        The article, section 2: loss function, gradient.
    """
    panels = [FlowerLine(*petals()), SurfacePoint(view_of())]
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: point(settings),
        panels,
        program=PROGRAM,
        **options,
    )
