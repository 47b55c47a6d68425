"""Batch sizes compared: the loss against epochs, examples, updates or time, and who wins on each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from optlab.course.batch_gradient_descent.batch import AXES, GOAL, Batches, run
from optlab.course.batch_gradient_descent.old_batch_figures import AxisCurves, Winners
from optlab.course.batch_gradient_descent.trained import RATES, SIZES
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["batch_lab"]

AXIS = Param("axis", "", "against", AXES, "epochs")
SIZE = Param("batch_size", "B", "batch size", SIZES, default=16, unit="samples")
ALPHA = Param("lr", "α", "learning rate", RATES, default=1.0)
COST = Param(
    "sample_cost", "c", "cost of a sample", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0), default=0.03
)


def _within(budget: float, axis: str) -> Callable[[Batches], bool]:
    """Whether the batch size on the slider reaches the goal before this much is spent."""
    return lambda run: bool(run.own_spent(axis)[0] <= budget)


GOALS = (
    Goal("loss 0.08 within 2 epochs", _within(2, "epochs")),
    Goal("loss 0.08 within 7 updates", _within(7, "updates")),
    Goal(
        "loss 0.08 within 60 units of time, at c = 0.3",
        lambda run: run.settings["sample_cost"][0] == 0.3 and run.own_spent("time")[0] <= 60,
    ),
)


def batch_lab(**options: Any) -> Lab:
    """All batch sizes at one rate: the loss against epochs, examples, updates or time, and who wins on each.

    Args:
        options: other arguments of `Lab`.

    Returns:
        The lab, its controls named `axis`, `batch_size`, `lr` and `sample_cost`; its results are `Batches`.

    Source:
        The article, section 3.2.
    """
    panels = [AxisCurves(GOAL), Winners(GOAL)]
    program = Program(Path(__file__).with_name("batch_program.py"))
    given: dict[str, Any] = {"goals": GOALS, "program": program, "most": 512}
    return Lab((AXIS, SIZE, ALPHA, COST), lambda settings, _: run(settings), panels, **(given | options))
