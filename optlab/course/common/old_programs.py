"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.course.common.old_training_program import training_program
from optlab.course.learning_rate_decay.old_decay_programs import decay_program, sums_program
from optlab.course.learning_rate_decay.old_race_programs import race_program
from optlab.course.stochastic_gradient_descent.old_programs import (
    cloud_program,
    order_program,
    shrink_program,
)

__all__ = [
    "cloud_program",
    "decay_program",
    "order_program",
    "race_program",
    "shrink_program",
    "sums_program",
    "training_program",
]
