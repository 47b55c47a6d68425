"""Labs over measurements of this machine: compiling, and number formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.course.common.compiled import Compiled, compare
from optlab.course.trends.compile import CALLS, Totals, totals
from optlab.course.trends.old_hardware_figures import (
    call_bars,
    format_losses,
    format_rates,
    total_curves,
)
from optlab.course.trends.precision import KINDS, RATES, InFormats, train_in_formats
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["compile_lab", "precision_lab"]

NUMBER = Param("calls", "N", "calls", CALLS, default=1)
KIND = Param("kind", "", "format", tuple(KINDS), default="bfloat16")
RATE = Param("lr", "α", "learning rate", RATES, default=0.1)


def compile_lab(timings: Compiled | None = None, **options: Any) -> Lab:
    """Calling a function line by line, or compiling it first: seconds in all, over the number of calls.

    Args:
        timings: from `optlab.course.common.compiled.compare`; measured now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its control named `calls`; its results are `Totals`.

    Source:
        J. Ansel et al., "PyTorch 2: faster machine learning through dynamic Python bytecode transformation
        and graph compilation", 2024.
    """
    measured = timings or compare()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Totals:
        return totals(measured, settings["calls"])

    goals = (Goal("compiling has paid for itself", lambda cost: cost.compiled[0] < cost.eager[0]),)
    panels = [total_curves(measured), call_bars(measured)]
    given: dict[str, Any] = {
        "goals": goals,
        "program": Program(Path(__file__).with_name("compile_program.py")),
    }
    return Lab((NUMBER,), run, panels, **(given | options))


def precision_lab(table: InFormats | None = None, **options: Any) -> Lab:
    """The network of section 4 in four number formats: its loss, and the updates that rounding swallows.

    Args:
        table: from `optlab.course.trends.precision.train_in_formats`; trained now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `kind` and `lr`; its results are `InFormats`.

    Source:
        P. Micikevicius et al., "Mixed precision training", 2018.
    """
    known = table or train_in_formats()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> InFormats:
        return known.find(settings)

    goals = (Goal("bfloat16 loses nine updates in ten", lambda runs: runs.lost[0] > 0.9),)
    panels = [format_losses(known), format_rates(known)]
    return Lab((KIND, RATE), run, panels, **({"goals": goals} | options))
