"""The linear scaling rule: when does a larger batch learn like a batch of one, epoch by epoch?"""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.batch_gradient_descent.gradients import curvature_after
from optlab.course.batch_gradient_descent.scaling import Scaled, run
from optlab.course.batch_gradient_descent.trained import EPOCHS, FACTORS, ONE_RATES, SIZES
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import BLUE, GREY, ORANGE, PURPLE, number

STEEP = 3
"""The epoch whose curvature L marks the rate 2/L."""


def marked_factors(base: float, batch_size: int) -> dict[str, Any]:
    """The factor by the linear rule, and above which the full gradient would overshoot."""
    return {"linear": float(batch_size), "2/L": (2 / curvature_after(STEEP) / base, np.inf)}


BASE = Param("base", "α₁", "rate of B = 1", ONE_RATES, default=0.03)
FACTOR = Param("factor", "k", "rate times", FACTORS, default=1.0, marks=marked_factors)
SIZE = Param("batch_size", "B", "batch size", SIZES, default=32, unit="samples")


ALIKE, APART = 1.1, 2.0
"""Factors between two curves: within the first they learn alike, beyond the second they do not."""


def _alike(run: Scaled) -> bool:
    return run.apart[0] < ALIKE


def _breaks_the_rule(run: Scaled) -> bool:
    """Whether both learn, and yet are far apart."""
    setting = run.setting(0)
    learns = run.loss[0, -1] < run.loss[0, 0]
    return bool(setting["factor"] == setting["batch_size"] and learns and run.apart[0] > APART)


GOALS = (
    Goal("B = 32: within a factor 1.1 of one sample a step", _alike, where={"batch_size": 32}),
    Goal("B = 80: within a factor 1.1 of one sample a step", _alike, where={"batch_size": 80}),
    Goal("break it: k = B, both learn, and are more than a factor 2 apart", _breaks_the_rule),
)


@course_lab
def scaling_lab() -> Parts:
    """A larger batch at a multiple of the rate of a batch of one: when do they learn alike, epoch by epoch?

    Source:
        P. Goyal, P. Dollár, R. Girshick and others, "Accurate, large minibatch SGD", 2017.
    """
    return Parts((BASE, SIZE, FACTOR), Table(run), [loss_curves(), distances()], GOALS)


def loss_curves() -> Plot:
    """Training loss over the epochs: a batch of one at its rate, and the batch on the slider at its own."""
    axes: dict[str, Any] = {"xlim": (0, EPOCHS), "yscale": "log", "ylim": (0.01, 1.5)}
    plot = Plot(film=Film("epoch"), legend=True, xlabel="epoch", ylabel="training loss", **axes)
    plot.ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    plot.ax.set_yticks([], minor=True)
    x = np.arange(EPOCHS + 1)
    plot.line("this B, rate unscaled", lambda run: run.unscaled, GREY, ":", x=x, role="theory", width=1.6)
    plot.line("this B, factor k", lambda run: run.loss, BLUE, x=x, width=3.5)
    plot.line("B = 1", lambda run: run.one, "black", "--", x=x, role="other", width=1.6)
    plot.title(lambda one: f"{_rate(one)}\n{_apart(one)}")
    plot.words(lambda one: f"{_rate(one)}: {_apart(one)}.")
    return plot


def _rate(one: Scaled) -> str:
    base, size, factor = (one.setting(0)[name] for name in ("base", "batch_size", "factor"))
    return f"B = {size}, α = {factor:g} · {base:g} = {number(factor * base)}"


def _apart(one: Scaled) -> str:
    apart = one.apart[0]
    return f"the curves are a factor {number(apart)} apart" if np.isfinite(apart) else "diverged"


def distances() -> Plot:
    """How far the curve is from that of a batch of one, for every factor of the rate."""
    ticks = (0.5, 1, 2, 4, 8, 16, 32, 80, 160)
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.4, 200), "ylim": (0.98, 40)}
    plot = Plot(legend=True, xlabel="factor k of the rate", ylabel="apart by a factor (1: the same)", **axes)
    plot.ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    plot.ax.set_yticks([1, 2, 5, 10, 20, 40], ["1", "2", "5", "10", "20", "40"])
    plot.ax.set_xticks([], minor=True)
    plot.ax.set_yticks([], minor=True)
    plot.ax.axhline(1, color="black", linestyle="--", linewidth=1)
    goal_lines(plot, ALIKE, APART)
    rule: dict[str, Any] = {"role": "theory", "linewidth": 2}
    plot.upright(lambda run: run.settings["batch_size"], ORANGE, "--", label="linear rule, k = B", **rule)
    plot.upright(
        lambda run: run.settings["batch_size"] ** 0.5, PURPLE, ":", label="root rule, k = √B", **rule
    )
    plot.line("measured", lambda run: run.distance, BLUE, x=FACTORS, width=1.5, marker="o", markersize=5)
    plot.steers(x="factor")
    plot.here(lambda run: (run.settings["factor"], run.apart), named=True)
    plot.title(lambda one: f"{_closest(one)}\n{_linear_rule(one)}")
    plot.words(lambda one: f"{_closest(one)}; {_linear_rule(one)}.")
    return plot


def _closest(one: Scaled) -> str:
    best = int(np.nanargmin(one.distance[0]))
    apart = f"a factor {number(one.distance[0, best])} apart"
    return f"B = {one.setting(0)['batch_size']}: closest at k = {FACTORS[best]:g}, {apart}"


def _linear_rule(one: Scaled) -> str:
    size = one.setting(0)["batch_size"]
    apart = one.distance[0, FACTORS.index(size)]
    return (
        f"linear rule, k = {size}: {number(apart)} apart" if np.isfinite(apart) else "linear rule: diverged"
    )
