"""The learning rate that survives a wider network: the standard parametrisation against μP.

Networks of several widths learn digits with Adam, each at many rates. μP, the maximal update
parametrisation, changes how the start and the rate of each layer depend on the width, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from optlab import Record, grid
from optlab.course.common.thousand_digits import thousand_digits
from optlab.engine.rules.classic import State, adam
from optlab.engine.systems.threads import pool, threads

PARAMETRISATIONS = ("standard", "μP")
WIDTHS = (16, 32, 64, 128, 256)
BASE = WIDTHS[0]
"""The width at which both parametrisations are the same."""
POWERS = tuple(range(-11, 0))
"""The learning rates, as powers of 2."""
LAYERS = ("first hidden layer", "second hidden layer", "third hidden layer", "output")
CLASSES, SAMPLES, BATCH_SIZE, STEPS = 10, 1000, 100, 40
SEEDS = range(3)
EARLY = 4
"""The step after which it is measured how far each layer has moved."""


@dataclass(frozen=True)
class Transfer(Record):
    """Trainings of all widths at all rates; every number is a mean over the seeds.

    Args:
        settings: `parametrisation`, `width` and `power`, each `(settings,)`.
        loss: of the batch before each step, at the setting's width and rate, `(settings, steps)`.
        best_loss: the same at the rate that ends lowest at this width.
        ends: the training loss at the end of all widths at all rates, `(settings, widths, rates)`.
        moved: how far the layers of all widths have moved after four steps at the setting's rate, root mean
            square over units and samples, `(settings, layers, widths)`.
    """

    loss: np.ndarray
    best_loss: np.ndarray
    ends: np.ndarray
    moved: np.ndarray

    @property
    def row(self) -> np.ndarray:
        """The setting's place among the widths, `(settings,)`."""
        return np.searchsorted(WIDTHS, self.settings["width"])

    @property
    def column(self) -> np.ndarray:
        """The setting's place among the rates, `(settings,)`."""
        return np.searchsorted(POWERS, self.settings["power"])

    @property
    def end(self) -> np.ndarray:
        """The training loss at the end, `(settings,)`."""
        return self.ends[np.arange(len(self)), self.row, self.column]

    @property
    def best(self) -> np.ndarray:
        """The power of 2 of the rate at which each width ends lowest, `(settings, widths)`."""
        return np.array(POWERS)[self.ends.argmin(2)]

    @property
    def lost(self) -> np.ndarray:
        """The end of each width at the setting's rate over that at its best one, `(settings, widths)`."""
        here = np.take_along_axis(self.ends, self.column[:, None, None], 2)[..., 0]
        return here / self.ends.min(2)


# ---------------------------------------------------------------- the two parametrisations


def start(width: int, seed: int, parametrisation: str = "μP") -> list[Tensor]:
    """The weights of a network at the start: three hidden layers and no biases.

    Standard: the variance of a weight is 2 / inputs. μP: the same, but for the output layer's, which is
    smaller by another factor of base / width.

    Args:
        width: units in each hidden layer.
        seed: of the random numbers.
        parametrisation: one of `PARAMETRISATIONS`.

    Returns:
        The weights of each layer, `(outputs, inputs)`.

    Example:
        >>> [tuple(w.shape) for w in start(32, seed=0)]
        [(32, 64), (32, 32), (32, 32), (10, 32)]

    Source:
        G. Yang et al., "Tensor programs V: tuning large neural networks via zero-shot hyperparameter
        transfer", 2022, table 3.
    """
    generator = torch.Generator().manual_seed(seed)
    sizes = (64, *[width] * (len(LAYERS) - 1), CLASSES)
    weights = [torch.randn(n, m, generator=generator) * (2 / m) ** 0.5 for m, n in pairwise(sizes)]
    if parametrisation == "μP":
        weights[-1] *= (BASE / width) ** 0.5
    return weights


def layer_rates(width: int, lr: float, parametrisation: str = "μP") -> list[float]:
    """The rate that Adam has in each layer.

    Standard: α in all. μP: α in the first layer, α · base / width in those whose inputs are as many as the
    width.

    Args:
        width: units in each hidden layer.
        lr: α.
        parametrisation: one of `PARAMETRISATIONS`.

    Returns:
        A rate for each layer.

    Example:
        >>> layer_rates(64, 0.5, "standard"), layer_rates(64, 0.5, "μP")
        ([0.5, 0.5, 0.5, 0.5], [0.5, 0.125, 0.125, 0.125])

    Source:
        G. Yang et al., 2022, table 3.
    """
    slow = lr * BASE / width if parametrisation == "μP" else lr
    return [lr, *[slow] * (len(LAYERS) - 1)]


