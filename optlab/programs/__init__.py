"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.programs.descent import ravine_program, surface_program
from optlab.programs.stochastic import cloud_program, order_program, shrink_program
from optlab.programs.training import training_program

__all__ = [
    "cloud_program",
    "order_program",
    "ravine_program",
    "shrink_program",
    "surface_program",
    "training_program",
]
