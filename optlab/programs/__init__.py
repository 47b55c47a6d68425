"""A lab's setting as a complete program in plain PyTorch, one function for each kind of lab."""

from optlab.programs.descent import ravine_program, surface_program
from optlab.programs.regularization import (
    decay_program,
    moons_program,
    shrinkage_program,
    stopping_program,
)
from optlab.programs.training import training_program

__all__ = [
    "decay_program",
    "moons_program",
    "ravine_program",
    "shrinkage_program",
    "stopping_program",
    "surface_program",
    "training_program",
]
