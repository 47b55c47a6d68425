"""The labs of section 6: what an accuracy costs, what a step promises, a network on its way to its users."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.faq.cost import BATCHES, NAIVE, RATES, RULES, Costs, cost_table
from optlab.course.faq.deploy import BITS, KINDS, SHARES, Deployments, deployments
from optlab.course.faq.lemma import LOSSES, STEPS, Descents, descents
from optlab.course.faq.old_figures import AccuracyCurve, Bar, Bars, OneStep, OverShares, PromisedLoss
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["cost_lab", "deploy_lab", "lemma_lab", "naive_costs"]

COST, LEMMA, DEPLOY = (
    Program(Path(__file__).with_name(f"{stem}_program.py")) for stem in ("cost", "lemma", "deploy")
)

# ---------------------------------------------------------------- why optimise


def naive_costs() -> Costs:
    """The run that nobody has optimised, one row."""
    return cost_table().select(**NAIVE)


RULE = Param("optimizer", "", "update rule", tuple(RULES), NAIVE["optimizer"])
LR = Param("lr", "α", "learning rate", RATES, NAIVE["lr"])
BATCH = Param("batch_size", "B", "batch size", BATCHES, NAIVE["batch_size"], unit="flowers")
COST_GOALS = (
    Goal(
        "95 % right for a tenth of the gradients", lambda run: run.epochs[0] <= naive_costs().epochs[0] / 10
    ),
    Goal("… for a fiftieth", lambda run: run.epochs[0] <= naive_costs().epochs[0] / 50),
    Goal("… in at most 10 updates", lambda run: run.updates[0] <= 10),
)


def cost_lab(**options: Any) -> Lab:
    """What it costs to tell 95 % of the flowers right, beside what the article's setting costs.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `optimizer`, `lr` and `batch_size`; its results are `Costs`.

    Source:
        Question 1 of section 6 of the article.
    """
    naive, table = naive_costs(), cost_table()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Costs:
        return table.find(settings)

    def read(result: Costs, row: int) -> tuple[list[Bar], str]:
        return _cost_bars(naive, result, row)

    bars = Bars(("gradients", "updates", "time"), (2e-3, 30), "times what the article's setting needs", read)
    options = {"goals": COST_GOALS} | options
    return Lab(
        (RULE, LR, BATCH),
        run,
        [AccuracyCurve(naive), bars],
        program=COST,
        **options,
    )


def _cost_bars(naive: Costs, result: Costs, row: int) -> tuple[list[Bar], str]:
    parts = {"gradients": "{:,.0f}", "updates": "{:,.0f}", "milliseconds": "{:,.0f} ms"}
    bars = []
    for name, form in parts.items():
        now, before = getattr(result, name)[row], getattr(naive, name)[0]
        words = f"{form.format(now)}  (article: {form.format(before)})"
        bars.append(Bar(now / before, words) if np.isfinite(now) else Bar(np.nan, "not reached"))
    times = naive.gradients[0] / result.gradients[row] if result.gradients[row] else np.inf
    if not np.isfinite(result.gradients[row]):
        return bars, "95 % right: never reached\nno price is enough"
    more = f"{times:.3g} times fewer gradients" if times > 1 else f"{1 / times:.3g} times as many gradients"
    return bars, f"until 95 % are right\n{more if times != 1 else 'the same number of gradients'}"


# ---------------------------------------------------------------- what principle


def marked_promises() -> dict[str, Any]:
    """What the lemma says of α in units of 1/L."""
    return {"largest promise": 1.0, "no promise": (2.0, np.inf)}


LOSS = Param("loss", "", "loss", tuple(LOSSES), next(iter(LOSSES)))
ALPHA = Param(
    "lr",
    "α",
    "learning rate",
    (0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 1.7, 1.8, 1.9, 2.0, 2.1, 2.3, 2.6, 3.0),
    0.5,
    unit="/L",
    marks=marked_promises,
)
NOW = Param("now", "t", "step", (*range(11), 15, 20, 25, STEPS), 5)


def _tight(run: Descents) -> bool:
    """Whether the step tried here falls by what was promised, to a thousandth, and falls at all."""
    now = int(run.settings["now"][0])
    if now == STEPS:
        return False
    fall, promise = run.gap[0, now] - run.gap[0, now + 1], run.gap[0, now] - run.bound[0, now + 1]
    return bool(0 < fall < 1.001 * promise)


PROMISE_GOALS = (
    Goal(
        "least squares: under 1e-8 after 30 steps",
        lambda run: run.settings["loss"][0] == "least squares" and run.gap[0, -1] < 1e-8,
    ),
    Goal(
        "no promise, and yet 30 steps down",
        lambda run: run.settings["lr"][0] > 2 and bool((np.diff(run.gap[0]) < 0).all()),
    ),
    Goal("a step that does no better than promised", _tight),
)


def lemma_lab(**options: Any) -> Lab:
    """The descent lemma: what a step of size α promises, drawn beside what it does.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `loss`, `lr` and `now`; its results are `Descents`.

    Source:
        Question 3 of section 6 of the article; Y. Nesterov, "Introductory lectures on convex optimization",
        2004.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Descents:
        return descents(settings)

    options = {"goals": PROMISE_GOALS} | options
    return Lab(
        (LOSS, ALPHA, NOW),
        run,
        [OneStep(), PromisedLoss()],
        program=LEMMA,
        **options,
    )


