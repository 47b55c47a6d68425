"""Where training stops to work: closer and closer pictures of the boundary, and how rough it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record, shared
from optlab.course.open_questions.boundary_networks import (
    NETWORKS,
    PARABOLA,
    PIXELS,
    SEED,
    Network,
    losses,
    picture,
    rates_of,
)
from optlab.engine.analysis.fractals import boxes, dimension, edges
from optlab.engine.systems.threads import pool

FACTOR, LEVELS = 4, 10
"""How much closer each picture looks than the one before, and how many there are."""
TANGLED = 0.15
"""The next picture is where the boundary runs through about this fraction of the pixels."""


def closer(window: Any, speed: np.ndarray) -> tuple[float, ...]:
    """The window to look at next: a quarter as wide, well tangled, and evenly divided by the boundary.

    Args:
        window: of the picture.
        speed: the picture.

    Returns:
        The window.
    """
    side = len(speed) // FACTOR

    def means(field: np.ndarray) -> np.ndarray:
        """Of every square of `side` pixels."""
        sums = np.pad(field.astype(float), (1, 0)).cumsum(0).cumsum(1)
        whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
        return whole / side**2

    miss = abs(means(edges(speed)) - TANGLED) + 0.3 * abs(means(speed < 0) - 0.5)
    row, column = np.unravel_index(miss.argmin(), miss.shape)
    left, right, bottom, top = window
    across, up = (right - left) / len(speed), (top - bottom) / len(speed)
    left, bottom = left + column * across, bottom + row * up
    return float(left), float(left + side * across), float(bottom), float(bottom + side * up)


def zooms(
    network: Network, *, seed: int = SEED, levels: int = LEVELS, pixels: int = PIXELS
) -> Iterator[tuple[tuple[float, ...], np.ndarray, tuple[float, ...]]]:
    """Picture after picture, each of them a small part of the one before.

    Args:
        network: what is trained.
        seed: of the first weights and the data.
        levels: how many pictures.
        pixels: rates along either side.

    Yields:
        The window, its picture, and the window of the next.
    """
    window: tuple[float, ...] = (0.0, network.rates[0], 0.0, network.rates[1])
    for _ in range(levels):
        speed = picture(network, window, seed=seed, pixels=pixels)
        inner = closer(window, speed)
        yield window, speed, inner
        window = inner


def neighbours(window: Any, speed: np.ndarray, inner: Any) -> np.ndarray:
    """Two pixels side by side with opposite fates, as near as can be to the middle of the next window.

    Args:
        window: of the picture.
        speed: the picture.
        inner: the next window.

    Returns:
        Their rates, `(2, 2)`: of W and of v, first for the one that converges.

    Raises:
        ValueError: if the picture has no boundary.
    """
    down = speed < 0
    right, above = np.argwhere(down[:, 1:] != down[:, :-1]), np.argwhere(down[1:] != down[:-1])
    pairs = [right[:, None] + [[0, 0], [0, 1]], above[:, None] + [[0, 0], [1, 0]]]
    places = np.concatenate(pairs)  # (pairs, 2, row and column)
    if not len(places):
        raise ValueError("speed has one fate only: expected a picture with a boundary")
    across, up = rates_of(window, len(speed))
    rates = np.stack([across[places[..., 1]], up[places[..., 0]]], axis=-1)
    start, end = np.array([inner[0], inner[2]]), np.array([inner[1], inner[3]])
    away = (rates - (start + end) / 2) / (end - start)
    nearest = (away**2).sum(axis=(1, 2)).argmin()
    first = 0 if down[tuple(places[nearest, 0])] else 1
    return rates[nearest][[first, 1 - first]]


@dataclass(frozen=True)
class Zooms(Record):
    """Pictures of the boundary.

    Args:
        settings: `network` and `zoom`, each `(settings,)`.
        speed: the pictures, `(settings, pixels, pixels)`, as `picture` gives them.
        window: the rates that each spans, `(settings, 4)`: of W from and to, of v from and to.
        inner: the window of the next picture, `(settings, 4)`.
        rates: of two neighbours with opposite fates, `(settings, 2, 2)`, as `neighbours` gives them.
        losses: of these two, `(settings, 2, steps)`.
        dimensions: the boundary's dimension at every zoom of the network, `(settings, levels)`.
    """

    speed: np.ndarray
    window: np.ndarray
    inner: np.ndarray
    rates: np.ndarray
    losses: np.ndarray
    dimensions: np.ndarray
    levels: np.ndarray = shared()

    @property
    def dimension(self) -> np.ndarray:
        """The boundary's dimension in each picture, `(settings,)`."""
        level = np.searchsorted(self.levels, self.settings["zoom"])
        return self.dimensions[np.arange(len(self)), level]

    @property
    def part(self) -> np.ndarray:
        """The first step where one neighbour's loss is twice the other's, `(settings,)`; never is `steps`."""
        with np.errstate(all="ignore"):
            ratio = self.losses[:, 1] / self.losses[:, 0]
        apart = ~((ratio > 0.5) & (ratio < 2))
        return np.where(apart.any(axis=1), apart.argmax(axis=1), apart.shape[1])


