"""The numbers of a page beside those that the kernel computed for the same settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from optlab.live.packing import COARSE, EXACT
from optlab.site.drawn import KEPT, difference, numbers_in

__all__ = ["Compared", "compare"]

APART = 8
"""So many times as far as two runs are from each other a third may be from one of them."""
SHOWN_AT = (Path(__file__).parent / "js" / "shown_at.js").read_text("utf-8")


@dataclass
class Compared:
    """How a page's numbers compare.

    Args:
        settings: how many settings were looked at.
        numbers: how many numbers they show.
        off: the largest difference of two numbers that should be equal, as a part of the number.
        apart: how many of the settings have numbers that the kernel itself does not give twice.
    """

    settings: int = 0
    numbers: int = 0
    off: float = 0.0
    apart: int = 0

    def __str__(self) -> str:
        """In a few words."""
        words = f"{self.numbers:,} numbers of {self.settings} settings off by {self.off:.1g} at most"
        return f"{words} ({self.apart} more as far as two runs are)" if self.apart else words


def compare(page: Any, computed: Path, problems: list[str]) -> Compared:
    """Bring each lab of a page to some settings by a link, and compare its numbers and words.

    Args:
        page: of a browser, every lab of it alive.
        computed: a file of what `drawn.drawn` gave, by model.
        problems: takes what is not equal, in words.

    Returns:
        How much was compared.
    """
    found = Compared()
    for model, lab in json.loads(computed.read_text("utf-8")).items():
        view = page.locator(f".optlab-view[data-model='{model}']").first
        for k, (slot, state) in enumerate(zip(lab["slots"], lab["states"], strict=True)):
            fragment = f"#{lab['name']}:{quote(state)}" if lab["name"] else ""
            shown = page.evaluate(SHOWN_AT, [view.element_handle(), fragment, slot, lab["stops"][k]])
            wanted = [(of[k], labels[k]) for of, labels in zip(lab["numbers"], lab["labels"], strict=True)]
            words = _different(shown, wanted, lab["spread"][k], found)
            problems += [f"{lab['name'] or model} at {state!r}: {one}" for one in words]
    return found


def _different(shown: list[Any], wanted: list[tuple[str, str]], spread: float, found: Compared) -> list[str]:
    if len(shown) != len(wanted) or None in shown:
        return ["a figure does not show it"]
    found.settings += not spread
    found.apart += bool(spread)
    problems = []
    for one, (numbers, label) in zip(shown, wanted, strict=True):
        computed = numbers_in(numbers)
        off = min(difference(numbers_in(one["numbers"]), computed, kept) for kept in (COARSE, EXACT))
        if not spread:
            found.numbers += computed.size
            found.off = max(found.off, off)
        if off > max(KEPT, APART * spread):
            problems.append(f"a number is off by {off:.2g}")
        if one["label"] != label and not spread:
            problems.append(f"it says {one['label']!r}, the kernel {label!r}")
    return problems