# ---------------------------------------------------------------- the trainings


def transfer_runs(steps: int = STEPS, seeds: Sequence[int] = SEEDS) -> Transfer:
    """Train all widths at all rates in both parametrisations, on several seeds each.

    The rate falls from α to 0 in a straight line.

    Args:
        steps: how many each training takes, 4 or more.
        seeds: of the starts and of the order of the digits.

    Returns:
        The record of every setting: 330 trainings.

    Source:
        G. Yang et al., 2022, figure 1.
    """
    cases = list(product(PARAMETRISATIONS, WIDTHS, POWERS))
    thousand_digits()  # loaded once, before any thread asks for it
    with pool() as workers:
        runs = list(workers.map(lambda case: _train(*case, steps=steps, seeds=seeds), cases))
    shape = (len(PARAMETRISATIONS), len(WIDTHS), len(POWERS), -1)
    curves, ends, moved = (np.reshape(part, shape) for part in zip(*runs, strict=True))
    best = np.take_along_axis(curves, ends.argmin(2)[..., None], 2)
    each = len(WIDTHS) * len(POWERS)
    moves = np.tile(moved.transpose(0, 2, 3, 1), (1, len(WIDTHS), 1, 1))
    return Transfer(
        grid(parametrisation=PARAMETRISATIONS, width=WIDTHS, power=POWERS),
        np.concatenate(np.concatenate(curves)),
        np.repeat(np.concatenate(best[:, :, 0]), len(POWERS), axis=0),
        np.repeat(ends[..., 0], each, axis=0),
        np.concatenate(moves),
    )


def order(seed: int, steps: int) -> Tensor:
    """Which digits each step learns from, `(steps, batch)`: every epoch shuffled anew."""
    generator = torch.Generator().manual_seed(seed)
    epochs = -(-steps * BATCH_SIZE // SAMPLES)
    shuffled = [torch.randperm(SAMPLES, generator=generator) for _ in range(epochs)]
    return torch.cat(shuffled).view(-1, BATCH_SIZE)[:steps]


@threads(1)
def _train(
    parametrisation: str, width: int, power: int, *, steps: int, seeds: Sequence[int]
) -> tuple[np.ndarray, float, list[float]]:
    """The losses of the batches, `(steps,)`, the training loss at the end, and how far each layer moved."""
    starts = [start(width, seed, parametrisation) for seed in seeds]
    weights = [torch.stack(layer) for layer in zip(*starts, strict=True)]
    states: list[State] = [{} for _ in weights]
    rates = layer_rates(width, 2.0**power, parametrisation)
    (x, y), batches = thousand_digits(), torch.stack([order(seed, steps) for seed in seeds], dim=1)
    losses, before = [], layers_of(weights, x[batches[0]])
    for step, batch in enumerate(batches):
        falling = [rate * (1 - step / steps) for rate in rates]
        losses.append(_step(weights, states, falling, x[batch], y[batch]))
        if step + 1 == EARLY:
            moved = [_rms(b - a) for a, b in zip(before, layers_of(weights, x[batches[0]]), strict=True)]
    end = _losses(weights, x.expand(len(seeds), -1, -1), y.expand(len(seeds), -1))
    return torch.stack(losses).mean(1).numpy(), float(end.mean()), moved


def _step(weights: list[Tensor], states: list[State], rates: Sequence[float], x: Tensor, y: Tensor) -> Tensor:
    """Adam, with a rate of its own for each layer; returns the losses before the step, `(seeds,)`."""
    free = [weight.requires_grad_() for weight in weights]
    losses = _losses(free, x, y)
    grads = torch.autograd.grad(losses.sum(), free)
    for k, (weight, grad) in enumerate(zip(free, grads, strict=True)):
        weights[k], states[k] = adam(weight.detach(), grad, states[k], lr=rates[k])
    return losses.detach()


def layers_of(weights: Sequence[Tensor], x: Tensor) -> list[Tensor]:
    """What each layer gives before its ReLU, `(seeds, units, samples)`, of inputs `(seeds, samples, 64)`."""
    layers, inputs = [], x.transpose(1, 2)
    for weight in weights:
        layers.append(weight @ inputs)
        inputs = torch.relu(layers[-1])
    return layers


def _losses(weights: Sequence[Tensor], x: Tensor, y: Tensor) -> Tensor:
    return cross_entropy(layers_of(weights, x)[-1], y, reduction="none").mean(1)


def _rms(change: Tensor) -> float:
    return float((change**2).mean().sqrt())
