"""The arrays that the kernel works on: what is trained, on what, which steps, and each setting's numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["CROSS_ENTROPY", "CURVES", "SQUARED_ERROR", "Memory", "Network", "Room", "Run", "Samples"]

CROSS_ENTROPY, SQUARED_ERROR = range(2)

CURVES = 6
"""Training and test loss, training and test accuracy, penalty, weight norm."""


class Network(NamedTuple):
    """Linear layers, in order.

    Args:
        widths: units of each layer, the inputs first, `(layers + 1,)`.
        units: where each layer's units begin among all units, `(layers + 1,)`.
        weights: where each layer's weight begins in θ, `(layers,)`.
        biases: where its bias begins, or -1, `(layers,)`.
        kinds: the number of its activation, `(layers,)`.
        shapes: that activation's slope or scale below 0, `(layers,)`.
        is_weight: 1 for the entries of θ that belong to a weight, 0 for a bias, `(parameters,)`.
        loss: `CROSS_ENTROPY` or `SQUARED_ERROR`.
    """

    widths: np.ndarray
    units: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    kinds: np.ndarray
    shapes: np.ndarray
    is_weight: np.ndarray
    loss: int


class Samples(NamedTuple):
    """Training samples first, then test samples.

    Args:
        x: features, float32 `(samples, features)`.
        targets: what each output should be, 1 for the right class, else 0, float32 `(samples, outputs)`.
        labels: the right class, float32 `(samples,)`.
        train: how many are training samples.
    """

    x: np.ndarray
    targets: np.ndarray
    labels: np.ndarray
    train: int


class Run(NamedTuple):
    """Which steps to train.

    Args:
        order: the order of the training samples in each epoch, int32 `(epochs, training samples)`.
        batch_size: samples in a mini-batch.
        used: how many of them count.
        first: the first epoch to train; 0 measures the untrained network, too.
        last: the epoch to stop before.
        per_step: 1 if there is a rate for each step, 0 if for each epoch.
        answer: which state is measured instead of θ, or -1.
    """

    order: np.ndarray
    batch_size: int
    used: int
    first: int
    last: int
    per_step: int
    answer: int


class Room(NamedTuple):
    """Working memory of one thread, flat float32.

    Args:
        h: what each unit gives, for a tile of samples; the inputs first.
        z: what each unit takes in.
        d: the loss's derivative by one or the other.
        grad: the gradient's entries.
        target: the targets of a tile of samples, then their labels.
        rows: all samples in order, int32 `(samples,)`.
        scratch: what a rule works out once a step.
    """

    h: np.ndarray
    z: np.ndarray
    d: np.ndarray
    grad: np.ndarray
    target: np.ndarray
    rows: np.ndarray
    scratch: np.ndarray


class Memory(NamedTuple):
    """What belongs to the settings of a block, flat; an index counts numbers.

    Args:
        theta: parameters, `(parameters,)`.
        state: the rule's buffers, one after the other, `(buffers * parameters,)`.
        counters: its buffers of one number a setting, float64.
        hyper: strengths of the penalties and hyper-parameters, in the order of the source.
        mask: 1 for each parameter that is penalised, else 0, one float32 a parameter.
        rates: the learning rate of each epoch or step.
        curves: `CURVES` numbers before training and after each epoch.
    """

    theta: np.ndarray
    state: np.ndarray
    counters: np.ndarray
    hyper: np.ndarray
    mask: np.ndarray
    rates: np.ndarray
    curves: np.ndarray
