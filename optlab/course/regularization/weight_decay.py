"""L2 against decoupled weight decay, on a bowl of two weights where theory knows every end."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record, descend
from optlab.engine.rules.classic import Number, State
from optlab.engine.validation import one_of

MINIMUM = (3.0, 2.0)
CURVATURES = (1.0, 10.0)
"""J₁ = ½(θ₁ − 3)² + ½·10(θ₂ − 2)²: the second weight is ten times as steep."""

STEPS = 300
"""How long a walk is."""


def bowl(theta: Tensor) -> Tensor:
    """J₁ of points `(settings, 2)`, in `(settings,)`.

    Example:
        >>> bowl(torch.tensor([[3.0, 2.0], [2.0, 1.0]])).tolist()
        [0.0, 5.5]
    """
    away = theta - theta.new_tensor(MINIMUM)
    return (theta.new_tensor(CURVATURES) * away**2).sum(-1) / 2


def decayed_sgd(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, weight_decay: Number
) -> tuple[Tensor, State]:
    """Gradient descent after shrinking every parameter: θ ← (1 − αw)θ − αg.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g, without any penalty.
        state: not used.
        lr: α.
        weight_decay: w.

    Returns:
        The new parameters and the state.

    Example:
        >>> decayed_sgd(torch.ones(1, 1), torch.zeros(1, 1), {}, lr=0.1, weight_decay=0.5)[0]
        tensor([[0.9500]])

    Source:
        A. Krogh and J. Hertz, "A simple weight decay can improve generalization", 1991.
    """
    return (1 - lr * weight_decay) * theta - lr * grad, state


RULES: dict[str, Any] = {"SGD + L2": "sgd", "SGD + decay": decayed_sgd, "Adam + L2": "adam", "AdamW": "adamw"}
"""What is done with λ: as L2 it is added to the loss, as decay it shrinks the weights apart from the rule."""


def end_of(rule: str, l2: Any) -> np.ndarray:
    """Where a rule ends on the bowl, by theory.

    With SGD, and with L2 under Adam, at the minimum of J₁ + λΣθ², which is h m / (h + 2λ) in each direction
    (m the minimum of J₁, h its curvature). With decay, Adam's own step has length α in the long run, so that
    the decay αwθ balances it where |θ| = 1/w: it ends at the minimum of J₁ in the box |θ| ≤ 1/(2λ).

    Args:
        rule: a name from `RULES`.
        l2: λ, above 0, a number or `(settings,)`.

    Returns:
        The point, `(settings, 2)`.

    Raises:
        ValueError: if there is no such rule.

    Example:
        >>> end_of("Adam + L2", 0.5).round(2).tolist(), end_of("AdamW", 0.5).tolist()
        ([[1.5, 1.82]], [[1.0, 1.0]])

    Source:
        I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019; S. Xie and Z. Li,
        "Implicit bias of AdamW: ℓ∞ norm constrained optimization", 2024.
    """
    one_of("rule", rule, RULES)
    strength = np.atleast_1d(np.asarray(l2, dtype=float))[:, None]
    minimum, h = np.array(MINIMUM), np.array(CURVATURES)
    if rule == "AdamW":
        with np.errstate(divide="ignore"):
            return np.minimum(minimum, 1 / (2 * strength))
    return h * minimum / (h + 2 * strength)


@dataclass(frozen=True)
class Decay(Record):
    """Walks over the bowl, and where theory expects them to end.

    Args:
        settings: `rule`, `l2` and `beta2`, each `(settings,)`.
        path: the two weights, `(settings, steps + 1, 2)`.
        end: where theory expects the walk to end, `(settings, 2)`.
    """

    path: np.ndarray
    end: np.ndarray

    @property
    def apart(self) -> np.ndarray:
        """How far the last point is from theory's end, `(settings,)`."""
        return np.linalg.norm(self.path[:, -1] - self.end, axis=1)


def decay(settings: dict[str, np.ndarray], *, lr: float = 0.1, steps: int = STEPS) -> Decay:
    """Walk from 0 down the bowl, for many settings.

    Args:
        settings: `rule`, `l2` and `beta2` (Adam's memory of squares; SGD ignores it), each `(settings,)`.
        lr: α.
        steps: how many.

    Returns:
        The record.

    Example:
        >>> columns = {"rule": ["Adam + L2", "AdamW"], "l2": [0.5, 0.5], "beta2": [0.9, 0.9]}
        >>> decay({k: np.array(v) for k, v in columns.items()}).path[:, -1].round(1).tolist()
        [[1.5, 1.8], [1.0, 1.0]]
    """
    rules, l2, beta2 = (np.asarray(settings[name]) for name in ("rule", "l2", "beta2"))
    path, end = np.empty((len(rules), steps + 1, 2)), np.empty((len(rules), 2))
    for rule in np.unique(rules).tolist():
        rows = rules == rule
        path[rows] = _walk(rule, l2[rows], beta2[rows], lr, steps)
        end[rows] = end_of(rule, l2[rows])
    return Decay(settings, path, end)


def _walk(rule: str, l2: np.ndarray, beta2: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """As L2, λΣθ² is part of the loss; as decay, the rule itself shrinks the weights, by w = 2λ."""
    in_loss = rule.endswith("L2")
    strength = torch.as_tensor(l2 if in_loss else 0 * l2, dtype=torch.float64)
    hyper = {} if in_loss else {"weight_decay": 2 * l2}
    if rule.startswith("Adam"):
        hyper["beta2"] = beta2

    def objective(theta: Tensor) -> Tensor:
        return bowl(theta) + strength * (theta**2).sum(-1)

    start = np.zeros((len(l2), 2))
    return descend(objective, start, optimizer=RULES[rule], lr=lr, steps=steps, **hyper).numpy()
