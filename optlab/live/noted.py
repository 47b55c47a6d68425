"""The goals that a learner has reached in a lab: shown in its list on every later day."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from optlab.live import progress
from optlab.live.state import State, read_state, write_state
from optlab.live.toolbar import Toolbar
from optlab.params import Grid

__all__ = ["NEVER", "SOMEWHERE", "goal_key", "remember"]

NEVER = -1
"""In `Toolbar.noted`, a goal that was not reached yet."""
SOMEWHERE = -2
"""In `Toolbar.noted`, a goal that was reached at a setting which the lab does not have any more."""


def goal_key(lab: str, goal: str) -> str:
    """Under which key a goal is noted.

    Args:
        lab: the lab's name.
        goal: the goal's text.

    Returns:
        The key, of kind `"goal"`.
    """
    return f"{lab}/{goal}"


def remember(toolbar: Toolbar, lab: str, grid: Grid) -> None:
    """Show which goals were reached before, and keep those that the learner reaches from now on.

    Args:
        toolbar: the lab's; its browser says what was reached, and where.
        lab: the lab's name; without one, its goals are noted while it lives and then forgotten.
        grid: its settings.
    """
    kept = progress.kept("goal") if lab else {}
    toolbar.noted = [_slot(grid, kept.get(goal_key(lab, goal))) for goal in toolbar.goals]
    if lab:
        toolbar.observe(lambda change: _keep(toolbar, lab, grid, change), "noted")


def _slot(grid: Grid, outcome: dict[str, Any] | None) -> int:
    if outcome is None:
        return NEVER
    with suppress(TypeError, ValueError):  # kept by another version, or of other sliders
        return read_state(grid, outcome.get("state")).slot  # type: ignore[arg-type]
    return SOMEWHERE


def _keep(toolbar: Toolbar, lab: str, grid: Grid, change: Any) -> None:
    for goal, before, now in zip(toolbar.goals, change["old"], change["new"], strict=False):
        if before == NEVER and 0 <= now < grid.size:
            progress.note("goal", goal_key(lab, goal), {"state": write_state(grid, State(now))})
