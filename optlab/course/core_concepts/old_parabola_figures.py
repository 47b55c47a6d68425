"""Gradient descent on one parabola, step by step."""

from __future__ import annotations

import numpy as np

from optlab.course.common.old_panel import BLUE, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.engine.analysis.follow import Descent

__all__ = ["ParabolaSteps"]


class ParabolaSteps(Panel):
    """The parabola ½Lx² and the points that the steps land on.

    Args:
        steps: the most steps of a descent.
    """

    def __init__(self, steps: int) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.x, blank = np.linspace(-2, 2, 121), np.full(steps + 1, np.nan)
        (self.curve,) = ax.plot(self.x, np.full(121, np.nan), color=BLUE, linewidth=2.2, label="J = ½Lx²")
        (self.path,) = ax.plot(
            blank,
            blank,
            "o-",
            color=ORANGE,
            linewidth=1.2,
            markersize=5,
            markeredgecolor="black",
            label="_steps",
        )
        (self.start,) = ax.plot(
            [np.nan], [np.nan], "o", color="white", markeredgecolor="black", markersize=10, label="_start"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="θ", ylabel="loss J", xlim=(-2, 2), ylim=(-0.3, 6))
        self.grows = {self.path: 0}
        self.artists, self.fixed_x = (self.curve, self.path, self.start, self.text), (self.curve,)

    def show(self, result: Descent, row: int) -> str:
        """Draw one row's parabola and steps."""
        path, steepest = result.path[row, :, 0], float(result.settings["curvature"][row])
        self.curve.set_ydata(steepest * self.x**2 / 2)
        self.path.set_data(path, steepest * path**2 / 2)
        self.start.set_data(path[:1], steepest * path[:1] ** 2 / 2)
        words = f"1 − αL = {1 - float(result.settings['lr'][row]) * steepest:+.2f}"
        first = ", ".join(f"{x:.2f}" for x in path[:5])
        self.text.set_text(f"start ○, then θ = {first} …\neach step multiplies θ by {words}")
        return f"From θ = {path[0]:g} the steps lead to {first}. {result.outcome(row).capitalize()}."
