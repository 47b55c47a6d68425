"""What the notebooks use as `from optlab import checks`: `checks.predict` and `checks.checkpoint`.

Example:
    >>> from optlab import checks
    >>> checks.predict("Which is larger?", ["2³", "3²"], answer="3²", because="3² is 9, and 2³ is 8.")
    Prediction: not answered yet
"""

from optlab.course.checkpoint import Verdict, checkpoint, judge
from optlab.live.predict import Prediction, predict

__all__ = ["Prediction", "Verdict", "checkpoint", "judge", "predict"]
