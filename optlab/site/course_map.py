"""The course's map: for each lesson its question, how long it takes, and what there is to do."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

__all__ = ["course_map", "minutes"]

WORDS_A_MINUTE, A_LAB, A_PREDICTION, A_CHECKPOINT = 200, 3, 1, 8
LEVELS = {"00": "no maths", "02": "derivatives", "03": "derivatives", "04": "some Python"}
USUAL_LEVEL = "after section 4"
HEAD = "| lesson | its question | minutes | needs | labs |\n|---|---|---|---|---|\n"


def course_map(files: Sequence[Path]) -> str:
    """The map as a table in Markdown.

    Args:
        files: the notebooks.
    """
    return HEAD + "".join(_row(file) for file in files)


def _row(file: Path) -> str:
    texts, code = _parts(file)
    heading, _, question = texts[0].splitlines()[0].lstrip("# ").partition(": ")
    asked = question or "what a lab is, and how to play one"
    level = LEVELS.get(file.stem[:2], USUAL_LEVEL)
    return f"| [{heading}]({file.name}) | {asked} | {minutes(texts, code)} | {level} | {_labs(code)} |\n"


def minutes(texts: Sequence[str], code: str) -> int:
    """How long a lesson takes, to five minutes: reading, and some time at each thing to do.

    Args:
        texts: its prose.
        code: its code.

    Example:
        >>> minutes(["word " * 2000], "labs.cloud_lab()")
        15
    """
    words = sum(len(text.split()) for text in texts)
    tasks = A_PREDICTION * code.count("checks.predict(") + A_CHECKPOINT * code.count("checks.checkpoint(")
    return 5 * round((words / WORDS_A_MINUTE + A_LAB * _labs(code) + tasks) / 5)


def _labs(code: str) -> int:
    return len(set(re.findall(r"labs\.(\w+_lab)\(", code)))


def _parts(file: Path) -> tuple[list[str], str]:
    cells = json.loads(file.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return texts, "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
