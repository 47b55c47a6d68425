"""What a lesson needs: memory of server, kernel and workers together, and how soon its first lab is there.

`python -m optlab.bench.lessons` opens each lesson of the course in a real JupyterLab, runs all its cells,
waits until its labs have trained what they train by themselves, and prints a table. Memory is the
proportional set size: what processes share is counted once. It is Linux that tells it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from optlab.bench.command import described
from optlab.bench.dragging import open_browser
from optlab.bench.footprint import Watch, on_cores, processor_seconds
from optlab.bench.jupyter_lab import JupyterLab, Notebook
from optlab.course import notebooks as course
from optlab.course.reading import in_order

__all__ = ["Lesson", "main", "measured", "table"]

MB = 1e6
QUIET = 3.0
"""Seconds in which nearly nothing is computed: the labs have trained what they train by themselves."""
IDLE = 0.1
"""Processor seconds a second that a server and a page with nothing to do may take."""
PATIENCE = 900.0
"""Seconds after which a lesson is left, whatever its labs still do."""

FIRST_LAB = f"""(async () => {{
    const pause = () => new Promise((done) => setTimeout(done, 20));
    const shown = (cell) => (cell.model.outputs?.toJSON() ?? []).some((one) => one.data?.["{course.VIEW}"]);
    for (;;) {{
        for (const [k, cell] of panel.content.widgets.entries()) {{
            if (!shown(cell)) continue;
            await panel.content.scrollToItem(k);  // what is out of sight is not drawn
            const parts = [".optlab-lab :is(.noUi-handle, select)", "canvas"];  // a slider or a list
            const drawn = parts.every((css) => cell.node.querySelector(css));
            if (drawn) return k;
            await pause();
        }}
        await pause();
    }}
}})()"""
"""Waits in the page until a lab's sliders and figure are drawn."""


@dataclass
class Lesson:
    """What was measured of one lesson.

    Args:
        name: of its notebook.
        memory: bytes at the peak, of server, kernel and workers together; None if it was not run to its end.
        kernel: bytes of the largest process at the peak.
        processes: how many processes there were at the peak.
        first_lab: for each number of cores the seconds from *Run All* to the first lab, and the processor
            seconds that server and kernel took for it.
    """

    name: str
    memory: int | None
    kernel: int
    processes: int
    first_lab: dict[int, tuple[float, float]]


# ---------------------------------------------------------------- a lesson


@contextlib.contextmanager
def _opened(browser: Any, name: str, cores: int) -> Iterator[tuple[JupyterLab, Notebook]]:
    """A lesson in a fresh JupyterLab that has so many cores; the browser has all."""
    with TemporaryDirectory() as home, contextlib.ExitStack() as stack:
        with on_cores(cores):
            lab = JupyterLab(Path(home))
        stack.callback(lab.close)
        course.copy_course(course.own_course(), lab.folder)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        notebook = Notebook(page, lab, None, name=name)
        stack.callback(notebook.close)
        yield lab, notebook


