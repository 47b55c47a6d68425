"""Two descents side by side: their paths on one surface, their losses, and how a rate falls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from optlab.course.common.old_panel import BLUE, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP, View, contours
from optlab.course.core_concepts.walk import last_tenth
from optlab.engine.rules.half_life import time_to_share

__all__ = ["FallingRate", "TwoLosses", "TwoPaths"]

Names = Callable[[Any, int], tuple[str, str]]


class TwoPaths(Panel):
    """Two paths from one start, over the contours of their surface.

    Args:
        view: the surface.
        marks: how many points a path has.
        names: what to call the two paths of a row: the one of interest, and the other.
    """

    def __init__(self, view: View, marks: int, names: Names) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        ax.grid(visible=False)
        self._names, blank = names, np.full(marks, np.nan)
        contours(ax, view)
        (self.path,) = ax.plot(blank, blank, color=ORANGE, linewidth=1, label="_path")
        (self.other,) = ax.plot(
            blank, blank, "o--", color=BLUE, linewidth=1.8, markersize=3.5, label="_other"
        )
        self.start, self.end, self.other_end = (
            ax.plot([np.nan], [np.nan], marker, color=face, markeredgecolor="black", markersize=8, label="_")[
                0
            ]
            for marker, face in (("o", "white"), ("s", ORANGE), ("D", BLUE))
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        left, right, bottom, top = view.box
        ax.set(xlabel="θ₁", ylabel="θ₂", xlim=(left, right), ylim=(bottom, top))
        self.grows = {self.path: 0, self.other: 0}
        self.artists = (self.path, self.other, self.start, self.end, self.other_end, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw both paths of one row; one that has left the picture for good has no end."""
        path, other = result.path[row], result.other[row]
        self.path.set_data(*path.T)
        self.other.set_data(*other.T)
        self.start.set_data(*path[:1].T)
        self.end.set_data(*path[-1:].T)
        self.other_end.set_data(*other[-1:].T)
        name, other_name = self._names(result, row)
        self.text.set_text(f"start ○   end of {name} ■   of {other_name} ◆")
        return f"Two paths from ({path[0, 0]:.1f}, {path[0, 1]:.1f}): {name}, and {other_name}."


class TwoLosses(Panel):
    """How far two descents are above the lowest loss, on a log axis.

    Args:
        x: where the marks stand, `(marks,)`.
        xlabel: what x counts.
        limits: the smallest and the largest loss on the axis.
        names: what to call the two of a row.
        expected: what theory says of the other one, `(marks,)`; None leaves it out.
    """

    def __init__(
        self,
        x: np.ndarray,
        xlabel: str,
        limits: tuple[float, float],
        names: Names,
        expected: Callable[[Any, int], np.ndarray] | None = None,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._names, self._expected, blank = names, expected, np.full(len(x), np.nan)
        (self.loss,) = ax.plot(x, blank, color=ORANGE, linewidth=1.6, label="_loss")
        (self.other,) = ax.plot(x, blank, color=BLUE, linewidth=2.4, linestyle="--", label="_other")
        (self.theory,) = ax.plot(x, blank, color="black", linewidth=1.2, linestyle=":", label="_theory")
        self.texts = [
            ax.text(0, height, "", transform=ax.transAxes, fontsize=9, va="bottom", color=color)
            for height, color in ((1.085, ORANGE), (1.015, BLUE))
        ]
        if expected is not None:
            ax.plot([], [], ":", color="black", linewidth=1.2, label="theory")
            ax.legend(loc="upper right", frameon=False, fontsize=8.5)
        ax.set(xlabel=xlabel, ylabel="loss above the lowest", xlim=(0, x[-1]), yscale="log", ylim=limits)
        self.grows = {self.loss: 0, self.other: 0}
        self.artists = (self.other, self.loss, self.theory, *self.texts)
        self.fixed_x = (self.other, self.loss, self.theory)

    def show(self, result: Any, row: int) -> str:
        """Draw both losses of one row."""
        losses = result.loss[row], result.other_loss[row]
        for line, loss in zip((self.loss, self.other), losses, strict=True):
            line.set_ydata(np.where(loss > 0, loss, np.nan))
        if self._expected is not None:
            self.theory.set_ydata(self._expected(result, row))
        names = self._names(result, row)
        words = [f"{name}: {_end(loss)}" for name, loss in zip(names, losses, strict=True)]
        for text, sign, part in zip(self.texts, ("—", "- -"), words, strict=True):
            text.set_text(f"{sign} {part}")
        return f"Above the lowest loss at the end: {words[0]}; {words[1]}."


def _end(loss: np.ndarray) -> str:
    """Where a loss ends, in words: the mean over the last tenth of its marks."""
    end = last_tenth(loss)
    return f"{end:.1e} over the last tenth" if np.isfinite(end) and end < 1e6 else "diverged"


class FallingRate(Panel):
    """The share of the first rate that is left, epoch by epoch, and when half of it is.

    Args:
        epochs: how many epochs the axis holds.
    """

    def __init__(self, epochs: int) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.epochs, blank = epochs, np.full(epochs, np.nan)
        ax.axhline(1, color=BLUE, linewidth=1.8, linestyle="--", zorder=2)
        ax.text(epochs, 1.02, "constant rate ", color=BLUE, fontsize=8.5, ha="right", va="bottom")
        (self.rate,) = ax.plot(np.arange(epochs), blank, color=ORANGE, linewidth=2.4, label="share of α₀")
        (self.half,) = ax.plot([np.nan] * 3, [np.nan] * 3, ":", color="black", linewidth=1.2, label="_half")
        (self.dot,) = ax.plot([np.nan], [np.nan], "*", color="gold", markeredgecolor="black", markersize=14)
        self.dot.set_label("_half of it")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom", color="black")
        ax.set(xlabel="epoch", ylabel="αₜ / α₀", xlim=(0, epochs), ylim=(0, 1.12))
        self.grows = {self.rate: 1}  # the first rate is in force in epoch 1
        self.artists, self.fixed_x = (self.half, self.rate, self.dot, self.text), (self.rate,)

    def show(self, result: Any, row: int) -> str:
        """Draw one row's rate, and the star where theory has half of it left."""
        share = result.lr[row] / result.lr[row, 0]
        delta, p = (float(result.settings[name][row]) for name in ("delta", "p"))
        half = float(time_to_share(delta, p))
        self.rate.set_ydata(share)
        self.half.set_data([half, half, 0], [0, 0.5, 0.5])
        self.dot.set_data([half], [0.5])
        when = f"half of it at epoch {number(half)} ★ (theory)" if np.isfinite(half) else "it never falls"
        left = f"{share[-1]:.2g} of α₀ is left after {self.epochs} epochs"
        self.text.set_text(f"{left}\n{when}")
        return f"The learning rate: {left}; {when}."
