"""What the same accuracy costs: gradients, updates and seconds until a network is right often enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from time import thread_time
from typing import Any

import numpy as np

from optlab.engine.data.dataset import iris_pair
from optlab.engine.training.train import train
from optlab.engine.validation import count, one_of
from optlab.params import grid

__all__ = [
    "BATCHES",
    "EPOCHS",
    "NAIVE",
    "RATES",
    "RULES",
    "TARGET",
    "Costs",
    "best_time",
    "cost_table",
    "costs",
]

EPOCHS = 150
TARGET = 0.95
"""The share of the training flowers to get right."""

RULES: dict[str, dict[str, float]] = {"sgd": {"momentum": 0.0}, "momentum": {"momentum": 0.9}, "adam": {}}
"""The update rules, each with what it is given besides the rate; plain SGD is momentum of 0."""
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
BATCHES = (16, 40, 80)
NAIVE: dict[str, Any] = {"optimizer": "sgd", "lr": 0.01, "batch_size": 16}
"""Where nobody has optimised anything: the document's own rule and rate."""


@dataclass(frozen=True)
class Costs:
    """Trainings of the document's network: row *i* belongs to setting *i*.

    Args:
        settings: `optimizer`, `lr` and `batch_size`, each `(settings,)`.
        accuracy: the share of the 80 training flowers that are told right, `(settings, epochs + 1)`.
        loss: the training loss, `(settings, epochs + 1)`.
        epoch_seconds: how long one epoch takes on this machine, `(settings,)`.
    """

    settings: dict[str, np.ndarray]
    accuracy: np.ndarray
    loss: np.ndarray
    epoch_seconds: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.accuracy)

    def select(self, rows: Any) -> Costs:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Costs(settings, self.accuracy[rows], self.loss[rows], self.epoch_seconds[rows])

    @property
    def epochs(self) -> np.ndarray:
        """The first epoch after which the target is reached, `(settings,)`; inf where it never is."""
        there = self.accuracy > TARGET - 1e-6  # 76 of 80, in float32
        return np.where(there.any(1), there.argmax(1), np.inf)

    @property
    def gradients(self) -> np.ndarray:
        """Gradients of single flowers until then, `(settings,)`: one for each flower and epoch."""
        return self.epochs * len(iris_pair())

    @property
    def updates(self) -> np.ndarray:
        """Updates of the parameters until then, `(settings,)`."""
        return self.epochs * np.ceil(len(iris_pair()) / self.settings["batch_size"])

    @property
    def milliseconds(self) -> np.ndarray:
        """Measured time until then, `(settings,)`."""
        return 1000 * self.epochs * self.epoch_seconds


def costs(settings: dict[str, np.ndarray], seed: int = 0) -> Costs:
    """Train the document's network on two species of iris, and note what it costs.

    Args:
        settings: `optimizer` (of `RULES`), `lr` and `batch_size`, each `(settings,)`.
        seed: of the initial weights and of the batches.

    Returns:
        The record.

    Raises:
        ValueError: if an optimiser is not of `RULES`; a rate or a batch size as `train` says.

    Example:
        >>> here = {"optimizer": ["sgd", "sgd"], "lr": [0.01, 1.0], "batch_size": [16, 16]}
        >>> costs({name: np.array(column) for name, column in here.items()}).epochs
        array([144.,   2.])
    """
    for rule in settings["optimizer"]:
        one_of("optimizer", str(rule), RULES)
    accuracy, loss = (np.empty((len(settings["lr"]), EPOCHS + 1)) for _ in "ab")
    adam = settings["optimizer"] == "adam"
    beta = np.array([RULES[str(rule)].get("momentum", 0.0) for rule in settings["optimizer"]])
    for rule, rows in (("momentum", np.flatnonzero(~adam)), ("adam", np.flatnonzero(adam))):
        if rows.size:
            columns: dict[str, Any] = {name: settings[name][rows] for name in ("lr", "batch_size")}
            columns |= {"momentum": beta[rows]} if rule == "momentum" else {}
            history = train(iris_pair(), optimizer=rule, epochs=EPOCHS, seed=seed, **columns)
            accuracy[rows], loss[rows] = history.train_accuracy, history.train_loss
    pairs = zip(settings["optimizer"], settings["batch_size"], strict=True)
    return Costs(settings, accuracy, loss, np.array([epoch_seconds(str(rule), int(b)) for rule, b in pairs]))


@cache
def cost_table() -> Costs:
    """All 72 settings of the lab, trained in two runs and measured once."""
    return costs(grid(optimizer=list(RULES), lr=RATES, batch_size=BATCHES))


@cache
def epoch_seconds(rule: str, batch_size: int) -> float:
    """How long an epoch of one training alone takes here: the best of three times ten epochs.

    Args:
        rule: a name of `RULES`.
        batch_size: flowers in a batch.

    Returns:
        Seconds; measured once, so that a slider that comes back finds the same number.

    Raises:
        ValueError: if `rule` is not of `RULES`; a batch size as `train` says.
    """
    one_of("rule", rule, RULES)
    plain: dict[str, Any] = {"optimizer": rule} | (RULES[rule] if rule == "momentum" else {})

    def ten_epochs() -> object:
        return train(iris_pair(), lr=0.01, batch_size=batch_size, epochs=10, **plain)

    return best_time(ten_epochs, tries=3) / 10


def best_time(function: Callable[[], Any], tries: int = 5, calls: int = 1) -> float:
    """The least processor time that a call takes in its own thread: what other programs do hardly counts.

    Args:
        function: what to call; its first call is not counted.
        tries: how many times to measure, 1 or more.
        calls: how many calls make one measurement.

    Returns:
        Seconds for one call.

    Raises:
        ValueError: if `tries` or `calls` is below 1.

    Example:
        >>> 0 < best_time(lambda: sum(range(1000))) < 1
        True
    """
    count("tries", tries), count("calls", calls)
    function()
    least = math.inf
    for _ in range(tries):
        began = thread_time()
        for _ in range(calls):
            function()
        least = min(least, (thread_time() - began) / calls)
    return least
