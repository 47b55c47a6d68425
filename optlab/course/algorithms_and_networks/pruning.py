"""One trained network with more and more removed: its accuracy, its parameters, and its time."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from optlab import MLP, Record, grid, train
from optlab.engine.data.digits import digits, least_times, network_of
from optlab.engine.systems.compression import parameter_count, prune_weights
from optlab.engine.systems.neurons import prune_neurons
from optlab.engine.systems.threads import threads

AMOUNTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
WAYS = ("smallest weights", "random weights", "smallest neurons")
WIDTH = 256
PIXELS = 64
"""Rows and columns in the picture of the middle matrix: those of every fourth neuron."""


@dataclass(frozen=True)
class Pruned(Record):
    """Pruned networks.

    Args:
        settings: `way` and `amount`, each `(settings,)`.
        accuracy: on the test digits, `(settings,)`.
        parameters: how many are not 0, `(settings,)`.
        seconds: to run all test digits once, the shortest of several runs, `(settings,)`.
        picture: the middle matrix, every fourth row and column of it: 1 where a weight is there and 0 where
            none is, `(settings, PIXELS, PIXELS)`; NaN outside a smaller matrix.
    """

    accuracy: np.ndarray
    parameters: np.ndarray
    seconds: np.ndarray
    picture: np.ndarray


@cache
def original() -> nn.Sequential:
    """The trained network 64-256-256-10, made once: copy it before you change it."""
    model = MLP((64, WIDTH, WIDTH, 10), init="he")
    with threads(1):
        history = train(digits(), model=model, optimizer="adam", lr=0.003, batch_size=64, epochs=8)
    return network_of(history)


def accuracy_of(network: nn.Module) -> float:
    """The accuracy of a network on the test digits."""
    with torch.inference_mode():
        return float((network(digits().x_test).argmax(1) == digits().y_test).float().mean())


def _random_weights(network: nn.Module, amount: float) -> nn.Module:
    draw, cut = torch.Generator().manual_seed(0), copy.deepcopy(network)
    for layer in cut.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data *= torch.rand(layer.weight.shape, generator=draw) >= amount
    return cut


PRUNERS: dict[str, Callable[..., nn.Module]] = dict(
    zip(WAYS, (prune_weights, _random_weights, prune_neurons), strict=True)
)


def _picture(weight: Tensor) -> np.ndarray:
    """Which weights are not 0, in the upper left corner; a mean over blocks would hide the zeros."""
    there, step = np.full((WIDTH, WIDTH), np.nan), WIDTH // PIXELS
    there[: weight.shape[0], : weight.shape[1]] = weight.numpy() != 0
    return there[::step, ::step]


@cache
@threads(1)
def pruned() -> Pruned:
    """Prune the network in every way by every amount, and time all of them; computed once.

    Returns:
        The record: for each way every amount.
    """
    settings = grid(way=WAYS, amount=AMOUNTS)
    networks = {
        key: PRUNERS[str(key[0])](original(), float(key[1])) for key in zip(*settings.values(), strict=True)
    }
    times = least_times(networks, digits().x_test)
    middles = [network.get_parameter("2.weight").detach() for network in networks.values()]
    return Pruned(
        settings,
        np.array([accuracy_of(network) for network in networks.values()]),
        np.array([parameter_count(network) for network in networks.values()]),
        np.array(list(times.values())),
        np.stack([_picture(weight) for weight in middles]),
    )
