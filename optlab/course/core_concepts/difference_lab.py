"""The lab of the gradient: a slope by finite differences, against autograd's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.course.common.old_programs import difference_program
from optlab.course.core_concepts.difference import (
    DTYPES,
    METHODS,
    Slopes,
    autograd_slope,
    best_step,
    difference,
    sure,
)
from optlab.course.core_concepts.old_difference_figures import SlopeErrors, Tangent
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param, log_values

__all__ = ["difference_lab"]

STEPS = log_values(1e-16, 1, 2)


def error_of(slopes: Slopes) -> float:
    """How wrong the first row's slope is."""
    return float(abs(slopes.slope[0] - slopes.autograd[0]))


DIFFERENCE_GOALS = (
    Goal(
        "float32: the slope wrong by less than 0.00001",
        lambda slopes: slopes.settings["dtype"][0] == "float32" and error_of(slopes) < 1e-5,
    ),
)


def marked_steps(theta: float, method: str, dtype: str) -> dict[str, Any]:
    """What theory marks on the slider of h: where the two errors together are smallest."""
    return {"best": float(best_step(theta, method, dtype))}


def difference_lab(**options: Any) -> Lab:
    """The slope of a loss between two points h apart: too long a step is wrong, and so is too short a one.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `h`, `dtype`, `method` and `theta`; its results are `Slopes`.

    Source:
        Section 2 of the document: gradient.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Slopes:
        true = autograd_slope(sure, settings["theta"])
        found = np.stack(
            [_slopes(*point) for point in zip(settings["theta"], settings["method"], strict=True)]
        )
        places = zip(settings["dtype"], settings["h"], strict=True)
        kinds, steps = zip(*((list(DTYPES).index(dtype), STEPS.index(h)) for dtype, h in places), strict=True)
        slope = found[np.arange(len(true)), kinds, steps]
        return Slopes(settings, slope, true, abs(found - true[:, None, None]))

    params = (
        Param("h", "h", "step", STEPS, 1.0, marks=marked_steps),
        Param("dtype", "", "numbers", tuple(DTYPES), "float32"),
        Param("method", "", "difference", METHODS, "central"),
        Param("theta", "θ", "where", (-2.0, -1.0, 1.0, 2.0, 3.0), -1.0),
    )
    options = {"goals": DIFFERENCE_GOALS} | options
    program = partial(difference_program, steps=STEPS)
    return Lab(params, run, [Tangent(), SlopeErrors(STEPS)], program=program, **options)


def _slopes(theta: float, method: str) -> np.ndarray:
    """The slope by every step, in each of the `DTYPES`, `(dtypes, steps)`."""
    return np.stack([difference(sure, theta, np.array(STEPS), str(method), name) for name in DTYPES])
