"""The exercises of 06: what a step promises, weights rounded and read back, and how few bits are enough."""

from collections.abc import Callable

import torch
from torch import Tensor, tensor

from optlab.course.common.exercise import Exercise, Mistake


def _scale(weight: Tensor, largest: float) -> Tensor:
    return weight.abs().amax(dim=1, keepdim=True) / largest


def _by(weight: Tensor, scale: Tensor) -> Tensor:
    return torch.round(weight / scale) * scale


def _largest(bits: int) -> int:
    return int(2 ** (bits - 1) - 1)


ROUND_TRIP = Exercise(
    prompt="A weight matrix rounded to whole numbers of b bits, one scale for each row, and read back.",
    cases=(
        (tensor([[1.0, -0.55, 0.31], [0.2, -0.06, 0.012]]), 8),
        (tensor([[-3.0, 1.1, 2.3], [0.7, 0.1, -0.4]]), 4),
        (tensor([[0.9, -1.3, 0.44, 0.2], [5.0, -2.9, 0.8, 4.1]]), 3),
    ),
    truth=lambda weight, bits: _by(weight, _scale(weight, _largest(bits))),
    mistakes=(
        Mistake(
            lambda weight, bits: _by(weight, _scale(weight, 127)),  # noqa: ARG005
            "This rounds to 8 bits whatever `bits` says. How large is the largest whole number of b bits, "
            "one of them the sign?",
        ),
        Mistake(
            lambda weight, bits: _by(weight, weight.abs().max() / _largest(bits)),
            "You have one scale for the whole matrix, so a row of small weights loses nearly everything. "
            "Take the largest of each row.",
        ),
        Mistake(
            lambda weight, bits: torch.round(weight / _scale(weight, _largest(bits))),
            "These are the whole numbers. To read them back, multiply them by something: by what?",
        ),
        Mistake(
            lambda weight, bits: (
                torch.trunc(weight / _scale(weight, _largest(bits))) * _scale(weight, _largest(bits))
            ),
            "This drops the fraction, so it rounds towards 0. Round to the nearest whole number instead.",
        ),
        Mistake(
            lambda weight, bits: _by(weight, _scale(weight, 2**bits - 1)),
            "Your scale is too fine by a factor of two: one of the b bits is for the sign.",
        ),
        Mistake(
            lambda weight, bits: _by(weight, _scale(weight, 2 ** (bits - 1))),
            "Symmetric means from −n to n: with b bits n is one less than 2^(b − 1).",
        ),
        Mistake(
            lambda weight, bits: _by(weight, weight.amax(dim=1, keepdim=True) / _largest(bits)),
            "A row's largest weight can be negative: take the largest absolute value.",
        ),
        Mistake(
            lambda weight, bits: _by(weight, weight.abs().amax(dim=0) / _largest(bits)),
            "You have a scale for each column. Here a row holds one neuron's weights: take the largest along "
            "each row.",
        ),
    ),
    hint="Find the largest whole number n, then a scale s = max |w| / n for each row. Round w / s, and "
    "multiply by s.",
    praise="With b = 8 a digit reader loses hardly any accuracy. With b = 2 a weight can only be −s, 0 or s.",
    solution=(
        "def round_trip(weight, bits):\n"
        "    n = 2 ** (bits - 1) - 1\n"
        "    scale = weight.abs().amax(dim=1, keepdim=True) / n\n"
        "    return (weight / scale).round() * scale"
    ),
)

