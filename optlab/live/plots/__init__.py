"""Declared plots: what each mark shows of a record, said once, with its role."""

from optlab.live.plots.bars import bars
from optlab.live.plots.films import Film
from optlab.live.plots.plot import Plot
from optlab.live.plots.style import BLUE, GOLD, GREEN, GREY, ORANGE, PURPLE, counted, number
from optlab.live.values import each, nth

__all__ = [
    "BLUE",
    "GOLD",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "Film",
    "Plot",
    "bars",
    "counted",
    "each",
    "nth",
    "number",
]
