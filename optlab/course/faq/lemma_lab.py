"""The lab of question 3: what a step of gradient descent promises, and what it does."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table, each
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.faq.lemma import LOSSES, SIZES, STEPS, Descents, descents
from optlab.live.goals import AtLeast
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, number

T = np.arange(STEPS + 1)


def marked_promises() -> dict[str, Any]:
    """What the lemma says of α in units of 1/L."""
    return {"largest promise": 1.0, "no promise": (2.0, np.inf)}


LOSS = Param("loss", "", "loss", tuple(LOSSES), next(iter(LOSSES)))
RATES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 1.7, 1.8, 1.9, 2.0, 2.1, 2.3, 2.6, 3.0)
ALPHA = Param("lr", "α", "learning rate", RATES, 1.3, unit="/L", marks=marked_promises)


def no_better_than_promised(run: Descents) -> bool:
    """Whether one of the steps falls by what was promised, to a thousandth, and falls at all."""
    fall, promise = -np.diff(run.gap[0]), run.gap[0, :-1] - run.bound[0, 1:]
    return bool(((fall > 0) & (fall < 1.001 * promise)).any())


CLOSE = 1e-8
GOALS = (
    Goal(
        "least squares: a gap under 1e-8 after 30 steps",
        lambda run: run.gap[0, -1] < CLOSE,
        where={"loss": "least squares"},
    ),
    Goal(
        "α ≥ 2.1/L, where nothing is promised: all 30 steps go down",
        lambda run: (np.diff(run.gap[0]) < 0).all(),
        where={"lr": AtLeast(2.1)},
    ),
    Goal("a step that goes down by exactly what was promised", no_better_than_promised),
)


@course_lab
def lemma_lab() -> Parts:
    """The descent lemma: what a step of size α promises, drawn beside what it does.

    Source:
        The article, section 6, question 3; Y. Nesterov, "Introductory lectures on convex optimization", 2004.
    """
    return Parts((LOSS, ALPHA), Table(descents), [step_plot(), loss_plot()], GOALS)


def promise(size: Any) -> Any:
    """What the lemma says a step of size αL changes the loss by at most, in units of ‖∇J‖²/L."""
    return -size * (1 - size / 2)


def step_plot() -> Plot:
    """One step, tried with every α, from where the descent is at the film's step."""
    axes: dict[str, Any] = {"xlim": (0, SIZES[-1]), "ylim": (-3.1, 1.7), "xlabel": "α in units of 1/L"}
    plot = Plot(film=Film("step"), legend=True, ylabel="change of the loss  (unit: ‖∇J‖²/L)", **axes)
    plot.ax.axhline(0, color=GREY, linewidth=1)
    plot.ax.axvspan(0, 2, color=GREEN, alpha=0.07, linewidth=0)
    plot.ax.text(1, 1.4, "down for certain", color=GREEN, fontsize=8.5, ha="center")
    plot.ax.plot(SIZES, promise(SIZES), "--", color=ORANGE, linewidth=1.8, label="promised: at most")
    plot.ax.plot(SIZES, -SIZES, ":", color=GREY, linewidth=1.4, label="if the slope stayed the same")
    plot.path(
        "measured", lambda run: (SIZES, run.trial), points=len(SIZES), width=2.2, named=True, at=T.tolist()
    )
    plot.point(
        "promised here",
        lambda run: (run.settings["lr"], promise(run.settings["lr"])),
        ORANGE,
        size=9,
        role="theory",
    )
    plot.point("this α", each(_tried), BLUE, size=9, role="here", named=True, at=T.tolist())
    plot.steers(x="lr")
    plot.title(lambda one: "\n".join(_in_words(one)))
    plot.words(lambda one: "For {}: {}.".format(*_in_words(one)))
    return plot


def _measured(one: Descents) -> np.ndarray:
    """The change of the loss by the step that is taken, from every point of the descent."""
    return np.array([np.interp(one.settings["lr"][0], SIZES, trial) for trial in one.trial[0]])


def _tried(one: Descents) -> np.ndarray:
    return np.stack([np.full(len(T), one.settings["lr"][0]), _measured(one)], axis=-1)[:, None]


def _in_words(one: Descents) -> tuple[str, str]:
    a, measured = one.settings["lr"][0], _measured(one)
    end = f"{measured[-1]:+.2f} after {STEPS}" if np.isfinite(measured[-1]) else "converged at the end"
    return (
        f"one step with α = {a:g}/L, promised at most {promise(a):+.2f}",
        f"measured {measured[0]:+.2f} at first, {end}",
    )


def loss_plot() -> Plot:
    """The loss step by step, and what the descent lemma promises before each step."""
    axes: dict[str, Any] = {"xlim": (0, STEPS), "ylim": (1e-10, 1e3), "yscale": "log", "xlabel": "step"}
    plot = Plot(film=Film("step"), legend=True, ylabel="optimality gap", **axes)
    goal_lines(plot, CLOSE)
    plot.line("measured", lambda run: run.gap, "black", x=T, width=2.2)
    plot.line("promised: at most", lambda run: run.bound, ORANGE, "--", x=T, width=1.8, role="other")
    plot.point("step t", _steps, BLUE, size=9, role="here", named=True, at=T.tolist())
    plot.title(lambda one: "\n".join(_outcome(one)))
    plot.words(lambda one: "{}; {}.".format(*_outcome(one)))
    return plot


def _steps(run: Descents) -> tuple[np.ndarray, np.ndarray]:
    return np.broadcast_to(T, run.gap.shape), run.gap


def _outcome(one: Descents) -> tuple[str, str]:
    down = int((np.diff(one.gap[0]) < 0).sum())
    return (
        f"optimality gap after {STEPS} steps: {number(one.gap[0, -1])}",
        f"{down} of {STEPS} steps went down; the promise was kept in {promises_kept(one)}",
    )


def promises_kept(one: Descents) -> int:
    """In how many steps the loss was at most what the lemma said, to rounding."""
    gap, bound = one.gap[0], one.bound[0]
    return int((gap[1:] <= bound[1:] + 1e-9 * np.abs(gap[:-1]) + 1e-15).sum())
