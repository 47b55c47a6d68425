"""The batch size that pays: predicted from the noise of the gradient, then measured.

A network learns digits by SGD, in batches of many sizes, each at its own best rate. Larger batches need
fewer steps to a target loss and more samples; the critical batch size is where both are twice their least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from optlab import Record, grid, shared
from optlab.course.common.thousand_digits import thousand_digits
from optlab.engine.systems.threads import pool, threads

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
TARGETS = (0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08)
WORKERS = (1, 4, 16, 64, 256)
RATES = tuple(2.0**power for power in range(-6, 3))
SEEDS = range(4)
SAMPLES, UNITS, CLASSES = 1000, 16, 10
EVERY = 32
"""After how many samples the loss is looked at; after each step where a step takes more."""
EXCHANGE = 1.0
"""What it costs the workers to average their gradients, once a step, in times of one sample's gradient."""


@dataclass(frozen=True)
class Critical(Record):
    """Steps and samples to a target loss, at every batch size.

    Args:
        settings: `target`, `batch_size` and `workers`, each `(settings,)`.
        steps: to the target, each batch size at its own best rate, `(settings, sizes)`.
        lr: these rates, `(settings, sizes)`.
        least: of the law fitted to them, S_min and E_min, `(settings, 2)`.
        predicted: the mean noise scale on the way to the target, `(settings,)`.
        all_measured: the critical batch size of every target, `(targets,)`.
        way: the loss and the noise scale on the way, in batches of 1,024, `(looks, 2)`.
        way_mean: the mean noise scale from the start to there, `(looks,)`.
    """

    steps: np.ndarray
    lr: np.ndarray
    least: np.ndarray
    predicted: np.ndarray
    all_measured: np.ndarray = shared()
    way: np.ndarray = shared()
    way_mean: np.ndarray = shared()

    @property
    def samples(self) -> np.ndarray:
        """Samples to the target at every batch size, `(settings, sizes)`."""
        return self.steps * np.array(SIZES)

    @property
    def measured(self) -> np.ndarray:
        """The critical batch size E_min / S_min, `(settings,)`."""
        return self.least[:, 1] / self.least[:, 0]

    @property
    def time(self) -> np.ndarray:
        """How long it takes the setting's workers at every batch size, `(settings, sizes)`."""
        return wall_time(self.steps, np.array(SIZES), self.settings["workers"][:, None])

    @property
    def column(self) -> np.ndarray:
        """The setting's place among the batch sizes, `(settings,)`."""
        return np.searchsorted(SIZES, self.settings["batch_size"])

    def own(self, values: np.ndarray) -> np.ndarray:
        """What belongs to the setting's batch size, of `(settings, sizes)`."""
        return values[np.arange(len(self)), self.column]


# ---------------------------------------------------------------- the laws


