"""Tasks under the two roofs of this machine, and what their time is made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.background.roofline import SIZES, TASKS, Roofline, measure_roofline
from optlab.course.common.old_measured import Bars, Here, Sheet, Stroke
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, number
from optlab.engine.systems.bench import roof
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["roofline_lab"]

PROGRAM = Program(Path(__file__).with_name("roofline_program.py"))
SIZE = Param("n", "n", "size", SIZES, default=SIZES[0])
TASK = Param("task", "", "task", TASKS, default=TASKS[2])
INTENSITIES = np.geomspace(0.05, 500, 81)


def roofline_lab(measured: Roofline | None = None, **options: Any) -> Lab:
    """Three tasks at six sizes under the roofs of this machine; what is shown was measured beforehand.

    Args:
        measured: from `optlab.course.background.roofline.measure_roofline`; measured now when left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `task` and `n`; its results are `Roofline`s.

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    known = measure_roofline() if measured is None else measured

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Roofline:
        return known.find(settings)

    goals = (Goal("half of the arithmetic peak", lambda run: run.speed[0] > run.peak / 2),)
    panels = [roof_sheet(known), task_bars()]
    given: dict[str, Any] = {"goals": goals, "program": PROGRAM}
    return Lab((TASK, SIZE), run, panels, **(given | options))


def roof_sheet(measured: Roofline) -> Sheet:
    """Speed against intensity on log axes: the roof, and every task at every size."""
    top = roof(INTENSITIES, measured.peak, measured.bandwidth) / 1e9

    def read(tasks: Roofline, row: int) -> Here:
        speed, intensity, most = tasks.speed[row] / 1e9, float(tasks.intensity[row]), tasks.roof[row] / 1e9
        first = f"{tasks.settings['task'][row]}, n = {tasks.settings['n'][row]}: {number(speed)} GFLOP/s"
        second = f"the roof above it: {number(most)}; reached {_percent(speed / most)}"
        return Here(top[None], intensity, speed, f"{first}\n{second}")

    axes: dict[str, Any] = {"xlabel": "operations for each byte moved", "ylabel": "GFLOP/s"}
    scales: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.05, 500)}
    low = measured.speed.min() / 1e9
    strokes = [Stroke("roof", "black", "-", width=2.6)]
    sheet = Sheet(INTENSITIES, strokes, read, ylim=(low / 1000, top.max() * 3), **axes, **scales)
    ax = sheet.figure.axes[0]
    looks = zip(TASKS, (BLUE, ORANGE, GREEN), "^os", strict=True)
    for task, color, marker in looks:
        rows = measured.select(task=task)
        ax.plot(rows.intensity, rows.speed / 1e9, marker, color=color, markersize=5, alpha=0.75, label=task)
    ax.legend(loc="lower right", frameon=False, fontsize=8)
    return sheet


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2g} %" if fraction < 0.995 else f"{100 * fraction:.0f} %"


def task_bars() -> Bars:
    """How long a task takes, and how long its arithmetic and its memory traffic would at full speed."""

    def read(tasks: Roofline, row: int) -> tuple[list[float], list[str], str]:
        seconds = tasks.seconds[row]
        work = tasks.speed[row] * seconds
        values = [work / tasks.peak, work / tasks.intensity[row] / tasks.bandwidth, seconds]
        values = [1e6 * value for value in values]
        binds = "arithmetic" if values[0] > values[1] else "memory"
        least = max(values[:2])
        share = least / values[2]  # above 1 where the numbers fit into the processor's cache
        rest = (
            f"{binds} takes {_percent(min(share, 1.0))} of the time"
            if share > 0.2
            else "most of it is neither"
        )
        text = f"{number(work)} operations\n{rest}"
        return values, [f"{number(value)} µs" for value in values], text

    names = ["arithmetic\nat the peak", "memory at\nfull speed", "measured"]
    return Bars(names, (1e-6, 1e5), "microseconds", read)
