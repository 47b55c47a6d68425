"""The ready-made labs of the course, one function each."""

from optlab.labs.training import training_lab

__all__ = ["training_lab"]
