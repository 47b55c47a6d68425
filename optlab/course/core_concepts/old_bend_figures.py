"""What a penalty does to a loss: the surface bends, and a cut shows the two terms and their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from torch import Tensor

from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP, SurfacePath, View
from optlab.course.core_concepts.line import least_squares, line_loss
from optlab.engine.analysis.follow import Descent

__all__ = ["BentPath", "PenaltyCut"]

FARTHEST = 2.0
"""How far from 0 the cut goes."""

HIGHEST = 3.45
"""Where curves end, so that none runs through the legend."""


class BentPath(SurfacePath):
    """A descent on the bent surface, and the curve that the lowest point moves along as λ grows.

    Args:
        views: the surface for each λ, the first without a penalty.
        view_of: which of them a row of a result belongs to.
        steps: the most steps of a path.
        lowest: the lowest points for ever larger λ, by theory, `(points, 2)`.
    """

    def __init__(
        self,
        views: Sequence[View],
        view_of: Callable[[Descent, int], int],
        steps: int,
        lowest: np.ndarray,
    ) -> None:
        super().__init__(views, view_of, steps)
        self.grows = {self.path: 0}
        self.ax.plot(*lowest.T, "--", color="black", linewidth=1.6, zorder=1.5)
        self.ax.plot(*lowest[0], "D", color=BLUE, markeredgecolor="white", markersize=8, zorder=2)
        self.ax.plot(0, 0, "o", color=GREEN, markeredgecolor="white", markersize=8, zorder=2)
        for words, x, y in (("λ = 0", *lowest[0]), ("λ = ∞", 0, 0)):
            self.ax.text(x + 0.1, y - 0.05, words, fontsize=9, va="top", zorder=2)

    def show(self, result: Descent, row: int) -> str:
        """Draw one path, and say how far its end is from the closed form."""
        words = super().show(result, row)
        away = np.linalg.norm(
            result.path[row, -1] - np.array(self.views[self._view_of(result, row)].minima[0])
        )
        measured = f"{max(away, 1e-16):.0e} from the lowest point" if np.isfinite(away) else "diverged"
        self.text.set_text(f"- - lowest points of all λ, by theory\n{self.text.get_text()}, {measured}")
        return f"{words} The end of the path: {measured}."


class PenaltyCut(Panel):
    """The loss, the penalty and their sum on the way from 0 through the lowest point of the sum.

    Args:
        x: the flowers' lengths, `(samples,)`.
        y: their widths.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.x, self.y, self.far = x, y, np.linspace(0, FARTHEST, 81)
        blank = np.full(len(self.far), np.nan)
        self.data, self.penalty, self.sum = (
            ax.plot(self.far, blank, style, color=color, linewidth=width, label=label)[0]
            for style, color, width, label in (
                ("--", BLUE, 1.8, "J₁, the flowers"),
                (":", GREEN, 2.2, "λJ₂, the penalty"),
                ("-", "black", 2.4, "J, their sum"),
            )
        )
        (self.dot,) = ax.plot(
            [np.nan], [np.nan], "P", color=ORANGE, markeredgecolor="black", markersize=10, label="_lowest"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="distance from 0, through the lowest point", ylabel="loss")
        ax.set(xlim=(0, FARTHEST), ylim=(0, 4))
        ax.legend(
            loc="upper center", frameon=False, fontsize=8.5, ncols=3, columnspacing=1.2, handlelength=1.6
        )
        self.artists = (self.data, self.penalty, self.sum, self.dot, self.text)
        self.fixed_x = (self.data, self.penalty, self.sum)

    def show(self, result: Descent, row: int) -> str:
        """Cut through the lowest point of one row's λ."""
        l2 = float(result.settings["l2"][row])
        lowest = least_squares(self.x, self.y, l2)[0]
        size = float(lowest.norm())
        along = (lowest / size).numpy() * self.far[:, None]
        data, both = (line_loss(along, self.x, self.y, strength).numpy() for strength in (0.0, l2))
        for line, values in ((self.data, data), (self.penalty, both - data), (self.sum, both)):
            line.set_ydata(np.where(values < HIGHEST, values, np.nan))
        self.dot.set_data([size], [float(line_loss(lowest, self.x, self.y, l2))])
        cost = float(line_loss(lowest, self.x, self.y))
        words = f"at the lowest point: size of θ {size:.2f}, J₁ {cost:.3f}"
        self.text.set_text(f"λ = {l2:g}\n{words}")
        return f"With λ = {l2:g}, {words}."
