"""The picture: every ratio a dot on a log axis, with a bar that holds half of its rounds."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import ScaledTranslation

from optlab.bench.report import Report, in_words
from optlab.bench.rows import Result

__all__ = ["THEMES", "draw"]


@dataclass(frozen=True)
class Theme:
    """Colours that are told apart on one ground.

    Args:
        ground: behind everything.
        ink: of words and axes.
        faint: of the grid.
        marks: of the series.
    """

    ground: str
    ink: str
    faint: str
    marks: tuple[str, ...]


THEMES = {
    "light": Theme("#ffffff", "#1f2328", "#d8dee4", ("#0072b2", "#c4500a", "#1a7f37", "#8250df")),
    "dark": Theme("#0d1117", "#e6edf3", "#30363d", ("#58a6ff", "#ffa657", "#56d364", "#d2a8ff")),
}
SHAPES = "osD^"
HOLLOW = ", 2 threads"
LINE, ABOVE, WIDTH, MARGIN = 0.24, 0.95, 8.2, 0.15
"""Inches: of a line of a panel, of what stands above and below its lines, of the whole, of its foot."""


def draw(report: Report, theme: str = "light") -> bytes:
    """The picture of a report.

    Args:
        report: what to draw.
        theme: a key of `THEMES`.

    Returns:
        A PNG.
    """
    panels = list(_panels(report.results))
    heights = [ABOVE + LINE * room(panel) * len(names(panel)) for panel in panels]
    whole = sum(heights) + MARGIN
    figure = Figure(figsize=(WIDTH, whole), dpi=160, facecolor=THEMES[theme].ground)
    top = whole
    for panel, height in zip(panels, heights, strict=True):
        low, high = top - height + 0.5, top - 0.45
        place = (0.27, low / whole, 0.70, (high - low) / whole)
        _panel(figure.add_axes(place), panel, THEMES[theme])
        top -= height
    file = io.BytesIO()
    FigureCanvasAgg(figure).print_png(file)
    return file.getvalue()


def _panels(results: Sequence[Result]) -> Iterator[list[Result]]:
    """The results of each panel, in order; a panel of bases alone shows nothing."""
    where = dict.fromkeys((one.group, one.panel or one.task) for one in results)
    for place in where:
        members = [one for one in results if (one.group, one.panel or one.task) == place]
        if not all(one.base for one in members):
            yield members


def names(panel: Sequence[Result]) -> list[str]:
    """The contestants of a panel but the base, which is 1 by definition."""
    return list(dict.fromkeys(one.name for one in panel if not one.base))


def room(panel: Sequence[Result]) -> float:
    """How much wider the lines of a panel are for its many series."""
    return 1 if len({one.series for one in panel}) <= 3 else 1.5


def _panel(ax: Axes, panel: Sequence[Result], theme: Theme) -> None:
    lines = names(panel)
    kinds = list(dict.fromkeys(one.series.removesuffix(HOLLOW).removesuffix(", 1 thread") for one in panel))
    every = list(dict.fromkeys(one.series for one in panel))
    ax.axvline(1, color=theme.ink, linewidth=1)
    for one in panel:
        if not one.base:
            k = kinds.index(one.series.removesuffix(HOLLOW).removesuffix(", 1 thread"))
            y = lines.index(one.name) + _aside(every.index(one.series), len(every))
            _mark(ax, one, y, theme.marks[k % 4], SHAPES[k % 4], theme)
    _legend(ax, kinds, any(one.series.endswith(HOLLOW) for one in panel), theme)
    first = panel[0]
    base = next(one.name for one in panel if one.base)
    ax.set_title(_title(first, base), color=theme.ink, fontsize=9, loc="left", pad=5, fontweight="bold")
    ax.set_yticks(range(len(lines)), lines)
    for label in ax.get_yticklabels():
        label.set_fontweight("bold" if label.get_text().startswith("optlab") else "normal")
    ax.set_ylim(len(lines) - 0.5, -0.5)
    _axis(ax, theme)


def _title(first: Result, base: str) -> str:
    if first.group == "growth":
        return "Growth: a sweep of optlab's, against the smallest"
    return f"{first.group.capitalize()}: {first.panel or first.task} (1 is {base})"


def _aside(k: int, count: int) -> float:
    """How far mark k of several on one line is put aside, so that none hides another."""
    return 0.7 * ((k + 0.5) / count - 0.5)


def _mark(ax: Axes, one: Result, y: float, color: str, shape: str, theme: Theme) -> None:
    low, middle, high = one.quartiles()
    inside = theme.ground if one.series.endswith(HOLLOW) else color
    ax.plot([low, high], [y, y], color=color, linewidth=2, solid_capstyle="butt")
    ax.plot([middle], [y], shape, color=color, markersize=4.5, markerfacecolor=inside)


def _legend(ax: Axes, kinds: Sequence[str], hollow: bool, theme: Theme) -> None:
    entries: list[Any] = []
    for k, kind in enumerate(kinds):
        if kind:
            entries += ax.plot([], [], SHAPES[k % 4], color=theme.marks[k % 4], markersize=4.5, label=kind)
    if hollow:
        style: dict[str, Any] = {"color": theme.ink, "markerfacecolor": theme.ground, "markersize": 4.5}
        entries += ax.plot([], [], "o", label="hollow: 2 threads", **style)
    if entries:
        where: dict[str, Any] = {
            "loc": "upper center",
            "bbox_to_anchor": (0.5, 0),
            "bbox_transform": _below(ax),
        }
        ax.legend(
            handles=entries, fontsize=8, ncols=4, frameon=False, labelcolor=theme.ink, borderpad=0, **where
        )


def _below(ax: Axes) -> Any:
    """Axes coordinates across, and inches below the axis down."""
    return ax.transAxes + ScaledTranslation(0, -0.24, ax.figure.dpi_scale_trans)


def _axis(ax: Axes, theme: Theme) -> None:
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    if math.log10(high / low) < 1:  # room for two labels at least
        middle = math.sqrt(low * high)
        ax.set_xlim(middle / 4, middle * 4)
    subs = (1.0,) if high / low > 300 else (1.0, 2.0, 5.0)
    ax.xaxis.set_major_locator(LogLocator(subs=subs, numticks=12))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: in_words(x).replace(".0", "")))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_facecolor(theme.ground)
    ax.grid(axis="x", color=theme.faint, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=theme.ink, labelsize=8.5, length=0)
    for side in ax.spines.values():
        side.set_visible(False)
