"""The lab of L2 against decoupled weight decay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.regularization.old_weight_decay_figures import BowlWalk, TwoWeights
from optlab.course.regularization.weight_decay import MINIMUM, RULES, STEPS, Decay, decay
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param, log_values

__all__ = ["weight_decay_lab"]


def marked_strength(rule: str) -> dict[str, Any]:
    """The λ from which on AdamW's box shuts out the least of J₁; the other rules are shifted by any λ."""
    return {"the box bites from": 1 / (2 * max(MINIMUM))} if rule == "AdamW" else {}


L2 = Param("l2", "λ", "strength", log_values(0.01, 1, 8), default=0.1, marks=marked_strength)
RULE = Param("rule", "", "update rule", tuple(RULES), default="SGD + L2")
BETA2 = Param("beta2", "β₂", "Adam's memory", (0.9, 0.99, 0.999), default=0.9)

PROGRAM = Program(Path(__file__).with_name("weight_decay_program.py"))
GOALS = (
    Goal(
        "AdamW: θ₁ below 2.9, θ₂ at 2.00",
        lambda walk: (
            walk.settings["rule"][0] == "AdamW"
            and walk.path[0, -1, 0] < 2.9
            and abs(walk.path[0, -1, 1] - 2) < 0.02
        ),
    ),
)


def weight_decay_lab(**options: Any) -> Lab:
    """λ in the loss, or as decay beside the rule, under SGD and under Adam: four walks, two different ends.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `rule`, `l2` and `beta2`; its results are `Decay`s.

    Source:
        I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019; S. Xie and Z. Li,
        "Implicit bias of AdamW: ℓ∞ norm constrained optimization", 2024.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Decay:
        return decay(settings)

    panels = [BowlWalk(STEPS, (-0.3, 4.3, -0.3, 3.2)), TwoWeights(STEPS, (-0.6, 3.4))]
    options = {"goals": GOALS} | options
    return Lab(
        (RULE, L2, BETA2),
        run,
        panels,
        program=PROGRAM,
        **options,
    )
