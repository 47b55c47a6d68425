"""Trying a model on a few samples, before it is trained: what it can do, and what it needs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from optlab.engine.models.mlp import Model
from optlab.engine.models.randomness import Randomness, get_state

__all__ = ["draws", "explained", "same_results"]


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
    with Randomness(0, sample.device), explained(sample):
        before = get_state(sample.device)
        model(model.start(0)[None], sample[None], model.buffers(1), training=True)
        return not torch.equal(before, get_state(sample.device))


def same_results(model: Model, other: Model, sample: Tensor) -> bool:
    """Whether two forms of one model agree for two settings: outputs, gradients and buffers, up to rounding.

    Args:
        model: the form that is trusted.
        other: one that may fail, or warn that it is slow.
        sample: a few inputs, `(samples, *features)`.

    Returns:
        False too where `other` fails.
    """
    right = _results(model, sample)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return all(map(_close, right, _results(other, sample)))
    except Exception:  # noqa: BLE001  (a module may raise anything; the other form then serves)
        return False


def _results(model: Model, sample: Tensor) -> list[Tensor]:
    start = model.start(0)
    theta = torch.stack([start, 0.9 * start]).requires_grad_()
    buffers = model.buffers(2)
    with Randomness(0, sample.device), torch.enable_grad():
        trained = model(theta, sample[None], buffers, training=True)
        (gradient,) = torch.autograd.grad(trained.square().sum(), theta)
        with torch.no_grad():
            measured = model(theta, sample[None], buffers, training=False)
    return [trained, gradient, measured, *buffers.values()]


def _close(right: Tensor, other: Tensor) -> bool:
    """Equal but for rounding; other dropout masks differ by far more."""
    off = (right.detach().double() - other.detach().double()).abs()
    return bool((off <= 1e-3 * right.detach().double().abs().amax()).all())
