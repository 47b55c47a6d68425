"""The kernel: forward, backward, update and measurement of a multilayer perceptron, compiled by numba.

A number here is a number for each of `LANES` settings (see `lanes`): read it as the training of one setting.
Samples go through the network in tiles of `TILE`, then one by one: the same code, with numbers of another
width. All arrays are flat; an index counts numbers.
"""

from __future__ import annotations

from typing import Any

from optlab.engine.compiled.arrays import CROSS_ENTROPY, CURVES, Memory, Network, Room, Run, Samples
from optlab.engine.compiled.functions import activate, exp, inline, log, slope
from optlab.engine.compiled.lanes import (
    LANES,
    TILE,
    fold,
    load,
    number,
    one_sample,
    repeat,
    sqrt,
    store,
    tile_of_samples,
    where_less,
)

__all__ = ["train_block"]


@inline
def take_in(samples: Samples, rows: Any, room: Room, width: int) -> None:
    """Put the features, targets and labels of the next `width` samples into the room."""
    one, outputs = one_sample(), samples.targets.shape[1]
    for t in range(width):
        sample = rows[t]
        for i in range(samples.x.shape[1]):
            store(room.h, i * width + t, number(samples.x[sample, i], one))
        for c in range(outputs):
            store(room.target, c * width + t, number(samples.targets[sample, c], one))
        store(room.target, outputs * width + t, number(samples.labels[sample], one))


@inline
def forward(network: Network, theta: Any, room: Room, tile: Any) -> None:
    """From the inputs in `room.h` to the outputs there, layer by layer: h = φ(Wh + b)."""
    for k in range(len(network.kinds)):
        weigh(network, k, theta, room, tile)
        kind, shape = network.kinds[k], network.shapes[k]
        for unit in range(network.units[k + 1], network.units[k + 1] + network.widths[k + 1]):
            store(room.h, unit, activate(kind, shape, load(room.z, unit, tile)))


@inline
def weigh(network: Network, k: int, theta: Any, room: Room, tile: Any) -> None:
    """Z = Wh + b of layer k, two rows of W at once, so that each h is loaded once for both."""
    one = one_sample()
    inputs, outputs = network.widths[k], network.widths[k + 1]
    left, right = network.units[k], network.units[k + 1]
    weight, bias = network.weights[k], network.biases[k]
    for o in range(0, outputs, 2):
        beside = min(o + 1, outputs - 1)
        row, below = weight + o * inputs, weight + beside * inputs
        a = b = number(0.0, tile)
        if bias >= 0:
            a = repeat(load(theta, bias + o, one), tile)
            b = repeat(load(theta, bias + beside, one), tile)
        for i in range(inputs):
            h = load(room.h, left + i, tile)
            a += repeat(load(theta, row + i, one), tile) * h
            b += repeat(load(theta, below + i, one), tile) * h
        store(room.z, right + o, a)
        store(room.z, right + beside, b)


@inline
def add_outer(network: Network, k: int, room: Room, tile: Any) -> None:
    """Add to the gradient of layer k the products d·h, summed over the samples of the tile."""
    one = one_sample()
    h, d, grad = room.h, room.d, room.grad
    inputs, outputs = network.widths[k], network.widths[k + 1]
    left, right, bias = network.units[k], network.units[k + 1], network.biases[k]
    row = network.weights[k]
    for o in range(0, outputs - 1, 2):  # two rows at once: each h is loaded once
        a, b, below = load(d, right + o, tile), load(d, right + o + 1, tile), row + inputs
        for i in range(inputs):
            taken = load(h, left + i, tile)
            store(grad, row + i, load(grad, row + i, one) + fold(a * taken))
            store(grad, below + i, load(grad, below + i, one) + fold(b * taken))
        row = below + inputs
    if outputs % 2:
        a = load(d, right + outputs - 1, tile)
        for i in range(inputs):
            store(grad, row + i, load(grad, row + i, one) + fold(a * load(h, left + i, tile)))
    if bias >= 0:
        for o in range(outputs):
            store(grad, bias + o, load(grad, bias + o, one) + fold(load(d, right + o, tile)))


