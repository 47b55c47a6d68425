"""A falling rate on a noisy parabola: the rate of every step, and the loss that it leads to."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Lazy, Param, Plot
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.learning_rate_decay.decay import STEPS, WALKS, Walks, best_constant, expected_loss, run
from optlab.course.learning_rate_decay.sums import marked_exponents
from optlab.live.plots import BLUE, GREEN, ORANGE, number


def marked_rates(curvature: float) -> dict[str, Any]:
    """What theory marks on the slider of α₀: the best constant rate, and where steps begin to overshoot."""
    return {
        "best constant": best_constant(STEPS, curvature=curvature)[0],
        "2/h, grows": (2 / curvature, np.inf),
    }


ALPHA0 = Param(
    "lr",
    "α₀",
    "initial rate",
    (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0),
    default=0.5,
    marks=marked_rates,
)
DELTA = Param(
    "delta", "δ", "decay rate", (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0), default=1.0
)
FALLING: dict[str, Any] = {"applies": lambda delta: delta > 0}
EXPONENT = Param(
    "p", "p", "decay exponent", (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), 1.0, marks=marked_exponents, **FALLING
)
COUNT = Param("count", "", "t counts", ("steps", "epochs"), default="steps", **FALLING)
CURVATURE = Param("curvature", "h", "curvature", (0.03, 0.1, 0.3, 1.0), default=1.0)


def _beats_best_constant(run: Walks) -> bool:
    return run.loss[0, -1] < _best(run)[0, 1]


CLOSE = 0.0013
GOALS = (
    Goal(
        "h = 1, δ = 1: beat the best constant rate",
        _beats_best_constant,
        where={"delta": 1.0, "curvature": 1.0},
    ),
    Goal("h = 1: a mean loss under 0.0013", lambda run: run.loss[0, -1] < CLOSE, where={"curvature": 1.0}),
    Goal(
        "h = 1, δ = 1, t counts epochs: beat it again",
        _beats_best_constant,
        where={"delta": 1.0, "count": "epochs", "curvature": 1.0},
    ),
    Goal("h = 0.1: beat it once more", _beats_best_constant, where={"curvature": 0.1}),
)

X = np.arange(1, STEPS + 1)
AXES: dict[str, Any] = {"xlabel": "step", "xscale": "log", "yscale": "log", "xlim": (1, STEPS)}


@course_lab
def decay_lab() -> Parts:
    """The article's decay on a noisy parabola: the rate of each step, and the mean loss of 512 walks.

    The grid of 8,640 settings is filled as it is asked for: made ahead it would take some ten seconds, and
    send the browser 110 MB, 3,200 numbers a setting.

    Source:
        The article, section 3.4; H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    source = Lazy(lambda settings, _: run(settings), most=512)
    return Parts((ALPHA0, DELTA, EXPONENT, COUNT, CURVATURE), source, [rates(), mean_losses()], GOALS)


def rates() -> Plot:
    """The learning rate of every step on two log axes, where a power of t is a straight line."""
    film = Film("step", first=1)
    plot = Plot(film=film, legend=True, ylabel="learning rate", ylim=(1e-4, 5), **AXES)
    plot.line("α₀ kept", _kept, ORANGE, "-.", x=X, role="other", width=1.4)
    plot.line("best constant", _best_kept, GREEN, ":", x=X, role="theory")
    plot.line("αₜ", lambda run: run.rates, "black", x=X, width=2.4)
    plot.title(lambda one: f"{_from_to(one)}\n{_added_up(one)}")
    plot.words(lambda one: f"The {_from_to(one).replace('→', 'to')}; {_added_up(one)}.")
    return plot


def _kept(run: Walks) -> np.ndarray:
    """The first rate for every step."""
    return np.repeat(run.rates[:, :1], STEPS, axis=1)


def _best(run: Walks) -> np.ndarray:
    """The best constant rate for each setting's parabola, and the loss that it ends with, `(settings, 2)`."""
    return np.array([best_constant(STEPS, curvature=h) for h in run.settings["curvature"].tolist()])


def _best_kept(run: Walks) -> np.ndarray:
    return np.repeat(_best(run)[:, :1], STEPS, axis=1)


def _from_to(one: Walks) -> str:
    return f"rate {number(one.rates[0, 0])} → {number(one.rates[0, -1])}"


def _added_up(one: Walks) -> str:
    return f"so far Σα = {number(one.rates.sum())}, Σα² = {number((one.rates**2).sum())}"


def mean_losses() -> Plot:
    """The mean loss of 512 walks on two log axes: measured, by theory, and at constant rates."""
    plot = Plot(film=Film("step", first=1), legend=True, ylabel="loss", ylim=(2e-4, 300), **AXES)
    goal_lines(plot, CLOSE)
    plot.line("one walk", _one_walk, "#999999", x=X, role="other", width=0.8)
    plot.line("α₀ kept", lambda run: _expected(run, _kept(run)), ORANGE, "-.", x=X, role="other", width=1.4)
    plot.line("best constant", lambda run: _expected(run, _best_kept(run)), GREEN, ":", x=X, role="theory")
    plot.line(f"mean of {WALKS}", lambda run: run.loss[:, 1:], "black", x=X, width=2.4)
    plot.line("theory", lambda run: run.expected[:, 1:], BLUE, "--", x=X, role="theory", width=1.6)
    plot.title(lambda one: f"{_end(one)}\n{_against_best(one)}")
    plot.words(lambda one: f"Mean loss {_end(one)}; {_against_best(one)}.")
    return plot


def _one_walk(run: Walks) -> np.ndarray:
    return (run.settings["curvature"][:, None] * run.first**2 / 2)[:, 1:]


def _expected(run: Walks, rates: np.ndarray) -> np.ndarray:
    return expected_loss(rates, curvature=run.settings["curvature"])[:, 1:]


def _end(one: Walks) -> str:
    loss = one.loss[0, -1]
    theory = f"theory {number(one.expected[0, -1])}"
    return f"after {STEPS} steps {number(loss)} ({theory})" if loss < 1e6 else "diverged"


def _against_best(one: Walks) -> str:
    loss, to_beat = one.loss[0, -1], _best(one)[0, 1]
    if loss < to_beat:
        by = f"{1 - loss / to_beat:.0%}" if loss > to_beat / 2 else f"a factor {to_beat / loss:.1f}"
        return f"★ best constant rate, {number(to_beat)}: beaten by {by}"
    return f"the best constant rate ends at {number(to_beat)}: not beaten"
