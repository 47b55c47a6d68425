"""The exercise of 06: weights rounded to b bits and read back."""

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
            "One scale for the whole matrix: a row of small weights loses nearly everything. Take the "
            "largest of each row.",
        ),
        Mistake(
            lambda weight, bits: torch.round(weight / _scale(weight, _largest(bits))),
            "These are the whole numbers. Read them back: what are they times?",
        ),
        Mistake(
            lambda weight, bits: (
                torch.trunc(weight / _scale(weight, _largest(bits))) * _scale(weight, _largest(bits))
            ),
            "This cuts the fraction off, towards 0; round to the nearest whole number instead.",
        ),
        Mistake(
            lambda weight, bits: _by(weight, _scale(weight, 2**bits - 1)),
            "Twice too fine: one of the b bits is for the sign.",
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
            "A scale for each column. An output is a row here: take the largest along each row.",
        ),
    ),
    hint="Largest whole number n; scale s = max |w| / n for each row, as a column; round w / s; times s.",
    praise="With b = 8 no reader of digits notices; with b = 2 only −s, 0 and s are left.",
    solution=(
        "def round_trip(weight, bits):\n"
        "    n = 2 ** (bits - 1) - 1\n"
        "    scale = weight.abs().amax(dim=1, keepdim=True) / n\n"
        "    return (weight / scale).round() * scale"
    ),
)
