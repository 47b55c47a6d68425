"""What there is to do in each lesson: read from its notebook and its labs."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from optlab.course import labs
from optlab.course.minutes import cells_of
from optlab.course.notebooks import own_course
from optlab.course.reading import in_order
from optlab.live.goals import Goal
from optlab.live.noted import goal_key

__all__ = ["Outline", "goals_of", "outline", "outlines", "unmarked"]


@dataclass(frozen=True)
class Outline:
    """What one notebook asks of a learner.

    Args:
        title: its heading, up to the colon.
        file: its file name.
        goals: the keys of its labs' goals.
        questions: the questions of its predictions, without their marks of emphasis.
        checkpoints: the names of its exercises.
    """

    title: str
    file: str
    goals: tuple[str, ...]
    questions: tuple[str, ...]
    checkpoints: tuple[str, ...]


def outlines() -> list[Outline]:
    """The outline of every notebook, in the order of reading.

    Example:
        >>> outlines()[0].title
        '00 Start here'
    """
    return [outline(file) for file in in_order(own_course().glob("*.ipynb"))]


def outline(file: Path) -> Outline:
    """Read what a notebook asks of a learner.

    Args:
        file: a notebook of the course.

    Returns:
        Its outline; the goals are those of the labs in its lesson's folder.
    """
    cells = cells_of(file)
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    number, lesson = re.fullmatch(r"(\d+(?:_\d+)?)_(.*)", file.stem).groups()  # type: ignore[union-attr]
    heading = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ").partition(":")[0]
    number = number.replace("_", ".")
    return Outline(
        title=heading if heading.startswith(number) else f"{number} {heading}",
        file=file.name,
        goals=tuple(goal_key(lab, text) for lab in labs.names_of(lesson) for text in goals_of(lab)),
        questions=tuple(map(unmarked, _first_arguments(code, "predict"))),
        checkpoints=tuple(_first_arguments(code, "checkpoint")),
    )


def unmarked(question: str) -> str:
    """A question without its marks of emphasis.

    Example:
        >>> unmarked("Which needs the fewest *epochs*?")
        'Which needs the fewest epochs?'
    """
    return question.replace("*", "")


def goals_of(lab: str) -> list[str]:
    """The goals of a lab, in words, without making the lab: those that its module declares.

    Args:
        lab: the lab's name.

    Returns:
        The texts of its tuple of goals; `GOAL_TEXTS` where goals are made with the lab.

    Example:
        >>> goals_of("point_lab")
        ['loss under 0.08']
    """
    module = _module_of(lab)
    found = [value for value in vars(module).values() if _are_goals(value)]
    return [goal.text for goal in max(found, key=len)] if found else [*getattr(module, "GOAL_TEXTS", ())]


def _module_of(lab: str) -> ModuleType:
    return importlib.import_module(labs.module_of(lab))


def _are_goals(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, Goal) for one in value)


def _first_arguments(cells: list[str], function: str) -> Iterator[str]:
    """The text that a function is first called with, in every call of it."""
    for cell in cells:
        if f"{function}(" not in cell:
            continue
        for call in ast.walk(ast.parse(cell)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"checks.{function}":
                yield str(ast.literal_eval(call.args[0]))
