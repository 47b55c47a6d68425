"""The lab of momentum: α and β on a map of everything that they can do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.text import Text

from optlab import Param, Plot, Table
from optlab.course.common.descent_plots import descent_loss
from optlab.course.common.making import Parts, course_lab
from optlab.course.gradient_descent.descent import GOAL, at_best_rate
from optlab.course.gradient_descent.descent_lab import KAPPA, within
from optlab.course.gradient_descent.momentum import expected, heavy_ball, phase
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_momentum, largest_rate, worst_factor
from optlab.live.plots import BLUE, GOLD, GREY, ORANGE
from optlab.params import log_values

SPEED = LinearSegmentedColormap.from_list("speed", ["#0f7f60", "#bfe3d4", "#ffffff"])
LEVELS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
COLORS = SPEED(np.linspace(0, 1, len(LEVELS) - 1))


def marked_rates(kappa: float, momentum: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the rate of the best pair, and all from 2(1 + β)/L on."""
    best = float(best_momentum(1.0, kappa)[0])
    return {"best pair": best, "diverges above": (largest_rate(kappa, momentum), np.inf)}


def marked_momentum(kappa: float) -> dict[str, Any]:
    """What theory marks on the slider of β: the β of the best pair."""
    return {"best pair": float(best_momentum(1.0, kappa)[1])}


BETAS = (*(k / 20 for k in range(19)), 0.92, 0.94, 0.96, 0.98)
ALPHA = Param("lr", "α", "learning rate", log_values(0.005, 0.5, 20), default=0.063, marks=marked_rates)
BETA = Param("momentum", "β", "momentum", BETAS, default=0.9, marks=marked_momentum)
RAVINES = replace(KAPPA, values=(10.0, 30.0, 100.0), default=30.0)

GOALS = (
    within(60, "κ = 30: the loss under 10⁻⁶ from step 60 on", kappa=30.0),
    within(30, "κ = 30: under 10⁻⁶ from step 30 on", kappa=30.0),
    within(60, "κ = 100: under 10⁻⁶ from step 60 on", kappa=100.0),
)


@course_lab
def momentum_lab(steps: int = 100) -> Parts:
    """The heavy ball in a ravine: a map of all α and β, and the loss at the pair on the sliders.

    Args:
        steps: the most steps.

    Source:
        B. Polyak, 1964; G. Goh, "Why momentum really works", Distill, 2017.
    """
    source = Table(lambda settings: heavy_ball(settings, steps=steps), chunk=1024)
    return Parts(
        (ALPHA, BETA, RAVINES), source, [phases(), losses(steps)], GOALS, also=lambda _: {"steps": steps}
    )


def losses(steps: int) -> Plot:
    """The loss, theory's at the same α and β, and theory's without momentum."""
    plot = descent_loss(steps, (1e-12, 1e7), GOAL)
    look: dict[str, Any] = {"x": np.arange(steps + 1), "role": "theory", "width": 1.6, "zorder": 1.9}
    plot.line("bound: this α and β", expected, BLUE, "--", **look)
    plot.line("bound: best α, no momentum", at_best_rate, GREY, ":", **look)
    return plot


# ---------------------------------------------------------------- the map


def phases() -> Plot:
    """The fraction of the distance that a step leaves, over α and β: the greener, the faster."""
    limits: dict[str, Any] = {"xlim": (ALPHA.values[0], ALPHA.values[-1]), "ylim": (0, 1)}
    plot = Plot(xlabel="learning rate α", ylabel="momentum β", xscale="log", **limits)
    plot.ax.grid(visible=False)
    plot.background(
        RAVINES.values, lambda run: run.settings["kappa"], lambda kappa: _draw_map(plot.ax, kappa)
    )
    plot.steers(x="lr", y="momentum")
    plot.here(lambda run: (run.settings["lr"], run.settings["momentum"]))
    plot.title(lambda one: f"● {_movement(one)}")
    plot.words(lambda one: f"Here the heavy ball {_movement(one)}.")
    return plot


def _movement(one: Descent) -> str:
    kappa, lr, momentum = (one.setting(0)[name] for name in ("kappa", "lr", "momentum"))
    left = float(worst_factor(1.0, kappa, lr, momentum))
    return f"{phase(kappa, lr, momentum)}: a step leaves {left:.3f} of the distance"


def _draw_map(ax: Axes, kappa: float) -> list:
    """The map's fields, borders, names and best pair."""
    lr, momentum = np.geomspace(ALPHA.values[0], ALPHA.values[-1], 240), np.linspace(0, 0.999, 180)
    left, root = worst_factor(1.0, kappa, lr, momentum[:, None]), np.sqrt(momentum)
    fill = ax.contourf(lr, momentum, left, LEVELS, colors=COLORS, zorder=0)
    lines = ax.contour(lr, momentum, left, LEVELS[1:-1], colors=GREY, linewidths=0.4, zorder=0.5)
    numbers = ax.clabel(lines, LEVELS[4:-2:2], fontsize=7, colors="black")
    names = _field_names(ax, kappa)
    _hide_below(numbers, names)
    diverged = ax.contourf(lr, momentum, left, [1, 1e9], colors=["#f7d9c4"], hatches=["///"], zorder=0)
    borders = [
        *ax.plot(largest_rate(kappa, momentum), momentum, color=ORANGE, linewidth=2),
        *ax.plot((1 - root) ** 2, momentum, color="black", linewidth=1.2, linestyle="--"),
        *ax.plot((1 + root) ** 2 / kappa, momentum, color="black", linewidth=1.2, linestyle=":"),
    ]
    best = ax.plot(*best_momentum(1.0, kappa), "*", color=GOLD, markeredgecolor="black", markersize=13)
    return [fill, lines, *numbers, diverged, *borders, *best, *names]


def _hide_below(numbers: Sequence[Text], names: Sequence[Text]) -> None:
    """Leave out the numbers that would stand under a field's name."""
    boxes = [name.get_window_extent().expanded(1.15, 1.4) for name in names]
    for number in numbers:
        number.set_alpha(0.0 if number.get_window_extent().count_overlaps(boxes) else 1.0)


def _field_names(ax: Axes, kappa: float) -> list:
    """The fields' names, each inside its field, and the star's beside it."""
    lr, momentum = best_momentum(1.0, kappa)
    places = {
        "diverges": (np.sqrt(2 / kappa * ALPHA.values[-1]), 0.08),
        "creeps": (np.sqrt(ALPHA.values[0] * lr), momentum / 2.5),
        "swings": (lr / 1.6, (momentum + BETAS[-1]) / 2),
    }
    plate = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
    look: dict[str, Any] = {"fontsize": 10, "style": "italic", "ha": "center", "va": "center", "bbox": plate}
    away, align = (9, "left") if lr < ALPHA.values[-1] / 3 else (-9, "right")  # beside the star there is room
    beside = look | {"fontsize": 8.5, "style": "normal", "ha": align}
    star = ax.annotate("best pair", (lr, momentum), (away, 0), textcoords="offset points", **beside)
    return [star, *(ax.text(x, y, name, **look) for name, (x, y) in places.items())]
