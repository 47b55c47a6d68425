"""The lab of section 3.5: one network, every λ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.regularization.moons import EPOCHS, LIMITS, PIXELS, STRENGTHS, Fits, fit_all, moons
from optlab.course.regularization.old_moons_figures import Boundary, MoonLosses, ValidationCurve, WeightSizes
from optlab.engine.models.penalties import KINDS
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["moons_lab"]

STRENGTH = Param("strength", "λ", "strength", STRENGTHS, default=0.0)
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L2")
SAMPLES = Param("samples", "n", "training points", (30, 60, 120), default=30)
TEST = Param("test", "", "test points", ("sealed", "opened"), default="sealed")

PROGRAM = Program(Path(__file__).with_name("moons_program.py"))
GOALS = (
    Goal(
        "L2, 30 points: a test loss under 0.35, once the test points are opened",
        lambda fits: at(fits, kind="L2", samples=30, test="opened") and fits.test_loss[0] < 0.35,
    ),
    Goal(
        "30 points: 248 of the 256 weights as good as 0, and a validation loss under 0.40",
        lambda fits: at(fits, samples=30) and fits.zeros[0] >= 248 and fits.validation_loss[0, -1] < 0.40,
    ),
)


def at(fits: Fits, **where: Any) -> bool:
    """Whether one row of fits has these settings."""
    return all(fits.settings[name][0] == value for name, value in where.items())


def moons_lab(**options: Any) -> Lab:
    """Regularisation on two moons: boundary, losses, validation curve and weights of a network, for every λ.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `strength`, `kind`, `samples` and `test`; its results are `Fits`.

    Source:
        Section 3.5 of the article.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Fits:
        return fit_all(settings)

    panels = [
        Boundary(LIMITS, PIXELS, {n: moons(n)[0] for n in SAMPLES.values}),
        ValidationCurve(STRENGTHS, top=1.2),
        MoonLosses(EPOCHS, top=1.2),
        WeightSizes(256, (1e-4, 10.0)),
    ]
    options = {"goals": GOALS} | options
    return Lab(
        (STRENGTH, KIND, SAMPLES, TEST),
        run,
        panels,
        program=PROGRAM,
        **options,
    )
