"""The exercises of 05.6: ridge weights, the dimension of a boundary, and a rate that is safe."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _working(rates: Sequence[float], works: Sequence[bool]) -> list[float]:
    return [rate for rate, good in zip(rates, works, strict=True) if good]


def _before_the_first_failure(rates: Sequence[float], works: Sequence[bool]) -> list[float]:
    return [*rates][: [*works, False].index(False)]


SAFE_RATE = Exercise(
    prompt="Half of the largest rate up to which every rate works; 0 if even the smallest fails.",
    cases=(
        ([0.1, 0.2, 0.4, 0.8, 1.6], [True, True, True, False, False]),
        ([3.84, 3.85, 3.86, 3.87, 3.88], [True, True, False, False, True]),
        ([0.5, 1.0, 2.0], [True, True, True]),
        ([0.3, 0.6, 0.9], [False, True, False]),
        ([1.0, 2.0, 3.0, 4.0, 5.0], [True, False, True, True, False]),
    ),
    truth=lambda rates, works: max(_before_the_first_failure(rates, works), default=0.0) / 2,
    mistakes=(
        Mistake(
            lambda rates, works: max(_working(rates, works), default=0.0) / 2,
            "That rate works, but a smaller one fails: you are in the ragged zone.",
        ),
        Mistake(
            lambda rates, works: max(_before_the_first_failure(rates, works), default=0.0),
            "You are right at the boundary. Keep away from it.",
        ),
        Mistake(
            lambda rates, works: max(_working(rates, works), default=0.0),
            "The largest rate that happened to work may have failures on both sides.",
        ),
        Mistake(
            lambda rates, works: [*rates, 0.0][[*works, False].index(False)] / 2,
            "That is half of the first rate that fails, or nothing where none does.",
        ),
    ),
    hint="Go through the rates from the smallest until one fails. Then halve the last that worked.",
    praise="A scan costs some short trainings, and it tells where the ragged zone begins.",
    solution=(
        "def safe_rate(rates, works):\n"
        "    largest = 0\n"
        "    for rate, good in zip(rates, works):\n"
        "        if not good:\n"
        "            break\n"
        "        largest = rate\n"
        "    return largest / 2"
    ),
)


def _spectral(x: Tensor, y: Tensor, share: Callable[[Tensor], Tensor]) -> Tensor:
    """Weights whose parts along the directions of x are shares of what y has there."""
    U, s, Vt = torch.linalg.svd(x, full_matrices=False)
    return Vt.T @ (share(s) * (U.T @ y))


X = tensor([[1.0, 2.0], [0.0, 1.0], [2.0, -1.0], [1.0, 1.0]])
SQUARE = tensor([[1.0, 1.0, 0.0], [1.0, 1.1, 0.0], [0.0, 1.0, 2.0]])
RIDGE_WEIGHTS = Exercise(
    prompt="The weights that minimise (1/n)‖Xw − y‖² + λ‖w‖², from the singular values of X.",
    cases=(
        (X, tensor([1.0, 0.5, -1.0, 2.0]), 0.1),
        (SQUARE, tensor([1.0, -1.0, 0.5]), 0.01),
        (X, tensor([0.0, 1.0, 3.0, -2.0]), 0.0),
    ),
    truth=lambda x, y, l2: _spectral(x, y, lambda s: s / (s**2 + len(x) * l2)),
    mistakes=(
        Mistake(
            lambda x, y, l2: _spectral(x, y, lambda s: 1 / s),  # noqa: ARG005
            "That is least squares. λ does nothing yet, and a small s blows the noise up.",
        ),
        Mistake(
            lambda x, y, l2: _spectral(x, y, lambda s: s / (s**2 + l2)),
            "The loss is a mean: s² / n is what λ is added to.",
        ),
        Mistake(
            lambda x, y, l2: _spectral(x, y, lambda s: s**2 / (s**2 + len(x) * l2)),
            "That is the share that is kept. Divide by s, too, as least squares does.",
        ),
        Mistake(
            lambda x, y, l2: _spectral(x, y, lambda s: 1 / (s + len(x) * l2)),
            "λ belongs to the eigenvalues of XᵀX, and they are squares of s.",
        ),
    ),
    hint="Least squares divides U.T @ y by s. λ keeps the share h / (h + λ) of that, with h = s² / n.",
    praise="Where h is small against λ nothing is blown up: that is how a penalty takes the peak away.",
    solution=(
        "import torch\n\n\n"
        "def ridge_weights(x, y, l2):\n"
        "    U, s, Vt = torch.linalg.svd(x, full_matrices=False)\n"
        "    return Vt.T @ (s / (s**2 + len(x) * l2) * (U.T @ y))"
    ),
)


def _blocks(picture: Tensor) -> Tensor:
    """The four pixels of every box of side 2, `(boxes, boxes, 4)`."""
    return picture.unfold(0, 2, 2).unfold(1, 2, 2).flatten(2)


def _coarse(picture: Tensor) -> Tensor:
    return _blocks(picture).any(2).sum()


CARPET = tensor([[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]], dtype=torch.bool)
DIMENSION = Exercise(
    prompt="The dimension of a boundary, from boxes of one pixel and of 2 × 2 pixels.",
    cases=(
        (torch.eye(4, dtype=torch.bool),),
        (torch.ones(4, 4, dtype=torch.bool),),
        (CARPET,),
        (torch.block_diag(CARPET.flip(0, 1), torch.eye(4)).bool(),),
    ),
    truth=lambda picture: torch.log2(picture.sum() / _coarse(picture)),
    mistakes=(
        Mistake(
            lambda picture: picture.sum() / _coarse(picture),
            "Those are how many times as many boxes. Of which power of 2 is it the value?",
        ),
        Mistake(
            lambda picture: torch.log(picture.sum() / _coarse(picture)),
            "The boxes have half the side, so the logarithm is the one to base 2.",
        ),
        Mistake(
            lambda picture: torch.log2(_coarse(picture) / picture.sum()),
            "The other way round: smaller boxes are more.",
        ),
        Mistake(
            lambda picture: torch.log2(picture.sum() / (_blocks(picture).shape[0] ** 2)),
            "You count all large boxes. Count those that meet the boundary.",
        ),
        Mistake(
            lambda picture: torch.log2(picture.sum() / picture[::2, ::2].sum()),
            "You look at one pixel of each large box. The boundary may pass through another.",
        ),
    ),
    hint="Count the pixels on the boundary, and the boxes of 2 × 2 pixels that hold at least one of them.",
    praise="A fractal keeps this number at every size of the boxes; a drawn line comes down to 1.",
    solution=(
        "import math\n\n\n"
        "def dimension(picture):\n"
        "    n = len(picture) // 2\n"
        "    boxes = picture.reshape(n, 2, n, 2).any(3).any(1)\n"
        "    return math.log2(picture.sum() / boxes.sum())"
    ),
)
