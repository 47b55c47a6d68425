"""optlab: the training primitives of an interactive course on deep-learning optimisation.

Importing this package loads torch and nothing that draws: figures, controls and labs are in
`optlab.figures`, `optlab.live`, `optlab.controls` and `optlab.lab`.
"""

from optlab.callbacks import Callback, EarlyStopping, PrintLosses, Progress
from optlab.data import Dataset, from_arrays, iris_pair
from optlab.descent import descend
from optlab.history import History
from optlab.models import MLP
from optlab.params import Box, Param, grid
from optlab.training import train

__all__ = [
    "MLP",
    "Box",
    "Callback",
    "Dataset",
    "EarlyStopping",
    "History",
    "Param",
    "PrintLosses",
    "Progress",
    "descend",
    "from_arrays",
    "grid",
    "iris_pair",
    "train",
]
