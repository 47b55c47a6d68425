"""One network and one budget of gradient evaluations: every optimiser at every learning rate."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from optlab import MLP, History, Record, grid, train
from optlab.engine.data.digits import digits
from optlab.engine.systems.threads import threads

RULES = ("sgd", "momentum", "adagrad", "rmsprop", "adam")
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
EPOCHS = 16
BATCH = 64
EVALUATIONS = EPOCHS * 19
"""The gradients of a run: 19 batches of 64 make an epoch."""

MODEL = MLP((64, 32, 10))


@dataclass(frozen=True)
class Trials(Record):
    """Runs of the optimisers at their rates.

    Args:
        settings: `optimizer` and `lr`, each `(settings,)`.
        loss: the training loss before training and after every epoch, `(settings, EPOCHS + 1)`.
        accuracy: the test accuracy at the end, `(settings,)`.
    """

    loss: np.ndarray
    accuracy: np.ndarray

    def ends(self, optimizer: str) -> np.ndarray:
        """The final loss of one optimiser at every rate, `(RATES,)`; NaN where it diverged."""
        return self.select(optimizer=optimizer).loss[:, -1]

    def best(self, optimizer: str) -> float:
        """The rate at which an optimiser ends lowest."""
        return RATES[int(np.nanargmin(self.ends(optimizer)))]


@cache
@threads(1)
def trials(seed: int = 0) -> Trials:
    """Train the network with every optimiser at every rate; computed once.

    Args:
        seed: of the initial weights and of the order of the batches, the same for all.

    Returns:
        The record: the optimisers in the order of `RULES`, the rates of each ascending.
    """
    run = History.concat([_trained(rule, seed) for rule in RULES])
    return Trials(grid(optimizer=RULES, lr=RATES), run.train_loss, run.test_accuracy[:, -1])


def _trained(rule: str, seed: int) -> History:
    return train(digits(), model=MODEL, optimizer=rule, lr=RATES, batch_size=BATCH, epochs=EPOCHS, seed=seed)
