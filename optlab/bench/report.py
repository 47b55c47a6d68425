"""Report: all results of a run and the machine they come from, as JSON and as one table."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby

from optlab.bench.rows import Missing, Result

__all__ = ["Report", "in_words", "table"]

COLUMNS = ("race", "contestant", "ratio", "half of the rounds", "median", "of peak")
GROUPS = {
    "training": "Training: time for one setting, against the article's loop",
    "watching": "Watching: kernel time of an epoch, against the same training unwatched",
    "dragging": "Dragging: from the key press to the pixels, against interact with an inline figure",
    "growth": "Growth: optlab.train of a sweep, its peak memory, what a lab sends; against the smallest",
}


@dataclass(frozen=True)
class Report:
    """What a run has found.

    Args:
        machine: what it ran on, in words, by name.
        results: of all races.
        missing: who did not take part.
        quick: whether it was the short form.
    """

    machine: dict[str, str]
    results: list[Result]
    missing: list[Missing] = field(default_factory=list)
    quick: bool = False

    def to_json(self) -> str:
        """Everything, every single turn too."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """The report that a file holds.

        Raises:
            ValueError: if it holds none.
        """
        try:
            found = json.loads(text)
            results = [
                Result(**one | {"costs": tuple(one["costs"]), "ratios": tuple(one["ratios"])})
                for one in found["results"]
            ]
            missing = [Missing(**one) for one in found["missing"]]
            return cls(found["machine"], results, missing, found["quick"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no report of `optlab bench`: {error!r}") from error

    def to_markdown(self) -> str:
        """The machine, the table, who does what, and who is missing."""
        words = dict.fromkeys((one.name, one.words) for one in self.results)
        parts = [
            machine_line(self.machine),
            *(["A quick run: few rounds, short trainings."] if self.quick else []),
            table(self.results),
            "\n".join(f"- *{name}*: {does}" for name, does in words if does),
            "\n".join(f"- Left out: *{one.name}*: {one.why}" for one in self.missing),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def machine_line(machine: dict[str, str]) -> str:
    """The machine in one sentence."""
    return f"Measured on: {'; '.join(f'{name} {value}' for name, value in machine.items())}."


def table(results: Sequence[Result]) -> str:
    """One Markdown table, its columns aligned for a terminal.

    Example:
        >>> slow = Result("growth", "time", "small", "", "ms", (2.0, 2.0), (1.0, 1.0), base=True)
        >>> fast = Result("growth", "time", "large", "", "ms", (0.5, 0.5), (0.25, 0.25))
        >>> print(table([slow, fast]).splitlines()[-1])
        |                                  | large      | 1/4.0 | 1/4.0 to 1/4.0     | 0.5 ms |         |
    """
    lines: list[tuple[str, ...]] = [COLUMNS]
    for group, members in groupby(results, lambda one: one.group):
        lines.append((f"**{GROUPS.get(group, group)}**", "", "", "", "", ""))
        for _, race in groupby(members, lambda one: one.task):
            lines += _race(race)
    return "\n".join(_aligned(lines))


def _race(race: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    task = ""
    for one in race:
        low, middle, high = one.quartiles()
        spread = "" if one.base else f"{in_words(low)} to {in_words(high)}"
        peak = "" if math.isnan(one.peak) else f"{one.peak:.2g}" if one.peak > 1 else percent(one.peak)
        first = one.task if one.task != task else ""
        task = one.task
        yield first, one.name, in_words(middle), spread, f"{number(one.cost)} {one.unit}".strip(), peak


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    # a group's heading may run into its neighbours' columns: it does not widen its own
    plain = [line for line in lines if not line[0].startswith("**")]
    widths = [max(len(line[k]) for line in plain) for k in range(len(COLUMNS))]
    for k, line in enumerate(lines):
        yield "| " + " | ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) + " |"
        if k == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def in_words(ratio: float) -> str:
    """A ratio as one says it: 1/40 rather than 0.025.

    Example:
        >>> in_words(0.025), in_words(1 / 2345), in_words(0.8), in_words(1.0), in_words(12.3)
        ('1/40', '1/2,345', '1/1.2', '1', '12')
    """
    if ratio == 1:
        return "1"
    if 0.95 <= ratio < 1:
        return "1.0"
    if not ratio > 0 or math.isinf(ratio):
        return str(ratio)
    return f"1/{number(1 / ratio)}" if ratio < 1 else number(ratio)


def number(value: float) -> str:
    """Two digits and more as a whole number, others with as many digits as they need."""
    if value >= 9.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def percent(fraction: float) -> str:
    """A fraction of the peak."""
    return f"{100 * fraction:.2g} %"
