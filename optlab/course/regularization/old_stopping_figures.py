"""Early stopping beside ridge: what each keeps of every direction, and what each costs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optlab.course.common.old_panel import BLUE, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.regularization.stopping import Stopping, kept_by_ridge, kept_by_stopping, strength_like

__all__ = ["KeptShare", "TwoRoads"]


class KeptShare(Panel):
    """The share of the full solution that is kept, direction by direction: flat ones left, steep ones right.

    Args:
        eigenvalues: h of every direction, `(directions,)`.
        lr: α.
        limits: the smallest and the largest h on the axis.
    """

    def __init__(self, eigenvalues: np.ndarray, lr: float, limits: tuple[float, float]) -> None:
        self.figure, ax = clean_axes()
        self.lr, self.h = lr, np.geomspace(*limits, 120)
        blank, none = np.full(len(self.h), np.nan), np.full(len(eigenvalues), np.nan)
        (self.ridge,) = ax.plot(self.h, blank, color=BLUE, linewidth=2.2, label="ridge: h / (h + λ)")
        (self.theory,) = ax.plot(
            self.h, blank, "--", color=ORANGE, linewidth=1.6, label="stopped, theory: 1 − (1 − 2αh)ᵗ"
        )
        (self.dots,) = ax.plot(
            eigenvalues, none, "o", color=ORANGE, markersize=4, label="stopped, measured on the path"
        )
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="curvature h of the direction", ylabel="share kept", xscale="log", xlim=limits)
        ax.set_ylim(-0.04, 1.5)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
        ax.legend(loc="upper left", frameon=False, fontsize=8.5)
        self.artists = (self.ridge, self.theory, self.dots, self.text)
        self.fixed_x = (self.ridge, self.theory, self.dots)

    def show(self, result: Stopping, row: int) -> str:
        """Draw one pair of λ and t."""
        l2, steps = float(result.settings["l2"][row]), int(result.settings["steps"][row])
        self.ridge.set_ydata(kept_by_ridge(self.h, l2))
        self.theory.set_ydata(kept_by_stopping(self.h, self.lr, steps))
        self.dots.set_ydata(result.kept[row])
        ridge, stopped = (share.sum() for share in (result.ridge[row], result.theory[row]))
        words = f"directions kept, of {len(result.ridge[row])}: ridge {ridge:.1f}, stopped {stopped:.1f}"
        self.text.set_text(words)
        return f"{words.capitalize()}."


class TwoRoads(Panel):
    """The validation error over all λ of ridge, and over all stops of descent, on one axis: 1/λ against 2αt.

    Args:
        ridge: λ, and ridge's error there, each `(points,)`.
        stopped: t, and the error of descent stopped there.
        lr: α.
        limits: the smallest and the largest 1/λ on the axis.
        top: the largest error on the axis.
    """

    def __init__(
        self,
        ridge: tuple[np.ndarray, np.ndarray],
        stopped: tuple[np.ndarray, np.ndarray],
        lr: float,
        limits: tuple[float, float],
        top: float,
    ) -> None:
        self.figure, ax = clean_axes()
        self._reach: Callable[[int], float] = lambda steps: 1 / strength_like(lr, steps)
        steps = np.maximum(stopped[0], 1)
        ax.plot(1 / ridge[0], ridge[1], color=BLUE, linewidth=2, label="ridge")
        ax.plot(self._reach(steps), stopped[1], "--", color=ORANGE, linewidth=2, label="stopped early")
        ax.axhline(1, color=GREY, linewidth=0.8, linestyle=":")
        ax.annotate("always the mean", (limits[1], 1), color=GREY, fontsize=8, ha="right", va="bottom")
        (self.at_ridge,) = ax.plot(
            [np.nan], [np.nan], "o", color=BLUE, markeredgecolor="black", markersize=11, label="_ridge here"
        )
        (self.at_stop,) = ax.plot(
            [np.nan],
            [np.nan],
            "D",
            color=ORANGE,
            markeredgecolor="black",
            markersize=7,
            label="_stopped here",
        )
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="freedom: 1/λ, or 2αt", ylabel="validation error", xscale="log", xlim=limits)
        ax.set_ylim(0.4, top)
        ax.legend(loc="upper center", frameon=False, fontsize=9)
        self.artists = (self.at_ridge, self.at_stop, self.text)

    def show(self, result: Stopping, row: int) -> str:
        """Mark one pair of λ and t on the two curves."""
        l2, steps = float(result.settings["l2"][row]), int(result.settings["steps"][row])
        held, stopped = result.ridge_errors[row, 1], result.stopped_errors[row, 1]
        self.at_ridge.set_data([1 / l2], [held])
        self.at_stop.set_data([self._reach(steps)], [stopped])
        self.text.set_text(f"ridge at λ = {l2:g}: {held:.3f} · stopped at {steps}: {stopped:.3f}")
        return (
            f"Ridge at λ = {number(l2)} has a validation error of {held:.3f}, descent stopped after {steps} "
            f"steps {stopped:.3f}."
        )
