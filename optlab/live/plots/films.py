"""Film: what the steps of a run are."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Film"]


@dataclass(frozen=True)
class Film:
    """What the steps of a run are, for the film that draws it step by step.

    Args:
        unit: what one step is: "epoch", "step".
        first: the step that the first point of a growing line belongs to.
        every: how many steps there are from one point to the next.

    Example:
        >>> Film("epoch", first=1)  # of a curve that begins after the first epoch
        Film(unit='epoch', first=1, every=1)
    """

    unit: str
    first: int = 0
    every: int = 1
