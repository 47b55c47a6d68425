"""The course's exercises, one file for each notebook; `optlab.checks.checkpoint` judges answers to them."""

from optlab.exercises.background import BALANCED_WEIGHTS
from optlab.exercises.batch_gradient_descent import BATCH_EPOCH
from optlab.exercises.core_concepts import NUMERIC_GRADIENT
from optlab.exercises.exercise import Exercise, Mistake
from optlab.exercises.gradient_descent import DESCENT
from optlab.exercises.learning_rate_decay import DECAYED_RATE
from optlab.exercises.questions import ROUND_TRIP
from optlab.exercises.regularization import SOFT_THRESHOLD
from optlab.exercises.stochastic_gradient_descent import AVERAGED_SGD
from optlab.exercises.trends import LION_STEP
from optlab.exercises.worked_example import L2_STEP

__all__ = ["EXERCISES", "Exercise", "Mistake"]

EXERCISES: dict[str, Exercise] = {
    "balanced_weights": BALANCED_WEIGHTS,
    "numeric_gradient": NUMERIC_GRADIENT,
    "descent": DESCENT,
    "batch_epoch": BATCH_EPOCH,
    "averaged_sgd": AVERAGED_SGD,
    "decayed_rate": DECAYED_RATE,
    "soft_threshold": SOFT_THRESHOLD,
    "l2_step": L2_STEP,
    "lion_step": LION_STEP,
    "round_trip": ROUND_TRIP,
}
"""Every exercise by the name of the function to write, in the order of the course."""
