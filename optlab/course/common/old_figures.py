"""Panels: matplotlib figures that are built once and then updated from a result."""

from optlab.course.common.old_clouds import CloudView, GapCurves, GapOverRates
from optlab.course.common.old_curves import LossCurves, RateCurve
from optlab.course.common.old_panel import Panel, film_of
from optlab.course.common.old_paths import Curve, DescentLoss, SurfacePath, View

__all__ = [
    "CloudView",
    "Curve",
    "DescentLoss",
    "GapCurves",
    "GapOverRates",
    "LossCurves",
    "Panel",
    "RateCurve",
    "SurfacePath",
    "View",
    "film_of",
]
