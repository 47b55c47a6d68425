"""Several runs in one picture: their curves over a shared axis, their paths, and where they ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from matplotlib.lines import Line2D

from optlab.course.common.old_clouds import Kind
from optlab.course.common.old_panel import Panel, clean_axes, number
from optlab.course.common.old_paths import DEPTH, TOP
from optlab.course.trends.adaptive import RULES, Paths
from optlab.course.trends.rivals import JUDGES, NAMES, Rivals, verdict

__all__ = ["Curves", "Finishers", "RulePaths", "Several", "judge_of"]


@dataclass(frozen=True)
class Curves:
    """What `Several` shows of a row.

    Args:
        values: `(curves, points)`; what is not finite is left out.
        words: two lines of text at most.
        mark: where on the horizontal axis an upright line stands; NaN for none.
    """

    values: Any
    words: str
    mark: float = float("nan")


class Several(Panel):
    """Several curves over one horizontal axis.

    Args:
        x: of the points, `(points,)` for all curves, or `(curves, points)`.
        kinds: how each curve is drawn, and its name.
        read: what to show of a row, `read(result, row) -> Curves`.
        axes: what matplotlib sets on the axes, such as `xlabel`, `ylabel`, `yscale`, `ylim`.
        film: whether a film draws the curves point by point.
        still: how many of the last curves a film leaves as they are.
        legend: where the legend stands, and in how many columns; None leaves it out.
        ranges: the vertical ranges that there are, a background each; none: as `axes` says.
        range_of: which of them a row has.
    """

    def __init__(
        self,
        x: Any,
        kinds: Sequence[Kind],
        read: Callable[[Any, int], Curves],
        *,
        axes: dict[str, Any],
        film: bool = True,
        still: int = 0,
        legend: tuple[Any, int] | None = ("upper right", 1),
        ranges: Sequence[tuple[float, float]] = (),
        range_of: Callable[[Any, int], int] = lambda result, row: 0,  # noqa: ARG005
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._read = read
        columns = np.broadcast_to(x, (len(kinds), np.shape(x)[-1]))
        self.lines = [
            _line(ax, xs, np.full(len(xs), np.nan), k) for xs, k in zip(columns, kinds, strict=True)
        ]
        (self.mark,) = ax.plot([np.nan] * 2, [0, 1], transform=ax.get_xaxis_transform(), color="black")
        self.mark.set(linewidth=1, linestyle=(0, (1, 2)), label="_mark")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlim=(columns.min(), columns.max()), **axes)
        if legend:
            ax.legend(loc=legend[0], ncols=legend[1], frameon=False, fontsize=8.5, columnspacing=1.2)
        self.scenes, self._range_of = [partial(ax.set_ylim, *limits) for limits in ranges], range_of
        self.names = [kind.label for kind in kinds]
        self.fixed_x = tuple(self.lines)
        self.artists = (*self.lines, self.text) if film else (*self.lines, self.mark, self.text)
        moving = self.lines[: len(self.lines) - still] if film else []
        self.grows = dict.fromkeys(moving, 0)

    def scene(self, result: Any, row: int) -> int:
        """Which vertical range this row has."""
        return self._range_of(result, row)

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        shown = self._read(result, row)
        for line, values in zip(self.lines, shown.values, strict=True):
            line.set_ydata(np.where(np.isfinite(values), values, np.nan))
        self.mark.set_xdata([shown.mark] * 2)
        self.text.set_text(shown.words)
        ends = [f"{n} {number(float(v[-1]))}" for n, v in zip(self.names, shown.values, strict=True)]
        return f"{shown.words.replace(chr(10), '; ')}. At the right: {', '.join(ends)}."


def _line(ax: Any, x: Any, y: Any, kind: Kind) -> Line2D:
    marker = "" if kind.marker == "." else kind.marker
    (line,) = ax.plot(x, y, color=kind.color, linestyle=kind.style, marker=marker, markersize=4)
    line.set(linewidth=kind.width, label=kind.label)
    return line


class RulePaths(Panel):
    """The way of every rule down a ravine, with a ring where all start and a cross at the minimum.

    Args:
        kinds: how each rule's path is drawn, in the order of `RULES`.
        ravines: the pairs (κ, turn) that there are, a background each.
        height: gives a ravine as a function, `height(kappa, turn)`.
        start: gives the point where all begin, `start(turn)`.
        steps: how many steps a path has.
    """

    BOX = (-3.0, 3.0, -2.0, 2.0)

    def __init__(
        self,
        kinds: Sequence[Kind],
        ravines: Sequence[tuple[float, float]],
        height: Any,
        start: Any,
        steps: int,
    ) -> None:
        self.figure, self.ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.ax.grid(visible=False)
        self.ravines = list(ravines)
        left, right, bottom, top = self.BOX
        self._x, self._y = np.meshgrid(np.linspace(left, right, 160), np.linspace(bottom, top, 120))
        points = torch.as_tensor(np.stack([self._x, self._y], -1).reshape(-1, 2))
        self._heights = [height(*r)(points).numpy().reshape(self._x.shape) for r in self.ravines]
        self.scenes = [lambda k=k: self._ground(k) for k in range(len(self.ravines))]  # type: ignore[misc]
        self._drawn: list[Any] = []
        blank, self.names = np.full(steps + 1, np.nan), [kind.label for kind in kinds]
        self.lines = [_line(self.ax, blank, blank, kind) for kind in kinds]
        for line in self.lines:
            line.set_label("_path")  # a path's height on the paper says nothing: no numbers in the film
        self._starts = [start(turn).tolist() for _, turn in self.ravines]
        self.ax.plot(0, 0, "+", color="black", markersize=11, markeredgewidth=2, zorder=3)
        self.text = self.ax.text(0, 1.02, "", transform=self.ax.transAxes, fontsize=9, va="bottom")
        self.ax.set(xlabel="θ₁", ylabel="θ₂", xlim=self.BOX[:2], ylim=self.BOX[2:])
        self.artists, self.grows = (*self.lines, self.text), dict.fromkeys(self.lines, 0)

    def show(self, result: Paths, row: int) -> str:
        """Draw the paths of one row."""
        for line, path in zip(self.lines, result.path[row], strict=True):
            line.set_data(*path.T)
        alone = result.select(row)
        steps = {rule: int(alone.converged_at(rule)[0]) for rule in RULES}
        there = [f"{n} {k if k >= 0 else '—'}" for n, k in zip(self.names, steps.values(), strict=True)]
        self.text.set_text(f"start ○   minimum +   step from which J stays < 0.01:\n{'  '.join(there)}")
        return f"Step from which the loss stays under 0.01: {', '.join(there)}; a dash means never."

    def scene(self, result: Paths, row: int) -> int:
        """Which ravine this row is on."""
        return self.ravines.index((float(result.settings["kappa"][row]), float(result.settings["turn"][row])))

    def _ground(self, shown: int) -> None:
        for part in self._drawn:
            part.remove()
        height = np.log10(self._heights[shown] + 0.01 * np.median(self._heights[shown]))
        levels = np.linspace(height.min(), height.max(), 13)
        fill = self.ax.contourf(self._x, self._y, height, levels, cmap=DEPTH, zorder=0)
        lines = self.ax.contour(self._x, self._y, height, levels, colors="white", linewidths=0.6, zorder=0.5)
        (ring,) = self.ax.plot(*self._starts[shown], "o", color="white", markeredgecolor="black", zorder=3)
        ring.set_markersize(8)
        self._drawn = [fill, lines, ring]


class Finishers(Panel):
    """Where every rule ended on every seed: a dot a seed, a bar over all, a line at the median.

    Args:
        kinds: how each rule is drawn, in the order of `NAMES`.
        limits: the smallest and the largest loss on the axis, for each of `JUDGES`.
        seeds: how many seeds there are.
    """

    def __init__(self, kinds: Sequence[Kind], limits: Sequence[tuple[float, float]], seeds: int) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(left=0.31, top=TOP)
        self.limits, rows = limits, range(len(kinds))
        spread = np.linspace(-0.22, 0.22, seeds)
        self.dots = [
            ax.plot(np.full(seeds, np.nan), r + spread, "o", color=k.color, markersize=3, alpha=0.6)[0]
            for r, k in zip(rows, kinds, strict=True)
        ]
        self.bars = [
            ax.plot([np.nan] * 2, [r, r], color=k.color, linewidth=9, alpha=0.25, solid_capstyle="butt")[0]
            for r, k in zip(rows, kinds, strict=True)
        ]
        (self.medians,) = ax.plot(np.full(len(kinds), np.nan), rows, "|", color="black", markersize=17)
        self.medians.set_markeredgewidth(2.5)
        (self.here,) = ax.plot([0], [np.nan], ">", color="black", markersize=8, clip_on=False)
        self.here.set_transform(ax.get_yaxis_transform())
        for line in (*self.dots, *self.bars, self.medians, self.here):
            line.set_label("_end")
        self.text = ax.text(-0.35, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="loss at the end", xscale="log", ylim=(len(kinds) - 0.5, -0.5))
        ax.set_yticks(rows, [kind.label for kind in kinds])
        self.artists = (*self.bars, *self.dots, self.medians, self.here, self.text)
        self.scenes = [partial(ax.set_xlim, *pair) for pair in limits]

    def scene(self, result: Rivals, row: int) -> int:
        """The judge decides how far the axis reaches."""
        return judge_of(result, row)

    def show(self, result: Rivals, row: int) -> str:
        """Draw the ends of one row, and say who is clearly ahead."""
        low, high = self.limits[self.scene(result, row)]
        ends = np.clip(result.ends[row], low * 1.05, high / 1.1)
        for dots, bar, own in zip(self.dots, self.bars, ends, strict=True):
            dots.set_xdata(np.sort(own))
            bar.set_xdata([own.min(), own.max()])
        self.medians.set_xdata(np.median(ends, axis=1))
        self.here.set_ydata([list(NAMES).index(result.settings["rule"][row])])
        words = verdict(result.ends[row])
        self.text.set_text(f"{result.settings['judge'][row]}, {result.ends.shape[2]} seeds\n{words}")
        spreads = [
            f"{name} {number(own.min())} to {number(own.max())}"
            for name, own in zip(NAMES, ends, strict=True)
        ]
        return f"{words}. {', '.join(spreads)}"


def judge_of(result: Rivals, row: int) -> int:
    """Which of `JUDGES` a row of the race has."""
    return JUDGES.index(result.settings["judge"][row])
