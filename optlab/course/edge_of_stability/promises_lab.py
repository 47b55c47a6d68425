"""Lab: what theory guarantees of gradient descent on least squares."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.edge_of_stability.promises import STEPS, Promises, promises
from optlab.live.plots import BLUE, GREEN, ORANGE, number


def marked_rates() -> dict[str, Any]:
    """What theory marks on the slider of α: the largest sure gain, and where none is left."""
    return {"1/L": 1.0, "no promise beyond 2/L": (2.0, np.inf)}


RATES = (0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 1.99, 2.0, 2.05)
LR = Param("lr", "α", "rate in 1/L", RATES, 1.0, marks=marked_rates)
KAPPA = Param("kappa", "κ", "condition", (1.0, 10.0, 100.0, 1000.0, 10_000.0), 1000.0)

X = np.arange(1, STEPS + 1)
LOOK: dict[str, Any] = {"film": Film("step", first=1), "legend": True}
AXES: dict[str, Any] = LOOK | {"xlabel": "step", "xscale": "log", "yscale": "log", "xlim": (1, STEPS)}

CLOSE = 2e-5
GOALS = (
    Goal("κ = 1000: the loss under 0.00002", lambda run: run.loss[0, -1] < CLOSE, {"kappa": 1000.0}),
    Goal(
        "κ = 100: the bound like 1/t is the better one to the end",
        lambda run: run.slow[0, -1] < run.linear[0, -1],
        {"kappa": 100.0},
    ),
)


@course_lab
def promises_lab() -> Parts:
    """Least squares: the measured loss under its two bounds, and each step beside the descent lemma.

    Source:
        Y. Nesterov, "Introductory lectures on convex optimization", 2004, sections 1.2.3 and 2.1.5.
    """
    return Parts((LR, KAPPA), Table(promises), [bounds(), gains()], GOALS)


def _arrives(one: Promises) -> bool:
    return bool(one.loss[0, 1] == 0)


def bounds() -> Plot:
    """The optimality gap under its two bounds."""

    def title(one: Promises) -> str:
        end = number(one.loss[0, -1])
        if _arrives(one):
            return "the first step arrives: the gap is 0,\nas promised"
        if not np.isfinite(one.bound).all():
            return f"α ≥ 2/L: no bound; the loss ends at {end}"
        return f"after {STEPS} steps {end},\npromised: at most {number(one.bound[0, -1])}"

    arrived = lambda one: "the gap is 0 from the first step on" if _arrives(one) else ""  # noqa: E731
    plot = Plot(ylabel="optimality gap", ylim=(1e-8, 1e2), empty=arrived, **AXES)
    plot.line("measured", lambda run: run.loss[:, 1:], x=X, width=2.4)
    plot.line("bound ~ 1/t, any κ", lambda run: run.slow[:, 1:], BLUE, "--", x=X, role="theory")
    plot.line("bound ~ ρ²ᵗ, knows κ", lambda run: run.linear[:, 1:], ORANGE, "-.", x=X, role="theory")
    plot.title(title)
    ends_in_words(plot)
    return plot


def gains() -> Plot:
    """By how much each step lowers the loss, beside what the descent lemma guarantees."""

    def title(one: Promises) -> str:
        gain, promised = one.gain[0], one.promised[0]
        if promised[0] <= 0:
            return "α ≥ 2/L: the lemma promises nothing;\nno curve where the loss rises"
        if _arrives(one):
            return f"the first step gains {number(gain[0])}, as promised,\nand leaves nothing to gain"
        kept = "every" if (gain >= promised * (1 - 1e-9) - 1e-15).all() else "not every"
        first = f"first step: gains {number(gain[0])}, promised {number(promised[0])}"
        return f"{first}\nkept in {kept} step"

    rises = lambda one: "every step raises the loss" if one.gain[0, 0] <= 0 else ""  # noqa: E731
    plot = Plot(ylabel="decrease in a step", ylim=(1e-10, 1e2), empty=rises, **AXES)
    plot.line("measured", lambda run: _gained(run.gain), x=X, width=2.4)
    look: dict[str, Any] = {"x": X, "width": 2.6, "role": "other"}
    plot.line("promised by the lemma", lambda run: _gained(run.promised), GREEN, ":", **look)
    plot.title(title)
    ends_in_words(plot)
    return plot


def _gained(decrease: np.ndarray) -> np.ndarray:
    """A decrease, with a gap where the loss rises: a log axis has no place for that."""
    return np.where(decrease >= 0, decrease, np.nan)
