"""How often a claim of the course holds: each is tried on several seeds and at several training lengths.

    PYTHONPATH=tests python -m robust                    all lessons
    PYTHONPATH=tests python -m robust 01 --seeds 8       one lesson, more seeds

A lesson's claims are in `tests/course/<lesson>/<lesson>_claims.py`. Each is a function of a seed and of a
length, as a multiple of the length in the notebook, and says whether the claim holds there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
LENGTHS = (0.5, 1.0, 2.0)
SEEDS = 5
USUALLY = 0.9
"""The share of seeds on which a claim has to hold, unless it says another."""


@dataclass(frozen=True)
class Claim:
    """A sentence of a notebook that chance could break.

    Args:
        lesson: the notebook's number, such as `"03.1"`.
        says: the sentence.
        holds: whether it is true, from a seed and a length.
        lengths: the lengths at which it is claimed, 1 being the notebook's.
        at_least: the share of seeds on which it has to hold; below `USUALLY` the notebook must say so.
    """

    lesson: str
    says: str
    holds: Callable[[int, float], bool]
    lengths: tuple[float, ...] = LENGTHS
    at_least: float = USUALLY

    def share(self, seeds: Sequence[int], length: float) -> float:
        """The share of these seeds on which it holds."""
        return sum(bool(self.holds(seed, length)) for seed in seeds) / len(seeds)


CLAIMS: list[Claim] = []


def claim(lesson: str, says: str, **options: Any) -> Callable:
    """Note the function below it as a claim; options as in `Claim`."""

    def noted(holds: Callable[[int, float], bool]) -> Callable[[int, float], bool]:
        CLAIMS.append(Claim(lesson, says, holds, **options))
        return holds

    return noted


def claims(lesson: str = "") -> list[Claim]:
    """All claims, or one lesson's."""
    for path in sorted((HERE / "course").glob("*/*_claims.py")):
        if path.stem not in sys.modules:
            module = sys.modules[path.stem] = ModuleType(path.stem)
            SourceFileLoader(path.stem, str(path)).exec_module(module)
    return [one for one in CLAIMS if one.lesson.startswith(lesson)]


def main(words: Sequence[str] | None = None) -> int:
    """Print the share of seeds on which each claim holds, at each length.

    Returns:
        How many claims hold less often than they say.
    """
    reader = argparse.ArgumentParser(prog="python -m robust", description="how often each claim holds")
    reader.add_argument("lesson", nargs="?", default="", help="a notebook's number, such as 03.1")
    reader.add_argument("--seeds", type=int, default=SEEDS)
    asked = reader.parse_args(words)
    print("lesson " + " ".join(f"  × {length:<4g}" for length in LENGTHS) + " claim")  # noqa: T201
    weak = 0
    for one in sorted(claims(asked.lesson), key=lambda one: one.lesson):
        shares = {length: one.share(range(asked.seeds), length) for length in one.lengths}
        cells = " ".join(f"{shares[k]:7.0%} " if k in shares else " " * 8 for k in LENGTHS)
        low = min(shares.values()) < one.at_least
        weak += low
        print(f"{one.lesson:6s} {cells} {one.says}{' (LESS THAN IT SAYS)' * low}", flush=True)  # noqa: T201
    return weak


if __name__ == "__main__":
    from robust import main as same  # the claims import this module by its name

    sys.exit(same())
