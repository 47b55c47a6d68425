"""What a program prints, as numbers with names: the format of every `*_program.py`.

A line holds pairs of a name and a number; two spaces part the pairs:

    epoch 12  training loss 0.21  test loss 0.19

What does not end in a number is for the reader alone.
"""

from __future__ import annotations

import re

__all__ = ["read"]

GAP = re.compile(r"\s{2,}")


def read(text: str) -> list[dict[str, float]]:
    r"""The numbers of every line, by name.

    Args:
        text: what a program has printed.

    Returns:
        One dict for each line that has a number, in order; lines without any are left out.

    Example:
        >>> read("epoch 0  training loss 2.5\nthat was all")
        [{'epoch': 0.0, 'training loss': 2.5}]
    """
    rows = (_pairs(line) for line in text.splitlines())
    return [row for row in rows if row]


def _pairs(line: str) -> dict[str, float]:
    row = {}
    for part in GAP.split(line.strip()):
        name, _, word = part.rpartition(" ")
        try:
            row[name] = float(word)
        except ValueError:
            continue
        if not name:
            del row[name]
    return row
