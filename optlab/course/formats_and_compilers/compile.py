"""When compiling pays: what many calls of a function cost, line by line and compiled."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from optlab import Record
from optlab.course.common.compiled import Compiled

CALLS = tuple(10**k for k in range(8))
"""How often the function is called."""


@dataclass(frozen=True)
class Totals(Record):
    """What many calls cost.

    Args:
        settings: `calls`, `(settings,)`.
        eager: seconds line by line, `(settings,)`.
        compiled: seconds compiled, including the compilation, likewise; NaN if nothing was compiled.
        pays_after: how many calls it takes until both are the same, likewise; NaN if nothing was compiled.
    """

    eager: np.ndarray
    compiled: np.ndarray
    pays_after: np.ndarray


def totals(measured: Compiled, calls: Any = CALLS) -> Totals:
    """Add up what calls cost, from measurements of one.

    Args:
        measured: the timings.
        calls: how many, a number or an array.

    Returns:
        The seconds.
    """
    number = np.atleast_1d(calls)
    each = measured.compiled.best if measured.compiled else np.nan
    eager, compiled = number * measured.eager.best, measured.first + (number - 1.0) * each
    pays_after = (measured.first - each) / (measured.eager.best - each)
    return Totals({"calls": number}, eager, compiled, np.full(len(number), pays_after))
