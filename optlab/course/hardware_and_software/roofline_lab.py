"""Tasks under the two roofs of this machine, and what their time is made of."""

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.hardware_and_software.roofline import SIZES, TASKS, Roofline, measure_roofline
from optlab.engine.systems.bench import roof
from optlab.live.plots import BLUE, GREEN, ORANGE, bars, number

TASK = Param("task", "", "task", TASKS, default=TASKS[2])
SIZE = Param("n", "n", "size", SIZES, default=SIZES[0])
GOALS = (
    Goal(
        "multiply matrices: half of the arithmetic peak",
        lambda run: run.speed[0] > run.peak / 2,
        where={"task": "multiply matrices"},
    ),
)
INTENSITIES = np.geomspace(0.05, 500, 81)


@course_lab
def roofline_lab(record: Roofline | None = None) -> Parts:
    """Three tasks at six sizes under the roofs of this machine; what is shown was measured beforehand.

    Args:
        record: from `measure_roofline` in `optlab.course.hardware_and_software.roofline`; measured now if
            left out.

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    known = measure_roofline() if record is None else record
    plots = [under_the_roof(known), time()]
    return Parts([TASK, SIZE], Table(known), plots, GOALS)


def under_the_roof(known: Roofline) -> Plot:
    """Speed against intensity on log axes: the roof, and every task at every size."""
    top = roof(INTENSITIES, known.peak, known.bandwidth) / 1e9
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.05, 500), "legend": True}
    limits = known.speed.min() / 1e12, top.max() * 3
    plot = Plot(xlabel="operations for each byte moved", ylabel="GFLOP/s", ylim=limits, **axes)
    plot.line("roof", top, "black", x=INTENSITIES, role="theory", width=2.6)
    for task, color, marker in zip(TASKS, (BLUE, ORANGE, GREEN), "^os", strict=True):
        rows = known.select(task=task)
        look: dict[str, Any] = {"color": color, "markersize": 5, "alpha": 0.75, "label": task}
        plot.ax.plot(rows.intensity, rows.speed / 1e9, marker, **look)
    plot.handle(["task", "n"], _at(known))
    plot.here(lambda r: (r.intensity, r.speed / 1e9))
    plot.title(_reached)
    plot.words(lambda one: f"{plot.said(one)}.")
    return plot


def _at(known: Roofline) -> Callable[[Any], tuple[np.ndarray, np.ndarray]]:
    """Where a task of a size is."""

    def where(settings: Any) -> tuple[np.ndarray, np.ndarray]:
        found = known.find(settings)
        return found.intensity, found.speed / 1e9

    return where


def time() -> Plot:
    """What part of its time a task's arithmetic and its memory traffic would take at full speed."""
    names = ["arithmetic\nat the peak", "memory at\nfull speed", "measured"]
    axes: dict[str, Any] = {"limits": (0, 1.6), "scale": "linear", "xlabel": "part of the measured time"}
    return bars(names, _parts, _beside, _bound, **axes)


def _reached(one: Roofline) -> str:
    task, n = one.setting(0).values()
    first = f"{task}, n = {n}: {number(one.speed[0] / 1e9)} GFLOP/s"
    if one.fraction[0] > 1:
        return f"{first}\n{number(one.fraction[0])} times the roof: its numbers fit into the cache"
    return f"{first}\nthe roof above it: {number(one.roof[0] / 1e9)}; reached {_percent(one.fraction[0])}"


def _microseconds(r: Roofline) -> np.ndarray:
    work = r.speed * r.seconds
    return 1e6 * np.stack([work / r.peak, work / r.intensity / r.bandwidth, r.seconds], axis=1)


def _parts(r: Roofline) -> np.ndarray:
    """Of the measured time: a bar on a log axis would be as long as its left end says."""
    return _microseconds(r) / _microseconds(r)[:, -1:]


def _beside(one: Roofline) -> list[str]:
    return [f"{number(value)} µs" for value in _microseconds(one)[0]]


def _bound(one: Roofline) -> str:
    arithmetic, memory, measured = _microseconds(one)[0]
    fraction = max(arithmetic, memory) / measured
    limit = "arithmetic" if arithmetic > memory else "memory"
    words = f"{limit} takes {_percent(fraction)} of the time" if fraction > 0.2 else "most of it is neither"
    if fraction > 1:
        words = f"faster than the {limit} alone: the numbers fit into the cache"
    return f"{number(one.speed[0] * one.seconds[0])} operations\n{words}"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2g} %" if fraction < 0.995 else f"{100 * fraction:.0f} %"
