"""Measure: all contestants of a race take turns, so that a slow minute of the machine hits each of them."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from optlab.bench.rows import Missing, Result, Row, Turn, bases, missing

__all__ = ["Effort", "measure", "stopwatch", "take_turns"]

Name = TypeVar("Name", bound=Hashable)
SAME = ("group", "task", "name", "words", "unit", "base", "panel", "series")
INSTALL = "pip install 'optlab-course[bench]'"


@dataclass(frozen=True)
class Effort:
    """How long a race goes on.

    Args:
        rounds: how many rounds it has at most.
        least: how many it has at least, however long they take.
        seconds: after so many, no further round begins.
    """

    rounds: int = 15
    least: int = 3
    seconds: float = 15.0


def measure(
    rows: Sequence[Row],
    effort: Effort,
    peaks: Mapping[int, float],
    tell: Callable[[str], Any],
) -> tuple[list[Result], list[Missing]]:
    """Let the rows of each task take turns.

    Args:
        rows: of any number of tasks, each with one base.
        effort: how long each race goes on.
        peaks: for each number of threads, the most operations a second.
        tell: takes a line when a race begins.

    Returns:
        The results, task by task, and who is missing.

    Raises:
        ValueError: if a task has no base, or several.
    """
    results: list[Result] = []
    away: dict[tuple[str, str], list[str]] = {}
    for task, base in bases(rows).items():
        tell(f"{base.group}: {task}")
        turns, problems = _ready([row for row in rows if row.task == task])
        costs = take_turns(turns, effort)
        found = {row: _result(row, costs[row], base, costs.get(base, []), peaks) for row in turns}
        results += [result for result in found.values() if result.ratios]
        for row, why in problems.items():
            away.setdefault((row.name, why), []).append(task)
    return results, [_absent(rows, name, why, tasks) for (name, why), tasks in away.items()]


def _absent(rows: Sequence[Row], name: str, why: str, tasks: Sequence[str]) -> Missing:
    """Who is missing, and where, unless it is everywhere."""
    everywhere = len(tasks) == len({row.task for row in rows if row.name == name})
    return Missing(name, why if everywhere else f"{why} (in {'; '.join(tasks)})")


def take_turns(turns: Mapping[Name, Turn], effort: Effort) -> dict[Name, list[float]]:
    """What each contestant's turns cost, after a round to warm up.

    Args:
        turns: the contestants.
        effort: how long to go on.

    Returns:
        For each contestant its costs, one a round.

    Example:
        >>> costs = take_turns({"one": lambda: 1.0, "two": lambda: 2.0}, Effort(rounds=3))
        >>> costs["two"]
        [2.0, 2.0, 2.0]
    """
    costs: dict[Name, list[float]] = {name: [] for name in turns}
    for turn in turns.values():
        turn()
    began = time.perf_counter()
    for done in range(effort.rounds):
        if done >= effort.least and time.perf_counter() - began > effort.seconds:
            break
        for name, turn in turns.items():
            costs[name].append(turn())
    return costs


def stopwatch(function: Callable[[], Any]) -> Turn:
    """A turn that calls a function and costs the milliseconds that it takes.

    Example:
        >>> stopwatch(lambda: None)() < 1000
        True
    """

    def turn() -> float:
        began = time.perf_counter()
        function()
        return 1e3 * (time.perf_counter() - began)

    return turn


def _ready(rows: Sequence[Row]) -> tuple[dict[Row, Turn], dict[Row, str]]:
    """Who can take turns, and what keeps the others away; it grows while turns fail."""
    turns: dict[Row, Turn] = {}
    problems: dict[Row, str] = {}
    for row in rows:
        away = missing(row.needs)
        if away:
            problems[row] = f"{', '.join(away)} not installed: {INSTALL}"
            continue
        start = _careful(row, row.ready, problems)
        turn = start()
        if callable(turn):
            turns[row] = _careful(row, turn, problems)
    return turns, problems


def _careful(row: Row, function: Callable[[], Any], problems: dict[Row, str]) -> Callable[[], Any]:
    """The same function, its warnings unheard; where it raises, it says so and costs no number.

    What a peer warns of is no result, and one that fails must not take the others' results with it.
    """

    def careful() -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return function()
        except Exception as error:  # noqa: BLE001
            first = f"{error}".strip().splitlines()[:1]
            problems[row] = ": ".join([type(error).__name__, *first])
            return math.nan

    return careful


def _result(
    row: Row, costs: Sequence[float], base: Row, base_costs: Sequence[float], peaks: Mapping[int, float]
) -> Result:
    pairs = [
        (cost / row.parts, theirs / base.parts)
        for cost, theirs in zip(costs, base_costs, strict=False)
        if math.isfinite(cost) and math.isfinite(theirs)
    ]
    own, ratios = tuple(cost for cost, _ in pairs), tuple(cost / theirs for cost, theirs in pairs)
    same = {name: getattr(row, name) for name in SAME}
    result = Result(costs=own, ratios=ratios, **same)
    if not ratios or not row.operations or row.threads not in peaks:
        return result
    a_second = row.operations / row.parts / (1e-3 * result.cost)
    return replace(result, peak=a_second / peaks[row.threads])
