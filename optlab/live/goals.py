"""Goals: what a lab asks a learner to reach, judged from the numbers of a run.

*Reached* means reached and kept to the end of the run: a run that touches a mark and leaves it again has
learnt nothing that one could use. `kept_from` says from where on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from optlab.live.together import answers

__all__ = ["AtLeast", "Goal", "all_reached", "kept_from", "which_reached"]


def _anything(_: Any) -> bool:
    return True


def kept_from(good: Any) -> np.ndarray:
    """From where on something holds to the end of a run.

    Args:
        good: whether it holds, `(..., points)`; what is not known, such as NaN < 1, does not.

    Returns:
        The first point of the stretch that lasts to the end, `(...)`; inf where the last one fails.

    Example:
        >>> loss = np.array([[3.0, 1.0, 0.5], [3.0, 0.5, 2.0], [0.5, 2.0, 0.5]])
        >>> kept_from(loss < 2)
        array([ 1., inf,  2.])
    """
    bad = ~np.asarray(good, bool)
    points = bad.shape[-1]
    first = np.where(bad.any(-1), points - bad[..., ::-1].argmax(-1), 0)
    return np.where(first < points, first, np.inf)


@dataclass(frozen=True)
class AtLeast:
    """In a goal's `where`: this value of a slider, or a larger one.

    Example:
        >>> Goal("at least half", where={"fraction": AtLeast(0.5)}).applies({"fraction": 0.7})
        True
    """

    value: float


@dataclass(frozen=True)
class Goal:
    """Something to reach with the sliders of a lab.

    Args:
        text: what to reach, in a few words.
        reached: whether a run reaches it, `reached(run) -> bool`; `run` is a record of one setting; or a
            `Together`. Left out: being at the setting is enough.
        where: the setting that the goal is about, such as `{"kappa": 10.0}`, or `{"kappa": AtLeast(10.0)}`;
            elsewhere it is not reached. The text names it too.

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
        return self.applies(run.setting(0) if self.where else {}) and bool(self.reached(run))

    def applies(self, setting: Mapping[str, Any]) -> bool:
        """Whether the goal is about a setting."""
        return all(_same(setting[name], value) for name, value in self.where.items())


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
    if isinstance(other, AtLeast):
        return bool(one > other.value) or _same(one, other.value)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-6)
    return bool(one == other)
