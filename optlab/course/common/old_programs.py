"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.course.common.old_training_program import training_program
from optlab.course.learning_rate_decay.old_decay_programs import decay_program, sums_program
from optlab.course.learning_rate_decay.old_race_programs import race_program

__all__ = [
    "decay_program",
    "race_program",
    "sums_program",
    "training_program",
]
