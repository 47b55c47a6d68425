"""Lab: when compiling a function pays."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.compiled import Compiled, compare
from optlab.course.common.making import Parts, course_lab
from optlab.course.formats_and_compilers.compile import CALLS, Totals, totals
from optlab.live.plots import BLUE, ORANGE, bars

NUMBER = Param("calls", "N", "calls", CALLS, default=1)


def _has_just_paid(run: Totals) -> bool:
    """Whether compiling pays for so many calls, and does not for a tenth of them."""
    calls = run.settings["calls"][0]
    return bool(run.compiled[0] < run.eager[0] and calls / 10 <= run.pays_after[0])


GOALS = (Goal("the fewest calls on the slider for which compiling has paid", _has_just_paid),)


@course_lab
def compile_lab(measured: Compiled | None = None) -> Parts:
    """Calling a function line by line, or compiling it first: seconds in total, over the number of calls.

    Args:
        measured: from `optlab.course.common.compiled.compare`; measured now if left out.

    Source:
        J. Ansel et al., "PyTorch 2: faster machine learning through dynamic Python bytecode transformation
        and graph compilation", 2024.
    """
    known = measured or compare()
    bill = totals(known)
    return Parts((NUMBER,), Table(bill), [all_calls(bill), one_call(known)], GOALS)


def all_calls(bill: Totals) -> Plot:
    """Seconds of all calls together, line by line and compiled, over the number of calls."""
    axes: dict[str, Any] = {"xlabel": "calls", "ylabel": "seconds in total", "xscale": "log", "yscale": "log"}
    limits: dict[str, Any] = {"xlim": (0.6, 2e7), "ylim": (bill.eager[0] / 3, bill.eager[-1] * 3)}
    plot = Plot(legend=True, **axes, **limits)
    look: dict[str, Any] = {"x": CALLS, "role": "theory", "markersize": 5}
    plot.line("line by line", bill.eager, BLUE, marker="o", **look)
    plot.line("compiled, compiling included", bill.compiled, ORANGE, "--", marker="s", **look)
    plot.steers(x="calls")
    plot.here(
        lambda run: (
            run.settings["calls"],
            np.where(np.isfinite(run.compiled), run.compiled, run.eager),
        )
    )
    plot.title(_bill)
    return plot


def _bill(one: Totals) -> str:
    calls, eager, compiled = int(one.settings["calls"][0]), one.eager[0], one.compiled[0]
    many = f"{calls:,} calls" if calls > 1 else "1 call"
    if not np.isfinite(compiled):
        return f"{many}: {_duration(eager)}\nnothing was compiled"
    pays = "compiling has paid" if compiled < eager else "compiling has not paid yet"
    return f"{many}: {_duration(eager)} line by line, {_duration(compiled)} compiled\n{pays}"


def one_call(measured: Compiled) -> Plot:
    """One call line by line, one compiled call, and the first one, which compiles."""
    each = measured.compiled.best if measured.compiled else np.nan
    seconds = np.array([[measured.eager.best, each, measured.first]])
    beside = [_duration(value) if np.isfinite(value) else "not compiled here" for value in seconds[0]]
    faster = f"a compiled call is {measured.faster:.2g} times as fast"
    verdict = faster if measured.compiled else "nothing was compiled"
    return bars(
        ["line by line", "compiled", "first call"],
        lambda _: 1e3 * seconds,
        lambda _: beside,
        lambda _: f"one call, a million numbers\n{verdict}",
        limits=(0.1, 2e5),
        xlabel="milliseconds",
    )


def _duration(seconds: float) -> str:
    """A time as people say it.

    >>> _duration(0.0123), _duration(75.0), _duration(36000.0)
    ('12.3 ms', '75 s', '10 h')
    """
    for size, name in ((3600, "h"), (1, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{1e6 * seconds:.3g} µs"
