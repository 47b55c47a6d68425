"""Goals: what a lab asks a learner to reach, told from the numbers of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Goal", "which_reached"]


@dataclass(frozen=True)
class Goal:
    """Something to reach with the sliders of a lab.

    Args:
        text: what to reach, in a few words.
        reached: whether a run reaches it; it is given the result of one setting, rows `(1, ...)`.

    Example:
        >>> from optlab import iris_pair, train
        >>> goal = Goal("training loss under 0.1", lambda run: run.train_loss[0, -1] < 0.1)
        >>> which_reached([goal], train(iris_pair(), lr=[0.01, 1.0]), row=1)
        (True,)
    """

    text: str
    reached: Callable[[Any], bool]


def which_reached(goals: Sequence[Goal], result: Any, row: int) -> tuple[bool, ...]:
    """For each goal whether one row of a result reaches it.

    Args:
        goals: the goals.
        result: what a lab's training gives: `result.select(row)` is one of its settings.
        row: which setting.

    Returns:
        As many booleans as goals.
    """
    if not goals:
        return ()
    alone = result.select(row)
    return tuple(bool(goal.reached(alone)) for goal in goals)
