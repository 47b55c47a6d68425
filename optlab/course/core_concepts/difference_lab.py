"""The lab of the gradient: a slope by finite differences, against autograd's."""

from typing import Any

import numpy as np
import torch

from optlab import Goal, Param, Plot, Table, each
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.core_concepts.difference import (
    DTYPES,
    METHODS,
    STEPS,
    Slopes,
    best_step,
    derivatives,
    rounding,
    slopes,
    sure,
    truncation,
)
from optlab.live.plots import BLUE, GOLD, GREEN, GREY, ORANGE


def marked_steps(theta: float, method: str, dtype: str) -> dict[str, Any]:
    """What theory marks on the slider of h: where the two errors together are smallest."""
    return {"best": float(best_step(theta, method, dtype))}


PARAMS = (
    Param("h", "h", "step", STEPS, 3.2e-7, marks=marked_steps),
    Param("dtype", "", "numbers", tuple(DTYPES), "float32"),
    Param("method", "", "difference", METHODS, "central"),
    Param("theta", "θ", "where", (-2.0, -1.0, 1.0, 2.0, 3.0), -1.0),
)

LEAST, FORWARD = 1e-5, 2e-4
"""Errors to get below."""
GOALS = (
    Goal(
        "float32: the slope wrong by less than 0.00001",
        where={"dtype": "float32"},
        reached=lambda run: run.error[0] < LEAST,
    ),
    Goal(
        "float32, forward, θ = −1: the slope wrong by less than 0.0002",
        where={"dtype": "float32", "method": "forward", "theta": -1.0},
        reached=lambda run: run.error[0] < FORWARD,
    ),
)


@course_lab
def difference_lab() -> Parts:
    """The slope of a loss between two points h apart: too long a step is wrong, and so is too short a one.

    Source:
        The article, section 2: gradient.
    """
    return Parts(PARAMS, Table(slopes), [tangent(), errors()], GOALS)


def tangent() -> Plot:
    """The loss, its tangent with autograd's slope, and the line through two points h apart."""
    plot = Plot(xlabel="θ", ylabel="J(θ)", xlim=(-3, 5), ylim=(-0.6, 3.2), legend=True)
    x, ends = np.linspace(-3, 5, 120), np.array([-3.0, 5.0])
    plot.ax.plot(x, derivatives(x)[0], color="black", linewidth=2)

    def line(theta: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return _loss(theta)[:, None] + slope[:, None] * (ends - theta[:, None])

    theory: dict[str, Any] = {"x": ends, "role": "theory"}
    both: dict[str, Any] = {"points": 2, "marker": "o", "markeredgecolor": "black", "markersize": 8}
    plot.line("autograd", lambda r: line(r.settings["theta"], r.autograd), GREEN, "--", **theory)
    plot.line("finite difference", lambda r: line(_points(r)[:, 0], r.slope), ORANGE, x=ends, width=2.4)
    plot.path("points", lambda r: (_points(r), _loss(_points(r))), ORANGE, "", **both)
    plot.steers(x="theta")
    plot.title(_slopes)
    plot.words(_slopes_in_words)
    return plot


def _loss(theta: np.ndarray) -> np.ndarray:
    return sure(torch.from_numpy(theta)).numpy()


def _points(run: Slopes) -> np.ndarray:
    """The two points whose difference is taken, `(settings, 2)`."""
    theta, h = run.settings["theta"], run.settings["h"]
    left = np.where(run.settings["method"] == "central", theta - h, theta)
    return np.stack([left, theta + h], axis=1)


def _slopes(one: Slopes) -> str:
    return f"autograd's slope      {one.autograd[0]:+.12f}\nfinite difference     {one.slope[0]:+.12f}"


def _slopes_in_words(one: Slopes) -> str:
    theta, h = one.settings["theta"][0], one.settings["h"][0]
    return (
        f"At θ = {theta:g} autograd says {one.autograd[0]:.6f}, "
        f"the difference with h = {h:g} says {one.slope[0]:.6f}."
    )


def errors() -> Plot:
    """The error of the slope over all steps, with 24 and with 53 binary digits, and theory's two lines."""
    axes: dict[str, Any] = {"xlim": (STEPS[0], STEPS[-1]), "ylim": (1e-13, 1e2), "xscale": "log"}
    plot = Plot(xlabel="step h", ylabel="error of the slope", yscale="log", legend=True, **axes)
    goal_lines(plot, LEAST, FORWARD)
    thin: dict[str, Any] = {"x": STEPS, "width": 1.6}
    theory: dict[str, Any] = thin | {"role": "theory", "named": False}
    for name, color in (("float32", ORANGE), ("float64", BLUE)):
        bound = each(lambda one, name=name: rounding(*_place(one), name))  # type: ignore[misc]
        plot.line(f"rounding, {name}", bound, color, ":", **theory)
    plot.line("too long", each(lambda one: truncation(*_place(one))), GREY, "--", **theory)
    dots: dict[str, Any] = thin | {"marker": "o", "markersize": 3}
    plot.line("float32", lambda r: r.errors[:, 0], ORANGE, **dots)
    plot.line("float64", lambda r: r.errors[:, 1], BLUE, "-.", **dots)
    plot.point("here", lambda r: (r.settings["h"], r.error), GOLD, role="here", size=11)
    plot.ax.plot([], [], ":", color=GREY, label="theory: rounding, ε/h")
    plot.ax.plot([], [], "--", color=GREY, label="theory: step too long")
    plot.steers(x="h")
    plot.title(lambda one: f"{_error(one)}\n{_best(one)}")
    plot.words(lambda one: f"In {_error(one)}. {_best(one).capitalize()}.")
    return plot


def _place(one: Slopes) -> tuple[float, np.ndarray, str]:
    return one.settings["theta"][0], np.array(STEPS), one.settings["method"][0]


def _error(one: Slopes) -> str:
    dtype, h = one.settings["dtype"][0], one.settings["h"][0]
    return f"{dtype}, h = {h:g}: the slope is wrong by {one.error[0]:.1e}"


def _best(one: Slopes) -> str:
    theta, _, method = _place(one)
    return f"theory: h = {best_step(theta, method, one.settings['dtype'][0]):.1e} is best"
