"""Adaptive rules side by side: on a ravine that may be turned, and on section 4's network in other units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.analysis.descend import descend
from optlab.engine.data.dataset import Dataset, iris_pair
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.training.signatures import accepted
from optlab.engine.training.train import train
from optlab.params import log_values

__all__ = [
    "LRS",
    "RULES",
    "UNITS",
    "Flowers",
    "Paths",
    "flowers",
    "in_units",
    "paths",
    "turned_ravine",
    "turned_start",
]

RULES = ("sgd", "adagrad", "rmsprop", "adam", "adamw")
START = (-2.5, 1.5)
"""Where all rules begin, seen along and across the valley: whoever turns the valley turns the start."""

STAY = 20
"""Under a goal for so many last steps at least: that is arriving; passing through is not."""


# ---------------------------------------------------------------- on a surface


def turned_ravine(kappa: Any, turn: Any) -> Any:
    """A valley κ times as curved across as along, turned against the axes: ½ (u² + κ v²), lowest at 0.

    Args:
        kappa: κ, a number or `(settings,)`.
        turn: the angle of the valley to the first axis in degrees, likewise; 0: it runs along the axis.

    Returns:
        The function for `descend`, points `(settings, 2)` to heights `(settings,)`.

    Example:
        >>> turned_ravine(100.0, 90.0)(torch.tensor([[1.0, 0.0]], dtype=torch.float64)).round(decimals=6)
        tensor([50.], dtype=torch.float64)
    """
    kappa, angle = torch.as_tensor(kappa, dtype=torch.float64), torch.deg2rad(torch.as_tensor(turn).double())
    cos, sin = torch.cos(angle), torch.sin(angle)

    def height(points: Tensor) -> Tensor:
        x, y = points.unbind(-1)
        return ((cos * x + sin * y) ** 2 + kappa * (cos * y - sin * x) ** 2) / 2

    return height


def turned_start(turn: Any) -> Tensor:
    """The start on a turned valley, so that a turn changes nothing but the axes.

    Args:
        turn: degrees, a number or `(settings,)`.

    Returns:
        The point or points, `(..., 2)`, float64.

    Example:
        >>> turned_start([0.0, 90.0]).round(decimals=6).tolist()
        [[-2.5, 1.5], [-1.5, -2.5]]
    """
    angle, (x, y) = torch.deg2rad(torch.as_tensor(turn, dtype=torch.float64)), START
    cos, sin = torch.cos(angle), torch.sin(angle)
    return torch.stack([cos * x - sin * y, sin * x + cos * y], dim=-1)


@dataclass(frozen=True)
class Paths:
    """All rules down one ravine: row *i* belongs to setting *i*.

    Args:
        settings: `lr`, `beta2`, `kappa` and `turn`, each `(settings,)`.
        path: the points, `(settings, rules, steps + 1, 2)`, rules in the order of `RULES`.
        loss: their heights, `(settings, rules, steps + 1)`.
    """

    settings: dict[str, np.ndarray]
    path: np.ndarray
    loss: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.loss)

    def select(self, rows: Any) -> Paths:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Paths(settings, self.path[rows], self.loss[rows])

    def arrival(self, rule: str, goal: float = 0.01) -> np.ndarray:
        """The step from which on a rule's loss stays under a goal, -1 if it does not, `(settings,)`."""
        over = ~(self.loss[:, RULES.index(rule)] < goal)
        last = np.where(over.any(1), over.shape[1] - over[:, ::-1].argmax(1), 0)
        return np.where(last <= over.shape[1] - STAY, last, -1)


