"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.course.common.old_training_program import training_program

__all__ = [
    "training_program",
]
