"""The lab of section 3.5 in which theory knows the end: linear least squares with L2, L1 or both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.course.regularization.old_programs import shrinkage_program
from optlab.course.regularization.old_shrinkage_figures import NamedWeights, WeightPaths
from optlab.course.regularization.shrinkage import Shrunk, elastic_net, shrink
from optlab.engine.data.diabetes import Regression, diabetes
from optlab.engine.models.penalties import KINDS, split
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param, log_values

__all__ = ["all_zero_from", "shrinkage_lab"]

STRENGTHS = (0.0, *log_values(1e-3, 1, 4), 1.8)
STEP = Param("step", "", "step taken", ("gradient", "soft threshold"), default="gradient")
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L2")

GOALS = (
    Goal(
        "three weights exactly 0, and a validation error under 0.545",
        lambda run: (run.weights[0] == 0).sum() >= 3 and run.errors[0, 1] < 0.545,
    ),
)


def all_zero_from(data: Regression, kind: str) -> dict[str, float]:
    """The λ from which on the least of J is at w = 0: twice the largest |xᵀy|/n over the share of L1.

    Args:
        data: the samples.
        kind: J₂ by name.

    Returns:
        A mark for the slider of λ; none for L2, whose weights never reach 0.

    Example:
        >>> all_zero_from(diabetes(), "L1")
        {'all 0 from': 1.2122725883466052}

    Source:
        R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """
    share = KINDS[kind][1]
    return {"all 0 from": float(2 * np.abs(data.correlation).max() / share)} if share else {}


def shrinkage_lab(**options: Any) -> Lab:
    """Least squares on the diabetes data with a penalty: descent's weights on theory's lines, for every λ.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `strength`, `kind` and `step`; its results are `Shrunk`.

    Source:
        Section 3.5 of the document; A. Hoerl and R. Kennard, 1970; R. Tibshirani, 1996; H. Zou and T. Hastie,
        2005.
    """
    data = diabetes()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Shrunk:
        return shrink(data, settings)

    strength = Param("strength", "λ", "strength", STRENGTHS, 0.1, marks=partial(all_zero_from, data))
    paths = np.stack([elastic_net(data, *split([kind] * len(STRENGTHS), STRENGTHS)) for kind in KINDS])
    panels = [
        WeightPaths(STRENGTHS, tuple(KINDS), paths, data.names),
        NamedWeights(data.names, reach=0.55),
    ]
    options = {"goals": GOALS} | options
    return Lab((strength, KIND, STEP), run, panels, program=shrinkage_program, **options)