@inline
def through_activation(network: Network, k: int, room: Room, tile: Any) -> None:
    """Turn the loss's derivatives by what layer k's units give into those by what they take in."""
    kind, shape = network.kinds[k], network.shapes[k]
    for unit in range(network.units[k + 1], network.units[k + 1] + network.widths[k + 1]):
        z, h, d = load(room.z, unit, tile), load(room.h, unit, tile), load(room.d, unit, tile)
        store(room.d, unit, slope(kind, shape, z, h, d))


@inline
def back_through(network: Network, k: int, theta: Any, room: Room, tile: Any) -> None:
    """From the derivatives by what layer k takes in to those by what it is given: Wᵀd."""
    one = one_sample()
    inputs, outputs = network.widths[k], network.widths[k + 1]
    left, right, weight = network.units[k], network.units[k + 1], network.weights[k]
    for i in range(0, inputs, 2):
        beside = min(i + 1, inputs - 1)
        a = b = number(0.0, tile)
        for o in range(outputs):
            d, row = load(room.d, right + o, tile), weight + o * inputs
            a += repeat(load(theta, row + i, one), tile) * d
            b += repeat(load(theta, row + beside, one), tile) * d
        store(room.d, left + i, a)
        store(room.d, left + beside, b)


@inline
def log_sum(network: Network, room: Room, outputs: int, tile: Any) -> tuple[Any, Any]:
    """The largest output m and Σ exp(output − m)."""
    h, first = room.h, network.units[-1]
    largest = load(h, first, tile)
    for c in range(1, outputs):
        output = load(h, first + c, tile)
        largest = where_less(output, largest, largest, output)
    total = number(0.0, tile)
    for c in range(outputs):
        total += exp(load(h, first + c, tile) - largest)
    return largest, total


@inline
def loss_slope(network: Network, room: Room, tile: Any) -> None:
    """The derivative of each sample's loss by each output."""
    first, outputs = network.units[-1], network.widths[-1]
    largest = total = number(1.0, tile)
    if network.loss == CROSS_ENTROPY:
        largest, total = log_sum(network, room, outputs, tile)
    for c in range(outputs):
        output, target = load(room.h, first + c, tile), load(room.target, c, tile)
        d = exp(output - largest) / total - target
        if network.loss != CROSS_ENTROPY:
            d = (output - target) + (output - target)
        store(room.d, first + c, d)


@inline
def backward(network: Network, theta: Any, room: Room, tile: Any) -> None:
    """Add the gradient of the loss of one tile of samples to `room.grad`."""
    loss_slope(network, room, tile)
    for k in range(len(network.kinds) - 1, -1, -1):
        through_activation(network, k, room, tile)
        add_outer(network, k, room, tile)
        if k > 0:
            back_through(network, k, theta, room, tile)


@inline
def gradient(network: Network, theta: Any, samples: Samples, rows: Any, room: Room) -> None:
    """Put into `room.grad` the sum of the gradients of these samples' losses."""
    one, tile = one_sample(), tile_of_samples()
    for p in range(len(network.is_weight)):
        store(room.grad, p, one)
    j = 0
    while j + TILE <= len(rows):
        take_in(samples, rows[j:], room, TILE)
        forward(network, theta, room, tile)
        backward(network, theta, room, tile)
        j += TILE
    while j < len(rows):
        take_in(samples, rows[j:], room, 1)
        forward(network, theta, room, one)
        backward(network, theta, room, one)
        j += 1


@inline
def losses(network: Network, room: Room, tile: Any) -> Any:
    """The loss of each sample of a tile."""
    first, outputs = network.units[-1], network.widths[-1]
    loss = number(0.0, tile)
    if network.loss == CROSS_ENTROPY:
        largest, total = log_sum(network, room, outputs, tile)
        loss = largest + log(total)
        for c in range(outputs):
            loss = loss - load(room.target, c, tile) * load(room.h, first + c, tile)
        return loss
    for c in range(outputs):
        away = load(room.h, first + c, tile) - load(room.target, c, tile)
        loss += away * away
    return loss


