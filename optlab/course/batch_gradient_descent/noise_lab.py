"""The noise of a batch: the gradients of random batches at one point, and their variance against the law."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optlab.course.batch_gradient_descent.gradients import DRAWS
from optlab.course.batch_gradient_descent.noise import run
from optlab.course.batch_gradient_descent.old_noise_figures import GradientCloud, NoiseLaw
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["noise_lab"]

SIZE = Param("batch_size", "B", "batch size", (1, 2, 4, 8, 16, 32, 64, 72, 80), 8, unit="samples")
EPOCH = Param("epoch", "t", "after training", (0, 1, 3, 10, 30, 100), default=3, unit="epochs")
DRAW = Param("draw", "", "batches", DRAWS, DRAWS[0])
GOALS = (
    Goal(
        "after 30 epochs, 9 in 10 batches point downhill",
        lambda run: run.settings["epoch"][0] == 30 and run.downhill[0] >= 0.9,
    ),
    Goal("no noise at all", lambda run: run.measured[0] < 1e-12),
)


def noise_lab(**options: Any) -> Lab:
    """The gradients of 2048 random batches at one point, and their variance against the law.

    Args:
        options: other arguments of `Lab`.

    Returns:
        The lab, its controls named `batch_size`, `epoch` and `draw`; its results are `Noise`.

    Source:
        The article, section 3.2; W. G. Cochran, "Sampling techniques", 1977, section 2.5.
    """
    program = Program(Path(__file__).with_name("noise_program.py"))
    given: dict[str, Any] = {"goals": GOALS, "program": program}
    panels = [GradientCloud(), NoiseLaw()]
    return Lab((SIZE, EPOCH, DRAW), lambda settings, _: run(settings), panels, **(given | options))
