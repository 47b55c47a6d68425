"""The first lab a learner meets: one slider, one figure."""

import math
from pathlib import Path
from typing import Any

from optlab import Goal, Lab, Program, Table, iris_pair, train
from optlab.course.common.curves import loss_curves
from optlab.params import LR

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
