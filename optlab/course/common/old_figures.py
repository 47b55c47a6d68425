"""Panels: matplotlib figures that are built once and then updated from a result."""

from optlab.course.common.old_curves import LossCurves, RateCurve
from optlab.course.common.old_panel import Panel, film_of

__all__ = [
    "LossCurves",
    "Panel",
    "RateCurve",
    "film_of",
]
