"""Least squares with a penalty: the weights against λ and one by one, against theory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, Panel, clean_axes, number
from optlab.course.regularization.shrinkage import Shrinkage
from optlab.course.regularization.strength_axis import place, strength_axis

__all__ = ["NamedWeights", "WeightPaths"]

LINES = [(color, style) for style in ("-", "--", ":") for color in (BLUE, ORANGE, GREEN, PURPLE)]
"""A look of its own for each of up to twelve features."""


class WeightPaths(Panel):
    """Theory's weights over all λ, one line a feature, and the weights that descent has reached at this λ.

    Args:
        strengths: every λ of the axis.
        kinds: the penalties by name, one background each.
        paths: theory's weights for each kind, `(kinds, strengths, features)`.
        names: of the features.
    """

    def __init__(
        self, strengths: Sequence[float], kinds: Sequence[str], paths: np.ndarray, names: Sequence[str]
    ) -> None:
        self.figure, self.ax = clean_axes()
        self.strengths, self.kinds, self.names = strengths, list(kinds), list(names)
        x = strength_axis(self.ax, strengths)
        self.ax.axhline(0, color="black", linewidth=0.8)
        reach = 1.12 * np.abs(paths).max()
        self._layers = [
            [
                self.ax.plot(x, path, color=color, linestyle=style, linewidth=1.5)[0]
                for path, (color, style) in zip(of_kind.T, LINES, strict=False)
            ]
            for of_kind in paths
        ]
        self._name_the_largest(x[1], paths[0, 1])
        self.scenes = [lambda k=k: self._show_kind(k) for k in range(len(self.kinds))]  # type: ignore[misc]
        (self.here,) = self.ax.plot(
            [np.nan] * 2, [-reach, reach], color=GREY, linewidth=1.2, label="_here", zorder=2.5
        )
        (self.dots,) = self.ax.plot(
            [np.nan] * len(names), [np.nan] * len(names), "o", color="black", markersize=5, label="by descent"
        )
        self.text = self.ax.text(0.02, 1.03, "", transform=self.ax.transAxes, fontsize=9)
        self.ax.set(ylabel="weight", ylim=(-reach, reach))
        self.artists = (self.here, self.dots, self.text)

    def show(self, result: Shrinkage, row: int) -> str:
        """Mark this row's λ and draw the weights that were reached."""
        strength, w = float(result.settings["strength"][row]), result.weights[row]
        x = place(strength, self.strengths)
        self.here.set_xdata([x, x])
        self.dots.set_data(np.full(len(w), x), w)
        far = np.abs(w - result.theory[row]).max()
        words = "lines: theory, dots: descent · apart by at most "
        self.text.set_text(words + (f"{far:.3f}" if far >= 5e-4 else f"{far:.0e}"))
        return f"At λ = {number(strength)} descent and theory differ by at most {far:.1e}."

    def scene(self, result: Shrinkage, row: int) -> int:
        """The lines of this row's penalty."""
        return self.kinds.index(str(result.settings["kind"][row]))

    def _show_kind(self, shown: int) -> None:
        for k, layer in enumerate(self._layers):
            for line in layer:
                line.set_visible(k == shown)

    def _name_the_largest(self, x: float, ends: np.ndarray) -> None:
        """Write the names of the three largest weights beside their lines, above, above and below."""
        for k, side in zip(np.argsort(-np.abs(ends))[:3], ("bottom", "bottom", "top"), strict=True):
            gap = -0.02 if side == "top" else 0.01
            self.ax.text(x, ends[k] + gap, self.names[k], color=LINES[k][0], fontsize=9, va=side)


class NamedWeights(Panel):
    """Each weight by its name: where descent has brought it, how far it still moves, where theory puts it.

    Args:
        names: of the features.
        reach: the largest weight on the axis.
    """

    def __init__(self, names: Sequence[str], reach: float) -> None:
        self.figure, ax = clean_axes()
        n = len(names)
        self.rows = np.arange(n)[::-1]
        ax.axvline(0, color="black", linewidth=0.8)
        blank = np.full(n, np.nan)
        (self.stems,) = ax.plot(np.tile(blank, 3), np.tile(blank, 3), color=BLUE, linewidth=2.4, label="_w")
        (self.swing,) = ax.plot(
            np.tile(blank, 3),
            np.tile(blank, 3),
            color=ORANGE,
            linewidth=7,
            alpha=0.55,
            label="last 50 steps",
            solid_capstyle="butt",
        )
        (self.dots,) = ax.plot(blank, self.rows, "o", color=BLUE, markersize=6, label="descent")
        (self.zeros,) = ax.plot(
            blank, self.rows, "o", color="white", markeredgecolor=BLUE, markersize=8, label="exactly 0"
        )
        (self.theory,) = ax.plot(blank, self.rows, "|", color="black", markersize=15, label="theory")
        self.theory.set_markeredgewidth(1.6)
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="weight", xlim=(-reach, reach), ylim=(-0.7, n - 0.3))
        ax.set_yticks(self.rows, names)
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists = (self.stems, self.swing, self.dots, self.zeros, self.theory, self.text)

    def show(self, result: Shrinkage, row: int) -> str:
        """Draw one row's weights."""
        w, zero = result.weights[row], result.weights[row] == 0
        low, high = result.low[row], result.high[row]
        gap = np.full(len(w), np.nan)
        heights = np.stack([self.rows, self.rows, gap], axis=1).ravel()
        self.stems.set_data(np.stack([0 * w, w, gap], axis=1).ravel(), heights)
        self.swing.set_data(np.stack([low, high, gap], axis=1).ravel(), heights)
        self.dots.set_xdata(np.where(zero, np.nan, w))
        self.zeros.set_xdata(np.where(zero, 0.0, np.nan))
        self.theory.set_xdata(result.theory[row])
        error = result.errors[row, 1]
        words = f"{zero.sum()} of {len(w)} exactly 0 · theory: {(result.theory[row] == 0).sum()}"
        self.text.set_text(f"{words} · validation error {error:.3f}")
        return f"{words}; the weights still move by {np.max(high - low):.1e}."
