"""What the notebooks use as `from optlab import checks`: `checks.predict` and `checks.checkpoint`."""

from optlab.course.checkpoint import Verdict, checkpoint, judge
from optlab.live.predict import Prediction, predict

__all__ = ["Prediction", "Verdict", "checkpoint", "judge", "predict"]
