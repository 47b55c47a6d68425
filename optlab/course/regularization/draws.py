"""How much regularisation pays on other draws of the moons: measured once and kept, for it takes a while.

`measured` does it again for one draw; `BEST` and `SAVED` are what it found for the draws 1 to 12.
"""

from typing import Any

import numpy as np

from optlab import train
from optlab.course.regularization.moons import EPOCHS, MODEL, STRENGTHS, TRAINING, moons

BEST = {
    30: (0.0032, 0.032, 0.0032, 0.001, 0.0032, 0.0018, 0.0032, 0.032, 0.032, 0.0056, 0.0032, 0.0032),
    60: (0.0018, 0.018, 0.00032, 0.0018, 0.001, 0.0018, 0.01, 0.032, 0.0018, 0.0032, 0.0018, 0.0032),
    120: (0.0018, 0.0056, 0.001, 0.0018, 0.00056, 0.00032, 0.001, 0.0018, 0.001, 0.001, 0.0018, 0.0018),
}
"""The λ of L2 with the lowest validation loss: for each number of points, one for each draw."""

SAVED = {
    30: (0.654, 0.432, 0.34, 0.038, 0.284, 0.121, 0.168, 1.489, 0.789, 0.423, 0.122, 0.204),
    60: (0.132, 0.408, 0.004, 0.106, 0.03, 0.008, 0.205, 0.507, 0.09, 0.118, 0.08, 0.209),
    120: (0.044, 0.225, 0.027, 0.044, 0.009, 0.004, 0.025, 0.067, 0.029, 0.016, 0.024, 0.092),
}
"""How much lower that loss is than without a penalty."""


def measured(samples: int, draw: int, *, epochs: int = EPOCHS) -> tuple[float, float]:
    """Train on another draw of the points, with every λ of L2, and choose by the validation points.

    Args:
        samples: points to learn from.
        draw: the seed of the points.
        epochs: as long as this.

    Returns:
        The best λ, and how much validation loss it saves.
    """
    asked: dict[str, Any] = {"l2": STRENGTHS, "batch_size": samples, "epochs": epochs} | TRAINING
    losses = train(moons(samples, seed=draw)[0], model=MODEL, **asked).test_loss[:, -1]
    best = int(losses.argmin())
    return STRENGTHS[best], float(losses[0] - losses[best])


def typical(samples: int) -> float:
    """The geometric mean of the best λ over the draws.

    Example:
        >>> [round(typical(n), 4) for n in (30, 60, 120)]
        [0.0052, 0.0029, 0.0013]
    """
    return float(np.exp(np.log(BEST[samples]).mean()))
