"""Panels: matplotlib figures that are built once and then updated from a result."""

from optlab.figures.curves import LossCurves, RateCurve
from optlab.figures.panel import Panel

__all__ = ["LossCurves", "Panel", "RateCurve"]
