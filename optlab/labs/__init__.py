"""The ready-made labs of the course, one function each."""

from optlab.labs.descent import descent_lab, surface_lab
from optlab.labs.first import first_lab
from optlab.labs.momentum import momentum_lab
from optlab.labs.moons import moons_lab
from optlab.labs.shrinkage import shrinkage_lab
from optlab.labs.stopping import stopping_lab
from optlab.labs.training import IRIS_GOALS, training_lab
from optlab.labs.weight_decay import weight_decay_lab

__all__ = [
    "IRIS_GOALS",
    "descent_lab",
    "first_lab",
    "momentum_lab",
    "moons_lab",
    "shrinkage_lab",
    "stopping_lab",
    "surface_lab",
    "training_lab",
    "weight_decay_lab",
]
