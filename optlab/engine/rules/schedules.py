"""Learning-rate schedules: functions from the time t to the rate, the article's first.

A schedule is one function `schedule(t, *, lr, ...) -> rate`. `t` counts epochs (or steps) from 0, `lr` is α₀.
Both are tensors that broadcast, so that one call gives the rates of many settings at many times.
A schedule that asks for `total` is told how many times there are. One that asks for `loss` and `state` is
called before every epoch with the last training loss, and returns `(rate, state)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

__all__ = [
    "SCHEDULES",
    "constant",
    "cosine",
    "exponential_decay",
    "linear_to_zero",
    "one_cycle",
    "plateau",
    "power_decay",
    "step_decay",
    "warmup",
    "wsd",
]


def power_decay(t: Tensor, *, lr: Tensor, delta: Tensor | float = 0.0, p: Tensor | float = 1.0) -> Tensor:
    """The article's decay: a power of 1/√(1 + δt).

    α_t = α₀ (1 / √(1 + δt))^p = α₀ (1 + δt)^(−p/2)

    Args:
        t: time, in epochs or steps, from 0.
        lr: α₀, the initial rate.
        delta: δ, how fast the rate falls, per unit of t; 0 keeps it constant.
        p: the exponent.

    Returns:
        The rates, of the shape that the arguments broadcast to.

    Example:
        >>> power_decay(torch.tensor([0.0, 3.0]), lr=torch.tensor(0.1), delta=1.0, p=2.0)
        tensor([0.1000, 0.0250])

    Source:
        The article, section 3.4.
    """
    return lr * (1 / torch.sqrt(1 + delta * t)) ** p


def constant(t: Tensor, *, lr: Tensor) -> Tensor:
    """The same rate at all times: α_t = α₀."""
    return lr * torch.ones_like(t)


def step_decay(t: Tensor, *, lr: Tensor, gamma: Tensor | float = 0.1, every: Tensor | float = 30.0) -> Tensor:
    """Cut the rate by `gamma` after every `every` units of time: α_t = α₀ γ^⌊t / every⌋.

    Source:
        `torch.optim.lr_scheduler.StepLR`.
    """
    return lr * gamma ** torch.floor(t / every)


def exponential_decay(t: Tensor, *, lr: Tensor, gamma: Tensor | float = 0.95) -> Tensor:
    """Multiply the rate by `gamma` at each unit of time: α_t = α₀ γ^t.

    Source:
        `torch.optim.lr_scheduler.ExponentialLR`.
    """
    return lr * gamma**t


def cosine(t: Tensor, *, lr: Tensor, total: int) -> Tensor:
    """Half a cosine from α₀ down to 0: α_t = α₀ (1 + cos(πt/T)) / 2.

    Args:
        t: time from 0.
        lr: α₀.
        total: T, how many times there are.

    Returns:
        The rates.

    Source:
        I. Loshchilov and F. Hutter, "SGDR", ICLR 2017; `torch.optim.lr_scheduler.CosineAnnealingLR`.
    """
    return _half_cosine(lr, torch.zeros_like(lr), t / total)


def linear_to_zero(t: Tensor, *, lr: Tensor, total: int) -> Tensor:
    """A straight line from α₀ down to 0: α_t = α₀ (1 − t/T).

    Args:
        t: time from 0.
        lr: α₀.
        total: T, how many times there are.

    Returns:
        The rates; the last that a step sees is α₀/T.

    Example:
        >>> linear_to_zero(torch.arange(4.0), lr=torch.tensor(1.0), total=4)
        tensor([1.0000, 0.7500, 0.5000, 0.2500])

    Source:
        A. Defazio, A. Cutkosky, H. Mehta and K. Mishchenko, "When, why and how much?", 2023; S. Bergsma et
        al., "Straight to zero", 2025; `torch.optim.lr_scheduler.LinearLR`.
    """
    return lr * (1 - t / total)


def wsd(
    t: Tensor, *, lr: Tensor, total: int, rise: Tensor | float = 0.05, fall: Tensor | float = 0.2
) -> Tensor:
    """Warm-up, stable, decay: rise to α₀, stay there, then fall to 0, each in a straight line.

    α_t = α₀ min(1, (t + 1) / (rise T), (T − t) / (fall T))

    Args:
        t: time from 0.
        lr: α₀, the largest rate.
        total: T, how many times there are.
        rise: share of the time spent rising, between 0 and 1.
        fall: share of the time spent falling, likewise.

    Returns:
        The rates; the last that a step sees is α₀ / (fall T).

    Example:
        >>> wsd(torch.arange(5.0), lr=torch.tensor(1.0), total=5, rise=0.4, fall=0.4)
        tensor([0.5000, 1.0000, 1.0000, 1.0000, 0.5000])

    Source:
        S. Hu et al., "MiniCPM", 2024; A. Hägele et al., "Scaling laws and compute-optimal training beyond
        fixed training durations", 2024.
    """
    most = torch.minimum((t + 1) / (rise * total), (total - t) / (fall * total))
    return lr * torch.clamp(most, max=1.0)


def _half_cosine(start: Tensor, end: Tensor, progress: Tensor) -> Tensor:
    return end + (start - end) * (1 + torch.cos(math.pi * progress)) / 2


def one_cycle(t: Tensor, *, lr: Tensor, total: int, rise: Tensor | float = 0.3) -> Tensor:
    """Rise from α₀/25 to α₀, then fall to almost 0, each along half a cosine.

    Args:
        t: time from 0.
        lr: α₀, the largest rate.
        total: T, how many times there are.
        rise: share of the time spent rising, between 0 and 1.

    Returns:
        The rates.

    Source:
        L. Smith and N. Topin, "Super-convergence", 2018; `torch.optim.lr_scheduler.OneCycleLR`.
    """
    top = torch.as_tensor(rise * total - 1)
    up = _half_cosine(lr / 25, lr, torch.where(top > 0, t / top, 1.0))
    down = _half_cosine(lr, lr / 25e4, (t - top) / (total - 1 - top))
    return torch.where(t <= top, up, down)


def warmup(t: Tensor, *, lr: Tensor, over: Tensor | float = 5.0) -> Tensor:
    """Rise in a straight line to α₀, then stay: α_t = α₀ min(1, (t + 1) / over).

    Source:
        P. Goyal et al., "Accurate, large minibatch SGD", 2017; `torch.optim.lr_scheduler.LinearLR`.
    """
    return lr * torch.clamp((t + 1) / over, max=1.0)


SMALLEST_CUT = 1e-8
"""A rate is left as it is when cutting it would take less away than this: `eps` of ReduceLROnPlateau."""


def plateau(
    t: Tensor,
    *,
    lr: Tensor,
    loss: Tensor | None,
    state: dict[str, Tensor],
    factor: Tensor | float = 0.1,
    patience: Tensor | float = 10.0,
    threshold: Tensor | float = 1e-4,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Cut the rate when the training loss has not improved for more than `patience` epochs.

    α ← γα, unless that is less than 10⁻⁸ away from α: so the rate never reaches 0.

    Args:
        t: time in epochs, from 0.
        lr: α₀, `(settings, 1)`.
        loss: training loss after the last epoch, `(settings, 1)`; None before the first.
        state: what the last call returned; empty at first.
        factor: what the rate is multiplied by.
        patience: epochs without improvement that are let pass.
        threshold: an improvement is a loss below (1 − threshold) times the best so far.

    Returns:
        The rate `(settings, 1)` for the epoch to come, and the state.

    Source:
        The article, section 4.4; `torch.optim.lr_scheduler.ReduceLROnPlateau`.
    """
    best = state.get("best", torch.full_like(lr, math.inf))
    waited = state.get("waited", torch.zeros_like(lr))
    rate = state.get("rate", lr + 0 * t)
    if loss is not None:
        better = loss < best * (1 - threshold)
        best = torch.where(better, loss, best)
        waited = torch.where(better, 0, waited + 1)
        tired = waited > patience
        rate = torch.where(tired & (rate - rate * factor > SMALLEST_CUT), rate * factor, rate)
        waited = torch.where(tired, 0, waited)
    return rate, {"best": best, "waited": waited, "rate": rate}


SCHEDULES: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        power_decay,
        constant,
        step_decay,
        exponential_decay,
        cosine,
        linear_to_zero,
        wsd,
        one_cycle,
        warmup,
        plateau,
    )
}
