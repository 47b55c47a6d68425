"""For each goal of a lab the nearest setting that reaches it, for teachers."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from optlab.live.lab import Lab
from optlab.live.state import State, write_state

__all__ = ["solutions", "solutions_html"]

NONE, NONE_HERE = "no setting reaches it", "none of this page's settings reaches it"


def solutions(lab: Lab) -> list[dict[str, Any]]:
    """For each goal a setting that reaches it: few sliders moved, and not far.

    Args:
        lab: the lab, every setting of it run.

    Returns:
        For each goal its `text`, and the `state` that reaches it: None where none does.
    """
    reached = {
        slot: goals
        for figure in lab.figures
        for page in figure.pages
        for slot, goals in zip(page.slots, page.goals, strict=True)
        if any(goals)
    }
    near = sorted(reached, key=lambda slot: _far(lab, slot))
    firsts = [next((slot for slot in near if reached[slot][k]), None) for k in range(len(lab.goals))]
    return [
        {"text": goal.text, "state": None if slot is None else write_state(lab.grid, State(slot))}
        for goal, slot in zip(lab.goals, firsts, strict=True)
    ]


def _far(lab: Lab, slot: int) -> tuple[int, int, int]:
    """How far a setting is from where all sliders begin: how many are moved, how many stops, which."""
    begin = lab.grid.indices(lab.grid.default)
    moved = [abs(a - b) for a, b in zip(lab.grid.indices(slot), begin, strict=True)]
    return sum(map(bool, moved)), sum(moved), slot


def solutions_html(page: str, title: str, labs: Iterable[Mapping[str, Any]]) -> str:
    """The solutions of a lesson, folded.

    Args:
        page: the lesson's page, as seen from the one that these stand on.
        title: the lesson's.
        labs: as `kernel` describes them.

    Returns:
        HTML; empty where the lesson has no goal.
    """
    rows = [_row(page, lab, goal) for lab in labs for goal in lab["goals"]]
    if not rows:
        return ""
    fold = f"<summary>{html.escape(title)}</summary>"
    head = "<tr><th>goal</th><th>a setting that reaches it</th></tr>"
    return f"<details class='optlab-solutions'>{fold}{_table(head, rows)}</details>"


def _table(head: str, rows: Sequence[str]) -> str:
    return f"<table class='table'><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _row(page: str, lab: Mapping[str, Any], goal: Mapping[str, Any]) -> str:
    state = goal["state"]
    if state is None:
        answer = NONE_HERE if lab["settings"] < lab["of"] else NONE
    else:
        place = (
            f"#{lab['name']}:{quote(state)}" if lab["name"] else ""
        )  # a lab without one has no link of its own
        link = html.escape(page + place)
        answer = f"<a href='{link}'>{html.escape(state) or 'as it opens'}</a>"
    return f"<tr><td>{html.escape(goal['text'])}</td><td>{answer}</td></tr>"
