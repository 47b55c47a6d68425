"""The lab of learning-rate decay: a rate that falls, and a descent that settles."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.core_concepts.falling_rate import EPOCHS, FallingRate, falling_rate
from optlab.course.core_concepts.walk import last_tenth
from optlab.course.core_concepts.walk_plots import two_losses
from optlab.engine.rules.half_life import time_to_share
from optlab.live.plots import BLUE, GOLD, ORANGE, number
from optlab.params import DELTA

PARAMS = (
    Param("lr", "α₀", "first rate", (0.01, 0.02, 0.03, 0.05, 0.07, 0.1), 0.05),
    DELTA,
    Param("p", "p", "decay exponent", (0.5, 1.0, 2.0, 3.0, 4.0), 1.0, applies=lambda delta: delta > 0),
)

LEVEL = 1e-6
GOALS = (
    Goal("the falling rate under 0.000001 over the last tenth", lambda run: last_tenth(run.loss)[0] < LEVEL),
)


@course_lab
def falling_rate_lab() -> Parts:
    """The article's decay, and what it does to a descent over one petal a step.

    Source:
        The article, sections 2 and 3.4.
    """
    names = ("falling rate", "constant rate")
    losses = two_losses(
        np.arange(EPOCHS + 1), "epoch", (3e-8, 1e1), lambda _: names, lines=names, step="epoch"
    )
    goal_lines(losses, LEVEL)
    return Parts(PARAMS, Table(falling_rate, chunk=64), [rates(), losses], GOALS)


def rates() -> Plot:
    """The fraction of the first rate that is left, epoch by epoch, and when half of it is."""
    axes: dict[str, Any] = {"xlim": (0, EPOCHS), "ylim": (0, 1.12)}
    plot = Plot(film=Film("epoch", first=1), xlabel="epoch", ylabel="αₜ / α₀", **axes)
    plot.ax.axhline(1, color=BLUE, linewidth=1.8, linestyle="--", zorder=2)
    plot.ax.text(EPOCHS, 1.02, "constant rate ", color=BLUE, fontsize=8.5, ha="right", va="bottom")

    def down_to_half(run: FallingRate) -> tuple[np.ndarray, list[float]]:
        half = _half(run)
        return np.stack([half, half, np.zeros(len(run))], axis=1), [0, 0.5, 0.5]

    end: dict[str, Any] = {"role": "end", "appears": _half}
    plot.path("half", down_to_half, "black", ":", points=3, role="theory", width=1.2)
    plot.line("fraction of α₀", _left, ORANGE, x=np.arange(EPOCHS), width=2.4)
    plot.point("half of it", lambda run: (_half(run), 0.5), GOLD, "*", size=14, **end)
    plot.title(lambda one: "\n".join(_words(one)))
    plot.words(lambda one: f"The learning rate: {'; '.join(_words(one))}.")
    return plot


def _left(run: FallingRate) -> np.ndarray:
    """The fraction of the first rate that is left in each epoch."""
    return run.lr / run.lr[:, :1]


def _half(run: FallingRate) -> np.ndarray:
    """When theory has half of the first rate left."""
    return time_to_share(run.settings["delta"], run.settings["p"])


def _words(one: FallingRate) -> tuple[str, str]:
    half = _half(one)[0]
    when = f"half of it at epoch {number(half)} ★ (theory)" if np.isfinite(half) else "it never falls"
    return f"{_left(one)[0, -1]:.2g} of α₀ is left after {EPOCHS} epochs", when
