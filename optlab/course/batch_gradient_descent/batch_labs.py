"""Three labs of section 3.2: batch sizes on four axes, the noise of a batch, and the linear scaling rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab.course.batch_gradient_descent.batch import AXES, FACTORS, ONE_RATES, RATES, SIZES
from optlab.course.batch_gradient_descent.batch_runs import Runs, Scaled, runs_of, scaled_of
from optlab.course.batch_gradient_descent.noise import DRAWS, Gradients, curvature_after, gradients_after
from optlab.course.batch_gradient_descent.old_batch_figures import (
    AxisCurves,
    ScalingCurves,
    ScalingDistance,
    Winners,
)
from optlab.course.batch_gradient_descent.old_noise_figures import GradientCloud, NoiseLaw
from optlab.course.batch_gradient_descent.old_programs import batch_program, noise_program, scaling_program
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param

__all__ = ["BATCH_GOAL", "NOISE_GOALS", "Noise", "batch_lab", "noise_lab", "scaling_lab"]

BATCH_GOAL = 0.08
"""The training loss that the batch sizes race to."""
AXIS = Param("axis", "", "against", AXES, "epochs")
SIZE = Param("batch_size", "B", "batch size", SIZES, default=16, unit="samples")
ALPHA = Param("lr", "α", "learning rate", RATES, default=1.0)
COST = Param(
    "sample_cost", "c", "cost of a sample", (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0), default=0.03
)


def _within(budget: float, axis: str) -> Callable[[Runs], bool]:
    """Whether the batch size on the slider is at the goal before this much is spent."""
    return lambda runs: runs.own(BATCH_GOAL, axis) <= budget


BATCH_GOALS = (
    Goal("loss 0.08 within 2 epochs", _within(2, "epochs")),
    Goal("loss 0.08 within 7 updates", _within(7, "updates")),
    Goal(
        "loss 0.08 within 60 units of time, at c = 0.3",
        lambda runs: runs.settings["sample_cost"][0] == 0.3 and runs.own(BATCH_GOAL, "time") <= 60,
    ),
)


def batch_lab(**options: Any) -> Lab:
    """All batch sizes at one rate: the loss against epochs, examples, updates or time, and who wins on each.

    Args:
        options: other arguments of `Lab`.

    Returns:
        The lab, its controls named `axis`, `batch_size`, `lr` and `sample_cost`; its results are `Runs`.

    Source:
        Section 3.2 of the document.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Runs:
        return runs_of(settings)

    panels = [AxisCurves(BATCH_GOAL), Winners(BATCH_GOAL)]
    given: dict[str, Any] = {"goals": BATCH_GOALS, "program": batch_program, "most": 512}
    return Lab((AXIS, SIZE, ALPHA, COST), run, panels, **(given | options))


# ---------------------------------------------------------------- the noise of a batch


@dataclass(frozen=True)
class Noise:
    """Where the gradients of batches are looked at, for each setting.

    Args:
        settings: `batch_size`, `epoch` and `draw`, each `(settings,)`.
    """

    settings: dict[str, np.ndarray]

    def select(self, rows: Any) -> Noise:
        """Some of the settings."""
        return Noise({name: c[np.atleast_1d(rows)] for name, c in self.settings.items()})

    def at(self, row: int = 0) -> Gradients:
        """The gradients at a setting's point."""
        return gradients_after(int(self.settings["epoch"][row]))

    def measured(self, row: int = 0) -> float:
        """The measured variance of a batch's gradient."""
        draw, size = str(self.settings["draw"][row]), int(self.settings["batch_size"][row])
        return float(self.at(row).noise[DRAWS.index(draw), size - 1])

    def law(self, row: int = 0) -> float:
        """The variance by the law."""
        draw, size = str(self.settings["draw"][row]), int(self.settings["batch_size"][row])
        return float(self.at(row).law(draw)[size - 1])

    def downhill(self, row: int = 0) -> float:
        """The share of batches that point downhill."""
        draw, size = str(self.settings["draw"][row]), int(self.settings["batch_size"][row])
        return self.at(row).downhill(size, draw)


NOISE_SIZE = Param("batch_size", "B", "batch size", (1, 2, 4, 8, 16, 32, 64, 72, 80), 8, unit="samples")
EPOCH = Param("epoch", "t", "after training", (0, 1, 3, 10, 30, 100), default=3, unit="epochs")
DRAW = Param("draw", "", "batches", DRAWS, DRAWS[0])
NOISE_GOALS = (
    Goal(
        "after 30 epochs, 9 in 10 batches point downhill",
        lambda noise: noise.settings["epoch"][0] == 30 and noise.downhill() >= 0.9,
    ),
    Goal("no noise at all", lambda noise: noise.measured() < 1e-12),
)


def noise_lab(**options: Any) -> Lab:
    """The gradients of 2048 random batches at one point, and their variance against the law.

    Args:
        options: other arguments of `Lab`.

    Returns:
        The lab, its controls named `batch_size`, `epoch` and `draw`; its results are `Noise`.

    Source:
        Section 3.2 of the document; W. G. Cochran, "Sampling techniques", 1977, section 2.5.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Noise:
        return Noise(settings)

    given: dict[str, Any] = {"goals": NOISE_GOALS, "program": noise_program}
    return Lab((NOISE_SIZE, EPOCH, DRAW), run, [GradientCloud(), NoiseLaw()], **(given | options))


# ---------------------------------------------------------------- the linear rule


STEEP = 3
"""The epoch whose curvature L marks the rate 2/L."""


def marked_factors(base: float, batch_size: int) -> dict[str, Any]:
    """The factor by the linear rule, and from where on the full gradient would overshoot."""
    steep = 2 / curvature_after(STEEP) / base
    return {"linear": float(batch_size), "2/L": (steep, np.inf)}


BASE = Param("base", "α₁", "rate of B = 1", ONE_RATES, default=0.03)
FACTOR = Param("factor", "k", "rate times", FACTORS, default=1.0, marks=marked_factors)
SCALING_SIZE = Param("batch_size", "B", "batch size", SIZES, default=32, unit="samples")


def _close_at(size: int, apart: float) -> Callable[[Scaled], bool]:
    """Whether this batch size learns like a batch of one."""
    return lambda run: bool(run.settings["batch_size"][0] == size and run.apart() < apart)


SCALING_GOALS = (
    Goal("B = 32 within a factor 1.1 of B = 1", _close_at(32, 1.1)),
    Goal("B = 80 within a factor 1.1 of B = 1", _close_at(80, 1.1)),
    Goal(
        "break it: k = B, and more than a factor 2 apart",
        lambda run: bool(run.settings["factor"][0] == run.settings["batch_size"][0] and not run.apart() < 2),
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

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Scaled:
        return scaled_of(settings)

    given: dict[str, Any] = {"goals": SCALING_GOALS, "program": scaling_program}
    return Lab((BASE, SCALING_SIZE, FACTOR), run, [ScalingCurves(), ScalingDistance()], **(given | options))
