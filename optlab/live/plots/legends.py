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
    """The legend of an axes, below it; the axes give way by as much as it takes.

    Args:
        ax: the only axes of its figure.
    """

    def __init__(self, ax: Axes) -> None:
        self._ax = ax
        self._legend: Legend | None = None
        self._width = 0.0
        figure: Any = ax.figure
        self._bottom = figure.subplotpars.bottom * figure.get_figheight()  # inches, for ticks and label

    def arrange(self) -> None:
        """Lay it out anew, where the figure has another width than before."""
        figure: Any = self._ax.figure
        if figure.get_figwidth() == self._width:
            return
        self._width = figure.get_figwidth()
        by_name = dict(zip(*reversed(self._ax.get_legend_handles_labels()), strict=True))  # each name once
        handles, labels = list(by_name.values()), list(by_name)
        columns = len(labels)
        while columns:
            width, height = self._try(handles, labels, columns)
            if width <= 0.98 * self._width or columns == 1:
                break
            columns -= 1
        if columns:
            rows = -(-len(labels) // columns)
            _, height = self._try(handles, labels, -(-len(labels) // rows))  # no row much longer than others
            figure.subplots_adjust(bottom=min(0.6, (self._bottom + height) / figure.get_figheight()))

    def _try(self, handles: Any, labels: Any, columns: int) -> tuple[float, float]:
        """Its width and height in inches, with so many columns."""
        figure: Any = self._ax.figure
        if self._legend is not None:
            self._legend.remove()
        self._legend = figure.legend(handles, labels, ncols=columns, **LOOK)
        for handle in self._legend.legend_handles:
            if isinstance(handle, Line2D):  # a wide line or a large marker would cover its name
                handle.set_linewidth(min(handle.get_linewidth(), WIDEST))
                handle.set_solid_capstyle("butt")
                handle.set_markersize(min(handle.get_markersize(), 1.5 * WIDEST))
        canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
        box = self._legend.get_window_extent(canvas.get_renderer())
        return box.width / figure.dpi, box.height / figure.dpi
