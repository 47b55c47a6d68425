"""The ready-made labs of the course, one function each."""

from optlab.labs.descent import descent_lab, surface_lab
from optlab.labs.first import first_lab
from optlab.labs.momentum import momentum_lab
from optlab.labs.training import IRIS_GOALS, training_lab

__all__ = ["IRIS_GOALS", "descent_lab", "first_lab", "momentum_lab", "surface_lab", "training_lab"]
