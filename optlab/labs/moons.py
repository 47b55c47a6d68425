"""The lab of section 3.5: one network, every λ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optlab.callbacks import Callback
from optlab.figures.moons import Boundary, MoonLosses, ValidationCurve, WeightSizes
from optlab.lab import Lab
from optlab.moons import BOX, EPOCHS, PIXELS, STRENGTHS, Fits, fits_of, moons
from optlab.params import Param
from optlab.penalties import KINDS

__all__ = ["moons_lab"]

STRENGTH = Param("strength", "λ", "strength", STRENGTHS, default=0.0)
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L2")
SAMPLES = Param("samples", "n", "training points", (30, 60, 120), default=30)
TEST = Param("test", "", "test points", ("sealed", "opened"), default="sealed")


def moons_lab() -> Lab:
    """Regularisation on two moons: boundary, losses, validation curve and weights of a network, for every λ.

    Returns:
        The lab, its controls named `strength`, `kind`, `samples` and `test`; its results are `Fits`.

    Source:
        Section 3.5 of the document.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Fits:
        return fits_of(settings)

    panels = [
        Boundary(BOX, PIXELS, {n: moons(n)[0] for n in SAMPLES.values}),
        ValidationCurve(STRENGTHS, top=1.2),
        MoonLosses(EPOCHS, top=1.2),
        WeightSizes(256, (1e-4, 10.0)),
    ]
    return Lab((STRENGTH, KIND, SAMPLES, TEST), run, panels)