# ---------------------------------------------------------------- where it applies

KIND = Param("kind", "", "remove", tuple(KINDS), next(iter(KINDS)))
SHARE = Param("share", "", "share removed", SHARES, 0.0)
BIT = Param("bits", "b", "bits a weight", BITS, 8)
NAMES = {"bytes": "bytes", "450 at once": "batch_seconds", "1 image": "one_seconds"}


def _faster_without_bits(run: Deployments) -> bool:
    faster = run.relative("batch_seconds")[0] <= 0.5
    return bool(faster and run.settings["bits"][0] == 32 and run.accuracy[0] >= 0.96)


DEPLOY_GOALS = (
    Goal(
        "a tenth of the bytes, 96 % right",
        lambda run: run.relative("bytes")[0] <= 0.1 and run.accuracy[0] >= 0.96,
    ),
    Goal("half the time at 32 bits, 96 % right", _faster_without_bits),
)


def deploy_lab(table: Deployments | None = None, **options: Any) -> Lab:
    """One trained network, pruned and rounded: how often it is right, how large it is, how long it takes.

    Args:
        table: what was measured, from `optlab.course.faq.deploy.deployments`; measured now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `kind`, `share` and `bits`; its results are `Deployments`.

    Source:
        Question 4 of section 6 of the article.
    """
    measured = deployments() if table is None else table

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Deployments:
        return measured.find(settings)

    bars = Bars(tuple(NAMES), (1e-3, 5), "times what the trained network needs", _deploy_bars)
    options = {"goals": DEPLOY_GOALS} | options
    return Lab(
        (KIND, SHARE, BIT),
        run,
        [OverShares(measured), bars],
        program=DEPLOY,
        **options,
    )


def _deploy_bars(result: Deployments, row: int) -> tuple[list[Bar], str]:
    words = (
        f"{result.bytes[row] / 1000:,.0f} kB",
        f"{1e3 * result.batch_seconds[row]:.2g} ms",
        f"{1e6 * result.one_seconds[row]:.0f} µs",
    )
    times = {name: float(result.relative(name)[row]) for name in NAMES.values()}
    bars = [Bar(times[name], text) for name, text in zip(NAMES.values(), words, strict=True)]
    return bars, f"{times['bytes']:.2g} × the bytes,\n{times['batch_seconds']:.2g} × the time for 450 images"
