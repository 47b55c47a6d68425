"""Update rules in teaching order, each a few lines that read like its formula.

A rule is one function `rule(theta, grad, state, *, lr, ...) -> (theta, state)`. `theta` and `grad` are
`(settings, parameters)`; `lr` and the other hyper-parameters are numbers, or `(settings, 1)` tensors that
broadcast along the settings. The state is a plain dict that starts empty: a missing buffer is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

__all__ = ["OPTIMIZERS", "adagrad", "adam", "adamw", "momentum", "nesterov", "rmsprop", "sgd"]

State = dict[str, Any]
Number = Tensor | float
Rule = Callable[..., tuple[Tensor, State]]


def sgd(theta: Tensor, grad: Tensor, state: State, *, lr: Number) -> tuple[Tensor, State]:
    """Gradient descent: θ ← θ − α g.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g, the gradient, of the same shape.
        state: not used.
        lr: α, the learning rate.

    Returns:
        The new parameters and the state.

    Example:
        >>> sgd(torch.tensor([[1.0]]), torch.tensor([[2.0]]), {}, lr=0.1)
        (tensor([[0.8000]]), {})

    Source:
        The article, section 3.1. H. Robbins and S. Monro, 1951.
    """
    return theta - lr * grad, state


def momentum(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, momentum: Number = 0.9
) -> tuple[Tensor, State]:
    """Heavy ball: v ← βv + g, θ ← θ − αv.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds v.
        lr: α.
        momentum: β, the share of the last step that is kept; 0 to below 1.

    Returns:
        The new parameters and the state.

    Source:
        B. Polyak, 1964; as in `torch.optim.SGD`, v carries no factor α.
    """
    v = momentum * state.get("v", 0) + grad
    return theta - lr * v, {"v": v}


def nesterov(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, momentum: Number = 0.9
) -> tuple[Tensor, State]:
    """Nesterov's momentum: v ← βv + g, θ ← θ − α(g + βv).

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds v.
        lr: α.
        momentum: β.

    Returns:
        The new parameters and the state.

    Source:
        Y. Nesterov, 1983; I. Sutskever et al., ICML 2013; `torch.optim.SGD(nesterov=True)`.
    """
    v = momentum * state.get("v", 0) + grad
    return theta - lr * (grad + momentum * v), {"v": v}


def adagrad(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, eps: Number = 1e-10
) -> tuple[Tensor, State]:
    """A rate for each parameter, smaller the more it has moved: s ← s + g², θ ← θ − α g / (√s + ε).

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds s.
        lr: α.
        eps: ε, keeps the division finite.

    Returns:
        The new parameters and the state.

    Source:
        J. Duchi, E. Hazan and Y. Singer, JMLR 2011.
    """
    s = state.get("s", 0) + grad**2
    return theta - lr * grad / (torch.sqrt(s) + eps), {"s": s}


def rmsprop(
    theta: Tensor, grad: Tensor, state: State, *, lr: Number, beta2: Number = 0.99, eps: Number = 1e-8
) -> tuple[Tensor, State]:
    """AdaGrad that forgets: s ← β₂s + (1 − β₂)g², θ ← θ − α g / (√s + ε).

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds s.
        lr: α.
        beta2: β₂, how slowly squares are forgotten; `alpha` in `torch.optim.RMSprop`.
        eps: ε.

    Returns:
        The new parameters and the state.

    Source:
        G. Hinton, T. Tieleman, Coursera lecture 6e, 2012.
    """
    s = beta2 * state.get("s", 0) + (1 - beta2) * grad**2
    return theta - lr * grad / (torch.sqrt(s) + eps), {"s": s}


def adam(
    theta: Tensor,
    grad: Tensor,
    state: State,
    *,
    lr: Number,
    beta1: Number = 0.9,
    beta2: Number = 0.999,
    eps: Number = 1e-8,
) -> tuple[Tensor, State]:
    """Momentum and RMSProp together, both corrected for starting at 0.

    m ← β₁m + (1 − β₁)g,  s ← β₂s + (1 − β₂)g²,  θ ← θ − α (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε)

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: holds m, s and the step t.
        lr: α.
        beta1: β₁, memory of the gradient.
        beta2: β₂, memory of its square.
        eps: ε.

    Returns:
        The new parameters and the state.

    Source:
        D. Kingma and J. Ba, ICLR 2015.
    """
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    s = beta2 * state.get("s", 0) + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return theta - lr * m_hat / (torch.sqrt(s_hat) + eps), {"t": t, "m": m, "s": s}


def adamw(
    theta: Tensor,
    grad: Tensor,
    state: State,
    *,
    lr: Number,
    weight_decay: Number = 0.01,
    beta1: Number = 0.9,
    beta2: Number = 0.999,
    eps: Number = 1e-8,
) -> tuple[Tensor, State]:
    """Adam after shrinking every parameter: θ ← (1 − αw)θ, then Adam's step.

    Args:
        theta: parameters, `(settings, parameters)`.
        grad: g.
        state: as in `adam`.
        lr: α.
        weight_decay: w; pulls on all parameters, outside the gradient and its scaling.
        beta1: β₁.
        beta2: β₂.
        eps: ε.

    Returns:
        The new parameters and the state.

    Source:
        I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    """
    shrunk = (1 - lr * weight_decay) * theta
    return adam(shrunk, grad, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


OPTIMIZERS: dict[str, Rule] = {
    f.__name__: f for f in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)
}
