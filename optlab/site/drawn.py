"""Some settings of each lab, run once more: the numbers that its page is held to."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.live.drawing import draw
from optlab.live.figure import LiveFigure
from optlab.live.frames import Frames
from optlab.live.lab import Lab
from optlab.live.packing import COARSE, EXACT, rounded, unpack
from optlab.live.state import State, write_state

__all__ = ["DRAWN", "as_text", "difference", "drawn", "numbers_in"]

DRAWN = "drawn.json"
"""The file of these, beside a notebook that has run; it is no part of the site."""

COUNT = 20
"""Settings of each lab."""
KEPT = 2.0**-16 * (1 + 2.0**-6)
"""What rounding may take of a number, as a part of it: see `live.packing`."""


def drawn(lab: Lab, count: int = COUNT) -> dict[str, Any]:
    """What a lab shows at some settings, of runs made for this alone.

    Args:
        lab: the lab.
        count: how many settings.

    Returns:
        `slots`, their `states` and `stops` (of sliders with several), and for each of the lab's figures and
        each of these settings `numbers`, see `as_text`, and `labels`. Which settings these are depends on the
        lab's name only. `spread` is 0, but where the kernel's own numbers depend on which settings are run
        together, as rounding grows in a run that diverges: there it is by how much.
    """
    size = lab.grid.size
    slots = sorted(random.Random(lab.name).sample(range(size), min(count, size)))  # noqa: S311  (no secret)
    frames = _run(lab, slots)
    several = [k for k, param in enumerate(lab.grid.params) if len(param.values) > 1]
    return {
        "slots": slots,
        "states": [write_state(lab.grid, State(slot)) for slot in slots],
        "stops": [[lab.grid.indices(slot)[k] for k in several] for slot in slots],
        "spread": _spreads(lab, slots, frames),
        "numbers": [[as_text(row) for row in part.values] for part in frames],
        "labels": [list(part.labels) for part in frames],
    }


def _run(lab: Lab, slots: Sequence[int]) -> list[Frames]:
    return draw(lab.plots, lab.goals, lab.source.run(lab.grid.settings(slots)))


def _spreads(lab: Lab, slots: Sequence[int], frames: Sequence[Frames]) -> list[float]:
    """For each setting by how much a run of it alone differs from one among others, where its page's does."""
    on_page = [_on_page(figure, slots) for figure in lab.figures]
    spreads = [0.0] * len(slots)
    for k, slot in enumerate(slots):
        pairs = [(part, page[k]) for part, page in zip(frames, on_page, strict=True)]
        same = [label == p.labels[k] and difference(row, p.values[k]) <= KEPT for p, (row, label) in pairs]
        if all(same):
            continue
        alone = zip(_run(lab, [slot]), frames, strict=True)
        spreads[k] = max(KEPT, *(difference(one.values[0], part.values[k], EXACT) for one, part in alone))
    return spreads


def _on_page(figure: LiveFigure, slots: Sequence[int]) -> list[tuple[np.ndarray, str]]:
    """What a figure has sent for some settings: numbers and words."""
    places = figure.places_of(slots)
    found: dict[int, tuple[np.ndarray, str]] = {}
    for page in figure.pages:
        values, header = unpack(page.packed)
        found |= {
            place: (values[row], header["labels"][row])
            for row, place in enumerate(header["slots"])
            if place in places
        }
    return [found[place] for place in places]


def as_text(values: np.ndarray) -> str:
    """Numbers as text, bit for bit.

    Args:
        values: float32.

    Example:
        >>> numbers_in(as_text(np.array([0.5, np.nan], "<f4"))).tolist()
        [0.5, nan]
    """
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def numbers_in(text: str) -> np.ndarray:
    """The other way round.

    Args:
        text: what `as_text` gave.
    """
    return np.frombuffer(base64.b64decode(text), "<f4")


def difference(found: np.ndarray, computed: np.ndarray, kept: int = COARSE) -> float:
    """How far numbers of a page are from those that the kernel computes.

    Args:
        found: on the page.
        computed: by the kernel, not rounded.
        kept: how many bytes of each number travel.

    Returns:
        The largest difference as a part of its number: 0 where all are equal, bit for bit, once the kernel's
        are rounded as a frame's are; infinite where there is a gap in one and not in the other.

    Example:
        >>> difference(np.float32([1, np.nan]), np.float32([1.000001, np.nan]))
        0.0
        >>> round(difference(np.float32([1, 2]), np.float32([1.01, 2])), 4)
        0.0099
    """
    wanted = rounded(computed) if kept == COARSE else np.asarray(computed, "<f4")
    if found.shape != wanted.shape:
        return float("inf")
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        off = np.abs(found.astype(float) - computed) / np.abs(computed.astype(float))
    return float(np.where(same, 0.0, np.nan_to_num(off, nan=np.inf)).max(initial=0.0))