@inline
def right(network: Network, room: Room, tile: Any) -> Any:
    """1 for each sample of a tile whose largest output is that of its label, else 0."""
    first, outputs = network.units[-1], network.widths[-1]
    zero, one = number(0.0, tile), number(1.0, tile)
    best, found = load(room.h, first, tile), number(0.0, tile)
    for c in range(1, outputs):
        output = load(room.h, first + c, tile)
        found = where_less(best, output, number(c, tile), found)
        best = where_less(best, output, output, best)
    away = found - load(room.target, outputs, tile)
    return where_less(away * away, number(0.25, tile), one, zero)


@inline
def means(network: Network, theta: Any, samples: Samples, start: int, stop: int, room: Room) -> Any:
    """Mean loss and accuracy over the samples from `start` to before `stop`."""
    one, tile = one_sample(), tile_of_samples()
    loss, hits = number(0.0, tile), number(0.0, tile)
    j = start
    while j + TILE <= stop:
        take_in(samples, room.rows[j:], room, TILE)
        forward(network, theta, room, tile)
        loss, hits = loss + losses(network, room, tile), hits + right(network, room, tile)
        j += TILE
    total, accurate = fold(loss), fold(hits)
    while j < stop:
        take_in(samples, room.rows[j:], room, 1)
        forward(network, theta, room, one)
        total, accurate = total + losses(network, room, one), accurate + right(network, room, one)
        j += 1
    n = number(max(stop - start, 1), one)
    return total / n, accurate / n


@inline
def weight_norm(network: Network, theta: Any) -> Any:
    """The Euclidean length of all weights, biases left out."""
    total = number(0.0, one_sample())
    for p in range(len(network.is_weight)):
        entry = load(theta, p, total)
        total += number(network.is_weight[p], total) * entry * entry
    return sqrt(total)


@inline
def measure(network: Network, theta: Any, samples: Samples, room: Room, curves: Any) -> None:
    """Put all curves but the penalty, for these parameters, into `curves`."""
    for part in range(2):
        start = 0 if part == 0 else samples.train
        stop = samples.train if part == 0 else len(samples.labels)
        loss, accuracy = means(network, theta, samples, start, stop, room)
        store(curves, part, loss)
        store(curves, 2 + part, accuracy)
    store(curves, 5, weight_norm(network, theta))


def train_block(
    update: Any,
    penalty: Any,
    network: Network,
    samples: Samples,
    run: Run,
    memory: Memory,
    room: Room,
) -> None:
    """Train `LANES` settings that see the same samples in the same order.

    Args:
        update: the rule, written by `source.update_source`.
        penalty: the penalties, written by `source.penalty_source`.
        network: what is trained.
        samples: on what.
        run: which steps.
        memory: the settings' own numbers; changed in place.
        room: working memory of this thread.
    """
    n, count = samples.train, len(network.is_weight)
    theta = memory.theta
    if run.first == 0:
        measure(network, theta, samples, room, memory.curves)
        penalty(theta, memory.hyper, memory.mask, room.scratch, memory.curves)
    step = run.first * ((n + run.batch_size - 1) // run.batch_size)
    for epoch in range(run.first, run.last):
        for start in range(0, n, run.batch_size):
            stop = min(start + run.used, start + run.batch_size, n)
            gradient(network, theta, samples, run.order[epoch, start:stop], room)
            rate = memory.rates[(step if run.per_step else epoch) * LANES :]
            own = (memory.state, memory.counters, memory.hyper, memory.mask)
            update(theta, room.grad, *own, rate, room.scratch, 1.0 / (stop - start))
            step += 1
        answer = theta if run.answer < 0 else memory.state[run.answer * count * LANES :]
        curves = memory.curves[(epoch + 1) * CURVES * LANES :]
        measure(network, answer, samples, room, curves)
        penalty(answer, memory.hyper, memory.mask, room.scratch, curves)
