"""The first lab a learner meets: one slider, one figure."""

import math
from functools import partial

import numpy as np

from optlab import Goal, Table, iris_pair, train
from optlab.course.common.curves import loss_curves
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.trained import TrainedLab
from optlab.engine.models.module import as_model
from optlab.live.goals import kept_from
from optlab.params import LR

TRAINING, TEST, KEPT = 0.003, 0.115, 10
"""The losses to get below, and for how many epochs at the end."""
GOALS = (
    Goal(
        f"training loss under {TRAINING} in the last {KEPT} epochs",
        lambda run: _kept(run.train_loss, TRAINING),
    ),
    Goal(f"test loss under {TEST} in the last {KEPT} epochs", lambda run: _kept(run.test_loss, TEST)),
)


def _kept(loss: np.ndarray, level: float) -> bool:
    return bool(kept_from(loss[0] < level) <= loss.shape[1] - KEPT)


@course_lab
def first_lab(epochs: int = 100) -> Parts:
    """The learning rate alone, on two species of iris.

    Args:
        epochs: passes over the training data.
    """
    data = iris_pair()
    chance = math.log(len(data.classes))
    source = Table(lambda settings: train(data, epochs=epochs, **settings))
    plots = [loss_curves(epochs, 1.7 * chance, chance)]
    goal_lines(plots[0], TEST, TRAINING)
    lab = partial(TrainedLab, data=data, network=as_model(None, data.sample, data.outputs))
    return Parts([LR], source, plots, GOALS, also=lambda _: {"epochs": epochs}, kind=lab)