def zoom_runs(*, levels: int = LEVELS, pixels: int = PIXELS) -> Zooms:
    """Every network of the lab at every zoom: 40 pictures, a million trainings.

    Args:
        levels: how many pictures of each network.
        pixels: rates along either side.

    Returns:
        The record.
    """
    with pool() as workers:
        parts = workers.map(lambda name: _zooms_of(name, levels, pixels), NETWORKS)
        return Zooms.concat(list(parts))


def _zooms_of(name: str, levels: int, pixels: int) -> Zooms:
    network = NETWORKS[name]
    windows, speeds, inners = zip(*zooms(network, levels=levels, pixels=pixels), strict=True)
    rates = np.array([neighbours(*each) for each in zip(windows, speeds, inners, strict=True)])
    curves = np.array([losses(network, *pair.T) for pair in rates])
    measured = np.tile([dimension(boxes(speed)) for speed in speeds], (levels, 1))
    zoom = FACTOR ** np.arange(levels)
    settings = {"network": np.repeat(name, levels), "zoom": zoom}
    speed, window, inner = (np.array(each) for each in (speeds, windows, inners))
    return Zooms(settings, speed, window, inner, rates, curves, measured, zoom)


def curvature(lr1: Any, lr2: Any) -> np.ndarray:
    """How steep the parabola is for two rates: gradient descent converges where this is below 2.

    With one rate α for both weights it is α times the largest curvature: below 2 means α < 2/curvature.

    Args:
        lr1: rates of W, `(n,)`.
        lr2: rates of v, `(n,)`.

    Returns:
        The largest eigenvalue of √diag(α) H √diag(α), `(n,)`.

    Example:
        >>> curvature([1.0, 3.0], [1.0, 3.0]) < 2
        array([ True, False])
    """
    a, b, d = _hessian()
    half, apart = (
        (np.multiply(lr1, a) + np.multiply(lr2, d)) / 2,
        (np.multiply(lr1, a) - np.multiply(lr2, d)) / 2,
    )
    return half + np.sqrt(apart**2 + np.multiply(lr1, lr2) * b**2)


def threshold(lr1: Any) -> np.ndarray:
    """The rate of v from which on the parabola diverges, for a rate of W.

    Args:
        lr1: rates of W, `(n,)`.

    Returns:
        Where `curvature` is 2, `(n,)`; NaN where W alone diverges.

    Example:
        >>> curvature(1.0, threshold(1.0)).round(9)
        np.float64(2.0)
    """
    a, b, d = _hessian()
    left = 2 - np.multiply(lr1, a)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(left > 0, 2 * left / (d * left + np.multiply(lr1, b**2)), np.nan)


def _hessian() -> tuple[float, float, float]:
    """The three entries of the parabola's second derivatives: W twice, W and v, v twice."""
    _, _, x, _ = NETWORKS[PARABOLA].start()
    (a, b), (_, d) = 2 / len(x) * x.T @ x
    return a, b, d


def other_starts(name: str, seeds: Any = range(10, 16), *, levels: int = 6, pixels: int = 96) -> np.ndarray:
    """The boundary's dimension for other first weights and data.

    Args:
        name: of the network.
        seeds: one for each start.
        levels: how many pictures of each, every one closer.
        pixels: rates along either side.

    Returns:
        The median from 64 × on, `(seeds,)`.
    """

    def median(seed: int) -> float:
        pictures = zooms(NETWORKS[name], seed=seed, levels=levels, pixels=pixels)
        return float(np.nanmedian([dimension(boxes(speed)) for _, speed, _ in pictures][3:]))

    with pool() as workers:
        return np.array(list(workers.map(median, seeds)))
