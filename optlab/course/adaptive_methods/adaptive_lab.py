"""Lab: adaptive rules on a valley, beside gradient descent at its best rate."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.adaptive_methods.adaptive import (
    COMMON,
    OWN,
    RULES,
    STEPS,
    Paths,
    best_rates,
    paths,
    turned_start,
    turned_valley,
)
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.live.plots import BLUE, GREEN, ORANGE, PURPLE, nth, number

LR = Param(
    "lr",
    "α",
    "adaptive rate",
    (0.03, 0.1, 0.3, 0.5, 1.0, 1.5, 3.0),
    0.1,
    applies=lambda rates: rates == COMMON,
)
RATES = Param("rates", "", "rates", (COMMON, OWN), COMMON)
BETA2 = Param("beta2", "β₂", "memory", (0.9, 0.99, 0.999), 0.99)
KAPPA = Param("kappa", "κ", "condition number", (10.0, 100.0, 1000.0), 100.0)
TURN = Param("turn", "φ", "turn", (0.0, 15.0, 45.0), 0.0, "°")

LIMITS = (-3.0, 3.0, -2.0, 2.0)

LABELS = ("SGD", "AdaGrad", "RMSProp", "Adam", "AdamW")
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": "black", "style": "-", "width": 2.4},
    {"color": GREEN, "style": "--"},
    {"color": ORANGE, "style": "-."},
    {"color": BLUE, "style": "-", "width": 2.8},
    {"color": PURPLE, "style": ":", "width": 2.4},
)


ZIGZAG: dict[str, Any] = {"points": 31, "width": 1.2}
"""All steps of SGD across a steep valley would be one black surface."""


def _first(points: int, rule: int) -> Callable[[Paths], np.ndarray]:
    """The first points of a rule's path."""
    return lambda run: run.path[:, rule, :points]


CLOSE = 0.01
"""A rule has converged from where its loss stays below this."""


def _converges(rules: Sequence[str], within: int) -> Callable[[Paths], bool]:
    """Whether one of some rules converges within a number of steps."""
    return lambda run: any(0 <= run.converged_at(rule, CLOSE)[0] <= within for rule in rules)


def _sgd_first(run: Paths) -> bool:
    sgd, adam = (run.converged_at(rule)[0] % (STEPS + 1) for rule in ("sgd", "adam"))  # never is last
    return bool(sgd <= adam)


GOALS = (
    Goal(
        "κ = 1000, common α: a rule converges in 10 steps",
        _converges(RULES, 10),
        {"kappa": 1000.0, "rates": COMMON},
    ),
    Goal("κ = 10, α = 0.3: SGD converges before Adam", _sgd_first, {"kappa": 10.0, "lr": 0.3}),
    Goal(
        "κ = 1000, φ = 45°, common α: Adam converges all the same",
        _converges(["adam"], STEPS),
        {"kappa": 1000.0, "turn": 45.0, "rates": COMMON},
    ),
)


@course_lab
def adaptive_lab() -> Parts:
    """AdaGrad, RMSProp, Adam and AdamW on a valley, beside gradient descent at its best rate.

    Source:
        J. Duchi et al., 2011; T. Tieleman and G. Hinton, 2012; D. Kingma and J. Ba, 2015; I. Loshchilov and
        F. Hutter, 2019.
    """
    params = (RATES, LR, BETA2, KAPPA, TURN)
    return Parts(params, Table(paths), [valley(), losses()], GOALS, also=_derived)


def _derived(setting: dict[str, Any]) -> dict[str, Any]:
    """What the program has beside the sliders: the rate of each adaptive rule."""
    if setting["rates"] == COMMON:
        return {"rates": (setting["lr"],) * len(RULES[1:])}
    return {"rates": _own_rates(*(setting[name] for name in ("beta2", "kappa", "turn")))}


@cache
def _own_rates(beta2: float, kappa: float, turn: float) -> tuple[float, ...]:
    return tuple(best_rates(*np.array([[beta2], [kappa], [turn]]))[0].tolist())


def rule_lines(plot: Plot, values: Callable[[Any], np.ndarray], *, x: Any, **look: Any) -> None:
    """Add a curve for each rule, with its name at its end; pins and ghosts show Adam.

    Args:
        plot: where.
        values: `values(record) -> (settings, rules, points)`.
        x: `(points,)`.
        look: further properties of all lines.
    """
    for k, (label, own) in enumerate(zip(LABELS, LOOKS, strict=True)):
        plot.line(label, nth(values, k), x=x, role=_role(label), ending=label, **own, **look)


def _role(label: str) -> Any:
    return "main" if label == "Adam" else "other"


def valley() -> Plot:
    """The path of every rule, with a ring at the start and a cross at the minimum."""
    plot = Plot(film=Film("step"), xlabel="θ₁", ylabel="θ₂", xlim=LIMITS[:2], ylim=LIMITS[2:])
    plot.ax.grid(visible=False)

    def draw(key: tuple[float, float]) -> list:
        ring = plot.ax.plot(*turned_start(key[1]), "o", color="white", markeredgecolor="black", markersize=8)
        return contours(plot.ax, turned_valley(*key), LIMITS, [(0.0, 0.0)]) + ring

    def key_of(run: Paths) -> list[tuple[float, float]]:
        return list(zip(*(run.settings[name].tolist() for name in ("kappa", "turn")), strict=True))

    def steps(one: Paths) -> list[str]:
        found = [int(one.converged_at(rule)[0]) for rule in RULES]
        return [f"{label} {k if k >= 0 else '—'}" for label, k in zip(LABELS, found, strict=True)]

    for k, (label, own) in enumerate(zip(LABELS, LOOKS, strict=True)):
        look = own | (ZIGZAG if label == "SGD" else {})
        points = look.pop("points", STEPS + 1)
        plot.path(label, _first(points, k), points=points, role=_role(label), **look)
    words: dict[str, Any] = {"fontsize": 8.5, "transform": plot.ax.transAxes, "ha": "right"}
    plot.ax.text(0.99, 0.02, f"SGD: its first {ZIGZAG['points'] - 1} steps", **words)
    plot.handle(["turn"], lambda at: turned_start(at["turn"]).T)
    plot.background([(kappa, turn) for kappa in KAPPA.values for turn in TURN.values], key_of, draw)
    plot.title(lambda one: f"start ○   minimum +   step from which J stays < 0.01:\n{'  '.join(steps(one))}")
    plot.words(
        lambda one: f"Step from which the loss stays under 0.01: {', '.join(steps(one))}; a dash means never."
    )
    return plot


def losses() -> Plot:
    """The loss of every rule, step by step."""

    def title(one: Paths) -> str:
        kappa, (sgd, adam) = one.settings["kappa"][0], one.loss[0, [0, 3], -1]
        best = f"SGD has its best rate, 2/(1 + κ) = {number(2 / (1 + kappa))}"
        if one.settings["rates"][0] == OWN:
            best = "own best α: " + ", ".join(map(number, one.lr[0]))  # in the order of the legend
        return f"{best}\nafter {STEPS} steps: SGD {number(sgd)}, Adam {number(adam)}"

    axes: dict[str, Any] = {"xlabel": "step", "ylabel": "loss", "yscale": "log"}
    plot = Plot(film=Film("step"), legend=True, xlim=(0, STEPS), ylim=(1e-8, 1e4), **axes)
    goal_lines(plot, CLOSE)
    rule_lines(plot, lambda run: run.loss, x=np.arange(STEPS + 1))
    plot.title(title)
    ends_in_words(plot)
    return plot
