"""The command `optlab bench`: what it measures, and where it puts what it finds."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from optlab.bench.kernel import Kernel
from optlab.bench.picture import THEMES, draw
from optlab.bench.readme import rewrite
from optlab.bench.report import Report
from optlab.bench.rows import Missing, Result
from optlab.bench.turns import Effort, measure
from optlab.engine.systems.bench import machine, peak
from optlab.engine.systems.threads import threads
from optlab.files import whole_file

__all__ = ["main", "run"]

Found = tuple[list[Result], list[Missing]]


def main(words: Sequence[str]) -> int:
    """Run `optlab bench`.

    Args:
        words: after `optlab bench`.

    Returns:
        The exit status: 0 when there is a table.
    """
    asked = parser().parse_args(words)
    if asked.redraw:
        report = Report.from_json(asked.redraw.read_text(encoding="utf-8"))
    else:
        report = run(tuple(asked.only), quick=asked.quick)
    print(report.to_markdown())
    if asked.out:
        write(report, asked.out)
    if asked.readme:
        rewrite(report)
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    made = argparse.ArgumentParser("optlab bench", description=__doc__)
    made.add_argument("--quick", action="store_true", help="fewer rows, in about a minute")
    made.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="parts to measure")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write bench.md, bench.json and the picture")
    made.add_argument(
        "--readme", action="store_true", help="rewrite README's table and picture, in a checkout"
    )
    made.add_argument(
        "--from", dest="redraw", type=Path, metavar="FILE", help="a bench.json, not measured anew"
    )
    return made


def run(groups: Sequence[str] = (), *, quick: bool = False) -> Report:
    """Measure.

    Args:
        groups: keys of `GROUPS`; all when empty.
        quick: whether to be done in a minute.

    Returns:
        What was found.
    """
    results: list[Result] = []
    absent: list[Missing] = []
    for group in groups or GROUPS:
        found, away = GROUPS[group](quick)
        results += found
        absent += away
    return Report(described(), results, list(dict.fromkeys(absent)), quick)


def described() -> dict[str, str]:
    """This machine in words."""
    known = machine()
    kept = {name: known[name] for name in ("processor", "cores", "memory", "software")}
    kept["cores"] = str(os.cpu_count())
    return kept | {"system": platform.platform(terse=True)}


def tell(line: str) -> None:
    """Say what is being measured, apart from the table."""
    print(line, file=sys.stderr, flush=True)


def _training(quick: bool) -> Found:
    from optlab.bench.training import FULL, QUICK, training_rows

    races = QUICK if quick else FULL
    peaks = {n: measured_peak(n) for n in {race.threads for race in races}}
    effort = Effort(2, 2, 1) if quick else Effort(15, 3, 15)
    return measure(training_rows(races), effort, peaks, tell)


def measured_peak(count: int) -> float:
    """Operations a second of a large product on so many threads."""
    with threads(count):
        return peak(size=1536)


def _watching(quick: bool) -> Found:
    from optlab.bench.watching import IMPORTS, watching_rows

    with Kernel(IMPORTS) as kernel:
        rows = watching_rows(kernel, 5 if quick else 100)
        return measure(rows, Effort(2, 2, 1) if quick else Effort(7, 3, 60), {}, tell)


def _dragging(quick: bool) -> Found:
    from optlab.bench.dragging import DELAYS, dragging_rows, open_page

    try:
        with open_page() as page:
            rows = dragging_rows(page, DELAYS[:1] if quick else DELAYS)
            return measure(rows, Effort(1, 1) if quick else Effort(20, 5, 120), {}, tell)
    except RuntimeError as problem:
        return [], [Missing("dragging", str(problem))]


def _growth(quick: bool) -> Found:
    from optlab.bench.growth import growth_rows

    if quick:
        return measure(growth_rows((4,), ("time", "bytes")), Effort(2, 2, 1), {}, tell)
    times, absent = measure(growth_rows((4, 16), ("time",)), Effort(15, 3, 15), {}, tell)
    others, away = measure(growth_rows((4, 16), ("memory", "bytes")), Effort(3, 3), {}, tell)
    return times + others, absent + away


GROUPS: dict[str, Callable[[bool], Found]] = {
    "training": _training,
    "watching": _watching,
    "dragging": _dragging,
    "growth": _growth,
}
"""What each part of the benchmark measures, in the order of the table."""


def write(report: Report, folder: Path) -> None:
    """Write the table, every turn, and the picture in each of its themes."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {f"bench-{theme}.png": draw(report, theme) for theme in THEMES}
    texts = {"bench.json": report.to_json().encode(), "bench.md": report.to_markdown().encode()}
    for name, content in (pictures | texts).items():
        with whole_file(os.fspath(folder / name)) as file:
            file.write(content)
