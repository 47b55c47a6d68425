"""Panels: matplotlib figures that are built once and then updated from a result."""

from optlab.figures.clouds import CloudView, GapCurves, GapOverRates
from optlab.figures.curves import LossCurves, RateCurve
from optlab.figures.panel import Panel, film_of
from optlab.figures.paths import Curve, DescentLoss, SurfacePath, View
from optlab.figures.phases import PhaseDiagram

__all__ = [
    "CloudView",
    "Curve",
    "DescentLoss",
    "GapCurves",
    "GapOverRates",
    "LossCurves",
    "Panel",
    "PhaseDiagram",
    "RateCurve",
    "SurfacePath",
    "View",
    "film_of",
]
