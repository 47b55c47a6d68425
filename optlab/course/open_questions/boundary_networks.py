"""Tiny networks, and what becomes of them at many pairs of rates, one rate for each layer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from optlab.course.open_questions.boundary_kernel import LANES, PRODUCT, SUM, TANH, block, fates

STEPS = 500
PIXELS = 160
"""Rates along either side of a picture: 25,600 trainings."""
SEED = 5


@dataclass(frozen=True)
class Network:
    """A network of two layers without biases, v·tanh(Wx), and its data; or one like it.

    Args:
        form: `TANH`; `PRODUCT`, the same without tanh, v·Wx; or `SUM`, W x₁ + v x₂: one layer, a parabola.
        inputs: of the first layer.
        units: of the first layer.
        samples: to learn from.
        rates: the largest rates of the first picture, for W and for v.
    """

    form: int
    inputs: int
    units: int
    samples: int
    rates: tuple[float, float]

    def start(self, seed: int = SEED) -> tuple[np.ndarray, ...]:
        """The first weights and the data, all standard normal.

        They are rounded, so that every processor has the same ones.

        Args:
            seed: of the draw.

        Returns:
            W `(inputs, units)`, v `(units,)`, x `(samples, inputs)` and y `(samples,)`; a `SUM` has two
            inputs, one of them for W.

        Example:
            >>> NETWORKS["2 weights, tanh"].start()
            (array([[...]]), array([...]), array([[...]]), array([...]))
        """
        draw = torch.Generator().manual_seed(seed)
        features = 2 if self.form == SUM else self.inputs
        shapes = [(self.samples, features), (self.samples,), (self.units, self.inputs), (self.units,)]
        numbers = [torch.randn(shape, generator=draw, dtype=torch.float64) for shape in shapes]
        x, y, w, v = (number.round(decimals=2).numpy() for number in numbers)
        return np.ascontiguousarray(w.T), v, x, y


SMALLEST, PARABOLA = "2 weights, tanh", "a parabola"
NETWORKS = {
    SMALLEST: Network(TANH, 1, 1, 1, (16.0, 16.0)),
    "9 weights, tanh": Network(TANH, 2, 3, 1, (4.0, 4.0)),
    "6 weights, no tanh": Network(PRODUCT, 2, 2, 2, (4.0, 4.0)),
    PARABOLA: Network(SUM, 1, 1, 2, (4.0, 4.0)),
}


def losses(network: Network, lr1: Any, lr2: Any, *, seed: int = SEED, steps: int = STEPS) -> np.ndarray:
    """The loss before each step of gradient descent on all samples.

    Args:
        network: what is trained.
        lr1: rates of W, `(n,)`, at most 32 of them.
        lr2: rates of v, `(n,)`.
        seed: of the first weights and the data.
        steps: the number of steps.

    Returns:
        `(n, steps)`; a run that blows up ends in infinity or NaN.

    Example:
        >>> losses(NETWORKS["2 weights, tanh"], [0.1, 40.0], [0.1, 40.0])[:, -1] < 0.01
        array([ True, False])
    """
    rates = np.ones((2, LANES))
    rates[:, : len(lr1)] = lr1, lr2
    found = np.empty((steps, LANES))
    block(*network.start(seed), network.form, *rates, found)
    return found.T[: len(lr1)].copy()


def picture(network: Network, window: Any, *, seed: int = SEED, pixels: int = PIXELS) -> np.ndarray:
    """How fast training converges or diverges, for every pair of rates in a window.

    Args:
        network: what is trained.
        window: the smallest and the largest rate of W, then of v.
        seed: of the first weights and the data.
        pixels: rates along either side.

    Returns:
        `(pixels, pixels)`, a row for each rate of v, as `fates` gives it: below 0 where it converges.

    Example:
        >>> picture(NETWORKS["2 weights, tanh"], (0, 16, 0, 16), pixels=4) < 0
        array([[ True, False, False, False],
               [False, False, False, False],
               [False, False, False, False],
               [False, False, False, False]])
    """
    lr1, lr2 = np.meshgrid(*rates_of(window, pixels))
    size = -(-lr1.size // LANES) * LANES  # whole blocks: the last one is filled up
    lr1, lr2 = (np.resize(lr, size) for lr in (lr1, lr2))
    found = np.empty(size)
    fates(*network.start(seed), network.form, STEPS, lr1, lr2, found)
    return found[: pixels**2].reshape(pixels, pixels)


def rates_of(window: Any, pixels: int = PIXELS) -> tuple[np.ndarray, np.ndarray]:
    """The rates in the middle of each column and each row of a picture."""
    left, right, bottom, top = window
    middles = np.arange(pixels) + 0.5
    return left + middles * ((right - left) / pixels), bottom + middles * ((top - bottom) / pixels)
