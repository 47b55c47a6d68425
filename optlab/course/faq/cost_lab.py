"""The lab of question 1: what 95 % accuracy costs, compared with what the article's setting costs."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.faq.cost import BATCHES, EPOCHS, NAIVE, RATES, RULES, TARGET, Costs, cost_table
from optlab.live.plots import BLUE, GOLD, GREEN, bars

RULE = Param("optimizer", "", "update rule", tuple(RULES), NAIVE["optimizer"])
LR = Param("lr", "α", "learning rate", RATES, 1.0)
BATCH = Param("batch_size", "B", "batch size", BATCHES, NAIVE["batch_size"], unit="flowers")

GOALS = (
    Goal(
        "α = 0.01: 95 % accuracy for a tenth of the gradients",
        lambda run: run.epochs[0] <= naive().epochs[0] / 10,
        where={"lr": 0.01},
    ),
    Goal("B = 80: 95 % in at most 3 updates", lambda run: run.updates[0] <= 3, where={"batch_size": 80}),
    Goal("adam: 95 % in one epoch", lambda run: run.epochs[0] <= 1, where={"optimizer": "adam"}),
)
PARTS = {"gradients": "{:,.0f}", "updates": "{:,.0f}", "milliseconds": "{:,.0f} ms"}
"""What is counted, and how a number of it is written."""


@course_lab
def cost_lab() -> Parts:
    """What it costs to reach 95 % training accuracy, beside what the article's setting costs.

    Source:
        The article, section 6, question 1.
    """
    return Parts((RULE, LR, BATCH), Table(cost_table()), [accuracy_plot(), costs_plot()], GOALS)


def naive() -> Costs:
    """The run of the article's setting."""
    return cost_table().select(**NAIVE)


def accuracy_plot() -> Plot:
    """The training accuracy after every epoch, beside that of the article's setting."""
    axes: dict[str, Any] = {"xlabel": "epoch", "xscale": "log", "xlim": (1, 200), "ylim": (0.4, 1.02)}
    axes["ylabel"] = "training accuracy"
    plot = Plot(film=Film("epoch", first=1), legend=True, **axes)
    x, ticks = np.arange(1, EPOCHS + 1), [1, 2, 5, 10, 20, 50, 100]
    plot.ax.set_xticks(ticks, map(str, ticks))
    plot.ax.axhline(TARGET, color=GREEN, linestyle=":", linewidth=1.4, label="95 % accuracy")
    plot.ax.plot(x, naive().accuracy[0, 1:], "--", color=BLUE, linewidth=1.6, label="the article's setting")
    plot.ax.plot(naive().epochs, TARGET, "*", color="white", markeredgecolor=BLUE, markersize=14)
    plot.line("this setting", lambda run: run.accuracy[:, 1:], "black", x=x, width=2.2)
    plot.point(
        "reached",
        lambda run: (np.maximum(run.epochs, 1), TARGET),
        GOLD,
        "*",
        size=14,
        role="end",
        appears=lambda run: run.epochs,
    )
    plot.title(lambda one: f"{_reached(one)}\nat the end {one.accuracy[0, -1]:.0%}")
    plot.words(lambda one: f"{_reached(one)}; {one.accuracy[0, -1]:.0%} at the end.")
    return plot


def _reached(one: Costs) -> str:
    epochs = one.epochs[0]
    if not np.isfinite(epochs):
        return f"95 % accuracy: not within {EPOCHS} epochs"
    return f"★ 95 % accuracy after {epochs:g} epoch{'' if epochs == 1 else 's'}, and to the end"


def costs_plot() -> Plot:
    """Gradients, updates and time until the target is reached, as multiples of the article's setting."""
    return bars(
        ("gradients", "updates", "time"),
        lambda run: np.stack([getattr(run, part) / getattr(naive(), part) for part in PARTS], axis=-1),
        _amounts,
        _headline,
        limits=(2e-3, 30),
        base=1,
        xlabel="times what the article's setting needs",
    )


def _amounts(one: Costs) -> list[str]:
    if not np.isfinite(one.epochs[0]):
        return ["not reached"] * len(PARTS)
    both = [(getattr(one, part)[0], getattr(naive(), part)[0], form) for part, form in PARTS.items()]
    return [f"{form.format(here)}  (article: {form.format(before)})" for here, before, form in both]


def _headline(one: Costs) -> str:
    gradients, before = one.gradients[0], naive().gradients[0]
    if not np.isfinite(gradients):
        return f"95 % accuracy is not reached\nin {EPOCHS} epochs"
    times = before / gradients if gradients else np.inf
    if times == 1:
        return "until 95 % accuracy\nthe same number of gradients"
    more = f"{times:.3g} times fewer gradients" if times > 1 else f"{1 / times:.3g} times as many gradients"
    return f"until 95 % accuracy\n{more}"