PROMISED = Exercise(
    prompt="The loss that the descent lemma promises at most after a step; `slope2` is the gradient's ‖∇J‖².",
    cases=((2.0, 1.0, 0.5, 1.0), (3.0, 4.0, 0.1, 2.0), (1.5, 0.2, 1.0, 3.0), (1.0, 2.0, 0.0, 5.0)),
    truth=lambda loss, slope2, lr, L: loss - lr * (1 - lr * L / 2) * slope2,
    mistakes=(
        Mistake(
            lambda loss, slope2, lr, L: loss - lr * slope2,  # noqa: ARG005
            "That is what would happen if the slope stayed as it is. It changes, by up to L times the way.",
        ),
        Mistake(
            lambda loss, slope2, lr, L: loss - lr * (1 - lr * L) * slope2,
            "You used the slope at the *end* of the step. What is its average over the step?",
        ),
        Mistake(
            lambda loss, slope2, lr, L: loss + lr * (1 - lr * L / 2) * slope2,
            "Look at the sign: a small step should lower the loss.",
        ),
        Mistake(
            lambda loss, slope2, lr, L: loss - (1 - lr * L / 2) * slope2,
            "With a rate of 0 nothing moves, but you promise a lower loss.",
        ),
    ),
    hint="The slope falls from 1 to 1 − αL times ‖∇J‖² over the step; take its average, times α.",
    praise="It is lowest at α = 1/L, and at 2/L nothing is left of it.",
    solution="def promised(loss, slope2, lr, L):\n    return loss - lr * (1 - lr * L / 2) * slope2",
)


def _off(weight: Tensor, bits: int) -> Tensor:
    """How far each weight is off, in units of the largest of its row."""
    back = _by(weight, _scale(weight, _largest(bits)))
    return (back - weight).abs() / weight.abs().amax(dim=1, keepdim=True)


def _first(holds: Callable[[int], bool]) -> int:
    return next((bits for bits in range(2, 9) if holds(bits)), 8)


FEWEST_BITS = Exercise(
    prompt="The fewest bits, 2 to 8, for which weights are off by at most `tolerance` × their row's largest.",
    cases=(
        (tensor([[1.0, -0.55, 0.31], [0.2, -0.06, 0.012]]), 0.05),
        (tensor([[-3.0, 1.5, 3.0], [0.7, 0.7, 0.0]]), 0.01),
        (tensor([[1.0, 0.0, -1.0], [4.0, -4.0, 0.0]]), 0.02),
        (tensor([[5.0, -2.9, 0.8, 4.1], [0.05, 0.03, -0.01, 0.02]]), 0.08),
        (tensor([[1.0, 1.0, 1.0, 1.0, 1.0, 0.4]]), 0.07),
    ),
    truth=lambda weight, tolerance: _first(lambda b: bool(_off(weight, b).max() <= tolerance)),
    mistakes=(
        Mistake(
            lambda weight, tolerance: _first(lambda b: 1 / (2 * _largest(b)) <= tolerance),  # noqa: ARG005
            "That is enough for any weights. These may need fewer: try it on them.",
        ),
        Mistake(
            lambda weight, tolerance: _first(lambda b: bool(_off(weight, b).mean() <= tolerance)),
            "On average they are near enough, but *no* weight may be off by more.",
        ),
        Mistake(
            lambda weight, tolerance: _first(
                lambda b: bool((_off(weight, b) * weight.abs().amax(dim=1, keepdim=True)).max() <= tolerance)
            ),
            "You compare the error itself. A row of large weights may be off by more: divide by its largest.",
        ),
        Mistake(
            lambda weight, tolerance: _first(lambda b: bool(_off(weight, b).max() <= tolerance)) - 1,
            "One bit too few: with that many a weight is still off by too much.",
        ),
    ),
    hint="For 2, 3, … bits: round and read back as before; stop when the largest relative error is small.",
    praise="Then measure what counts: the accuracy of the network with these weights.",
    solution=(
        "def fewest_bits(weight, tolerance):\n"
        "    largest = weight.abs().amax(dim=1, keepdim=True)\n"
        "    for bits in range(2, 9):\n"
        "        scale = largest / (2 ** (bits - 1) - 1)\n"
        "        back = (weight / scale).round() * scale\n"
        "        if ((back - weight).abs() / largest).max() <= tolerance:\n"
        "            return bits"
    ),
)
