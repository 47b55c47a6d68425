"""The lab of early stopping, the cousin of ridge."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.regularization.linear_model import ridge
from optlab.course.regularization.stopping import (
    LONGEST,
    RATE,
    Stopping,
    kept_by_ridge,
    kept_by_stopping,
    patients,
    steps_like,
    stopping,
    strength_like,
    unpenalized_path,
)
from optlab.live.plots import BLUE, GREY, ORANGE, counted, number
from optlab.params import log_values


def marked_strength(steps: int) -> dict[str, Any]:
    """The λ that should do what so many steps do."""
    return {"acts like my t": strength_like(RATE, steps)}


def marked_steps(l2: float) -> dict[str, Any]:
    """The number of steps that should do what λ does."""
    return {"acts like my λ": steps_like(RATE, l2)}


L2 = Param("l2", "λ", "ridge, strength", log_values(0.01, 10, 4)[1:], default=0.018, marks=marked_strength)
STOPS = (2, 3, 5, 9, 17, 30, 52, 93, 167, 298, 520, LONGEST)
"""Where descent may stop; to every λ on its slider the number of steps that is like it."""
STEPS = Param("steps", "t", "stop after", STOPS, default=52, unit="steps", marks=marked_steps)

EITHER, BOTH = 0.62, 0.65
"""Validation errors to get below."""
GOALS = (
    Goal("a validation error under 0.62, by either method", lambda run: min(_errors(run)) < EITHER),
    Goal("both validation errors under 0.65", lambda run: max(_errors(run)) < BOTH),
)


@course_lab
def stopping_lab() -> Parts:
    """Ridge at λ beside unpenalised descent stopped after t steps, on 64 features and 100 patients.

    Source:
        C. Bishop, "Regularization and complexity control in feed-forward networks", 1995; I. Goodfellow,
        Y. Bengio and A. Courville, "Deep learning", 2016, section 7.8.
    """
    return Parts((L2, STEPS), Table(stopping), [validation_errors(), kept_fractions()], GOALS)


def validation_errors() -> Plot:
    """The validation error of ridge over 1/λ and of stopped descent over 2αt, on one axis."""
    limits, data = (0.08, 100), patients()
    axes: dict[str, Any] = {"xlabel": "freedom: 1/λ, or 2αt", "xscale": "log", "xlim": limits}
    plot = Plot(title_lines=1, legend=True, ylabel="validation error", ylim=(0.4, 1.2), **axes)
    strengths, steps = np.geomspace(0.008, 12, 120), np.unique(np.geomspace(1, LONGEST, 120).astype(int))
    plot.ax.plot(1 / strengths, data.error(ridge(data, strengths)), color=BLUE, linewidth=2, label="ridge")
    plot.ax.plot(
        1 / strength_like(RATE, steps),
        data.error(unpenalized_path()[steps]),
        "--",
        color=ORANGE,
        linewidth=2,
        label="stopped early",
    )
    goal_lines(plot, EITHER, BOTH)
    plot.ax.axhline(1, color=GREY, linewidth=0.8, linestyle=":")
    plot.ax.annotate("predicting the mean", (limits[1], 1), color=GREY, fontsize=8, ha="right", va="bottom")
    plot.point(
        "ridge here", lambda run: (1 / run.settings["l2"], run.ridge_errors[:, 1]), BLUE, role="here", size=11
    )
    plot.point(
        "stopped here",
        lambda run: (1 / strength_like(RATE, run.settings["steps"]), run.stopped_errors[:, 1]),
        ORANGE,
        "D",
        role="here",
        size=7,
    )
    plot.handle(["l2"], lambda at: (1 / at["l2"], np.nan))
    plot.handle(["steps"], lambda at: (1 / strength_like(RATE, at["steps"]), np.nan))
    plot.title(_both_errors)
    plot.words(_both_errors_spoken)
    return plot


def _errors(one: Stopping) -> tuple[float, float]:
    """The validation errors of ridge and of stopped descent."""
    return one.ridge_errors[0, 1], one.stopped_errors[0, 1]


def _both_errors(one: Stopping) -> str:
    l2, steps = one.setting(0).values()
    ridge_error, stopped_error = one.ridge_errors[0, 1], one.stopped_errors[0, 1]
    return f"ridge at λ = {l2:g}: {ridge_error:.3f} · stopped at {steps}: {stopped_error:.3f}"


def _both_errors_spoken(one: Stopping) -> str:
    l2, steps = one.setting(0).values()
    return (
        f"Ridge at λ = {number(l2)} has a validation error of {one.ridge_errors[0, 1]:.3f}, "
        f"descent stopped after {counted(steps, 'step')} {one.stopped_errors[0, 1]:.3f}."
    )


def kept_fractions() -> Plot:
    """The fraction of the full solution that is kept in each direction: flat ones left, steep ones right."""
    limits, eigenvalues = (3e-4, 20), patients().directions[0]
    h = np.geomspace(*limits, 120)
    axes: dict[str, Any] = {"xlabel": "curvature h of the direction", "xscale": "log", "xlim": limits}
    plot = Plot(title_lines=1, legend=True, ylabel="fraction kept", ylim=(-0.04, 1.1), **axes)
    plot.ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    plot.line(
        "ridge: h / (h + λ)", lambda run: kept_by_ridge(h, run.settings["l2"][:, None]), BLUE, x=h, width=2.2
    )
    plot.line(
        "stopped, theory: 1 − (1 − 2αh)ᵗ",
        lambda run: kept_by_stopping(h, RATE, run.settings["steps"][:, None]),
        ORANGE,
        "--",
        x=h,
        role="theory",
        width=1.6,
    )
    plot.line(
        "stopped, measured on the path",
        lambda run: run.kept,
        ORANGE,
        "",
        x=eigenvalues,
        marker="o",
        markersize=4,
    )
    plot.title(_effective_parameters)
    plot.words(lambda one: f"{_effective_parameters(one).capitalize()}.")
    return plot


def _effective_parameters(one: Stopping) -> str:
    ridge_kept, stopped = one.ridge[0].sum(), one.theory[0].sum()
    return f"effective parameters, of {one.ridge.shape[1]}: ridge {ridge_kept:.1f}, stopped {stopped:.1f}"
