"""Five optimisers at eleven rates: loss curves, and where each ends."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table, each
from optlab.course.background.optimizer import EPOCHS, EVALUATIONS, RATES, RULES, Trials, trials
from optlab.course.common.making import Parts, course_lab
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number

OPTIMIZER = Param("optimizer", "", "optimiser", RULES, "sgd")
RATE = Param("lr", "α", "learning rate", RATES, default=0.01)
GOALS = (
    Goal("momentum: a loss under 0.02", lambda run: run.loss[0, -1] < 0.02, where={"optimizer": "momentum"}),
    Goal(
        "a rate at which plain SGD beats Adam tenfold",
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


@course_lab
def optimizer_lab() -> Parts:
    """Five optimisers at eleven rates on one network: the loss curve, and where each ends over all rates.

    Source:
        The article, section 1: choice of the optimisation algorithm.
    """
    plots = [losses(), ends()]
    return Parts([OPTIMIZER, RATE], Table(trials()), plots, GOALS)


def losses() -> Plot:
    """The training loss of all optimisers at one rate, the chosen one again on top."""
    epochs = np.arange(EPOCHS + 1)
    axes: dict[str, Any] = {"yscale": "log", "xlim": (0, EPOCHS), "ylim": (1e-3, 5)}
    plot = Plot(xlabel="epoch", ylabel="training loss", film=Film("epoch"), **axes)
    tuned = trials().select(optimizer="sgd", lr=trials().best("sgd"))
    plot.ax.plot(epochs, tuned.loss[0], color=BLUE, linestyle=(0, (1, 4)), linewidth=1.2)
    for rule, (color, style) in LOOKS.items():
        plot.line(rule, partial(_at_rate, rule), color, style, x=epochs, role="other", width=1.6)
    plot.line("chosen", lambda r: r.loss, "black", x=epochs, width=2.6)
    note = "thin: the others at the same rate; dotted: sgd at its best"
    plot.title(lambda one: f"{_chosen(one, 'α =')}\n{note}")
    plot.words(lambda one: f"{_chosen(one, 'rate')}.")
    return plot


def ends() -> Plot:
    """The final loss over the rates, of all optimisers, the chosen one again on top."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "ylim": (1e-3, 5)}
    ylabel = f"loss after {EVALUATIONS} gradients"
    plot = Plot(xlabel="learning rate α", ylabel=ylabel, legend=True, **axes)
    for rule, (color, style) in LOOKS.items():
        plot.ax.plot(RATES, trials().ends(rule), color=color, linestyle=style, linewidth=1.6, label=rule)
    chosen = each(lambda one: trials().ends(one.setting(0)["optimizer"]))
    plot.line("chosen", chosen, "black", x=RATES, width=2.6)
    plot.here(lambda r: (r.settings["lr"], r.loss[:, -1]))
    plot.steers(x="lr")
    plot.title(_best)
    return plot


def _at_rate(rule: str, runs: Trials) -> np.ndarray:
    """The loss of one optimiser at the rates of some runs, `(settings, EPOCHS + 1)`."""
    return trials().find({"optimizer": np.repeat(rule, len(runs)), "lr": runs.settings["lr"]}).loss


def _chosen(one: Trials, rate: str) -> str:
    name, lr = one.setting(0).values()
    return f"{name} at {rate} {lr:g}: loss {number(one.loss[0, -1])} after {EVALUATIONS} gradients"


def _best(one: Trials) -> str:
    name, lr = one.setting(0).values()
    best, lowest = trials().best(name), np.nanmin(trials().ends(name))
    lead = RULES[int(np.nanargmin(trials().select(lr=lr).loss[:, -1]))]
    return f"{name} at its best, α = {best:g}: {number(lowest)}\nlowest at α = {lr:g}: {lead}"
