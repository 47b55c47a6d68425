"""The first lab a learner meets: one slider, one figure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from optlab.course.common.curves import loss_curves
from optlab.engine.data.dataset import iris_pair
from optlab.engine.training.train import train
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.live.program import Program
from optlab.live.source import Table
from optlab.params import LR

__all__ = ["first_lab"]

GOALS = (
    Goal("training loss under 0.003", lambda run: run.train_loss[0, -1] < 0.003),
    Goal("test loss under 0.115", lambda run: run.test_loss[0, -1] < 0.115),
)
PROGRAM = Path(__file__).with_name("first_program.py")


def first_lab(epochs: int = 100, **options: Any) -> Lab:
    """The learning rate alone, on two species of iris.

    Args:
        epochs: passes over the training data.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab; its slider is named `lr`, its records are `History`s.
    """
    data = iris_pair()
    chance = math.log(len(data.classes))
    source = Table(lambda settings: train(data, epochs=epochs, **settings))
    program = Program(PROGRAM, also=lambda _: {"epochs": epochs})
    plots = [loss_curves(epochs, 1.7 * chance, chance)]
    rest: dict[str, Any] = {"goals": GOALS, "program": program} | options
    return Lab([LR], source, plots, **rest)