def steps_law(batch_size: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The steps to a target: S = S_min (1 + B_crit / B), where B_crit = E_min / S_min.

    With E = B S it is the same as (S / S_min − 1)(E / E_min − 1) = 1.

    Args:
        batch_size: B, `(sizes,)`.
        least: S_min and E_min, `(..., 2)`.

    Returns:
        S, `(..., sizes)`.

    Example:
        >>> steps_law(np.array([1, 10, 1000]), np.array([5.0, 50.0]))
        array([55.  , 10.  ,  5.05])

    Source:
        S. McCandlish et al., "An empirical model of large-batch training", 2018, equation 2.11.
    """
    return least[..., :1] + least[..., 1:] / batch_size


def fit_law(steps: np.ndarray, batch_size: np.ndarray) -> np.ndarray:
    """The S_min and E_min whose law is nearest to measured steps, by relative squared error.

    Args:
        steps: to a target, `(sizes,)`.
        batch_size: B, `(sizes,)`.

    Returns:
        S_min and E_min, `(2,)`.

    Example:
        >>> fit_law(np.array([55.0, 10.0, 5.05]), np.array([1, 10, 1000])).round(3)
        array([ 5., 50.])
    """
    rows = np.stack([1 / steps, 1 / (batch_size * steps)], axis=1)
    return np.linalg.lstsq(rows, np.ones(len(steps)), rcond=None)[0]


def wall_time(steps: np.ndarray, batch_size: np.ndarray, workers: np.ndarray) -> np.ndarray:
    """The time of a training whose batches are shared out among workers: S (c + ⌈B / k⌉).

    Args:
        steps: S.
        batch_size: B.
        workers: k.

    Returns:
        The time, in times of one sample's gradient; c is `EXCHANGE`.
    """
    return steps * (EXCHANGE + np.ceil(batch_size / workers))


# ---------------------------------------------------------------- the network


def start(seed: int) -> list[Tensor]:
    """The weights of both layers at the start, `(16, 64)` and `(10, 16)`; there are no biases."""
    generator = torch.Generator().manual_seed(seed)
    sizes = [(UNITS, 64), (CLASSES, UNITS)]
    return [torch.randn(n, m, generator=generator) * (2 / m) ** 0.5 for n, m in sizes]


def losses(weights: Sequence[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """The mean losses of networks, `(networks,)`, each on its own samples `(networks, samples, 64)`."""
    hidden = torch.relu(x @ weights[0].transpose(1, 2))
    outputs = hidden @ weights[1].transpose(1, 2)
    return cross_entropy(outputs.transpose(1, 2), y, reduction="none").mean(1)


def noise_scale(weights: Sequence[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """How noisy the gradient is: B_simple = tr Σ / |G|².

    G is the mean gradient, Σ the covariance of the gradients of single samples. A layer's gradient for one
    sample is an outer product δhᵀ, so that its squared length is |δ|²|h|².

    Args:
        weights: of both layers, `(networks, outputs, inputs)`.
        x: samples, `(samples, 64)`.
        y: their classes, `(samples,)`.

    Returns:
        B_simple, `(networks,)`.

    Source:
        S. McCandlish et al., 2018, equation 2.9.
    """
    inputs = x.expand(len(weights[0]), -1, -1)
    hidden = torch.relu(inputs @ weights[0].transpose(1, 2))
    top = torch.softmax(hidden @ weights[1].transpose(1, 2), 2) - one_hot(y, CLASSES)
    below = (top @ weights[1]) * (hidden > 0)
    pairs = [(below, inputs), (top, hidden)]
    lengths = [((delta**2).sum(2) * (h**2).sum(2)).mean(1) for delta, h in pairs]
    means = [((delta.transpose(1, 2) @ h / len(y)) ** 2).sum((1, 2)) for delta, h in pairs]
    return torch.stack(lengths).sum(0) / torch.stack(means).sum(0) - 1


# ---------------------------------------------------------------- the trainings


def critical_runs(targets: Sequence[float] = TARGETS, seeds: Sequence[int] = SEEDS) -> Critical:
    """Measure the steps to every target at every batch size, and predict where batches stop paying.

    Args:
        targets: losses, falling.
        seeds: of the starts and of the samples that are drawn, with replacement.

    Returns:
        The record of every setting.

    Source:
        S. McCandlish et al., 2018; C. Shallue et al., "Measuring the effects of data parallelism on neural
        network training", 2019.
    """
    thousand_digits()  # loaded once, before any thread asks for it
    with pool() as workers:
        runs = list(workers.map(partial(_train, lowest=targets[-1], seeds=seeds), SIZES))
    arrived = np.array([[first_below(curves, looks, t) for t in targets] for looks, curves, _ in runs])
    best, steps = arrived.argmin(2).T, arrived.min(2).T
    least = np.array([fit_law(row, np.array(SIZES)) for row in steps])
    looks, curves, noise = runs[-1]
    way, mean, predicted = _way(looks, curves[best[-1, -1]], noise[best[-1, -1]], targets)
    settings = grid(target=targets, batch_size=SIZES, workers=WORKERS)
    row = np.repeat(np.arange(len(targets)), len(SIZES) * len(WORKERS))
    lr = np.array(RATES)[best]
    measured = least[:, 1] / least[:, 0]
    return Critical(settings, steps[row], lr[row], least[row], predicted[row], measured, way, mean)


def _way(
    looks: np.ndarray, curve: np.ndarray, noise: np.ndarray, targets: Sequence[float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The loss and the noise scale at each look, the mean noise scale so far, and that at each target."""
    pieces = np.diff(looks) * (noise[1:] + noise[:-1]) / 2
    mean = np.concatenate([noise[:1], np.cumsum(pieces) / looks[1:]])
    at = [int(np.argmax(curve <= target)) for target in targets]
    return np.stack([curve, noise], axis=1), mean, mean[at]


def first_below(curves: np.ndarray, looks: np.ndarray, target: float) -> np.ndarray:
    """After how many steps each curve first reaches a target; linear between two looks.

    Args:
        curves: losses, `(curves, looks)`; the first is above the target.
        looks: after how many steps each loss was looked at, `(looks,)`.
        target: the loss.

    Returns:
        The steps, `(curves,)`; inf for a curve that never gets there.

    Example:
        >>> first_below(np.array([[2.0, 1.0, 0.5], [2.0, 2.0, 2.0]]), np.array([0, 10, 20]), 0.75)
        array([15., inf])
    """
    there = curves <= target
    after = np.maximum(there.argmax(1), 1)
    high, low = (np.take_along_axis(curves, at[:, None], 1)[:, 0] for at in (after - 1, after))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = (high - target) / (high - low)
    steps = looks[after - 1] + part * (looks[after] - looks[after - 1])
    return np.where(there.any(1), steps, np.inf)


@threads(1)
def _train(size: int, lowest: float, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train at every rate until one brings the mean loss of the seeds to the lowest target.

    Returns the looks, the mean losses `(rates, looks)`, and the noise scales, likewise; the latter in the
    largest batches only.
    """
    (x, y), count = thousand_digits(), len(seeds)
    starts = zip(*[start(seed) for seed in seeds], strict=True)
    weights = [torch.stack(layer).repeat(len(RATES), 1, 1) for layer in starts]
    lr = torch.tensor(RATES).repeat_interleave(count)[:, None, None]
    draws = [torch.Generator().manual_seed(seed) for seed in seeds]
    every, largest, none = max(1, EVERY // size), size == SIZES[-1], np.empty(0)
    looks: list[int] = []
    curves: list[np.ndarray] = []
    noises: list[np.ndarray] = []
    for step in range(every * 1000):
        if step % every == 0:
            found = losses(weights, x.expand(len(lr), -1, -1), y.expand(len(lr), -1))
            looks.append(step)
            curves.append(np.nan_to_num(found.view(-1, count).mean(1).numpy(), nan=np.inf))
            noises.append(noise_scale(weights, x, y).view(-1, count).mean(1).numpy() if largest else none)
            if curves[-1].min() <= lowest:
                break
        drawn = torch.stack([torch.randint(SAMPLES, (size,), generator=draw) for draw in draws])
        batch = drawn.repeat(len(RATES), 1)
        weights = _step(weights, x[batch], y[batch], lr)
    return np.array(looks), np.stack(curves, axis=1), np.stack(noises, axis=1)


def _step(weights: list[Tensor], x: Tensor, y: Tensor, lr: Tensor) -> list[Tensor]:
    """One step of SGD of every network."""
    free = [weight.requires_grad_() for weight in weights]
    grads = torch.autograd.grad(losses(free, x, y).sum(), free)
    return [weight.detach() - lr * grad for weight, grad in zip(free, grads, strict=True)]
