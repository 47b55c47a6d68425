"""Networks trained on digits that are moved a little, and tested on moved ones; all distances at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from optlab import MLP, Record
from optlab.engine.data.digits import digits
from optlab.engine.models.losses import cross_entropy
from optlab.engine.rules.classic import State, adam
from optlab.engine.systems.threads import threads

SIZES = (50, 200, 800)
MOVES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""How far training images are moved at most in each direction, in pixels."""

TEST_MOVES = (0.0, 0.5, 1.0, 2.0)
SEEDS = 3
STEPS = 300
BATCH = 32
LR = 0.005
MODEL = MLP((64, 32, 10))


@dataclass(frozen=True)
class Augmented(Record):
    """Networks by how far their images were moved.

    Args:
        settings: `samples`, `move` and `test_move`, each `(settings,)`.
        over_moves: the accuracy on the test digits moved by `test_move`, mean over the seeds, for training
            with each of `MOVES`, `(settings, MOVES)`.
    """

    over_moves: np.ndarray

    @property
    def accuracy(self) -> np.ndarray:
        """The accuracy for training with `move`, `(settings,)`."""
        return self.over_moves[np.arange(len(self)), np.searchsorted(MOVES, self.settings["move"])]


def moved(images: Tensor, shift: Tensor) -> Tensor:
    """Move images to the right and down, by fractions of a pixel too; what comes in is empty.

    Args:
        images: 8 × 8 pixels, ink from −0.5 to 0.5, `(images, 64)`.
        shift: in pixels, `(images, 2)`.

    Returns:
        The images, `(images, 64)`; where one falls between pixels, they share its ink.

    Example:
        >>> one = torch.full((1, 64), -0.5)
        >>> one[0, 0] = 0.5
        >>> moved(one, torch.tensor([[1.5, 0.0]]))[0, :4].tolist()
        [-0.5, 0.0, 0.0, -0.5]
    """
    place = torch.eye(2, 3).repeat(len(images), 1, 1)
    place[:, :, 2] = -shift / 4  # affine_grid takes the picture from −1 to 1: 4 pixels are 1
    grid = functional.affine_grid(place, [len(images), 1, 8, 8], align_corners=False)
    ink = functional.grid_sample(images.view(-1, 1, 8, 8) + 0.5, grid, align_corners=False)
    return ink.reshape(-1, 64) - 0.5


def networks(samples: int, seeds: Sequence[int] = range(SEEDS), steps: int = STEPS) -> Tensor:
    """Train a network for every move and seed, all in one run.

    Args:
        samples: how many digits there are to learn from.
        seeds: of the digits, the initial weights and the moves.
        steps: how many.

    Returns:
        For each of `MOVES` all seeds, `(MOVES · seeds, parameters)`.
    """
    draws = [torch.Generator().manual_seed(seed) for seed in seeds]
    known = [torch.randperm(len(digits()), generator=draw)[:samples] for draw in draws]
    theta = torch.stack([MODEL.start(seed) for seed in seeds]).repeat(len(MOVES), 1)
    far = torch.tensor(MOVES).repeat_interleave(len(seeds))[:, None, None]
    state = State()
    for _ in range(steps):
        pick = torch.stack(
            [k[torch.randint(samples, (BATCH,), generator=d)] for k, d in zip(known, draws, strict=True)]
        )
        way = torch.stack([torch.rand(BATCH, 2, generator=draw) * 2 - 1 for draw in draws])
        shift = (way.repeat(len(MOVES), 1, 1) * far).view(-1, 2)
        x = digits().x_train[pick].repeat(len(MOVES), 1, 1).view(-1, 64)
        y = digits().y_train[pick].repeat(len(MOVES), 1)
        theta, state = _step(theta, state, moved(x, shift).view(len(theta), BATCH, 64), y)
    return theta


def _step(theta: Tensor, state: State, x: Tensor, y: Tensor) -> tuple[Tensor, State]:
    leaf = theta.detach().requires_grad_()
    (grad,) = torch.autograd.grad(cross_entropy(MODEL(leaf, x), y).sum() / BATCH, leaf)
    return adam(theta, grad, state, lr=LR)


def accuracies(theta: Tensor) -> np.ndarray:
    """The test accuracy of `networks`, `(TEST_MOVES, MOVES)`, mean over the seeds."""
    way = torch.rand(len(digits().x_test), 2, generator=torch.Generator().manual_seed(9)) * 2 - 1
    rows = []
    for far in TEST_MOVES:
        answers = MODEL(theta, moved(digits().x_test, way * far)[None]).argmax(2)
        rows.append((answers == digits().y_test).float().mean(1).view(len(MOVES), -1).mean(1))
    return torch.stack(rows).numpy()


@cache
@threads(1)
def _tested(samples: int) -> np.ndarray:
    return accuracies(networks(samples))


def augmented(settings: dict[str, np.ndarray]) -> Augmented:
    """Train on digits that are moved anew each time they are seen, and test on moved digits.

    Args:
        settings: `samples`, `move` and `test_move`, each `(settings,)`, among the values above.

    Returns:
        The record: means over `SEEDS` networks, each with other digits; all take the same number of steps.
    """
    pairs = zip(settings["samples"], settings["test_move"], strict=True)
    rows = [_tested(int(samples))[TEST_MOVES.index(float(far))] for samples, far in pairs]
    return Augmented(dict(settings), np.stack(rows))
