"""Five optimisers at eleven rates: loss curves, and where each ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.background.optimizer import EPOCHS, EVALUATIONS, RATES, RULES, Trials, trials
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, number
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["optimizer_lab"]

PROGRAM = Program(Path(__file__).with_name("optimizer_program.py"))
GOALS = (
    Goal(
        "momentum: a loss under 0.02",
        lambda t: t.settings["optimizer"][0] == "momentum" and t.loss[0, -1] < 0.02,
    ),
    Goal(
        "a rate at which plain SGD beats Adam tenfold",
        lambda t: (
            t.settings["optimizer"][0] == "sgd"
            and 10 * t.loss[0, -1] < trials().select(optimizer="adam", lr=t.setting(0)["lr"]).loss[0, -1]
        ),
    ),
)
LOOKS = {
    "sgd": Series("sgd", BLUE, "-", 1.6),
    "momentum": Series("momentum", GREEN, "--", 1.6),
    "adagrad": Series("adagrad", GREY, ":", 1.6),
    "rmsprop": Series("rmsprop", PURPLE, (0, (5, 1, 1, 1)), 1.6),
    "adam": Series("adam", ORANGE, (0, (3, 1)), 1.6),
}


def optimizer_lab(**options: Any) -> Lab:
    """Five optimisers at eleven rates on one network: the loss curve, and where each ends over all rates.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `optimizer` and `lr`; its results are `Trials`.

    Source:
        The article, section 1: choice of the optimisation algorithm.
    """
    known = trials()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Trials:
        return known.find(settings)

    epochs = np.arange(EPOCHS + 1)
    tuned = known.select(optimizer="sgd", lr=known.best("sgd")).loss[0]
    losses = Lines(
        epochs,
        [*LOOKS.values(), Series("chosen", "black", "-", 2.6)],
        _curves,
        still=[(Series("sgd, best rate", BLUE, (0, (1, 4)), 1.2), epochs, tuned)],
        film=0,
        legend="",
        xlabel="epoch",
        ylabel="training loss",
        xlim=(0, EPOCHS),
        yscale="log",
        ylim=(1e-3, 5),
    )
    ends = Lines(
        RATES,
        [Series("chosen", "black", "-", 2.6)],
        _ends,
        still=[(series, RATES, known.ends(name)) for name, series in LOOKS.items()],
        legend="lower left",
        xlabel="learning rate α",
        ylabel=f"loss after {EVALUATIONS} gradients",
        xscale="log",
        yscale="log",
        ylim=(1e-3, 5),
    )
    rule = Param("optimizer", "", "optimiser", RULES, "sgd")
    rate = Param("lr", "α", "learning rate", RATES, default=0.01)
    given: dict[str, Any] = {
        "goals": GOALS,
        "program": PROGRAM,
    }
    return Lab((rule, rate), run, [losses, ends], **(given | options))


def _curves(run: Trials, row: int) -> Drawn:
    """All optimisers at this rate, the chosen one again on top."""
    name, lr = str(run.settings["optimizer"][row]), float(run.settings["lr"][row])
    others = trials().select(lr=lr).loss
    end = f"loss {number(run.loss[row, -1])} after {EVALUATIONS} gradients"
    title = f"{name} at α = {lr:g}: {end}\nthin: the others at the same rate; dotted: sgd at its best"
    return Drawn([*others, run.loss[row]], title, words=f"{name} at rate {lr:g}: {end}.")


def _ends(run: Trials, row: int) -> Drawn:
    name, lr = str(run.settings["optimizer"][row]), float(run.settings["lr"][row])
    best = trials().best(name)
    title = f"{name} at its best, α = {best:g}: {number(np.nanmin(trials().ends(name)))}"
    lead = min(
        RULES, key=lambda rule: np.nan_to_num(trials().select(optimizer=rule, lr=lr).loss[0, -1], nan=np.inf)
    )
    return Drawn(
        [trials().ends(name)], f"{title}\nlowest at α = {lr:g}: {lead}", (lr, float(run.loss[row, -1]))
    )
