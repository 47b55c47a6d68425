"""The course's exercises, one for each notebook; `optlab.checks.checkpoint` judges answers to them."""

from optlab.course.background.exercise import BALANCED_WEIGHTS
from optlab.course.batch_gradient_descent.exercise import BATCH_EPOCH
from optlab.course.common.exercise import Exercise, Mistake
from optlab.course.core_concepts.exercise import NUMERIC_GRADIENT
from optlab.course.faq.exercise import ROUND_TRIP
from optlab.course.gradient_descent.exercise import DESCENT
from optlab.course.learning_rate_decay.exercise import DECAYED_RATE
from optlab.course.regularization.exercise import SOFT_THRESHOLD
from optlab.course.stochastic_gradient_descent.exercise import AVERAGED_SGD
from optlab.course.trends.exercise import LION_STEP
from optlab.course.worked_example.exercise import L2_STEP

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
