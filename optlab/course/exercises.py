"""The exercises of the course, found in the lessons' folders: `DESCENT` of an `exercise.py` is "descent"."""

from __future__ import annotations

import importlib
from pathlib import Path

from optlab.course.common.exercise import Exercise, Mistake

__all__ = ["EXERCISES", "Exercise", "Mistake"]

MODULES = [
    importlib.import_module(f"optlab.course.{file.parent.name}.exercise")
    for file in sorted(Path(__file__).parent.glob("*/exercise.py"))
]
EXERCISES: dict[str, Exercise] = {
    name.lower(): value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Exercise)
}
