"""`from optlab import checks`: what the notebooks use as `predict`, `show_me` and `checkpoint`.

Example:
    >>> from optlab import checks
    >>> checks.predict("Which is larger?", ["2³", "3²"], answer="3²", because="3² is 9, and 2³ is 8.")
    Prediction: not answered yet
"""

from optlab.course.checkpoint import Verdict, checkpoint, judge
from optlab.live.predict import Prediction, predict
from optlab.live.show_me import ShowMe, show_me

__all__ = ["Prediction", "ShowMe", "Verdict", "checkpoint", "judge", "predict", "show_me"]
