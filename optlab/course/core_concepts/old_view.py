"""What the labs on the petals' surface share: its picture."""

from __future__ import annotations

from optlab.course.common.old_paths import View
from optlab.course.core_concepts.line import least_squares, optimality_gap, petals

__all__ = ["BOX", "view_of"]

BOX = (-0.6, 2.6, -0.6, 2.1)
"""The part of the plane that every picture of this surface shows."""


def view_of(l2: float = 0.0) -> View:
    """The surface for one λ, its minimum marked."""
    x, y = petals()
    return View(optimality_gap(x, y, l2), BOX, [tuple(least_squares(x, y, l2)[0].tolist())])
