"""The ready-made labs of the course, one function each."""

from optlab.labs.descent import descent_lab, surface_lab
from optlab.labs.differences import difference_lab
from optlab.labs.first import first_lab
from optlab.labs.line import bend_lab, falling_rate_lab, point_lab, two_ways_lab
from optlab.labs.momentum import momentum_lab
from optlab.labs.parabola import parabola_lab
from optlab.labs.signals import layers_lab
from optlab.labs.training import training_lab

__all__ = [
    "bend_lab",
    "descent_lab",
    "difference_lab",
    "falling_rate_lab",
    "first_lab",
    "layers_lab",
    "momentum_lab",
    "parabola_lab",
    "point_lab",
    "surface_lab",
    "training_lab",
    "two_ways_lab",
]
