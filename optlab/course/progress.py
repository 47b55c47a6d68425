"""How far a learner has come: what is done of what there is, lesson by lesson."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from optlab.course.outline import Outline, outlines, unmarked
from optlab.live import progress as notes

__all__ = ["Done", "Progress", "progress"]

ONE = {"goals": "goal", "guesses": "guess", "checkpoints": "checkpoint"}
KINDS = tuple(ONE)
BAR = "#2b8fcb"  # readable on white and on black


@dataclass(frozen=True)
class Done:
    """What is done of one lesson.

    Args:
        title: the lesson.
        file: its notebook.
        counts: for goals, guesses and checkpoints how many are done and how many there are.
    """

    title: str
    file: str
    counts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Progress:
    """What is done of the course; a notebook shows it as a table.

    Args:
        lessons: in order.
        trouble: why nothing is remembered, in a sentence; empty where all is well.
    """

    lessons: tuple[Done, ...]
    trouble: str = ""

    @property
    def total(self) -> tuple[tuple[int, int], ...]:
        """For goals, guesses and checkpoints how many are done and how many there are."""
        columns = zip(*(lesson.counts for lesson in self.lessons), strict=True)
        return tuple((sum(done for done, _ in column), sum(of for _, of in column)) for column in columns)

    def __repr__(self) -> str:
        """A line for all, and one for each lesson."""
        lines = [f"{lesson.title}: {_in_words(lesson.counts)}" for lesson in self.lessons]
        return "\n".join([_in_words(self.total), *lines, *filter(None, [self.trouble])])

    def _repr_html_(self) -> str:
        """A table with a bar in each cell."""
        heads = "".join(f"<th scope='col' style='text-align: left'>{kind}</th>" for kind in ("", *KINDS))
        rows = "".join(map(_row, self.lessons))
        kept = f"Kept in <code>{notes.FILE}</code> beside the notebooks; delete that file to start afresh."
        return (
            f"<div style='line-height: 1.6'><b>{_in_words(self.total)}</b>"
            f"<table style='margin: 6px 0'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"{html.escape(self.trouble) or kept}</div>"
        )


def progress() -> Progress:
    """What you have done of the course: goals reached, guesses made, checkpoints passed.

    A goal counts when you have reached it by hand; a guess when you have locked it in, right or not; a
    checkpoint when your function was right. All is remembered in `optlab_progress.json` beside the notebooks.

    Returns:
        A table, as the last line of a cell.

    Example:
        >>> progress().lessons[0].title  # outside a notebook nothing is remembered
        '00 Start here'
    """
    goals, checkpoints = set(notes.kept("goal")), set(notes.kept("checkpoint"))
    questions = {unmarked(str(outcome.get("question"))) for outcome in notes.kept("prediction").values()}
    lessons = [_done(one, (goals, questions, checkpoints)) for one in outlines()]
    return Progress(tuple(lessons), notes.trouble())


def _done(of: Outline, noted: Iterable[set]) -> Done:
    asked = (of.goals, of.questions, of.checkpoints)
    counts = [
        (sum(one in those for one in ones), len(ones)) for ones, those in zip(asked, noted, strict=True)
    ]
    return Done(of.title, of.file, tuple(counts))


def _in_words(counts: Iterable[tuple[int, int]]) -> str:
    pairs = zip(KINDS, counts, strict=True)
    return ", ".join(f"{done} of {of} {ONE[kind] if of == 1 else kind}" for kind, (done, of) in pairs if of)


def _row(lesson: Done) -> str:
    name = f"<a href='{html.escape(lesson.file)}'>{html.escape(lesson.title)}</a>"
    cells = "".join(
        f"<td style='text-align: left; min-width: 9em'>{_bar(*count)}</td>" for count in lesson.counts
    )
    return f"<tr><th scope='row' style='text-align: left; font-weight: normal'>{name}</th>{cells}</tr>"


def _bar(done: int, of: int) -> str:
    """How much is done, as a bar and in numbers."""
    if not of:
        return ""
    full = f"display: block; width: {100 * done / of:.0f}%; height: 100%; background: {BAR}"
    frame = f"display: inline-block; width: 5em; height: 0.6em; margin-right: 0.6em; border: 1px solid {BAR}"
    bar = f"<span aria-hidden='true' style='{frame}'><span style='{full}'></span></span>"
    return f"{bar}{'✔ ' if done == of else ''}{done} of {of}"
