"""The ready-made labs of the course, one function each."""

from optlab.labs.algorithms import optimizer_lab
from optlab.labs.batches import batch_lab, noise_lab, scaling_lab
from optlab.labs.cluster import data_parallel_lab, local_sgd_lab
from optlab.labs.data import augmentation_lab, imbalance_lab, preprocessing_lab
from optlab.labs.decay import decay_lab, sums_lab
from optlab.labs.descent import descent_lab, surface_lab
from optlab.labs.differences import difference_lab
from optlab.labs.first import first_lab
from optlab.labs.hardware import compile_lab, precision_lab, roofline_lab
from optlab.labs.line import bend_lab, falling_rate_lab, point_lab, two_ways_lab
from optlab.labs.momentum import momentum_lab
from optlab.labs.moons import moons_lab
from optlab.labs.orders import order_lab
from optlab.labs.parabola import parabola_lab
from optlab.labs.questions import cost_lab, deploy_lab, lemma_lab
from optlab.labs.race import race_lab
from optlab.labs.shrinkage import shrinkage_lab
from optlab.labs.signals import layers_lab
from optlab.labs.stochastic import cloud_lab, shrink_lab
from optlab.labs.stopping import stopping_lab
from optlab.labs.structure import merging_lab, pruning_lab, shape_lab
from optlab.labs.theory import edge_lab, edge_runs, promises_lab
from optlab.labs.training import IRIS_GOALS, training_lab
from optlab.labs.trends import adaptive_lab, rivals_lab, units_lab
from optlab.labs.weight_decay import weight_decay_lab

__all__ = [
    "IRIS_GOALS",
    "adaptive_lab",
    "augmentation_lab",
    "batch_lab",
    "bend_lab",
    "cloud_lab",
    "compile_lab",
    "cost_lab",
    "data_parallel_lab",
    "decay_lab",
    "deploy_lab",
    "descent_lab",
    "difference_lab",
    "edge_lab",
    "edge_runs",
    "falling_rate_lab",
    "first_lab",
    "imbalance_lab",
    "layers_lab",
    "lemma_lab",
    "local_sgd_lab",
    "merging_lab",
    "momentum_lab",
    "moons_lab",
    "noise_lab",
    "optimizer_lab",
    "order_lab",
    "parabola_lab",
    "point_lab",
    "precision_lab",
    "preprocessing_lab",
    "promises_lab",
    "pruning_lab",
    "race_lab",
    "rivals_lab",
    "roofline_lab",
    "scaling_lab",
    "shape_lab",
    "shrink_lab",
    "shrinkage_lab",
    "stopping_lab",
    "sums_lab",
    "surface_lab",
    "training_lab",
    "two_ways_lab",
    "units_lab",
    "weight_decay_lab",
]
