"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.programs.adaptive import adaptive_program, units_program
from optlab.programs.cluster import data_parallel_program, local_sgd_program
from optlab.programs.core_concepts import (
    bend_program,
    difference_program,
    falling_rate_program,
    layers_program,
    parabola_program,
    point_program,
    two_ways_program,
)
from optlab.programs.decay import decay_program, sums_program
from optlab.programs.descent import ravine_program, surface_program
from optlab.programs.hardware import compile_program, roofline_program
from optlab.programs.questions import cost_program, deploy_program, lemma_program
from optlab.programs.race import race_program
from optlab.programs.regularization import (
    moons_program,
    shrinkage_program,
    stopping_program,
    weight_decay_program,
)
from optlab.programs.stochastic import cloud_program, order_program, shrink_program
from optlab.programs.structure import pruning_program, shape_program
from optlab.programs.training import training_program
from optlab.programs.trends import edge_program, promises_program, rivals_program

__all__ = [
    "adaptive_program",
    "bend_program",
    "cloud_program",
    "compile_program",
    "cost_program",
    "data_parallel_program",
    "decay_program",
    "deploy_program",
    "difference_program",
    "edge_program",
    "falling_rate_program",
    "layers_program",
    "lemma_program",
    "local_sgd_program",
    "moons_program",
    "order_program",
    "parabola_program",
    "point_program",
    "promises_program",
    "pruning_program",
    "race_program",
    "ravine_program",
    "rivals_program",
    "roofline_program",
    "shape_program",
    "shrink_program",
    "shrinkage_program",
    "stopping_program",
    "sums_program",
    "surface_program",
    "training_program",
    "two_ways_program",
    "units_program",
    "weight_decay_program",
]