def paths(settings: dict[str, Any], steps: int = 300) -> Paths:
    """Send every rule down the ravine from one start, for many settings.

    Gradient descent is given the best rate that there is for it, 2/(1 + κ); the others take the slider's.

    Args:
        settings: `lr`, `beta2`, `kappa` and `turn` (degrees), each `(settings,)`.
        steps: how many.

    Returns:
        The record.

    Example:
        >>> here = {"lr": 0.3, "beta2": 0.99, "kappa": [10.0, 1000.0], "turn": 0.0}
        >>> paths({k: np.broadcast_to(v, 2) for k, v in here.items()}).arrival("adagrad")
        array([56, 58])

    Source:
        J. Duchi et al., 2011; T. Tieleman and G. Hinton, 2012; D. Kingma and J. Ba, 2015; I. Loshchilov and
        F. Hutter, 2019.
    """
    lr, beta2, kappa, turn = (
        np.array(settings[name], dtype=float) for name in ("lr", "beta2", "kappa", "turn")
    )
    fn, start = turned_ravine(kappa, turn), turned_start(turn)
    rates = [2 / (1 + kappa) if rule == "sgd" else lr for rule in RULES]
    walked = [
        descend(fn, start, optimizer=rule, lr=rate, steps=steps, **_memory(rule, beta2))
        for rule, rate in zip(RULES, rates, strict=True)
    ]
    path = torch.stack(walked, dim=1)
    loss = torch.stack([torch.stack([fn(p) for p in walk.unbind(1)], 1) for walk in walked], dim=1)
    return Paths(settings, path.numpy(), loss.numpy())


def _memory(rule: str, beta2: Any) -> dict[str, Any]:
    """β₂ for a rule that has one."""
    return {"beta2": beta2} if "beta2" in accepted(OPTIMIZERS[rule]) else {}


# ---------------------------------------------------------------- on the network

LRS = np.array(log_values(1e-3, 10, 2))
"""The rates that every rule is tried at."""

UNITS = (1.0, 10.0, 100.0)
"""In how small a unit the petal's length is given: the feature is multiplied by this."""

SEEDS = range(3)
PETAL_LENGTH = 2
EPOCHS = 30


def in_units(unit: float) -> Dataset:
    """Section 4's flowers, standardised, but with one feature in another unit.

    Args:
        unit: what the petal's length is multiplied by.

    Returns:
        The dataset.

    Example:
        >>> in_units(10.0).x_train.std(0).round().tolist()
        [1.0, 1.0, 10.0, 1.0]
    """
    data, scale = iris_pair(), torch.ones(4)
    scale[PETAL_LENGTH] = unit
    return replace(data, x_train=data.x_train * scale, x_test=data.x_test * scale)


@dataclass(frozen=True)
class Flowers:
    """All rules at all rates on the network: row *i* belongs to setting *i*.

    Args:
        settings: `lr` and `unit`, each `(settings,)`.
        loss: training loss, mean over three seeds, `(settings, rules, epochs + 1)`; inf where one is lost.
        ends: where each rule ends at every rate of `LRS`, `(settings, rules, rates)`.
    """

    settings: dict[str, np.ndarray]
    loss: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.loss)

    def select(self, rows: Any) -> Flowers:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Flowers(settings, self.loss[rows], self.ends[rows])

    def best(self, rule: str) -> np.ndarray:
        """The loss that a rule ends with at the best of its rates, `(settings,)`."""
        return self.ends[:, RULES.index(rule)].min(1)


def flowers(epochs: int = EPOCHS) -> Flowers:
    """Train the network with every rule, at every rate, in every unit, on three seeds.

    Args:
        epochs: passes over the training data.

    Returns:
        The record, with a row for each unit and rate, the rate varying fastest.

    Source:
        A. Wilson et al., "The marginal value of adaptive gradient methods in machine learning", 2017, on
        why every rule must be tuned before it is compared.
    """
    loss = np.concatenate([_table(unit, epochs) for unit in UNITS])
    ends = np.repeat(loss[..., -1].reshape(len(UNITS), len(LRS), -1), len(LRS), axis=0).swapaxes(1, 2)
    return Flowers({"unit": np.repeat(UNITS, len(LRS)), "lr": np.tile(LRS, len(UNITS))}, loss, ends)


def _table(unit: float, epochs: int) -> np.ndarray:
    """Training losses in one unit, mean over the seeds, `(rates, rules, epochs + 1)`."""
    seed, lr = (c.ravel() for c in np.meshgrid(SEEDS, LRS, indexing="ij"))
    data, curves = in_units(unit), []
    for rule in RULES:
        loss = train(data, optimizer=rule, lr=lr, seed=seed, epochs=epochs).train_loss
        curves.append(np.nan_to_num(loss, nan=np.inf).reshape(len(SEEDS), len(LRS), -1).mean(0))
    return np.stack(curves, axis=1)
