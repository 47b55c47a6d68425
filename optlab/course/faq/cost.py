"""What the same accuracy costs: gradients, updates and seconds until a network is right often enough."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record, grid, iris_pair, train
from optlab.engine.systems.bench import PROCESSOR, timed
from optlab.engine.validation import one_of
from optlab.live.goals import kept_from

EPOCHS = 150
TARGET = 0.95
"""The training accuracy to reach."""

RULES: dict[str, dict[str, Any]] = {"sgd": {}, "momentum": {"momentum": 0.9}, "adam": {}}
"""The update rules, each with its hyper-parameters besides the rate."""
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BATCHES = (16, 40, 80)
NAIVE: dict[str, Any] = {"optimizer": "sgd", "lr": 0.01, "batch_size": 16}
"""Nothing optimised: the article's own rule and rate."""


@dataclass(frozen=True)
class Costs(Record):
    """Trainings of the article's network.

    Args:
        settings: `optimizer`, `lr` and `batch_size`, each `(settings,)`.
        accuracy: the fraction of the 80 training flowers that is classified right, `(settings, epochs + 1)`.
        epoch_seconds: how long one epoch takes on this machine, `(settings,)`.
    """

    accuracy: np.ndarray
    epoch_seconds: np.ndarray

    @property
    def epochs(self) -> np.ndarray:
        """The epoch from which the target is reached and kept, `(settings,)`; inf where it never is."""
        return epochs_to_target(self.accuracy)

    @property
    def gradients(self) -> np.ndarray:
        """Gradients of single flowers until then, `(settings,)`: one for each flower and epoch."""
        return self.epochs * _flowers()

    @property
    def updates(self) -> np.ndarray:
        """Updates of the parameters until then, `(settings,)`."""
        return self.epochs * np.ceil(_flowers() / self.settings["batch_size"])

    @property
    def milliseconds(self) -> np.ndarray:
        """Measured time until then, `(settings,)`."""
        return 1000 * self.epochs * self.epoch_seconds


@cache
def _flowers() -> int:
    """How many flowers an epoch has."""
    return len(iris_pair())


def costs(settings: dict[str, np.ndarray], seed: Any = 0) -> Costs:
    """Train the article's network on two species of iris, and record what it costs.

    Args:
        settings: `optimizer` (of `RULES`), `lr` and `batch_size`, each `(settings,)`.
        seed: of the initial weights and of the batches; one, or one for each setting.

    Returns:
        The record.

    Raises:
        ValueError: if an optimizer is not in `RULES`; a rate or a batch size as `train` says.

    Example:
        >>> here = {"optimizer": ["sgd", "sgd"], "lr": [0.01, 1.0], "batch_size": [16, 16]}
        >>> slow, fast = costs({name: np.array(column) for name, column in here.items()}).epochs
        >>> bool(slow > 100), fast
        (True, np.float64(2.0))

    Source:
        The article, sections 4 and 6.
    """
    columns = settings | {"seed": np.broadcast_to(seed, len(settings["lr"]))}
    accuracy = np.empty((len(settings["lr"]), EPOCHS + 1))
    for rule in map(str, np.unique(columns.pop("optimizer"))):
        one_of("optimizer", rule, RULES)
        rows = settings["optimizer"] == rule
        here: dict[str, Any] = {name: column[rows] for name, column in columns.items()}
        history = train(iris_pair(), optimizer=rule, epochs=EPOCHS, **here, **RULES[rule])
        accuracy[rows] = history.train_accuracy
    pairs = zip(settings["optimizer"], settings["batch_size"], strict=True)
    return Costs(settings, accuracy, np.array([epoch_seconds(str(rule), int(b)) for rule, b in pairs]))


@cache
def cost_table() -> Costs:
    """All 72 settings of the lab, trained and measured once."""
    return costs(grid(optimizer=list(RULES), lr=RATES, batch_size=BATCHES))


@cache
def epoch_seconds(rule: str, batch_size: int) -> float:
    """How long an epoch of one training alone takes here: the best of three times ten epochs.

    Args:
        rule: a name in `RULES`.
        batch_size: flowers in a batch.

    Returns:
        Seconds; measured once, so that a slider that comes back finds the same number.

    Raises:
        ValueError: if `rule` is not in `RULES`; a batch size as `train` says.
    """
    one_of("rule", rule, RULES)
    here: dict[str, Any] = {"optimizer": rule, "lr": 0.01, "batch_size": batch_size, "epochs": 10}
    return timed(lambda: train(iris_pair(), **here, **RULES[rule]), tries=3, clock=PROCESSOR).best / 10


def epochs_to_target(accuracy: np.ndarray) -> np.ndarray:
    """The epoch from which trainings are at `TARGET`, to the end.

    Args:
        accuracy: after every epoch, `(settings, epochs + 1)`.

    Returns:
        `(settings,)`; inf for a training that is below it at the end.

    Example:
        >>> epochs_to_target(np.array([[0.5, 0.9, 0.95], [0.5, 0.95, 0.6]]))
        array([ 2., inf])
    """
    return kept_from(accuracy > TARGET - 1e-6)  # 76 of 80, in float32
