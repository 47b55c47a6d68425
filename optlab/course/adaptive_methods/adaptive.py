"""Gradient descent and four adaptive update rules on a valley that may be turned against the axes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record, descend
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.training.signatures import accepted

RULES = ("sgd", "adagrad", "rmsprop", "adam", "adamw")

STEPS = 300

COMMON, OWN = "common α", "each its own best"
"""How the adaptive rules get their rates."""
TRIED = np.array([float(f"{rate:.2g}") for rate in np.geomspace(0.03, 3, 41)])
"""Of these a rule's own best rate is the one that converges in the fewest steps."""

START = (-2.5, 1.5)
"""Where all rules start, measured along and across the valley, so that it turns with the valley."""

STAY = 20
"""A run has converged if its loss stays below the goal for at least this many last steps."""


def turned_valley(kappa: Any, turn: Any) -> Any:
    """A quadratic valley, κ times as curved across as along, turned against the axes: ½ (u² + κ v²).

    Args:
        kappa: κ, a number or `(settings,)`.
        turn: the angle between the valley and the first axis in degrees, a number or `(settings,)`.

    Returns:
        The function for `descend`: points `(settings, 2)` to heights `(settings,)`.

    Example:
        >>> turned_valley(100.0, 90.0)(torch.tensor([[1.0, 0.0]], dtype=torch.float64)).round(decimals=6)
        tensor([50.], dtype=torch.float64)
    """
    kappa, angle = torch.as_tensor(kappa, dtype=torch.float64), torch.deg2rad(torch.as_tensor(turn).double())
    cos, sin = torch.cos(angle), torch.sin(angle)

    def height(points: Tensor) -> Tensor:
        x, y = points.unbind(-1)
        return ((cos * x + sin * y) ** 2 + kappa * (cos * y - sin * x) ** 2) / 2

    return height


def turned_start(turn: Any) -> Tensor:
    """The starting point, turned with the valley, so that a turn changes nothing but the axes.

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
class Paths(Record):
    """All rules on one valley.

    Args:
        settings: `lr`, `beta2`, `kappa`, `turn` and perhaps `rates`, each `(settings,)`.
        path: the points, `(settings, rules, steps + 1, 2)`, rules in the order of `RULES`.
        loss: their heights, `(settings, rules, steps + 1)`.
        lr: the rate that each rule took, `(settings, rules)`.
    """

    path: np.ndarray
    loss: np.ndarray
    lr: np.ndarray

    def converged_at(self, rule: str, goal: float = 0.01) -> np.ndarray:
        """The step from which a rule's loss stays below a goal, -1 if it never does, `(settings,)`."""
        above = ~(self.loss[:, RULES.index(rule)] < goal)
        first = np.where(above.any(1), above.shape[1] - above[:, ::-1].argmax(1), 0)
        return np.where(first <= above.shape[1] - STAY, first, -1)


def paths(settings: dict[str, Any], steps: int = STEPS) -> Paths:
    """Run every rule from the same start, for many settings.

    Gradient descent gets the best rate that there is for it, 2/(1 + κ); the others share one, or each takes
    its own best.

    Args:
        settings: `lr`, `beta2`, `kappa`, `turn` (degrees) and, if not all rates are common, `rates`, each
            `(settings,)`.
        steps: the number of steps.

    Returns:
        The record.

    Example:
        >>> here = {"lr": 0.3, "beta2": 0.99, "kappa": [10.0, 1000.0], "turn": 0.0}
        >>> paths({k: np.broadcast_to(v, 2) for k, v in here.items()}).converged_at("adagrad")
        array([56, 58])

    Source:
        J. Duchi et al., 2011; T. Tieleman and G. Hinton, 2012; D. Kingma and J. Ba, 2015; I. Loshchilov and
        F. Hutter, 2019.
    """
    lr, beta2, kappa, turn = (
        np.array(settings[name], dtype=float) for name in ("lr", "beta2", "kappa", "turn")
    )
    rates = np.stack([2 / (1 + kappa), *[lr] * (len(RULES) - 1)], axis=1)
    own = np.asarray(settings.get("rates", np.full(len(lr), COMMON))) == OWN
    if own.any():
        rates[own, 1:] = best_rates(beta2[own], kappa[own], turn[own])
    fn, start = turned_valley(kappa, turn), turned_start(turn)
    runs = [
        descend(fn, start, optimizer=rule, lr=rate, steps=steps, **_memory(rule, beta2))
        for rule, rate in zip(RULES, rates.T, strict=True)
    ]
    path = torch.stack(runs, dim=1)
    loss = torch.stack([torch.stack([fn(points) for points in run.unbind(1)], 1) for run in runs], dim=1)
    return Paths(settings, path.numpy(), loss.numpy(), rates)


def best_rates(beta2: np.ndarray, kappa: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """The rate of `TRIED` with which each adaptive rule converges in the fewest steps.

    Where none converges it is the one with the lowest loss in the end.

    Args:
        beta2: β₂, `(settings,)`.
        kappa: κ, `(settings,)`.
        turn: degrees, `(settings,)`.

    Returns:
        `(settings, rules)`, without gradient descent.

    Example:
        >>> best_rates(np.array([0.99]), np.array([100.0]), np.array([0.0]))[:, :2]  # AdaGrad, RMSProp
        array([[1.7 , 0.15]])
    """
    valleys, which = np.unique(np.stack([beta2, kappa, turn]), axis=1, return_inverse=True)
    every = dict(zip(("beta2", "kappa", "turn"), np.repeat(valleys, len(TRIED), axis=1), strict=True))
    run = paths(every | {"lr": np.tile(TRIED, valleys.shape[1])})
    last = np.nan_to_num(run.loss[:, 1:, -1], nan=np.inf)
    steps = np.stack([run.converged_at(rule) for rule in RULES[1:]], axis=1)
    score = np.where(steps < 0, STEPS * (1 + last), steps).reshape(valleys.shape[1], len(TRIED), -1)
    return TRIED[score.argmin(1)][which.ravel()]


def _memory(rule: str, beta2: Any) -> dict[str, Any]:
    """β₂ for a rule that has one."""
    return {"beta2": beta2} if "beta2" in accepted(OPTIMIZERS[rule]) else {}
