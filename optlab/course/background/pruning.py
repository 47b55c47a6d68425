"""One trained network, pruned by every share: what is left, what it still gets right, how long it takes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from optlab.engine.data.digits import digits, least_times, network_of
from optlab.engine.models.mlp import MLP
from optlab.engine.systems.compression import parameter_count, prune_neurons, prune_weights
from optlab.engine.systems.threads import threads
from optlab.engine.training.train import train
from optlab.params import grid
from optlab.record import Record

__all__ = ["AMOUNTS", "PIXELS", "WAYS", "WIDTH", "Pruned", "accuracy_of", "original", "pruned"]

AMOUNTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
WAYS = ("smallest weights", "random weights", "smallest neurons")
WIDTH = 256
PIXELS = 64
"""The picture of the middle matrix has so many rows and columns."""


@dataclass(frozen=True)
class Pruned(Record):
    """Pruned networks; row *i* belongs to setting *i*.

    Args:
        settings: `way` and `amount`, each `(settings,)`.
        accuracy: on the test digits, `(settings,)`.
        parameters: how many are left that are not 0, `(settings,)`.
        seconds: to run all test digits once, the least of several times, `(settings,)`.
        picture: the middle matrix, 1 where all weights are there and 0 where none is,
            `(settings, PIXELS, PIXELS)`; NaN outside of a smaller matrix.
    """

    accuracy: np.ndarray
    parameters: np.ndarray
    seconds: np.ndarray
    picture: np.ndarray

    def of(self, way: str) -> Pruned:
        """All amounts of one way."""
        return self.select(np.flatnonzero(self.settings["way"] == way))


@cache
def original() -> nn.Sequential:
    """The trained network 64-256-256-10; asked again, the same one. Copy it before you change it."""
    model = MLP((64, WIDTH, WIDTH, 10), init="he")
    with threads(1):
        history = train(digits(), model=model, optimizer="adam", lr=0.003, batch_size=64, epochs=8)
    return network_of(history)


def accuracy_of(network: nn.Module) -> float:
    """The share of the test digits that a network gets right."""
    with torch.inference_mode():
        return float((network(digits().x_test).argmax(1) == digits().y_test).float().mean())


def _random_weights(network: nn.Module, amount: float) -> nn.Module:
    """The network with this share of its weights set to 0, whichever they are."""
    draw, cut = torch.Generator().manual_seed(0), copy.deepcopy(network)
    for layer in cut.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data *= torch.rand(layer.weight.shape, generator=draw) >= amount
    return cut


PRUNERS: dict[str, Callable[..., nn.Module]] = dict(
    zip(WAYS, (prune_weights, _random_weights, prune_neurons), strict=True)
)


def _picture(weight: Tensor) -> np.ndarray:
    """How much of a matrix is there, block by block, with the matrix in the upper left corner."""
    there, block = np.full((WIDTH, WIDTH), np.nan), WIDTH // PIXELS
    there[: weight.shape[0], : weight.shape[1]] = weight.numpy() != 0
    blocks = np.ma.masked_invalid(there.reshape(PIXELS, block, PIXELS, block))
    return blocks.mean(axis=(1, 3)).filled(np.nan)


@cache
@threads(1)
def pruned() -> Pruned:
    """Prune the network in every way by every amount, and time all of them; asked again, it remembers.

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