def measured(browser: Any, name: str, cores: Sequence[int], *, to_the_end: bool = True) -> Lesson:
    """Measure one lesson.

    Args:
        browser: a Chromium of Playwright.
        name: the notebook's file name.
        cores: how many server and kernel have; with the first of them all is run to the end.
        to_the_end: whether to go on, with the first of them, after the first lab.

    Returns:
        What was found.
    """
    found = Lesson(name, None, 0, 0, {})
    for count in cores:
        whole = to_the_end and count == cores[0]
        with _opened(browser, name, count) as (lab, notebook), Watch(lab.process.pid) as watch:
            begun, cpu = time.perf_counter(), processor_seconds(lab.process.pid)
            notebook.do("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
            notebook.do(FIRST_LAB)
            found.first_lab[count] = (time.perf_counter() - begun, processor_seconds(lab.process.pid) - cpu)
            if whole:
                notebook.wait_idle(PATIENCE)
                _wait_until_quiet(lab.process.pid)
                _complain_about_errors(notebook)
        if whole:
            found.memory, found.kernel = sum(watch.peak), max(watch.peak)
            found.processes = len(watch.peak)
    return found


def _wait_until_quiet(process: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        before = processor_seconds(process)
        time.sleep(QUIET)
        if processor_seconds(process) - before < IDLE * QUIET:
            return


def _complain_about_errors(notebook: Notebook) -> None:
    raised = notebook.do(
        "panel.content.widgets.flatMap((cell) => cell.model.outputs?.toJSON() ?? [])"
        ".filter((one) => one.output_type === 'error').map((one) => `${one.ename}: ${one.evalue}`)"
    )
    for problem in raised:
        print(f"{notebook.path.name}: {problem}", file=sys.stderr)


# ---------------------------------------------------------------- the table


def table(lessons: Sequence[Lesson], cores: Sequence[int]) -> str:
    """Write what was found as a table.

    Args:
        lessons: what was found.
        cores: the numbers of cores that were tried.

    Returns:
        Markdown.

    Example:
        >>> print(table([Lesson("04.ipynb", 700_000_000, 600_000_000, 2, {1: (4.0, 3.0)})], [1]))
        | lesson | memory, MB | of it the kernel | processes | first lab on 1 core, s (processor s) |
        |---|---|---|---|---|
        | 04 | 700 | 600 | 2 | 4.0 (3.0) |
    """
    timed = [f"first lab on {n} core{'s' * (n > 1)}, s (processor s)" for n in cores]
    heads = ["lesson", "memory, MB", "of it the kernel", "processes", *timed]
    first, *rest = (f"| {' | '.join(row)} |" for row in [heads, *(_row(one, cores) for one in lessons)])
    return "\n".join([first, "|---" * len(heads) + "|", *rest])


def _row(lesson: Lesson, cores: Sequence[int]) -> list[str]:
    sizes = ["", "", ""]
    if lesson.memory is not None:
        sizes = [f"{lesson.memory / MB:.0f}", f"{lesson.kernel / MB:.0f}", str(lesson.processes)]
    times = ["{:.1f} ({:.1f})".format(*lesson.first_lab[n]) if n in lesson.first_lab else "" for n in cores]
    return [Path(lesson.name).stem, *sizes, *times]


def main(words: Sequence[str] | None = None, tell: Callable[[str], None] = print) -> int:
    """Run `python -m optlab.bench.lessons`.

    Args:
        words: after it; those of this process when None.
        tell: takes each line of the answer.

    Returns:
        The exit status: 0.
    """
    asked = _parser().parse_args(words)
    known = [file.stem for file in in_order(course.own_course().glob("*.ipynb"))]
    found = []
    with open_browser() as browser:
        for name in asked.lessons or known:
            stem = Path(name).stem
            found.append(measured(browser, f"{stem}.ipynb", asked.cores, to_the_end=not asked.first_lab))
            print(table(found[-1:], asked.cores).splitlines()[-1], file=sys.stderr, flush=True)
    tell(table(found, asked.cores))
    tell("\nMeasured on: " + "; ".join(f"{name} {value}" for name, value in described().items()) + ".")
    tell(f"Other programs ran beside: load {os.getloadavg()[0]:.1f} at the end.")
    return 0


def _numbers(word: str) -> list[int]:
    return [int(number) for number in word.split(",")]


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser("python -m optlab.bench.lessons", description=__doc__)
    made.add_argument("lessons", nargs="*", metavar="LESSON", help="names of notebooks; all when left out")
    made.add_argument(
        "--cores", type=_numbers, default=[2, 1], metavar="N,N", help="how many cores to try: 2,1"
    )
    made.add_argument("--first-lab", action="store_true", help="stop at the first lab: no memory")
    return made


if __name__ == "__main__":
    raise SystemExit(main())
