"""The lab of weight initialisation: signals through a deep network that has not been trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from optlab.course.common.old_programs import layers_program
from optlab.course.core_concepts.layers import ACTIVATIONS, Signals, he_std, send, xavier_std
from optlab.course.core_concepts.old_layers_figures import LayerSizes
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param

__all__ = ["layers_lab"]

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


LAYER_GOALS = tuple(
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


def layers_lab(depth: int = 30, **options: Any) -> Lab:
    """The size of activations and gradients, layer by layer, for one size of the initial weights.

    Args:
        depth: how many layers.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `std`, `activation` and `width`; its results are `Signals`.

    Source:
        Section 2 of the document: weight initialisation. Papers: see `optlab.course.core_concepts.layers`.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Signals:
        kinds = [(a, int(n)) for a in ACTIVATIONS for n in WIDTH.values]
        groups = [np.flatnonzero((settings["activation"] == a) & (settings["width"] == n)) for a, n in kinds]
        runs = [
            send(settings["std"][rows], width=n, depth=depth, activation=a)
            for (a, n), rows in zip(kinds, groups, strict=True)
            if rows.size
        ]
        arrays = (
            np.concatenate([getattr(part, name) for part in runs])
            for name in ("activation", "gradient", "expected_activation", "expected_gradient")
        )
        joined = Signals({"row": np.concatenate(groups)}, *arrays)
        return replace(joined.select(np.argsort(np.concatenate(groups))), settings=settings)

    params = (
        Param("std", "σ", "size of weights", STDS, 0.05, marks=marked_stds),
        Param("activation", "", "activation", tuple(ACTIVATIONS), "relu"),
        WIDTH,
    )
    options = {"goals": LAYER_GOALS} | options
    panels = [LayerSizes(depth), LayerSizes(depth, backward=True)]
    return Lab(params, run, panels, program=partial(layers_program, depth=depth), **options)


WIDTH = Param("width", "n", "units a layer", (50, 200), 200)
