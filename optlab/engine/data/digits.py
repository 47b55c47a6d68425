"""Scikit-learn's digits, the same split for every experiment, and networks made from a history's weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.from_arrays import from_arrays
from optlab.engine.systems.measured import as_measured, caller
from optlab.engine.systems.threads import threads
from optlab.engine.training.history import History
from optlab.engine.validation import count

__all__ = ["digits", "least_times", "network_of", "theta_of"]


@cache
def digits() -> Dataset:
    """Handwritten digits, 8 × 8 pixels: 1198 to learn from and 599 to test; ink from −0.5 to 0.5.

    Returns:
        The dataset; asked again, the same one.

    Example:
        >>> len(digits()), digits().features, len(digits().x_test)
        (1198, 64, 599)

    Source:
        E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI, 1998; shipped with
        scikit-learn.
    """
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return from_arrays(
        x / 16 - 0.5, y, test_fraction=1 / 3, seed=0, standardize=False, name="handwritten digits"
    )


def theta_of(weights: Mapping[str, np.ndarray]) -> Tensor:
    """The weights of a `History` or an `EpochRecord` as flat vectors, `(settings, parameters)`."""
    return torch.cat([torch.from_numpy(w).flatten(1) for w in weights.values()], dim=1)


def network_of(history: History, row: int = 0) -> nn.Sequential:
    """One trained `MLP` of a history as an `nn.Sequential`, ready for inference.

    Args:
        history: of an `MLP` with ReLU between its layers.
        row: which setting.

    Returns:
        The network, in `eval` mode.

    Example:
        >>> from optlab import iris_pair, train
        >>> network_of(train(iris_pair(), epochs=1))
        Sequential(
          (0): Linear(in_features=4, out_features=16, bias=True)
          (1): ReLU()
          (2): Linear(in_features=16, out_features=2, bias=True)
        )
    """
    weights = {name: torch.from_numpy(w[row]) for name, w in history.weights.items()}
    layers: list[nn.Module] = []
    for name, weight in weights.items():
        if name.endswith("weight"):
            layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.ReLU()]
    network = nn.Sequential(*layers[:-1])
    network.load_state_dict(weights)
    return network.eval()


def least_times(modules: dict[Any, nn.Module], x: Tensor, rounds: int = 15) -> dict[Any, float]:
    """How long each network takes for these inputs: the least of several rounds, on one thread.

    Whatever else the machine does can only make a run longer, so the least is the best guess. The networks
    take turns, so that a busy moment hits all of them.

    Args:
        modules: the networks, under any keys.
        x: inputs, `(samples, features)`.
        rounds: how often each one runs, 1 or more.

    Returns:
        Seconds for each, under the same keys.

    Raises:
        ValueError: if `rounds` is below 1.

    Example:
        >>> small, large = nn.Linear(10, 10), nn.Linear(2000, 2000)
        >>> times = least_times({"small": small}, torch.zeros(500, 10))
        >>> times["small"] < least_times({"large": large}, torch.zeros(500, 2000))["large"]
        True
    """
    count("rounds", rounds)
    seconds = as_measured(caller(), lambda: _least(list(modules.values()), x, rounds))
    return dict(zip(modules, seconds, strict=True))


def _least(modules: Sequence[nn.Module], x: Tensor, rounds: int) -> list[float]:
    times = [float("inf")] * len(modules)
    with threads(1), torch.inference_mode():
        for _ in range(rounds):
            for k, module in enumerate(modules):
                begun = perf_counter()
                module(x)
                times[k] = min(times[k], perf_counter() - begun)
    return times
