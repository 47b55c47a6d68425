"""Networks of every width and depth: what they cost, and how accurate they are."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from optlab import MLP, History, Record, grid, train
from optlab.engine.data.digits import digits, least_times, network_of, theta_of
from optlab.engine.systems.threads import threads

WIDTHS = (2, 4, 8, 16, 32, 64, 128)
DEPTHS = (1, 2, 3)
SEEDS = (0, 1)


@dataclass(frozen=True)
class Shapes(Record):
    """Networks by their shape.

    Args:
        settings: `width` and `depth` (the number of hidden layers), each `(settings,)`.
        accuracy: on the test digits, mean over the seeds, `(settings,)`.
        parameters: how many there are, `(settings,)`.
        seconds: to run all test digits once, the shortest of several runs, `(settings,)`.
    """

    accuracy: np.ndarray
    parameters: np.ndarray
    seconds: np.ndarray


EPOCHS = 8


@dataclass(frozen=True)
class Narrow:
    """Networks whose hidden layers are two neurons wide.

    Args:
        accuracy: on the test digits, `(seeds,)`.
        dead: whether a network gives every digit the same answer, `(seeds,)`.
    """

    accuracy: np.ndarray
    dead: np.ndarray


def _trained(width: int, depth: int, model: MLP | None = None, **other: Any) -> History:
    model = model or MLP((64, *[width] * depth, 10), init="he")
    how: dict[str, Any] = {"optimizer": "adam", "lr": 0.01, "batch_size": 64, "epochs": EPOCHS}
    return train(digits(), model=model, **(how | {"seed": list(SEEDS)} | other))


@cache
@threads(1)
def narrow(activation: str, epochs: int = EPOCHS, seeds: tuple[int, ...] = tuple(range(10))) -> Narrow:
    """Train networks of three hidden layers of two neurons; computed once.

    Args:
        activation: the name of a function of `torch`, such as `"relu"`.
        epochs: how long.
        seeds: of the initial weights and the order of the batches, one network for each.

    Returns:
        What became of them.
    """
    model = MLP((64, 2, 2, 2, 10), activation=getattr(torch, activation), init="he")
    history = _trained(2, 3, model, epochs=epochs, seed=list(seeds))
    answers = model(theta_of(history.weights), digits().x_test[None])
    return Narrow(history.test_accuracy[:, -1], (answers == answers[:, :1]).all(2).all(1).numpy())


@cache
@threads(1)
def shapes() -> Shapes:
    """Train a network of every shape, and time all of them; computed once.

    Returns:
        The record: for each width every depth.
    """
    settings = grid(width=WIDTHS, depth=DEPTHS)
    histories = [_trained(int(w), int(d)) for w, d in zip(*settings.values(), strict=True)]
    networks: dict[int, nn.Module] = dict(enumerate(map(network_of, histories)))
    times = least_times(networks, digits().x_test)
    return Shapes(
        settings,
        np.array([history.test_accuracy[:, -1].mean() for history in histories]),
        np.array([sum(p.numel() for p in network.parameters()) for network in networks.values()]),
        np.array(list(times.values())),
    )


@cache
@threads(1)
def plain_accuracy() -> float:
    """The test accuracy of a network without a hidden layer, trained alike."""
    return float(_trained(1, 0).test_accuracy[:, -1].mean())
