"""The lab of double descent: more features, more samples, a penalty, an early stop."""

from typing import Any

from optlab import Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.open_questions.double_descent import (
    FEATURES,
    L2S,
    NOISES,
    SAMPLES,
    STEPS,
    Widths,
    double_descent,
)
from optlab.live.plots import BLUE, GREY, ORANGE, counted, number

PARAMS = (
    Param("features", "N", "features", FEATURES, 100, marks=lambda samples: {"as many as samples": samples}),
    Param("l2", "λ", "L2 penalty", L2S, 0.0),
    Param("steps", "t", "stop after", STEPS, STEPS[-1], unit="steps"),
    Param("noise", "", "wrong labels", NOISES, 0.1),
    Param("samples", "n", "samples", SAMPLES, 100),
)

LOW, GOOD = 0.45, 0.33
"""Test errors to get below."""
GOALS = (
    Goal(
        "0.1 wrong labels, 100 features, 100 samples, λ = 0: a test error under 0.45",
        lambda run: run.error[0] < LOW,
        where={"features": 100, "samples": 100, "l2": 0.0, "noise": 0.1},
    ),
    Goal(
        "0.1 wrong labels: a test error under 0.33",
        lambda run: run.error[0] < GOOD,
        where={"noise": 0.1},
    ),
)
AXES: dict[str, Any] = {"ylabel": "test error", "yscale": "log", "ylim": (0.1, 500), "xscale": "log"}


@course_lab
def double_descent_lab() -> Parts:
    """Test error over the number of random features: a peak where they are as many as the samples.

    Source:
        M. Belkin et al., "Reconciling modern machine-learning practice and the classical bias-variance
        trade-off", 2019; P. Nakkiran et al., "Optimal regularization can mitigate double descent", 2021.
    """
    return Parts(PARAMS, Table(double_descent), [over_features(), over_steps()], GOALS)


def over_features() -> Plot:
    """Test and training error over the number of features."""
    plot = Plot(legend=True, xlabel="features", xlim=(FEATURES[0], FEATURES[-1]), **AXES)
    goal_lines(plot, LOW, GOOD)
    plot.line("no λ, 10⁸ steps", lambda run: run.plain, GREY, x=FEATURES, role="theory", width=1.4)
    plot.line("best λ", lambda run: run.tuned, ORANGE, ":", x=FEATURES, role="theory")
    plot.line("training error", lambda run: run.train, BLUE, "--", x=FEATURES, role="other", width=1.6)
    plot.line("test error", lambda run: run.test, "black", x=FEATURES, width=2.4)
    plot.upright(lambda run: run.settings["samples"], GREY, ":", role="theory", label="N = n")
    plot.here(lambda run: (run.settings["features"], run.error))
    plot.steers(x="features")
    plot.title(lambda one: f"{_with(one)}\n{_error(one)}")
    return plot


def over_steps() -> Plot:
    """Test and training error of one width, over the steps of descent."""
    plot = Plot(legend=True, xlabel="steps", xlim=(STEPS[0], STEPS[-1]), **AXES)
    plot.line("λ = 0", lambda run: run.plain_over_steps, GREY, x=STEPS, role="theory", width=1.4)
    plot.line("training error", lambda run: run.train_over_steps, BLUE, "--", x=STEPS, width=1.6)
    plot.line("test error", lambda run: run.over_steps, "black", x=STEPS, width=2.4)
    plot.here(lambda run: (run.settings["steps"], run.error))
    plot.steers(x="steps")
    plot.title(_over_steps)
    return plot


def _with(one: Widths) -> str:
    of = one.setting(0)
    return f"{counted(of['samples'], 'sample')}, λ = {of['l2']:g}, {counted(of['steps'], 'step')}"


def _error(one: Widths) -> str:
    features, worst = one.settings["features"][0], one.test[0].argmax()
    here = f"{counted(features, 'feature')}: test error {number(one.error[0])}"
    return f"{here}; highest: {number(one.test[0, worst])} at {FEATURES[worst]:,}"


def _over_steps(one: Widths) -> str:
    best, errors = one.over_steps[0].argmin(), one.over_steps[0]
    l2, features = one.settings["l2"][0], one.settings["features"][0]
    lowest = f"lowest after {counted(STEPS[best], 'step')}: {number(errors[best])}"
    return f"{counted(features, 'feature')}, λ = {l2:g}\n{lowest}; at the end {number(errors[-1])}"
