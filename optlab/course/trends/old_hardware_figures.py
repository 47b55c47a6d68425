"""The roofline, compiling against calling, and number formats."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.course.background.roofline import SIZES, TASKS, Roofline, Standing
from optlab.course.common.compiled import CALLS, Compiled, Totals, totals
from optlab.course.common.old_measured import Bars, Here, Sheet, Stroke
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, PURPLE, number
from optlab.course.trends.precision import EPOCHS, KINDS, RATES, InFormats
from optlab.engine.systems.bench import roof

__all__ = ["call_bars", "format_losses", "format_rates", "roof_sheet", "task_bars", "total_curves"]

INTENSITIES = np.geomspace(0.05, 500, 81)


def roof_sheet(measured: Roofline) -> Sheet:
    """Speed against intensity on log axes: the roof, and every task at every size."""
    top = roof(INTENSITIES, measured.peak, measured.bandwidth) / 1e9

    def read(tasks: Standing, row: int) -> Here:
        speed, intensity = tasks.speed[row] / 1e9, float(tasks.intensity[row])
        most = float(roof(intensity, measured.peak, measured.bandwidth)) / 1e9
        first = f"{tasks.settings['task'][row]}, n = {tasks.settings['n'][row]}: {number(speed)} GFLOP/s"
        second = f"the roof above it: {number(most)}; reached {_percent(speed / most)}"
        return Here(top[None], intensity, speed, f"{first}\n{second}")

    axes: dict[str, Any] = {"xlabel": "operations for each byte moved", "ylabel": "GFLOP/s"}
    scales: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.05, 500)}
    low = measured.tasks.speed.min() / 1e9
    strokes = [Stroke("roof", "black", "-", width=2.6)]
    sheet = Sheet(INTENSITIES, strokes, read, ylim=(low / 1000, top.max() * 3), **axes, **scales)
    ax = sheet.figure.axes[0]
    looks = zip(TASKS, (BLUE, ORANGE, GREEN), "^os", strict=True)
    for task, color, marker in looks:
        rows = [measured.at(task, n) for n in SIZES]
        x, y = measured.tasks.intensity[rows], measured.tasks.speed[rows] / 1e9
        ax.plot(x, y, marker, color=color, markersize=5, alpha=0.75, label=task)
    ax.legend(loc="lower right", frameon=False, fontsize=8)
    return sheet


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"


def task_bars(measured: Roofline) -> Bars:
    """How long a task takes, and how long its arithmetic and its memory traffic would at full speed."""

    def read(tasks: Standing, row: int) -> tuple[list[float], list[str], str]:
        seconds = tasks.seconds[row]
        work = tasks.speed[row] * seconds
        values = [work / measured.peak, work / tasks.intensity[row] / measured.bandwidth, seconds]
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


# ---------------------------------------------------------------- compiling


def total_curves(measured: Compiled) -> Sheet:
    """Seconds of all calls together, line by line and compiled, over the number of calls."""
    table = totals(measured)
    curves = np.stack([table.eager, table.compiled])

    def read(cost: Totals, row: int) -> Here:
        calls, eager, compiled = int(cost.settings["calls"][row]), cost.eager[row], cost.compiled[row]
        many = f"{calls:,} calls" if calls > 1 else "1 call"
        if not np.isfinite(compiled):
            text = f"{many}: {_duration(eager)}\nnothing was compiled"
            return Here(curves, float(calls), float(eager), text)
        first = f"{many}: {_duration(eager)} line by line, {_duration(compiled)} compiled"
        pays = "compiling has paid" if compiled < eager else "compiling has not paid yet"
        return Here(curves, float(calls), float(compiled), f"{first}\n{pays}")

    strokes = [
        Stroke("line by line", BLUE, "-", "o"),
        Stroke("compiled, compiling included", ORANGE, "--", "s"),
    ]
    axes: dict[str, Any] = {"xlabel": "calls", "ylabel": "seconds in all", "xscale": "log", "yscale": "log"}
    limits: dict[str, Any] = {"xlim": (0.6, 2e7), "ylim": (table.eager[0] / 3, table.eager[-1] * 3)}
    return Sheet(CALLS, strokes, read, legend="upper left", **axes, **limits)


def _duration(seconds: float) -> str:
    """A time as people say it.

    Example:
        >>> _duration(0.0123), _duration(75.0), _duration(36000.0)
        ('12.3 ms', '75 s', '10 h')
    """
    for size, name in ((3600, "h"), (1, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{1e6 * seconds:.3g} µs"


def call_bars(measured: Compiled) -> Bars:
    """One call line by line, one compiled call, and the first one, which compiles."""

    def read(_: Totals, __: int) -> tuple[list[float], list[str], str]:
        each = measured.compiled.best if measured.compiled else np.nan
        values = [1e3 * seconds for seconds in (measured.eager.best, each, measured.first)]
        words = [_duration(v / 1e3) if np.isfinite(v) else "not compiled here" for v in values]
        faster = f"a compiled call is {measured.faster:.2g} times as fast"
        verdict = faster if measured.compiled else "nothing was compiled"
        return values, words, f"one call, a million numbers\n{verdict}"

    return Bars(["line by line", "compiled", "first call"], (0.1, 2e5), "milliseconds", read)


# ---------------------------------------------------------------- number formats


def format_losses(table: InFormats) -> Sheet:
    """Training loss over the epochs in one format, with float64 beside it."""

    def read(runs: InFormats, row: int) -> Here:
        kind, lr = str(runs.settings["kind"][row]), float(runs.settings["lr"][row])
        exact = table.loss[RATES.index(lr)]
        first = f"{kind}: loss {number(runs.loss[row, -1])}, float64 {number(exact[-1])}"
        second = f"{runs.lost[row]:.0%} of the updates changed nothing"
        return Here(np.stack([runs.loss[row], exact]), np.nan, np.nan, f"{first}\n{second}")

    strokes = [Stroke("this format", "black", width=3), Stroke("float64", BLUE, "--", width=1.6)]
    axes: dict[str, Any] = {
        "xlabel": "epoch",
        "ylabel": "training loss",
        "yscale": "log",
        "xlim": (0, EPOCHS),
    }
    return Sheet(range(EPOCHS + 1), strokes, read, film=True, ylim=(0.02, 1), legend="lower left", **axes)


def format_rates(table: InFormats) -> Sheet:
    """The share of updates that are lost over the learning rate, for every format."""
    curves = 100 * table.lost.reshape(len(KINDS), len(RATES))

    def read(runs: InFormats, row: int) -> Here:
        lost = 100 * float(runs.lost[row])
        text = f"α = {runs.settings['lr'][row]:g}\n{runs.settings['kind'][row]}: {lost:.0f} % of updates lost"
        return Here(curves, float(runs.settings["lr"][row]), lost, text)

    colors, styles = (BLUE, GREEN, ORANGE, PURPLE), ("--", ":", "-", "-.")
    strokes = [Stroke(*look) for look in zip(KINDS, colors, styles, "os^D", strict=True)]
    axes: dict[str, Any] = {
        "xlim": (7e-4, 1.4),
        "xlabel": "learning rate α",
        "ylabel": "updates that change nothing, %",
        "xscale": "log",
    }
    return Sheet(RATES, strokes, read, ylim=(-4, 104), legend="center left", **axes)
