"""optlab: an interactive course on deep-learning optimisation, and the library under it.

The public names are loaded when they are first asked for: importing this package loads neither torch nor
matplotlib, and a name loads no more than its own room.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from optlab.course.progress import progress
    from optlab.engine.analysis.descend import descend
    from optlab.engine.data.dataset import Dataset
    from optlab.engine.data.from_arrays import from_arrays
    from optlab.engine.data.iris import iris_pair
    from optlab.engine.models.mlp import MLP
    from optlab.engine.sweeps.sweep import sweep
    from optlab.engine.training.callbacks import Callback, EarlyStopping, PrintLosses, Progress
    from optlab.engine.training.history import History
    from optlab.engine.training.train import train
    from optlab.live.figure import LiveFigure
    from optlab.live.goals import Goal
    from optlab.live.lab import Lab
    from optlab.live.plots.films import Film
    from optlab.live.plots.plot import Plot
    from optlab.live.program import Program
    from optlab.live.source import Lazy, Table
    from optlab.live.values import each
    from optlab.params import Grid, Param, grid
    from optlab.record import Record, shared

PUBLIC = {
    "Callback": "optlab.engine.training.callbacks",
    "Dataset": "optlab.engine.data.dataset",
    "EarlyStopping": "optlab.engine.training.callbacks",
    "Film": "optlab.live.plots.films",
    "Goal": "optlab.live.goals",
    "Grid": "optlab.params",
    "History": "optlab.engine.training.history",
    "Lab": "optlab.live.lab",
    "Lazy": "optlab.live.source",
    "LiveFigure": "optlab.live.figure",
    "MLP": "optlab.engine.models.mlp",
    "Param": "optlab.params",
    "Plot": "optlab.live.plots.plot",
    "PrintLosses": "optlab.engine.training.callbacks",
    "Program": "optlab.live.program",
    "Progress": "optlab.engine.training.callbacks",
    "Record": "optlab.record",
    "Table": "optlab.live.source",
    "descend": "optlab.engine.analysis.descend",
    "each": "optlab.live.values",
    "from_arrays": "optlab.engine.data.from_arrays",
    "grid": "optlab.params",
    "iris_pair": "optlab.engine.data.iris",
    "progress": "optlab.course.progress",
    "shared": "optlab.record",
    "sweep": "optlab.engine.sweeps.sweep",
    "train": "optlab.engine.training.train",
}
"""Each public name and the module that defines it."""

LESSONS = {"checks": "optlab.course.checks", "labs": "optlab.course.labs"}
"""The modules that every notebook of the course uses."""

__all__ = [
    "MLP",
    "Callback",
    "Dataset",
    "EarlyStopping",
    "Film",
    "Goal",
    "Grid",
    "History",
    "Lab",
    "Lazy",
    "LiveFigure",
    "Param",
    "Plot",
    "PrintLosses",
    "Program",
    "Progress",
    "Record",
    "Table",
    "checks",
    "descend",
    "each",
    "from_arrays",
    "grid",
    "iris_pair",
    "labs",
    "progress",
    "shared",
    "sweep",
    "train",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name in LESSONS:
        return importlib.import_module(LESSONS[name])
    if name not in PUBLIC:
        raise AttributeError(f"module 'optlab' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(PUBLIC[name]), name)
    return value


def __dir__() -> list[str]:
    return list(__all__)
