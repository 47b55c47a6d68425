"""Margins above and below axes; axes that stand side by side begin and end at the same heights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from optlab.live.plots.legends import LegendBelow

__all__ = ["Margins", "level"]


class Margins:
    """The room below and above the only axes of a figure.

    Args:
        ax: the axes, where they stand without a legend.
        legend: what is to stand below them; None: nothing.

    Attributes:
        beside: the margins of all figures that are shown side by side, these included.
    """

    def __init__(self, ax: Axes, legend: LegendBelow | None) -> None:
        self._ax, self._legend = ax, legend
        figure: Any = ax.figure
        self.beside: Sequence[Margins] = [self]
        self._size = tuple(figure.get_size_inches())
        self._bottom = figure.subplotpars.bottom * self._size[1]  # inches, for ticks and label
        self._top = (1 - figure.subplotpars.top) * self._size[1]

    def arrange(self) -> None:
        """Give way to the legends of all, for the width that the figure has now."""
        figure: Any = self._ax.figure
        width, height = figure.get_size_inches()
        if self._legend:
            self._legend.arrange()
        alike = [other for other in self.beside if other._level_with(self)]  # noqa: SLF001  (of its own class)
        below = max(other._below(width) for other in alike)  # noqa: SLF001
        above = max(other._top for other in alike)  # noqa: SLF001
        bottom = min(0.6, below / height)
        figure.subplots_adjust(bottom=bottom, top=max(1 - above / height, bottom + 0.1))

    def _below(self, width: float) -> float:
        return self._bottom + (self._legend.height(width) if self._legend else 0.0)

    def _level_with(self, other: Margins) -> bool:
        """Whether both have edges that show where they begin: a picture without axes has none."""
        return self is other or (self._size == other._size and self._ax.axison and other._ax.axison)


def level(margins: Sequence[Margins]) -> None:
    """Let axes that stand side by side begin and end at the same heights.

    Args:
        margins: of each.
    """
    for one in margins:
        one.beside = margins
    for one in margins:
        one.arrange()
