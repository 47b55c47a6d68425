"""How long a lesson takes, by one rule: so many words a minute, and a time for each thing to do.

    python -m optlab.course.minutes     the minutes of every lesson, and what they are made of

What a reader may leave out does not count: what is folded, and the papers of *Going further*. Nor does a cell
of one line, which only shows a lab. `docs/teachers.md` says where the numbers are from.
"""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from optlab.course.notebooks import own_course
from optlab.course.reading import in_order

__all__ = ["Content", "cells_of", "content", "minutes", "said", "table"]

WORDS_A_MINUTE = 150
A_CODE_CELL, A_LAB, A_GUESS, A_CHECKPOINT = 0.4, 3, 1, 4
"""Minutes to read and run a cell, to play with a lab and reach its goals, to make a guess, to write code."""


@dataclass(frozen=True)
class Content:
    """What there is to do in a lesson; nothing that is folded.

    Args:
        words: of prose.
        code_cells: of two lines or more, but for guesses.
        labs: with sliders.
        guesses: to lock in.
        checkpoints: to write.
    """

    words: int
    code_cells: int
    labs: int
    guesses: int
    checkpoints: int

    @property
    def minutes(self) -> int:
        """How long it takes, to five minutes.

        Example:
            >>> Content(words=1500, code_cells=20, labs=3, guesses=3, checkpoints=1).minutes
            35
        """
        tasks = A_LAB * self.labs + A_GUESS * self.guesses + A_CHECKPOINT * self.checkpoints
        return 5 * round((self.words / WORDS_A_MINUTE + A_CODE_CELL * self.code_cells + tasks) / 5)


def minutes(file: Path) -> int:
    """How long a lesson takes, to five minutes.

    Args:
        file: its notebook.
    """
    return content(cells_of(file)).minutes


def cells_of(file: Path) -> list[dict[str, Any]]:
    """The cells of a notebook, as in its file.

    Args:
        file: the notebook.
    """
    return list(json.loads(file.read_text("utf-8"))["cells"])


def content(cells: list[dict[str, Any]]) -> Content:
    """Count what there is to do.

    Args:
        cells: a notebook's, as in its file.

    Example:
        >>> content([{"cell_type": "markdown", "metadata": {}, "source": "Two words <details>no</details>"}])
        Content(words=2, code_cells=0, labs=0, guesses=0, checkpoints=0)
    """
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code_cells = [cell for cell in cells if cell["cell_type"] == "code"]
    code = "\n".join("".join(cell["source"]) for cell in code_cells)
    return Content(
        words=sum(map(_words, texts)),
        code_cells=sum(map(_is_to_read, code_cells)),
        labs=len(set(re.findall(r"labs\.(\w+_lab)\(", code))),
        guesses=code.count("checks.predict("),
        checkpoints=code.count("checks.checkpoint("),
    )


def _is_to_read(cell: dict[str, Any]) -> bool:
    folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
    return not folded and "\n" in "".join(cell["source"]).strip()


NOT_READ = re.compile(
    r"<details>.*?</details>|\*\*Going further\.\*\*.*?(?=\n\n|\Z)|\]\([^)\s]*\)", re.DOTALL
)
"""What is folded, the papers at the end, and the addresses of links."""


def _words(text: str) -> int:
    """The words of a Markdown text that a reader reads."""
    return sum(bool(re.search(r"\w", word)) for word in NOT_READ.sub("", text).split())


def said(text: str) -> int | None:
    """The minutes that the head of a lesson says.

    Args:
        text: its first cell.

    Example:
        >>> said("**Time** about 45 minutes · **You need** nothing")
        45
    """
    found = re.search(r"\*\*Time\*\* about (\d+) minutes\b", text)
    return int(found[1]) if found else None


def table() -> str:
    """The minutes of every lesson, and what they are made of, in the order of reading."""
    head = f"{'lesson':32s} minutes  words  code cells  labs  guesses  checkpoints"
    return "\n".join([head, *map(_line, in_order(own_course().glob("*.ipynb")))])


def _line(file: Path) -> str:
    found = content(cells_of(file))
    words, cells, labs, guesses, checkpoints = astuple(found)
    return f"{file.stem:32s} {found.minutes:7} {words:6} {cells:11} {labs:5} {guesses:8} {checkpoints:12}"


if __name__ == "__main__":
    print(table())  # noqa: T201
