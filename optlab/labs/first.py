"""The first lab a learner meets: one slider, one figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from optlab.callbacks import Callback
from optlab.data import iris_pair
from optlab.figures import LossCurves
from optlab.history import History
from optlab.lab import Lab
from optlab.params import LR
from optlab.training import train

__all__ = ["first_lab"]


def first_lab(epochs: int = 100) -> Lab:
    """The learning rate alone, on two species of iris.

    Args:
        epochs: passes over the training data.

    Returns:
        The lab; its slider is named `lr`.
    """
    data = iris_pair()

    def run(settings: dict[str, Any], callbacks: Sequence[Callback]) -> History:
        return train(data, epochs=epochs, callbacks=callbacks, **settings)

    chance = math.log(len(data.classes))
    return Lab([LR], run, [LossCurves(epochs, 1.7 * chance, chance)])
