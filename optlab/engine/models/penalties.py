"""How λ is split between L2 and L1; and the step that makes L1 give exact zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.rules.classic import Number, State
from optlab.engine.validation import non_negative, one_of

__all__ = ["KINDS", "proximal", "soft_threshold", "split"]

KINDS = {"L2": (1.0, 0.0), "L1": (0.0, 1.0), "elastic net": (0.5, 0.5)}
"""J₂ by name: how much of λ goes to Σw² and how much to Σ|w|."""


def split(kind: Any, strength: Any) -> tuple[np.ndarray, np.ndarray]:
    """The strengths of Σw² and of Σ|w| that make up λJ₂.

    Args:
        kind: a name from `KINDS`, or `(settings,)` of them.
        strength: λ, 0 or above, a number or `(settings,)`.

    Returns:
        `l2` and `l1`, each `(settings,)`.

    Raises:
        ValueError: if a kind is not known or a strength is below 0.

    Example:
        >>> [part.tolist() for part in split(["L2", "elastic net"], 0.1)]
        [[0.1, 0.05], [0.0, 0.05]]

    Source:
        The article, section 3.5; H. Zou and T. Hastie, "Elastic net", 2005.
    """
    kinds = [str(name) for name in np.atleast_1d(kind)]
    for name in kinds:
        one_of("kind", name, KINDS)
    l2, l1 = np.array([KINDS[name] for name in kinds]).T * non_negative("strength", strength)
    return l2, l1


def soft_threshold(w: Tensor, amount: Number) -> Tensor:
    """Move every weight towards 0 by `amount`; one that would cross 0 stays there.

    S(w) = sign(w) · max(|w| − amount, 0), which minimises ½(v − w)² + amount·|v| over v.

    Args:
        w: weights, any shape.
        amount: how far, 0 or above; a number, or a tensor that broadcasts against `w`.

    Returns:
        The weights, of the same shape.

    Example:
        >>> soft_threshold(torch.tensor([0.5, -0.5, 0.1]), 0.2).tolist()
        [0.30000001192092896, -0.30000001192092896, 0.0]

    Source:
        D. Donoho and I. Johnstone, "Ideal spatial adaptation by wavelet shrinkage", 1994.
    """
    return torch.sign(w) * torch.clamp(torch.abs(w) - amount, min=0)


def proximal(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, threshold: Number = 0.0
) -> tuple[Tensor, State]:
    """A step against the gradient of everything but λ₁Σ|θ|, then |θ| shrunk: θ ← S(θ − αg, αλ₁).

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g, without the part of λ₁Σ|θ|.
        state: not used.
        lr: α.
        threshold: λ₁.

    Returns:
        The new parameters and the state.

    Example:
        >>> proximal(torch.tensor([[1.0, 0.01]]), torch.zeros(1, 2), {}, lr=0.1, threshold=0.5)[0]
        tensor([[0.9500, 0.0000]])

    Source:
        I. Daubechies, M. Defrise and C. De Mol, 2004 (ISTA); A. Beck and M. Teboulle, 2009.
    """
    return soft_threshold(theta - lr * grad, lr * threshold), state
