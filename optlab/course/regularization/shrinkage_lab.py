"""The lab of section 3.5 in which theory knows the end: linear least squares with L2, L1 or both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.regularization.old_shrinkage_figures import NamedWeights, WeightPaths
from optlab.course.regularization.shrinkage import Shrinkage, all_zero_from, elastic_net, shrinkage
from optlab.engine.data.diabetes import diabetes
from optlab.engine.models.penalties import KINDS, split
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["all_zero_mark", "shrinkage_lab"]

STRENGTHS = (0.0, *log_values(1e-3, 1, 4), 1.8)
STEP = Param("step", "", "step taken", ("gradient", "soft threshold"), default="gradient")
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L2")

PROGRAM = Program(Path(__file__).with_name("shrinkage_program.py"))
GOALS = (
    Goal(
        "three weights exactly 0, and a validation error under 0.545",
        lambda run: (run.weights[0] == 0).sum() >= 3 and run.errors[0, 1] < 0.545,
    ),
)


def all_zero_mark(kind: str) -> dict[str, float]:
    """A mark on the slider of λ where all weights have become 0; none for L2, where they never do."""
    strength = all_zero_from(diabetes(), kind)
    return {"all 0 from": strength} if np.isfinite(strength) else {}


def shrinkage_lab(**options: Any) -> Lab:
    """Least squares on the diabetes data with a penalty: descent's weights on theory's lines, for every λ.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `strength`, `kind` and `step`; its results are `Shrinkage`.

    Source:
        Section 3.5 of the article; A. Hoerl and R. Kennard, 1970; R. Tibshirani, 1996; H. Zou and T. Hastie,
        2005.
    """
    data = diabetes()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Shrinkage:
        return shrinkage(settings)

    strength = Param("strength", "λ", "strength", STRENGTHS, 0.1, marks=all_zero_mark)
    paths = np.stack([elastic_net(data, *split([kind] * len(STRENGTHS), STRENGTHS)) for kind in KINDS])
    panels = [
        WeightPaths(STRENGTHS, tuple(KINDS), paths, data.names),
        NamedWeights(data.names, reach=0.55),
    ]
    options = {"goals": GOALS} | options
    return Lab(
        (strength, KIND, STEP),
        run,
        panels,
        program=PROGRAM,
        **options,
    )
