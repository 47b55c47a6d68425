"""The course's exercises, one file for each notebook; `optlab.checks.checkpoint` judges answers to them."""

from optlab.exercises.exercise import Exercise, Mistake
from optlab.exercises.gradient_descent import DESCENT
from optlab.exercises.regularization import SOFT_THRESHOLD
from optlab.exercises.worked_example import L2_STEP

__all__ = ["EXERCISES", "Exercise", "Mistake"]

EXERCISES: dict[str, Exercise] = {
    "descent": DESCENT,
    "soft_threshold": SOFT_THRESHOLD,
    "l2_step": L2_STEP,
}
"""Every exercise by the name of the function to write, in the order of the course."""
