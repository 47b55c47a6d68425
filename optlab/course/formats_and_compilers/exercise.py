"""The exercises of 05.1: calls until compiling pays, the digits of a number, the shortest format."""

import math
from collections.abc import Callable

import torch

from optlab.course.common.exercise import Exercise, Mistake

PAYS_AFTER = Exercise(
    prompt="The number of calls from which compiling pays: a whole number, or `inf` if it never does.",
    cases=(
        (8.0, 0.012, 0.0035),
        (3.0, 0.5, 0.25),
        (0.7, 0.0625, 0.03125),
        (5.0, 0.001, 0.001),
        (5.0, 0.002, 0.003),
    ),
    truth=lambda first, eager, compiled: (
        math.ceil(first / (eager - compiled)) if compiled < eager else math.inf
    ),
    mistakes=(
        Mistake(
            lambda first, eager, compiled: math.ceil(first / eager),  # noqa: ARG005
            "By then plain calls have cost as much as the compiler alone. But compiled calls are not free.",
        ),
        Mistake(
            lambda first, eager, compiled: first / (eager - compiled) if compiled < eager else math.inf,
            "The moment is right, but nobody makes a fraction of a call: round up.",
        ),
        Mistake(
            lambda first, eager, compiled: (
                math.floor(first / (eager - compiled)) if compiled < eager else math.inf
            ),
            "One call too early: after that many calls the compiler is not quite paid for.",
        ),
        Mistake(
            lambda first, eager, compiled: (
                math.ceil(first / (eager - compiled)) if compiled != eager else math.inf
            ),
            "Right while a compiled call is faster. What if it is slower?",
        ),
        Mistake(
            lambda first, eager, compiled: math.ceil(first * compiled / eager),
            "That scales the compiler's time. Ask instead: how much does each call save?",
        ),
    ),
    hint="Each call saves eager − compiled seconds. How many savings pay for the compiler? If none is saved, "
    "the answer is inf.",
    praise="A function that is called ten times in a notebook seldom pays; one in a training loop nearly "
    "always does.",
    solution=(
        "def pays_after(first, eager, compiled):\n"
        "    saved = eager - compiled\n"
        "    return -(-first // saved) if saved > 0 else float('inf')"
    ),
)


def _rounded(x: float, gap: float) -> float:
    return round(x / gap) * gap


NEAREST = Exercise(
    prompt="The number nearest to x that has only so many binary digits.",
    cases=((0.7, 3), (5.3, 4), (-37.0, 5), (0.0123, 8), (0.499, 8), (1.0, 8)),
    truth=lambda x, digits: _rounded(x, 2.0 ** (math.frexp(x)[1] - digits)),
    mistakes=(
        Mistake(
            lambda x, digits: (
                math.trunc(x / 2.0 ** (math.frexp(x)[1] - digits)) * 2.0 ** (math.frexp(x)[1] - digits)
            ),
            "You cut the other digits off. The nearest number may lie on the far side.",
        ),
        Mistake(
            lambda x, digits: _rounded(x, 2.0**-digits),
            "Your numbers are equally far apart everywhere. The gap depends on how large x is.",
        ),
        Mistake(
            lambda x, digits: _rounded(x, 2.0 ** (math.frexp(x)[1] - digits - 1)),
            "You keep a digit too many: the leading one counts, too.",
        ),
        Mistake(
            lambda x, digits: _rounded(x, 2.0 ** (math.frexp(x)[1] - digits + 1)),
            "You keep a digit too few. Between 1 and 2 a format with 8 digits has gaps of 2⁻⁷.",
        ),
        Mistake(round, "`round` counts decimal digits, behind the point."),
    ),
    hint="Divide by the gap, round to a whole number, and multiply by the gap again.",
    praise="With 8 digits it is bfloat16, with 24 it is float32.",
    solution=(
        "import math\n\n\n"
        "def nearest(x, digits):\n"
        "    exponent = math.floor(math.log2(abs(x)))\n"
        "    gap = 2.0 ** (exponent - digits + 1)\n"
        "    return round(x / gap) * gap"
    ),
)

FORMATS = {"bfloat16": torch.bfloat16, "float32": torch.float32, "float64": torch.float64}


def _shortest(good: Callable[[torch.dtype], bool]) -> str:
    """The first format that is good; the longest if none is."""
    return next((name for name, kind in FORMATS.items() if good(kind)), "float64")


def _moved(weights: torch.Tensor, updates: torch.Tensor, kind: torch.dtype) -> torch.Tensor:
    """Which weights an update moves, in a format."""
    before = weights.to(kind)
    return before - updates.to(kind) != before


SHORTEST_FORMAT = Exercise(
    prompt="The shortest format of the weights in which every one of them moves.",
    cases=(
        (torch.tensor([0.5, 1.0, -2.0]), torch.tensor([0.01, 0.1, 0.1])),
        (torch.tensor([0.5, 1.0, -2.0]), torch.tensor([0.01, 0.0005, 0.1])),
        (torch.tensor([0.5, 100.0]), torch.tensor([0.02, 0.02])),
        (torch.tensor([0.01, 0.02]), torch.tensor([0.001, -0.0005])),
        (torch.tensor([1.0, 4.0]), torch.tensor([0.001, 0.001])),
        (torch.tensor([3.0, 0.25]), torch.tensor([1e-9, 1e-3])),
    ),
    truth=lambda weights, updates: _shortest(lambda kind: bool(_moved(weights, updates, kind).all())),
    mistakes=(
        Mistake(
            lambda weights, updates: _shortest(lambda kind: bool(_moved(weights, updates, kind).any())),
            "There one weight moves. Do all of them?",
        ),
        Mistake(
            lambda weights, updates: _shortest(lambda kind: bool((updates.to(kind) != 0).all())),  # noqa: ARG005
            "The format can represent the updates. But can it represent the *sums*?",
        ),
        Mistake(
            lambda weights, updates: _shortest(
                lambda kind: bool(_moved(torch.ones_like(weights), updates, kind).all())
            ),
            "You judge the updates alone. The larger a weight, the wider the gaps around it.",
        ),
        Mistake(
            lambda weights, updates: "float64",  # noqa: ARG005
            "That is the safest format. Is a shorter one enough?",
        ),
    ),
    hint="Convert the weights, subtract the updates in that format, and see which weights have changed.",
    praise="The rate decides as well: a tenth of it needs three or four binary digits more.",
    solution=(
        "import torch\n\n\n"
        "def shortest_format(weights, updates):\n"
        "    for name in ('bfloat16', 'float32', 'float64'):\n"
        "        before = weights.to(getattr(torch, name))\n"
        "        if (before - updates.to(before.dtype) != before).all():\n"
        "            return name"
    ),
)
