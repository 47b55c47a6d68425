"""Trying a model on a few samples, before it is trained: what it can do, and what it needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from optlab.engine.models.mlp import Model
from optlab.engine.models.randomness import Randomness

__all__ = ["draws", "explained", "takes_settings_together"]

_LOCK = threading.Lock()  # labs train on threads of their own, and torch has one such switch for all


@contextmanager
def explained(sample: Tensor) -> Iterator[None]:
    """Turn whatever a model raises on these inputs into a `ValueError` that names it."""
    try:
        yield
    except Exception as error:
        shape = ", ".join(["samples", *map(str, sample.shape[1:])])
        whole = not sample.is_floating_point()
        ids = f", whole numbers from {sample.min()} to {sample.max()}" if whole else ""
        raise ValueError(f"model does not work on inputs of shape ({shape}){ids}: {error}") from error


def draws(model: Model, sample: Tensor) -> bool:
    """Whether a model draws random numbers when it trains; raises `ValueError` if it cannot be trained."""
    with Randomness(0) as random, explained(sample):
        model(model.start(0)[None], sample[None], model.buffers(1), training=True)
    return random.used


def takes_settings_together(model: Model, together: Model, sample: Tensor) -> bool:
    """Whether two settings at once give what one after the other does: outputs, gradients and buffers.

    Args:
        model: what is trusted with one setting.
        together: the same for more settings; it may fail, or find an operation that vmap would loop over.
        sample: a few inputs, `(samples, *features)`.

    Returns:
        False too where `together` fails.
    """
    theta = torch.stack([model.start(0), 0.9 * model.start(0)])
    rows = zip(*[_results(model, row[None], sample) for row in theta], strict=True)
    try:
        with _no_loops():
            return all(map(_close, map(torch.cat, rows), _results(together, theta, sample)))
    except Exception:  # noqa: BLE001  (a module may raise anything; settings then go one after another)
        return False


@contextmanager
def _no_loops() -> Iterator[None]:
    """Let vmap fail where it would go through an operation setting by setting, with a warning."""
    functorch: Any = torch._C._functorch  # noqa: SLF001
    with _LOCK:
        allowed = functorch._is_vmap_fallback_enabled()  # noqa: SLF001
        functorch._set_vmap_fallback_enabled(False)  # noqa: SLF001
        try:
            yield
        finally:
            functorch._set_vmap_fallback_enabled(allowed)  # noqa: SLF001


def _results(model: Model, theta: Tensor, sample: Tensor) -> list[Tensor]:
    theta, buffers = theta.clone().requires_grad_(), model.buffers(len(theta))
    with Randomness(0), torch.enable_grad():
        trained = model(theta, sample[None], buffers, training=True)
        (gradient,) = torch.autograd.grad(trained.square().sum(), theta)
        with torch.no_grad():
            measured = model(theta, sample[None], buffers, training=False)
    return [trained, gradient, measured, *buffers.values()]


def _close(right: Tensor, other: Tensor) -> bool:
    """Equal but for rounding; other dropout masks differ by far more."""
    off = (right.detach().double() - other.detach().double()).abs()
    return bool((off <= 1e-3 * right.detach().double().abs().amax()).all())
