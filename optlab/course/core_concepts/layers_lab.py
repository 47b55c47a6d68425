"""The lab of weight initialisation: signals through a deep network that has not been trained."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.core_concepts.layers import ACTIVATIONS, DEPTH, Signals, he_std, layers, xavier_std
from optlab.course.core_concepts.old_layers_figures import LayerSizes
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["layers_lab"]

PROGRAM = Program(Path(__file__).with_name("layers_program.py"))

STDS = (
    0.01,
    0.015,
    0.02,
    0.03,
    0.04,
    0.05,
    0.06,
    0.0707,
    0.085,
    0.1,
    0.12,
    0.141,
    0.17,
    0.2,
    0.24,
    0.3,
    0.4,
    0.5,
    0.7,
    1.0,
)


def healthy(signals: Signals, activation: str, width: int) -> bool:
    """Whether the first row is of this network, and every size of it within a factor of ten of 1."""
    asked = signals.settings["activation"][0] == activation and signals.settings["width"][0] == width
    sizes = np.concatenate([signals.activation[0], signals.gradient[0]])
    return bool(asked and (sizes > 0.1).all() and (sizes < 10).all())


GOALS = tuple(
    Goal(
        f"ReLU, {width} units: both curves in the green band",
        partial(healthy, activation="relu", width=width),
    )
    for width in (200, 50)
)


def marked_stds(width: int, activation: str) -> dict[str, Any]:
    """What theory marks on the slider of σ: He's for ReLU, Xavier's for tanh."""
    return (
        {"He": float(he_std(width))} if activation == "relu" else {"Xavier": float(xavier_std(width, width))}
    )


PARAMS = (
    Param("std", "σ", "size of weights", STDS, 0.05, marks=marked_stds),
    Param("activation", "", "activation", tuple(ACTIVATIONS), "relu"),
    Param("width", "n", "units a layer", (50, 200), 200),
)


def layers_lab(**options: Any) -> Lab:
    """The size of activations and gradients, layer by layer, for one size of the initial weights.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `std`, `activation` and `width`; its results are `Signals`.

    Source:
        The article, section 2: weight initialisation. Papers: see `optlab.course.core_concepts.layers`.
    """
    panels = [LayerSizes(DEPTH), LayerSizes(DEPTH, backward=True)]
    options = {"goals": GOALS} | options
    return Lab(
        PARAMS,
        lambda settings, _: layers(settings),
        panels,
        program=PROGRAM,
        **options,
    )
