"""The ready-made labs of the course, one function each."""

from optlab.labs.descent import descent_lab, surface_lab
from optlab.labs.first import first_lab
from optlab.labs.momentum import momentum_lab
from optlab.labs.orders import order_lab
from optlab.labs.stochastic import cloud_lab, shrink_lab
from optlab.labs.training import IRIS_GOALS, training_lab

__all__ = [
    "IRIS_GOALS",
    "cloud_lab",
    "descent_lab",
    "first_lab",
    "momentum_lab",
    "order_lab",
    "shrink_lab",
    "surface_lab",
    "training_lab",
]
