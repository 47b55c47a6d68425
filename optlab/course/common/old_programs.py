"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.course.common.old_training_program import training_program
from optlab.course.learning_rate_decay.old_decay_programs import decay_program, sums_program
from optlab.course.learning_rate_decay.old_race_programs import race_program
from optlab.course.stochastic_gradient_descent.old_programs import (
    cloud_program,
    order_program,
    shrink_program,
)
from optlab.course.trends.old_adaptive_programs import adaptive_program, units_program
from optlab.course.trends.old_cluster_programs import data_parallel_program, local_sgd_program
from optlab.course.trends.old_hardware_programs import compile_program
from optlab.course.trends.old_programs import edge_program, promises_program, rivals_program

__all__ = [
    "adaptive_program",
    "cloud_program",
    "compile_program",
    "data_parallel_program",
    "decay_program",
    "edge_program",
    "local_sgd_program",
    "order_program",
    "promises_program",
    "race_program",
    "rivals_program",
    "shrink_program",
    "sums_program",
    "training_program",
    "units_program",
]
