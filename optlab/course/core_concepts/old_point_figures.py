"""A straight line through flowers, and the same line as a point on its loss surface."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from optlab.course.common.old_panel import BLUE, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP, View, contours
from optlab.course.core_concepts.line import line_at
from optlab.course.core_concepts.point import Point

__all__ = ["FlowerLine", "SurfacePoint", "arrow"]

STEP = 0.2
"""The arrow on the surface is the step at this learning rate."""


class FlowerLine(Panel):
    """The flowers, the line, and a stick from each flower to the line: the loss is the sticks' mean square.

    Args:
        x: how much longer than 4 cm a petal is, `(samples,)`.
        y: how wide it is.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.x, self.y, self.ends = x.numpy(), y.numpy(), np.array([-1.0, 3.0])
        blank = np.full(3 * len(x), np.nan)
        (self.sticks,) = ax.plot(blank, blank, color=ORANGE, linewidth=1.4, label="_error")
        (self.line,) = ax.plot(self.ends, self.ends, color="black", linewidth=2.2, label="width by the line")
        ax.plot(self.x, self.y, "o", color=BLUE, markeredgecolor="white", markersize=7, label="a flower")
        ax.plot([], [], color=ORANGE, linewidth=1.4, label="error")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="petal length beyond 4 cm", ylabel="petal width, cm", xlim=(-1, 3), ylim=(0, 3.4))
        ax.legend(loc="lower right", frameon=False, fontsize=8.5)
        self.artists, self.fixed_x = (self.sticks, self.line, self.text), (self.line,)

    def show(self, result: Point, row: int) -> str:
        """Draw one line and its sticks."""
        theta = result.theta[row]
        there = line_at(theta, self.x)
        gaps = np.full_like(self.x, np.nan)
        self.sticks.set_data(
            np.stack([self.x, self.x, gaps], 1).ravel(), np.stack([self.y, there, gaps], 1).ravel()
        )
        self.line.set_ydata(line_at(theta, self.ends))
        words = f"width = {theta[0]:g} {'−' if theta[1] < 0 else '+'} {abs(theta[1]):g} x"
        self.text.set_text(f"{words}\nloss J = mean of the squared errors = {number(result.loss[row])}")
        return f"The line {words} has a mean squared error of {number(result.loss[row])}."


class SurfacePoint(Panel):
    """The loss of every line as a surface, the present one as a point, and the way straight down from it.

    Args:
        view: the surface.
    """

    def __init__(self, view: View) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        ax.grid(visible=False)
        self.view, self.lowest = view, np.array(view.minima[0])
        contours(ax, view)
        (self.straight,) = ax.plot(
            [np.nan] * 2, [np.nan] * 2, ":", color=GREY, linewidth=1.4, label="_straight"
        )
        (self.arrow,) = ax.plot([np.nan] * 5, [np.nan] * 5, color=ORANGE, linewidth=2.6, label="_downhill")
        (self.point,) = ax.plot(
            [np.nan], [np.nan], "o", color="black", markeredgecolor="white", markersize=10, label="_here"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        left, right, bottom, top = view.box
        ax.set(xlabel="θ₁", ylabel="θ₂", xlim=(left, right), ylim=(bottom, top))
        self.artists = (self.straight, self.arrow, self.point, self.text)

    def show(self, result: Point, row: int) -> str:
        """Put the point and its arrow where a row is."""
        theta, gradient = result.theta[row], result.gradient[row]
        self.point.set_data(theta[:1], theta[1:])
        self.straight.set_data(*np.stack([theta, self.lowest], 1))
        self.arrow.set_data(*arrow(theta, theta - STEP * gradient, self.view.box))
        words = f"the arrow, −{STEP:g} ∇J, points {result.degrees[row]:.0f}° beside the lowest point +"
        slopes = f"gradient ∇J = ({gradient[0]:+.2f}, {gradient[1]:+.2f})"
        self.text.set_text(f"{slopes}\n{words}")
        return f"At θ = ({theta[0]:g}, {theta[1]:g}) the {slopes}; {words[:-2]}."


def arrow(
    tail: np.ndarray, tip: np.ndarray, box: tuple[float, float, float, float], head: float = 0.04
) -> np.ndarray:
    """An arrow as one line: tail, tip, barb, tip, barb.

    Args:
        tail: `(2,)`.
        tip: `(2,)`.
        box: left, right, bottom and top of the axes; the head keeps its shape on a standard panel.
        head: the barbs' length as a fraction of the width; shorter on an arrow that is.

    Returns:
        x and y, `(2, 5)`.

    Example:
        >>> arrow(np.array([0.0, 0.0]), np.array([1.0, 0.0]), (0, 1, 0, 1)).round(2).tolist()
        [[0.0, 1.0, 0.97, 1.0, 0.97], [0.0, 0.0, 0.04, 0.0, -0.04]]
    """
    units = np.array(
        [1 / (box[1] - box[0]), 0.58 / (box[3] - box[2])]
    )  # a panel is 0.58 times as high as wide
    way = (tip - tail) * units
    length = np.hypot(*way) or 1.0
    back = -way / length * min(head, length / 2)
    turn = np.deg2rad(32)
    barbs = [
        tip + np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ back / units
        for a in (-turn, turn)
    ]
    return np.stack([tail, tip, barbs[0], tip, barbs[1]], axis=1)
