"""The first lab a learner meets: one slider, one figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from optlab.course.common.old_figures import LossCurves
from optlab.course.common.old_programs import training_program
from optlab.engine.data.dataset import iris_pair
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import History
from optlab.engine.training.train import train
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import LR

__all__ = ["first_lab"]

GOALS = (
    Goal("training loss under 0.003", lambda run: run.train_loss[0, -1] < 0.003),
    Goal("test loss under 0.115", lambda run: run.test_loss[0, -1] < 0.115),
)


def first_lab(epochs: int = 100, **options: Any) -> Lab:
    """The learning rate alone, on two species of iris.

    Args:
        epochs: passes over the training data.
        options: `state` and `hide`, as in `Lab`.

    Returns:
        The lab; its slider is named `lr`.
    """
    data = iris_pair()

    def run(settings: dict[str, Any], callbacks: Sequence[Callback]) -> History:
        return train(data, epochs=epochs, callbacks=callbacks, **settings)

    chance = math.log(len(data.classes))
    program = partial(training_program, epochs=epochs)
    curves = LossCurves(epochs, 1.7 * chance, chance)
    return Lab([LR], run, [curves], goals=GOALS, program=program, **options)
