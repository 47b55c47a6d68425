"""Plots in words, for a screen reader."""

import math
from typing import Any

from optlab import Plot
from optlab.live.plots import number


def ends_in_words(plot: Plot) -> None:
    """Let a plot be read aloud as its title and where each of its lines ends.

    Args:
        plot: the plot; its lines have fixed x.
    """

    def words(one: Any) -> str:
        ends = ", ".join(f"{name} {_value(end)}" for name, end in plot.ends(one).items())
        return f"{plot.said(one)}. At the right: {ends}."

    plot.words(words)


def _value(end: float) -> str:
    return number(end) if math.isfinite(end) else "no value"
