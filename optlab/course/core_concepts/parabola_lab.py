"""The lab of the learning rate: one parabola, one number."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.descent_plots import descent_loss
from optlab.course.common.making import Parts, course_lab
from optlab.course.core_concepts.parabola import GOAL, STEPS, expected_loss, parabola
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import largest_rate
from optlab.live.goals import kept_from
from optlab.live.plots import BLUE, ORANGE, number

SMALL = (0.01, 0.02, 0.05, 0.1, 0.15, 0.18, 0.2, 0.21, 0.25, 0.3, 0.38, 0.4, 0.42, 0.5, 0.6, 0.7, 0.8, 0.9)
RATES = (*SMALL, 1.0, 1.05, 1.5, 1.8, 1.9, 2.0, 2.1, 2.5, 3.0)

SKY = "#9ecae9"
"""Light enough to lie under the measured line and be seen on both sides of it."""


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α: the rate that lands in one step, and all from 2/L on."""
    return {"one step": 1 / curvature, "diverges above": (largest_rate(curvature), np.inf)}


PARAMS = (
    Param("lr", "α", "learning rate", RATES, 0.9, marks=marked_rates),
    Param("curvature", "L", "curvature", (1.0, 2.0, 5.0, 10.0), 2.0),
)


def _largest_in_time(run: Descent) -> bool:
    """Whether this α reaches the goal in time, and the next one on the slider does not."""
    lr, curvature = run.setting(0).values()
    in_time = (expected_loss(np.array(RATES), curvature)[:, STEPS] <= GOAL).nonzero()[0]
    return bool(run.loss[0, STEPS] <= GOAL) and lr == RATES[in_time[-1]]


GOALS = (
    Goal(
        "L = 5: the loss under 10⁻⁶ from step 1 on",
        where={"curvature": 5.0},
        reached=lambda run: kept_from(run.loss[0] <= GOAL) == 1,
    ),
    Goal(
        f"L = 2: the largest α that brings the loss under 10⁻⁶ after {STEPS} steps",
        where={"curvature": 2.0},
        reached=_largest_in_time,
    ),
)


@course_lab
def parabola_lab() -> Parts:
    """Gradient descent on ½Lθ² from θ = 1: every step multiplies θ by 1 − αL.

    Source:
        The article, section 2: learning rate.
    """
    return Parts(PARAMS, Table(parabola), [hops(), losses()], GOALS)


def hops() -> Plot:
    """The parabola ½Lθ² and the points that the steps land on."""
    plot = Plot(film=Film("step"), xlabel="θ", ylabel="loss J", xlim=(-2, 2), ylim=(-0.3, 6))
    x = np.linspace(-2, 2, 121)

    def height(run: Descent, theta: np.ndarray) -> np.ndarray:
        return run.settings["curvature"][:, None] * theta**2 / 2

    def steps(run: Descent) -> tuple[np.ndarray, np.ndarray]:
        return run.path[..., 0], height(run, run.path[..., 0])

    dots: dict[str, Any] = {"marker": "o", "markersize": 5, "markeredgecolor": "black"}
    plot.path("steps", steps, ORANGE, points=STEPS + 1, width=1.2, zorder=2.1, **dots)
    plot.line("J = ½Lx²", lambda run: height(run, x), BLUE, x=x, film=None, width=2.2)
    plot.point(
        "start",
        lambda run: tuple(part[:, 0] for part in steps(run)),
        "white",
        role="plain",
        size=10,
        zorder=2.2,
    )
    plot.title(lambda one: f"start ○, then θ = {_first(one)}\neach step multiplies θ by {_factor(one)}")
    plot.words(_in_words)
    return plot


def _in_words(one: Descent) -> str:
    start = one.path[0, 0, 0]
    return f"From θ = {start:g} the steps lead to {_first(one)} {one.outcome().capitalize()}."


def _first(one: Descent) -> str:
    known = [x for x in one.path[0, :5, 0] if np.isfinite(x)]
    words = ", ".join(f"{x:.2f}" if abs(x) < 1000 else number(x) for x in known)
    return words + (" …" if len(known) == 5 else ", ∞")


def _factor(one: Descent) -> str:
    return f"1 − αL = {1 - one.settings['lr'][0] * one.settings['curvature'][0]:+.2f}"


def losses() -> Plot:
    """The loss step by step, and theory's under it."""
    plot = descent_loss(STEPS, (1e-12, 1e7), GOAL)

    def theory(run: Descent) -> np.ndarray:
        return expected_loss(run.settings["lr"], run.settings["curvature"])

    plot.line(
        "theory: J₀ (1 − αL)²ᵗ", theory, SKY, x=np.arange(STEPS + 1), role="theory", width=8, zorder=1.5
    )
    return plot
