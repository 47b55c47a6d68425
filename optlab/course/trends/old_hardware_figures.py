"""Compiling against calling, and number formats."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.course.common.compiled import Compiled
from optlab.course.common.old_measured import Bars, Here, Sheet, Stroke
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, PURPLE, number
from optlab.course.trends.compile import CALLS, Totals, totals
from optlab.course.trends.precision import EPOCHS, KINDS, RATES, InFormats

__all__ = ["call_bars", "format_losses", "format_rates", "total_curves"]


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
