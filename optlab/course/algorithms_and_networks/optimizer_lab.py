"""Five optimisers at eleven rates: loss curves, and where each ends."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.algorithms_and_networks.optimizer import EPOCHS, EVALUATIONS, RATES, RULES, Trials, trials
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number

OPTIMIZER = Param("optimizer", "", "optimiser", RULES, "adam")
RATE = Param("lr", "α", "learning rate", RATES, default=0.01)
LOW = 0.015
GOALS = (
    Goal("momentum: a loss under 0.015", lambda run: run.loss[0, -1] < LOW, where={"optimizer": "momentum"}),
    Goal(
        "sgd: a tenth of Adam's loss at the same rate",
        lambda run: 10 * run.loss[0, -1] < _at_rate("adam", run)[0, -1],
        where={"optimizer": "sgd"},
    ),
)
LOOKS: dict[str, tuple[str, Any]] = {
    "sgd": (BLUE, "-"),
    "momentum": (GREEN, "--"),
    "adagrad": (GREY, ":"),
    "rmsprop": (PURPLE, (0, (5, 1, 1, 1))),
    "adam": (ORANGE, (0, (3, 1))),
}
CHOSEN: dict[str, Any] = {"width": 3.4, "named": False}


@course_lab
def optimizer_lab() -> Parts:
    """Five optimisers at eleven rates on one network: the loss curve, and where each ends over all rates.

    Source:
        The article, section 1: choice of the optimisation algorithm.
    """
    plots = [losses(), ends()]
    return Parts([OPTIMIZER, RATE], Table(trials()), plots, GOALS)


def losses() -> Plot:
    """The training loss of all optimisers at one rate, the chosen one in a thick line."""
    epochs = np.arange(EPOCHS + 1)
    axes: dict[str, Any] = {"yscale": "log", "xlim": (0, EPOCHS), "ylim": (7e-3, 5)}
    plot = Plot(xlabel="epoch", ylabel="training loss", legend=True, film=Film("epoch"), **axes)
    for rule, (color, style) in LOOKS.items():
        thin, thick = partial(_if_chosen, rule, False), partial(_if_chosen, rule, True)
        plot.line(rule, thick, color, style, x=epochs, width=3.4)
        plot.line(rule, thin, color, style, x=epochs, role="other", width=1.4)
    goal_lines(plot, LOW)
    tuned = trials().select(optimizer="sgd", lr=trials().best("sgd"))
    best: dict[str, Any] = {"linestyle": (0, (1, 4)), "linewidth": 1.2, "label": "sgd at its best rate"}
    plot.ax.plot(epochs, tuned.loss[0], color=BLUE, **best)
    note = "thick: the chosen one; thin: the others at the same rate"
    plot.title(lambda one: f"{_chosen(one, 'α =')}\n{note}")
    plot.words(lambda one: f"{_chosen(one, 'rate')}.")
    return plot


def ends() -> Plot:
    """The final loss over the rates, of all optimisers, the chosen one in a thick line."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "ylim": (7e-3, 5)}
    ylabel = f"loss after {EVALUATIONS} gradients"
    plot = Plot(xlabel="learning rate α", ylabel=ylabel, legend=True, **axes)
    for rule, (color, style) in LOOKS.items():
        plot.ax.plot(RATES, trials().ends(rule), color=color, linestyle=style, linewidth=1.4, label=rule)
        plot.line(f"{rule}, chosen", partial(_ends_if_chosen, rule), color, style, x=RATES, **CHOSEN)
    plot.here(lambda r: (r.settings["lr"], r.loss[:, -1]))
    plot.steers(x="lr")
    plot.title(_best)
    return plot


def _at_rate(rule: str, runs: Trials) -> np.ndarray:
    """The loss of one optimiser at the rates of some runs, `(settings, EPOCHS + 1)`."""
    return trials().find({"optimizer": np.repeat(rule, len(runs)), "lr": runs.settings["lr"]}).loss


def _if_chosen(rule: str, chosen: bool, runs: Trials) -> np.ndarray:
    """The same for the runs that have chosen it, or another; NaN for the rest."""
    return np.where(((runs.settings["optimizer"] == rule) == chosen)[:, None], _at_rate(rule, runs), np.nan)


def _ends_if_chosen(rule: str, runs: Trials) -> np.ndarray:
    """The final loss of one optimiser at every rate, for runs that have chosen it; NaN for the rest."""
    return np.where((runs.settings["optimizer"] == rule)[:, None], trials().ends(rule), np.nan)


def _chosen(one: Trials, rate: str) -> str:
    name, lr = one.setting(0).values()
    return f"{name} at {rate} {lr:g}: loss {number(one.loss[0, -1])} after {EVALUATIONS} gradients"


def _best(one: Trials) -> str:
    name, lr = one.setting(0).values()
    best, lowest = trials().best(name), np.nanmin(trials().ends(name))
    lead = RULES[int(np.nanargmin(trials().select(lr=lr).loss[:, -1]))]
    return f"{name} at its best, α = {best:g}: {number(lowest)}\nlowest at α = {lr:g}: {lead}"
