"""The lab of the loss: a straight line through the petals, set by hand."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table, each
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.course.core_concepts.line import LIMITS, START, least_squares, line_at, optimality_gap, petals
from optlab.course.core_concepts.point import Point, best_height, best_slope, point
from optlab.live.plots import BLUE, GREY, ORANGE, number

STEP = 0.2
"""The arrow on the surface is the step at this learning rate."""


def tenths(low: int, high: int) -> tuple[float, ...]:
    """Slider stops a tenth apart.

    Example:
        >>> tenths(-1, 2)
        (-0.1, 0.0, 0.1, 0.2)
    """
    return tuple(k / 10 for k in range(low, high + 1))


PARAMS = (
    Param(
        "theta1",
        "θ₁",
        "height",
        tenths(-5, 25),
        START[0],
        "cm",
        marks=lambda theta2: {"lowest here": best_height(theta2)},
    ),
    Param(
        "theta2",
        "θ₂",
        "slope",
        tenths(-5, 20),
        START[1],
        marks=lambda theta1: {"lowest here": best_slope(theta1)},
    ),
)

GOALS = (Goal("loss under 0.08", lambda run: run.loss[0] < 0.08),)


@course_lab
def point_lab() -> Parts:
    """A straight line through the petals, set by hand: its errors, its loss and its gradient.

    Each slider marks the best value for the other slider's.

    Source:
        The article, section 2: loss function, gradient.
    """
    return Parts(PARAMS, Table(point), [petals_and_line(), surface()], GOALS)


def petals_and_line() -> Plot:
    """The petals, the line, and a stick from each petal to the line: the loss is the sticks' mean square."""
    x, y = (part.numpy() for part in petals())
    axes: dict[str, Any] = {"xlabel": "petal length beyond 4 cm", "ylabel": "petal width, cm"}
    plot = Plot(xlim=(-1, 3), ylim=(0, 3.4), legend=True, **axes)
    gaps = np.full_like(x, np.nan)

    def sticks(run: Point) -> tuple[np.ndarray, np.ndarray]:
        ends = np.stack(np.broadcast_arrays(y, line_at(run.theta, x), gaps), axis=-1)
        return np.stack([x, x, gaps], 1).ravel(), ends.reshape(len(run), -1)

    ends = np.array([-1.0, 3.0])
    plot.path("error", sticks, ORANGE, points=3 * len(x), width=1.4)
    plot.line("width by the line", lambda run: line_at(run.theta, ends), x=ends, width=2.2)
    plot.ax.plot(x, y, "o", color=BLUE, markeredgecolor="white", markersize=7, label="a flower")
    plot.ax.plot([], [], color=ORANGE, linewidth=1.4, label="error")
    plot.title(lambda one: f"{_formula(one)}\nloss J = mean of the squared errors = {number(one.loss[0])}")
    plot.words(lambda one: f"The line {_formula(one)} has a mean squared error of {number(one.loss[0])}.")
    return plot


def _formula(one: Point) -> str:
    height, slope = one.theta[0]
    return f"width = {height:g} {'−' if slope < 0 else '+'} {abs(slope):g} x"


def surface() -> Plot:
    """The loss of every line as a surface, the present one as a point, and the way straight down from it."""
    x, y = petals()
    minimum = least_squares(x, y)[0].numpy()
    plot = Plot(xlabel="θ₁", ylabel="θ₂", xlim=LIMITS[:2], ylim=LIMITS[2:])
    plot.ax.grid(visible=False)
    contours(plot.ax, optimality_gap(x, y), LIMITS, [tuple(minimum)])
    straight = each(lambda one: [one.theta[0], minimum])
    downhill = each(lambda one: arrow(one.theta[0], one.theta[0] - STEP * one.gradient[0]))
    plot.path("straight", straight, GREY, ":", points=2, width=1.4, role="theory")
    plot.path("downhill", downhill, ORANGE, points=5, width=2.6)
    plot.steers(x="theta1", y="theta2")
    plot.point("here", lambda run: run.theta, "black", role="here", size=10, markeredgecolor="white")
    plot.title(lambda one: f"{_slopes(one)}\n{_beside(one)} (+)")
    plot.words(
        lambda one: f"At θ = ({one.theta[0, 0]:g}, {one.theta[0, 1]:g}) the {_slopes(one)}; {_beside(one)}."
    )
    return plot


def _slopes(one: Point) -> str:
    return f"gradient ∇J = ({one.gradient[0, 0]:+.2f}, {one.gradient[0, 1]:+.2f})"


def _beside(one: Point) -> str:
    return f"the arrow, −{STEP:g} ∇J, misses the minimum by {one.degrees[0]:.0f}°"


def arrow(
    tail: np.ndarray, tip: np.ndarray, limits: tuple[float, float, float, float] = LIMITS, head: float = 0.04
) -> np.ndarray:
    """An arrow as one line: tail, tip, barb, tip, barb.

    Args:
        tail: `(2,)`.
        tip: `(2,)`.
        limits: left, right, bottom and top of the axes; the head keeps its shape on a standard plot.
        head: the barbs' length as a fraction of the width; a short arrow's are shorter.

    Returns:
        `(5, 2)`.

    Example:
        >>> arrow(np.array([0.0, 0.0]), np.array([1.0, 0.0]), (0, 1, 0, 1)).T.round(2).tolist()
        [[0.0, 1.0, 0.97, 1.0, 0.97], [0.0, 0.0, 0.04, 0.0, -0.04]]
    """
    left, right, bottom, top = limits
    units = np.array([1 / (right - left), 0.58 / (top - bottom)])  # a plot is 0.58 times as high as wide
    way = (tip - tail) * units
    length = np.hypot(*way) or 1.0
    back = -way / length * min(head, length / 2)
    turn = np.deg2rad(32)
    barbs = [
        tip + np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ back / units
        for a in (-turn, turn)
    ]
    return np.stack([tail, tip, barbs[0], tip, barbs[1]])
