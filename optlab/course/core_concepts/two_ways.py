"""Two descents at equal cost: some petals a step, and all petals a step."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.course.core_concepts.line import START, hessian, least_squares, optimality_gap, petals
from optlab.course.core_concepts.walk import Walks, picks, walk

EPOCHS = 20
SAMPLES = 20


@dataclass(frozen=True)
class TwoWays(Walks):
    """Descents over some petals a step (`path`) and over all (`other`), one mark for each petal looked at.

    Args:
        expected: theory's optimality gap along `other`, `(settings, marks)`.
    """

    expected: np.ndarray


def two_ways(settings: dict[str, Any]) -> TwoWays:
    """Descend over some petals a step, and over all petals a step, `EPOCHS` passes each.

    Args:
        settings: `lr`, `batch_size` (petals a step) and `seed` (of the random order), each `(settings,)`.

    Returns:
        Both descents.

    Example:
        >>> run = two_ways({"lr": np.array([0.05]), "batch_size": np.array([20]), "seed": np.array([0])})
        >>> run.path.shape, bool(np.allclose(run.path, run.other))
        ((1, 401, 2), True)

    Source:
        The article, sections 2, 3.2 and 3.3.
    """
    x, y = petals()
    lr, sizes = settings["lr"], settings["batch_size"]
    some = np.empty((len(lr), EPOCHS * SAMPLES + 1, 2))
    for size in set(sizes.tolist()):  # one run for all walks of one batch size
        rows = sizes == size
        orders = [picks(SAMPLES, size, EPOCHS, seed) for seed in settings["seed"][rows]]
        some[rows] = _look_by_look(lr[rows], torch.stack(orders))
    every = _look_by_look(lr, torch.arange(SAMPLES).expand(len(lr), EPOCHS, SAMPLES))
    gap = optimality_gap(x, y)
    loss, other_loss = (gap(torch.from_numpy(path)).numpy() for path in (some, every))
    expected = expected_gap(START, lr, EPOCHS, x, y)[:, np.arange(some.shape[1]) // SAMPLES]
    return TwoWays(settings, some, every, loss, other_loss, expected)


def _look_by_look(lr: np.ndarray, batches: Tensor) -> np.ndarray:
    """Walks with one mark for each petal looked at; θ stays where it is within a batch."""
    _, steps, size = batches.shape
    path = walk(START, np.repeat(lr[:, None], steps, axis=1), batches, *petals())
    return path[:, np.arange(steps * size + 1) // size]


def expected_gap(start: Any, lr: Any, steps: int, x: Tensor, y: Tensor) -> np.ndarray:
    """The optimality gap of full-batch descent in closed form: Σ ½ λᵢ cᵢ² (1 − αλᵢ)²ᵗ.

    Args:
        start: θ at first, `(2,)`.
        lr: α, a number or `(settings,)`.
        steps: how many.
        x: `(samples,)`.
        y: `(samples,)`.

    Returns:
        `(..., steps + 1)`; λᵢ are the two curvatures, cᵢ the start's distances along their directions.

    Example:
        >>> x, y = torch.tensor([-1.0, 1.0]), torch.tensor([-1.0, 1.0])
        >>> expected_gap([0.0, 0.0], 0.25, 2, x, y).tolist()
        [1.0, 0.25, 0.0625]
    """
    values, directions = np.linalg.eigh(hessian(x).numpy())
    away = (np.asarray(start) - least_squares(x, y)[0].numpy()) @ directions
    factors = 1 - np.asarray(lr)[..., None, None] * values
    with np.errstate(over="ignore"):
        return (factors ** (2 * np.arange(steps + 1)[:, None]) * values * away**2 / 2).sum(-1)
