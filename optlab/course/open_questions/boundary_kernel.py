"""Thousands of tiny networks trained side by side, and whether each of them converges."""

import math
from typing import Any

import numpy as np

from optlab.engine.jit import jit

TANH, PRODUCT, SUM = 0, 1, 2
"""What is trained: v·tanh(Wx); v·Wx; or one layer, W x₁ + v x₂."""

LANES = 64
"""How many networks a block trains at once: the innermost loops run over them, in vector registers."""
TAIL = 20
"""How many losses at the end decide."""
MOST = 1e6
"""From here on, times the loss at the start, a loss is no longer told from infinity."""


@jit
def _tanh(x: Any) -> Any:
    """Lambert's continued fraction at x/32, and five times tanh 2a = 2t/(1 + t²): right to 1e-15.

    Unlike a library's, it fills vector registers, and gives every processor the same digits.
    """
    a = min(abs(x), 20.0) / 32
    s = a * a
    t = a * (10395 + s * (1260 + s * 21)) / (10395 + s * (4725 + s * (210 + s)))
    t = 2 * t / (1 + t * t)
    t = 2 * t / (1 + t * t)
    t = 2 * t / (1 + t * t)
    t = 2 * t / (1 + t * t)
    t = 2 * t / (1 + t * t)
    return math.copysign(t, x)


@jit
def _forward(w: Any, v: Any, x: Any, form: int, hidden: Any, answer: Any) -> None:
    """One sample through all networks of a block: `hidden` is what v is multiplied with."""
    answer[:] = 0
    for unit in range(len(v)):
        h, out = hidden[unit], v[unit]
        if form == SUM:
            h[:] = x[1]
            first, number = w[0, 0], x[0]
            for k in range(LANES):
                answer[k] += number * first[k]
        else:
            h[:] = 0
            for i in range(len(w)):
                weight, number = w[i, unit], x[i]
                for k in range(LANES):
                    h[k] += number * weight[k]
        if form == TANH:
            for k in range(LANES):
                h[k] = _tanh(h[k])
        for k in range(LANES):
            answer[k] += h[k] * out[k]


@jit
def _backward(
    v: Any, x: Any, form: int, hidden: Any, slope: Any, back: Any, grad_w: Any, grad_v: Any
) -> None:
    """Add one sample's gradient; `slope` is the derivative of the loss by the answer, `back` is room."""
    for unit in range(len(v)):
        h, out, grad = hidden[unit], v[unit], grad_v[unit]
        for k in range(LANES):
            grad[k] += slope[k] * h[k]
            back[k] = slope[k] if form == SUM else slope[k] * out[k]
        if form == TANH:
            for k in range(LANES):
                back[k] *= 1 - h[k] * h[k]
        for i in range(len(grad_w)):
            into, number = grad_w[i, unit], x[i]
            for k in range(LANES):
                into[k] += back[k] * number


@jit
def _move(weights: Any, grad: Any, lr: Any) -> None:
    """One step of gradient descent, for each network at its own rate."""
    for row in range(len(weights)):
        weight, by = weights[row], grad[row]
        for k in range(LANES):
            weight[k] -= lr[k] * by[k]


@jit
def block(w0: Any, v0: Any, x: Any, y: Any, form: int, lr1: Any, lr2: Any, losses: Any) -> None:
    """Train one block of networks on the mean squared error of all samples.

    Args:
        w0: the first W, `(inputs, units)`.
        v0: the first v, `(units,)`.
        x: inputs, `(samples, features)`.
        y: targets, `(samples,)`.
        form: `TANH`, `PRODUCT` or `SUM`.
        lr1: for each network the rate of W, `(LANES,)`.
        lr2: the rate of v, `(LANES,)`.
        losses: takes the loss before each step, `(steps, LANES)`.
    """
    inputs, units = w0.shape
    w, v = np.empty((inputs, units, LANES)), np.empty((units, LANES))
    for unit in range(units):
        v[unit] = v0[unit]
        for i in range(inputs):
            w[i, unit] = w0[i, unit]
    grad_w, grad_v = np.empty_like(w), np.empty_like(v)
    mean = 1 / len(x)
    hidden, answer, back = np.empty_like(v), np.empty(LANES), np.empty(LANES)
    for step in range(len(losses)):
        loss = losses[step]
        loss[:], grad_w[:], grad_v[:] = 0, 0, 0
        for sample in range(len(x)):
            _forward(w, v, x[sample], form, hidden, answer)
            target = y[sample]
            for k in range(LANES):
                error = answer[k] - target
                loss[k] += error * error * mean
                answer[k] = 2 * error * mean
            _backward(v, x[sample], form, hidden, answer, back, grad_w, grad_v)
        for i in range(inputs):
            _move(w[i], grad_w[i], lr1)
        _move(v, grad_v, lr2)


@jit
def _judge(losses: Any, speed: Any) -> None:
    """Turn the losses of a block into one number for each network, as `fates` says."""
    total, inverse, tail = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES)
    first = losses[0]
    for step in range(len(losses)):
        loss, late = losses[step], 1 / TAIL if step >= len(losses) - TAIL else 0.0
        for k in range(LANES):
            ratio = loss[k] / first[k]
            ratio = ratio if ratio < MOST else MOST  # noqa: FURB136  (NaN, too, becomes MOST)
            total[k] += ratio
            inverse[k] += 1 / ratio
            tail[k] += ratio * late
    for k in range(LANES):
        speed[k] = -total[k] if tail[k] < 1 else inverse[k]


@jit
def fates(w0: Any, v0: Any, x: Any, y: Any, form: int, steps: int, lr1: Any, lr2: Any, speed: Any) -> None:
    """Train networks from one start at many rates; who ends lower than it began has converged.

    Args:
        w0: as in `block`, like all up to `form`.
        v0: the first v.
        x: inputs.
        y: targets.
        form: what is trained.
        steps: the number of steps.
        lr1: for each network the rate of W; their number is a multiple of `LANES`.
        lr2: the rate of v.
        speed: takes for each network a number of steps: minus the sum of its losses, if the last 20 are on
            average below the first; else the sum of their inverses. All are in units of the first loss.

    Source:
        J. Sohl-Dickstein, "The boundary of neural network trainability is fractal", 2024, and its code.
    """
    losses = np.empty((steps, LANES))
    for start in range(0, len(lr1), LANES):
        part = slice(start, start + LANES)
        block(w0, v0, x, y, form, lr1[part], lr2[part], losses)
        _judge(losses, speed[part])
