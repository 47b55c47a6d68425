"""The first lab a learner meets: one slider, one figure."""

import math
from functools import partial

from optlab import Goal, Table, iris_pair, train
from optlab.course.common.curves import loss_curves
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.trained import TrainedLab
from optlab.engine.models.module import as_model
from optlab.params import LR

GOALS = (
    Goal("training loss under 0.003", lambda run: run.train_loss[0, -1] < 0.003),
    Goal("test loss under 0.115", lambda run: run.test_loss[0, -1] < 0.115),
)


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
    lab = partial(TrainedLab, data=data, network=as_model(None, data.sample, data.outputs))
    return Parts([LR], source, plots, GOALS, also=lambda _: {"epochs": epochs}, kind=lab)
