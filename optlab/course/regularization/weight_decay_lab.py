"""The lab of L2 against decoupled weight decay."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import draw_contours
from optlab.course.regularization.weight_decay import MINIMUM, RULES, STEPS, Decay, bowl, decay, end_of
from optlab.live.plots import BLUE, GREY, ORANGE
from optlab.params import log_values


def marked_strength(rule: str) -> dict[str, Any]:
    """The λ from which on AdamW's box shuts out the minimum of J₁; the other rules are shifted by any λ."""
    return {"box cuts off the minimum from": 1 / (2 * max(MINIMUM))} if rule == "AdamW" else {}


L2 = Param("l2", "λ", "strength", log_values(0.01, 1, 8), default=0.1, marks=marked_strength)
RULE = Param("rule", "", "update rule", tuple(RULES), default="Adam + L2")
BETA2 = Param(
    "beta2", "β₂", "Adam's memory", (0.9, 0.99, 0.999), default=0.9, applies=lambda rule: "Adam" in rule
)

PULLED = 2.9
GOALS = (
    Goal(
        "AdamW: θ₁ below 2.9, θ₂ at 2.00",
        where={"rule": "AdamW"},
        reached=lambda run: run.path[0, -1, 0] < PULLED and abs(run.path[0, -1, 1] - 2) < 0.02,
    ),
)
LIMITS = (-0.3, 4.3, -0.3, 3.2)


@course_lab
def weight_decay_lab() -> Parts:
    """λ in the loss, or as decay beside the rule, under SGD and under Adam: four walks, two different ends.

    Source:
        I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019; S. Xie and Z. Li,
        "Implicit bias of AdamW: ℓ∞ norm constrained optimization", 2024.
    """
    return Parts((RULE, L2, BETA2), Table(decay), [walk_plot(), weights_plot()], GOALS)


def walk_plot() -> Plot:
    """The walk over the contours of J₁, theory's end, and under AdamW the box that it cannot leave."""
    axes: dict[str, Any] = {"xlabel": "θ₁", "ylabel": "θ₂", "xlim": LIMITS[:2], "ylim": LIMITS[2:]}
    plot = Plot(film=Film("step"), title_lines=1, **axes)
    plot.ax.grid(visible=False)
    x, y = np.meshgrid(np.linspace(*LIMITS[:2], 120), np.linspace(*LIMITS[2:], 90))
    height = bowl(torch.as_tensor(np.stack([x, y], -1))).numpy()
    draw_contours(plot.ax, LIMITS, np.sqrt(height), 14)  # the root: even contours
    plot.ax.plot(*MINIMUM, "+", color="black", markersize=11, markeredgewidth=1.8)
    plot.ax.annotate("minimum of J₁", MINIMUM, (6, 6), textcoords="offset points", fontsize=9)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    dashed: dict[str, Any] = {"points": 5, "role": "theory", "width": 1.6}
    plot.path("box", lambda run: _side(run)[:, None, None] * corners, "black", "--", **dashed)
    plot.path(
        "the two weights",
        lambda run: run.path,
        ORANGE,
        points=STEPS + 1,
        width=1.2,
        named=True,
        marker="o",
        markersize=2.5,
    )
    plot.point("theory", lambda run: run.end, "none", "D", role="theory", size=12, named=True)
    plot.handle(["l2"], _ends_by_theory, given=["rule"])
    plot.point(
        "last step",
        lambda run: run.path[:, -1],
        ORANGE,
        role="end",
        size=7,
        named=True,
        appears=lambda run: np.full(len(run), STEPS),
    )
    plot.title(_where_it_should_end)
    plot.words(_where_it_ends)
    return plot


def _ends_by_theory(at: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where theory ends the walks, as x and y."""
    return np.concatenate([end_of(*one) for one in zip(at["rule"], at["l2"], strict=True)]).reshape(-1, 2).T


def _side(run: Decay) -> np.ndarray:
    """Half the side of AdamW's box, `(settings,)`; NaN under the other rules."""
    return np.where(run.settings["rule"] == "AdamW", 1 / (2 * run.settings["l2"]), np.nan)


def _where_it_should_end(one: Decay) -> str:
    side = _side(one)[0]
    if np.isnan(side):
        return "◇ theory: the minimum of J₁ + λΣθ²"
    return f"◇ theory: the box |θ| ≤ 1/(2λ) = {side:.3g}"


def _where_it_ends(one: Decay) -> str:
    end, expected = one.path[0, -1], one.end[0]
    return f"The walk ends at ({end[0]:.2f}, {end[1]:.2f}); theory: ({expected[0]:.2f}, {expected[1]:.2f})."


def weights_plot() -> Plot:
    """The two weights after every step, and where theory expects each to end."""
    axes: dict[str, Any] = {"xlabel": "step", "ylabel": "weight", "xlim": (0, STEPS), "ylim": (-0.6, 3.4)}
    plot = Plot(film=Film("step"), title_lines=1, legend=True, **axes)
    for minimum, label in zip(MINIMUM, ("minimum of J₁", "_minimum"), strict=True):
        plot.ax.axhline(minimum, color=GREY, linewidth=1, linestyle=":", label=label)
    goal_lines(plot, PULLED)
    x = np.arange(STEPS + 1)
    plot.line("θ₁", lambda run: run.path[..., 0], BLUE, x=x)
    plot.line("θ₂", lambda run: run.path[..., 1], ORANGE, "-.", x=x)
    ends: dict[str, Any] = {"x": (0, STEPS), "role": "theory", "width": 1.1}
    plot.line("theory", lambda run: np.repeat(run.end[:, :1], 2, axis=1), BLUE, "--", **ends)
    plot.line("theory", lambda run: np.repeat(run.end[:, 1:], 2, axis=1), ORANGE, "--", named=False, **ends)
    plot.title(_ends)
    plot.words(lambda one: f"The walk {_ends(one)}.")
    return plot


def _ends(one: Decay) -> str:
    end, expected = one.path[0, -1], one.end[0]
    return f"ends at ({end[0]:.3f}, {end[1]:.3f}) · theory ({expected[0]:.3f}, {expected[1]:.3f})"
