"""A legend below the axes, in as few rows as fit: no curve runs through it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

__all__ = ["LegendBelow"]

WIDEST = 6
"""Points: how wide a line is in the legend at most."""
DASH_AND_DOT = 1.6
"""Points: how wide it is where dashes and dots alternate; they grow with it, and the dot has to find room."""

LOOK: dict[str, Any] = {
    "loc": "lower center",
    "frameon": False,
    "fontsize": 8.5,
    "handlelength": 1.8,
    "handletextpad": 0.5,
    "columnspacing": 1.2,
    "labelspacing": 0.25,
    "borderpad": 0.2,
    "borderaxespad": 0,
}


class LegendBelow:
    """The legend of an axes, below it.

    Args:
        ax: the only axes of its figure.
    """

    def __init__(self, ax: Axes) -> None:
        self._ax = ax
        self._legend: Legend | None = None
        self._width = 0.0
        self._fitting: dict[float, tuple[int, float]] = {}  # by the figure's width: columns, height

    def height(self, width: float) -> float:
        """How high it is on a figure of some width, both in inches."""
        return self._fit(width)[1]

    def arrange(self) -> None:
        """Lay it out anew, where the figure has another width than before."""
        figure: Any = self._ax.figure
        width = figure.get_figwidth()
        columns, height = self._fit(width)
        if height and width != self._width:
            self._try(*self._named(), columns)
        self._width = width

    def _fit(self, width: float) -> tuple[int, float]:
        if width not in self._fitting:
            self._fitting[width] = self._fitted(width)
            self._width = 0.0  # trying has laid it out in other ways
        return self._fitting[width]

    def _fitted(self, width: float) -> tuple[int, float]:
        handles, labels = self._named()
        columns = len(labels)
        if not columns:
            return 0, 0.0
        while columns > 1 and self._try(handles, labels, columns)[0] > 0.98 * width:
            columns -= 1
        rows = -(-len(labels) // columns)
        columns = -(-len(labels) // rows)  # no row much longer than others
        return columns, self._try(handles, labels, columns)[1]

    def _named(self) -> tuple[list[Any], list[str]]:
        by_name = dict(zip(*reversed(self._ax.get_legend_handles_labels()), strict=True))  # each name once
        return list(by_name.values()), list(by_name)

    def _try(self, handles: Any, labels: Any, columns: int) -> tuple[float, float]:
        """Its width and height in inches, with so many columns."""
        figure: Any = self._ax.figure
        if self._legend is not None:
            self._legend.remove()
        self._legend = figure.legend(handles, labels, ncols=columns, **LOOK)
        for handle in self._legend.legend_handles:
            if isinstance(handle, Line2D):  # a wide line or a large marker would cover its name
                widest = DASH_AND_DOT if handle.get_linestyle() == "-." else WIDEST
                handle.set_linewidth(min(handle.get_linewidth(), widest))
                handle.set_solid_capstyle("butt")
                handle.set_markersize(min(handle.get_markersize(), 1.5 * WIDEST))
        canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
        box = self._legend.get_window_extent(canvas.get_renderer())
        return box.width / figure.dpi, box.height / figure.dpi
