"""The course's map, in the order of reading: each lesson's question, minutes, needs and number of labs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.minutes import cells_of, content
from optlab.course.reading import in_order, number_of

__all__ = ["course_map", "title_of", "toctree"]

LEVELS = {"00": "no maths", "02": "derivatives", "03": "derivatives", "04": "some Python", "07": "the course"}
USUAL_LEVEL = "section 4"
HEAD = "| | lesson | its question | min | needs | labs |\n|---|---|---|---|---|---|\n"


def course_map(files: Sequence[Path], folder: str = "") -> str:
    """The map as a table in Markdown.

    Args:
        files: the notebooks.
        folder: where they are, as seen from the page; empty or ending in `/`.
    """
    return HEAD + "".join(_row(file, folder) for file in in_order(files))


def toctree(files: Sequence[Path]) -> str:
    """The lessons for Sphinx, in the order of reading: what is next and what is before follows from it.

    Args:
        files: the notebooks.

    Example:
        >>> print(toctree([Path("01_2_data.ipynb"), Path("02_core_concepts.ipynb")]))
        ```{toctree}
        :hidden:
        02_core_concepts
        01_2_data
        ```
    """
    return "\n".join(["```{toctree}", ":hidden:", *(file.stem for file in in_order(files)), "```"])


def _row(file: Path, folder: str) -> str:
    cells = cells_of(file)
    found = content(cells)
    heading, _, question = _first_line(cells).partition(": ")
    asked = question or "what a lab is, and how to play one"
    level = LEVELS.get(file.stem[:2], USUAL_LEVEL)
    number, link = number_of(file.stem), f"[{heading}]({folder}{file.name})"
    return f"| {number} | {link} | {asked} | {found.minutes} | {level} | {found.labs} |\n"


def title_of(file: Path) -> str:
    """What a lesson is called.

    Args:
        file: its notebook.
    """
    return _first_line(cells_of(file)).partition(": ")[0]


def _first_line(cells: Sequence[dict[str, Any]]) -> str:
    first = next(cell for cell in cells if cell["cell_type"] == "markdown")
    return "".join(first["source"]).splitlines()[0].lstrip("# ")
