"""Goals: what a lab asks a learner to reach, judged from the numbers of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from optlab.live.together import answers

__all__ = ["Goal", "all_reached", "which_reached"]


def _anything(_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Goal:
    """Something to reach with the sliders of a lab.

    Args:
        text: what to reach, in a few words.
        reached: whether a run reaches it, `reached(run) -> bool`; `run` is a record of one setting; or a
            `Together`. Left out: being at the setting is enough.
        where: the setting that the goal is about, such as `{"kappa": 10.0}`; elsewhere it is not reached.

    Raises:
        TypeError: if `text` is not a string or `reached` cannot be called.

    Example:
        >>> import numpy as np
        >>> from optlab.record import Record
        >>> runs = Record({"lr": np.array([0.1, 1.0])})
        >>> [which_reached([Goal("a rate of 1", where={"lr": 1.0})], run) for run in runs]
        [(False,), (True,)]
    """

    text: str
    reached: Callable[[Any], Any] = _anything
    where: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"text={self.text!r}: expected a few words that say what to reach")
        if not callable(self.reached):
            raise TypeError(f"reached={self.reached!r}: expected a function of a run")

    def is_reached(self, run: Any) -> bool:
        """Whether a record of one setting reaches it."""
        setting = run.setting(0) if self.where else {}
        here = all(_same(setting[name], value) for name, value in self.where.items())
        return here and bool(self.reached(run))


def which_reached(goals: Sequence[Goal], run: Any) -> tuple[bool, ...]:
    """For each goal whether a run reaches it.

    Args:
        goals: the goals.
        run: a record of one setting.

    Returns:
        As many booleans as goals.
    """
    return tuple(goal.is_reached(run) for goal in goals)


def all_reached(goals: Sequence[Goal], record: Any) -> list[tuple[bool, ...]]:
    """For each setting of a record which goals its run reaches.

    Args:
        goals: the goals.
        record: the settings.

    Returns:
        As many as settings; each as `which_reached` says it.
    """
    columns = [_reached(goal, record) for goal in goals]
    return list(zip(*columns, strict=True)) if columns else [()] * len(record)


def _reached(goal: Goal, record: Any) -> list[bool]:
    """Of the settings that the goal is about, those that reach it."""
    found = np.ones(len(record), bool)
    for name, value in goal.where.items():
        found &= [_same(one, value) for one in record.settings[name].tolist()]
    rows = np.flatnonzero(found)
    if len(rows):
        found[rows] = [bool(answer) for answer in answers(goal.reached, record.select(rows))]
    return found.tolist()


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-6)
    return bool(one == other)
