"""A descent over a surface: its path on the contours, and its loss step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from torch import Tensor

from optlab.course.common import surface_plots
from optlab.course.common.old_panel import GREEN, ORANGE, Panel, clean_axes, number
from optlab.course.common.surface_plots import way_out
from optlab.engine.analysis.follow import Descent
from optlab.engine.training.history import NEVER
from optlab.live.plots.style import DEPTH

__all__ = ["DEPTH", "Curve", "DescentLoss", "SurfacePath", "View", "contours"]

TOP = 0.86
"""Where the axes end, as a fraction of the figure: two lines of text stand above."""


@dataclass(frozen=True)
class View:
    """One background of a `SurfacePath`.

    Args:
        fn: the surface, points `(settings, 2)` to heights `(settings,)`.
        box: left, right, bottom and top.
        minima: the points to mark as lowest.
    """

    fn: Callable[[Tensor], Tensor]
    box: tuple[float, float, float, float]
    minima: Sequence[tuple[float, float]]


def contours(ax: Axes, view: View) -> list:
    """Draw a surface's contours and its lowest points.

    Args:
        ax: where.
        view: the surface.

    Returns:
        What was drawn.
    """
    return surface_plots.contours(ax, view.fn, view.box, view.minima)


class SurfacePath(Panel):
    """The path over the contours of its surface, from the ring to what ended it.

    A star: within the tolerance. A square: the cap of steps. A cross: diverged.

    Args:
        views: the surfaces, one background each.
        view_of: which of them a row of a result belongs to.
        steps: the most steps of a path.
    """

    def __init__(self, views: Sequence[View], view_of: Callable[[Descent, int], int], steps: int) -> None:
        self.figure, self.ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.ax.grid(visible=False)
        self.views, self._view_of = views, view_of
        self._layers = [contours(self.ax, view) for view in views]
        self.scenes = [lambda k=k: self._show_view(k) for k in range(len(views))]  # type: ignore[misc]
        blank = np.full(steps + 1, np.nan)
        (self.path,) = self.ax.plot(
            blank, blank, "o-", color=ORANGE, linewidth=1.2, markersize=2.5, label="_path"
        )
        self.start, self.star, self.square, self.cross = (
            self.ax.plot(
                [np.nan], [np.nan], marker, color=face, markeredgecolor="black", markersize=size, label="_end"
            )[0]
            for marker, face, size in (
                ("o", "white", 8),
                ("*", "gold", 14),
                ("s", ORANGE, 7),
                ("X", ORANGE, 10),
            )
        )
        self.cross.set_clip_on(False)  # it stands on the border
        self.text = self.ax.text(0, 1.02, "", transform=self.ax.transAxes, fontsize=9, va="bottom")
        self.ax.set(xlabel="θ₁", ylabel="θ₂")
        self.artists = (self.path, self.start, self.square, self.cross, self.star, self.text)
        self.grows = {self.path: 0}

    def show(self, result: Descent, row: int) -> str:
        """Draw one path and its end."""
        path = result.path[row]
        reached, lost = int(result.reached_at[row]), int(result.diverged_at[row])
        self.path.set_data(*path.T)
        self.start.set_data(*path[:1].T)
        ends = {
            self.star: path[reached] if reached != NEVER else None,
            self.cross: way_out(path, self.views[self._view_of(result, row)].box) if lost != NEVER else None,
            self.square: path[-1] if reached == lost == NEVER else None,
        }
        for marker, point in ends.items():
            marker.set_data(*([[np.nan], [np.nan]] if point is None else point[:, None]))
        self.text.set_text(f"start ○   end {'★' if reached != NEVER else '✖' if lost != NEVER else '■'}")
        return f"The path starts at {_point(path[0])}. {result.outcome(row).capitalize()}."

    def scene(self, result: Descent, row: int) -> int:
        """Which surface this row was on."""
        return self._view_of(result, row)

    def _show_view(self, shown: int) -> None:
        for k, layer in enumerate(self._layers):
            for artist in layer:
                artist.set_visible(k == shown)
        left, right, bottom, top = self.views[shown].box
        self.ax.set(xlim=(left, right), ylim=(bottom, top))


def _point(point: np.ndarray) -> str:
    return f"({point[0]:.2f}, {point[1]:.2f})"


@dataclass(frozen=True)
class Curve:
    """One more line of a `DescentLoss`.

    Args:
        label: its name in the legend.
        color: its colour.
        style: its line style, one that no other line of the figure has.
        values: what it shows of a row, `(steps + 1,)`.
        width: in points.
        still: whether a film leaves it as it is, as a theory that is known from the first step.
    """

    label: str
    color: str
    style: str
    values: Callable[[Descent, int], np.ndarray]
    width: float = 1.6
    still: bool = False


class DescentLoss(Panel):
    """The loss step by step on a log axis, a goal to get below, and what theory says.

    Args:
        steps: how many steps the axis holds.
        limits: the smallest and the largest loss on the axis.
        goal: the loss to reach.
        curves: more lines.
        note: a second line of text for a row.
    """

    def __init__(
        self,
        steps: int,
        limits: tuple[float, float],
        goal: float,
        curves: Sequence[Curve] = (),
        note: Callable[[Descent, int], str] | None = None,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        x, blank = np.arange(steps + 1), np.full(steps + 1, np.nan)
        self.goal, self._curves, self._note = goal, curves, note
        ax.axhline(goal, color=GREEN, linewidth=1, linestyle=(0, (1, 2)))
        words = f"goal {goal:.0e} ".replace("e-0", "e-")
        ax.text(steps, goal / 2, words, color=GREEN, fontsize=8.5, ha="right", va="top")
        (self.total,) = ax.plot(x, blank, color="black", linewidth=2.4, label="loss")
        self.lines = [
            ax.plot(x, blank, color=c.color, linestyle=c.style, linewidth=c.width, label=c.label)[0]
            for c in curves
        ]
        (self.star,) = ax.plot(
            [np.nan], [np.nan], "*", color="gold", markeredgecolor="black", markersize=15, label="_goal"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="step", ylabel="loss", xlim=(0, steps), yscale="log", ylim=limits)
        if curves:
            ax.legend(loc="upper right", frameon=False, fontsize=8.5, ncols=2, columnspacing=1.2)
        self.artists = (*self.lines, self.total, self.star, self.text)
        self.fixed_x = (*self.lines, self.total)
        moving = [line for line, curve in zip(self.lines, curves, strict=True) if not curve.still]
        self.grows = dict.fromkeys([self.total, *moving], 0)

    def show(self, result: Descent, row: int) -> str:
        """Draw one row, with a star where it reaches the goal."""
        loss, reached = result.loss[row], int(result.reached_at[row])
        self.total.set_ydata(loss)
        for line, curve in zip(self.lines, self._curves, strict=True):
            line.set_ydata(curve.values(result, row))
        self.star.set_data([reached], [loss[reached]] if reached != NEVER else [np.nan])
        words, note = result.outcome(row), self._note(result, row) if self._note else ""
        self.text.set_text(f"{words}\n{note}" if note else words)
        return f"The loss starts at {number(loss[0])}; {words}. {note}".strip()
