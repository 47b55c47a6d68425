"""Labs of section 5: adaptive rules on a ravine and on the network, and the race of the new rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import Kind
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, PURPLE, number
from optlab.course.common.old_several import Curves, Finishers, RulePaths, Several, judge_of
from optlab.course.trends.adaptive import RULES, STEPS, Paths, paths, turned_start, turned_valley
from optlab.course.trends.rivals import BUDGET, COST, FRESH, JUDGES, NAMES, RATES, Rivals, rivals, verdict
from optlab.course.trends.units import LRS, UNITS, UnitRuns, train_in_units
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["adaptive_lab", "rivals_lab", "units_lab"]

HERE = Path(__file__).parent

RULE_KINDS = (
    Kind("SGD", "black", "-", width=2.4),
    Kind("AdaGrad", GREEN, "--"),
    Kind("RMSProp", ORANGE, "-."),
    Kind("Adam", BLUE, "-", width=2.8),  # the widest: of it a pin and a ghost are left
    Kind("AdamW", PURPLE, ":", width=2.4),
)

ALPHA = Param("lr", "α", "adaptive rate", (0.03, 0.1, 0.3, 0.5, 1.0), 0.3)
BETA2 = Param("beta2", "β₂", "memory", (0.9, 0.99, 0.999), 0.99)
KAPPA = Param("kappa", "κ", "steepness", (10.0, 100.0, 1000.0), 100.0)
TURN = Param("turn", "φ", "turn", (0.0, 15.0, 45.0), 0.0, "°")


def _arrives(run: Paths, rules: Sequence[str], within: int, **where: float) -> bool:
    """Whether one of some rules arrives within so many steps in one setting."""
    steps = [int(run.converged_at(rule)[0]) for rule in rules]
    return all(run.settings[k][0] == v for k, v in where.items()) and any(0 <= s <= within for s in steps)


def _first(run: Paths) -> str:
    """Who arrives first at κ = 10 and α = 0.3, SGD or Adam; nobody elsewhere."""
    if run.settings["kappa"][0] != 10 or run.settings["lr"][0] != 0.3:
        return ""
    steps = {rule: int(run.converged_at(rule)[0]) % (STEPS + 1) for rule in ("sgd", "adam")}  # never: last
    return min(steps, key=lambda rule: steps[rule])


ADAPTIVE_GOALS = (
    Goal("κ = 1000: a rule there in 10 steps", lambda run: _arrives(run, RULES, 10, kappa=1000.0)),
    Goal("κ = 10, α = 0.3: SGD there before Adam", lambda run: _first(run) == "sgd"),
    Goal(
        "κ = 1000, φ = 45°: Adam there all the same",
        lambda run: _arrives(run, ["adam"], STEPS, kappa=1000.0, turn=45.0),
    ),
)


def adaptive_lab(**options: Any) -> Lab:
    """AdaGrad, RMSProp, Adam and AdamW down a ravine, beside gradient descent at the best rate it can have.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr`, `beta2`, `kappa` and `turn`; its results are `Paths`.

    Source:
        J. Duchi et al., 2011; T. Tieleman and G. Hinton, 2012; D. Kingma and J. Ba, 2015; I. Loshchilov and
        F. Hutter, 2019.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Paths:
        return paths(settings)

    axes = {"xlabel": "step", "ylabel": "loss", "yscale": "log", "ylim": (1e-8, 1e4)}
    ravines = [(kappa, turn) for kappa in KAPPA.values for turn in TURN.values]
    panels = [
        RulePaths(RULE_KINDS, ravines, turned_valley, turned_start, STEPS),
        Several(np.arange(STEPS + 1), RULE_KINDS, _losses, axes=axes, legend=("upper right", 2)),
    ]
    rest: dict[str, Any] = {"goals": ADAPTIVE_GOALS, "most": 600} | options
    return Lab(
        (ALPHA, BETA2, KAPPA, TURN), run, panels, program=Program(HERE / "adaptive_program.py"), **rest
    )


def _losses(run: Paths, row: int) -> Curves:
    kappa = float(run.settings["kappa"][row])
    best = f"SGD has its best rate, 2/(1 + κ) = {number(2 / (1 + kappa))}"
    ends = f"after {STEPS} steps: SGD {number(run.loss[row, 0, -1])}, Adam {number(run.loss[row, 3, -1])}"
    return Curves(run.loss[row], f"{best}\n{ends}")


# ---------------------------------------------------------------- on the network

NETWORK_LR = Param("lr", "α", "learning rate", tuple(map(float, LRS)), 0.032)
UNIT = Param("unit", "", "petal length ×", UNITS, 1.0)

UNITS_GOALS = (
    Goal("SGD ends under 0.02", lambda run: run.loss[0, 0, -1] < 0.02),
    Goal(
        "petal length × 100: some rule ends under 0.04",
        lambda run: run.settings["unit"][0] == 100 and run.loss[0, :, -1].min() < 0.04,
    ),
)


def units_lab(runs: UnitRuns | None = None, **options: Any) -> Lab:
    """The same five rules on section 4's network, with one feature in another unit, at one common rate.

    Args:
        runs: from `optlab.course.trends.units.train_in_units`; trained now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `unit`; its results are `UnitRuns`.

    Source:
        A. Wilson et al., "The marginal value of adaptive gradient methods in machine learning", 2017.
    """
    known = runs or train_in_units()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> UnitRuns:
        return known.find(settings)

    epochs = known.loss.shape[2] - 1
    ylim = {"ylabel": "training loss", "yscale": "log", "ylim": (2e-5, 20)}
    panels = [
        Several(
            np.arange(epochs + 1),
            RULE_KINDS,
            _learning,
            axes={"xlabel": "epoch", **ylim},
            legend=("lower left", 2),
        ),
        Several(
            LRS,
            [Kind(k.label, k.color, k.style, "o", k.width) for k in RULE_KINDS],
            _valley,
            axes={"xlabel": "learning rate", "xscale": "log", **ylim},
            film=False,
            legend=("lower left", 2),
        ),
    ]
    return Lab(
        (NETWORK_LR, UNIT),
        run,
        panels,
        program=Program(HERE / "units_program.py"),
        **({"goals": UNITS_GOALS} | options),
    )


def _learning(run: UnitRuns, row: int) -> Curves:
    ends = {"SGD": run.loss[row, 0, -1], "Adam": run.loss[row, 3, -1]}
    words = ", ".join(
        f"{n} ends at {number(v)}" if np.isfinite(v) else f"{n} is lost" for n, v in ends.items()
    )
    return Curves(run.loss[row], f"α = {run.settings['lr'][row]:g} for all\n{words}")


def _valley(run: UnitRuns, row: int) -> Curves:
    best, lowest = LRS[run.ends[row].argmin(1)], run.ends[row].min(1)
    words = [f"{name} {number(lowest[k])} (α = {best[k]:g})" for k, name in ((0, "SGD"), (3, "Adam"))]
    lines = f"the last loss at every rate; at best:\n{', '.join(words)}"
    return Curves(run.ends[row], lines, run.settings["lr"][row])


# ---------------------------------------------------------------- the race

RIVAL_KINDS = tuple(
    Kind(label, color, style, width=2)
    for label, color, style in zip(
        NAMES,
        ("black", BLUE, ORANGE, GREEN, PURPLE, "#8a6d00"),
        ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2))),
        strict=True,
    )
)

JUDGE = Param("judge", "", "judge", JUDGES, JUDGES[0])
AT = Param("rates", "", "rates", RATES, "0.03")
RULE = Param("rule", "", "look at", tuple(NAMES), "Lion")


def _wins(name: str) -> Any:
    return lambda run: verdict(run.ends[0]).startswith(name)


RIVAL_GOALS = (
    Goal("find a rate at which Lion is clear of all", _wins("Lion")),
    Goal("… and one at which schedule-free SGD is", _wins("schedule-free")),
    Goal("make it fair: no winner", lambda run: run.settings["rates"][0] == RATES[0]),
)


def rivals_lab(record: Rivals | None = None, **options: Any) -> Lab:
    """Four new rules and two old ones: at one common rate, or each at its own tuned one.

    Args:
        record: from `optlab.course.trends.rivals.rivals`; run now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `judge`, `rates` and `rule`; its results are `Rivals`.

    Source:
        R. Schmidt, F. Schneider and P. Hennig, "Descending through a crowded valley", ICML 2021.
    """
    known = record or rivals()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Rivals:
        return known.find(settings)

    epochs = np.arange(known.curves.shape[3])
    axes = {"ylabel": "loss", "yscale": "log"}
    chosen = Kind("the one you look at", "#999999", "-", width=6)
    panels = [
        Finishers(RIVAL_KINDS, ((5e-5, 20), (0.1, 20)), len(FRESH)),
        Several(
            epochs,
            (chosen, *RIVAL_KINDS),
            _medians,
            axes={"xlabel": "epoch of gradients", **axes},
            legend=("upper right", 2),
            ranges=((5e-5, 1e4), (0.1, 30)),
            range_of=judge_of,
        ),
        Several(
            known.grid,
            [Kind(k.label, k.color, k.style, "o", k.width) for k in RIVAL_KINDS],
            _tuning,
            axes={"xlabel": "learning rate", "xscale": "log", **axes},
            film=False,
            legend=None,
            ranges=((5e-5, 30), (0.1, 30)),
            range_of=judge_of,
        ),
    ]

    def derived(settings: dict[str, Any]) -> dict[str, Any]:
        rule = settings["rule"]
        lr = known.select(**settings).lr[0, RULE.index(rule)]
        return {"lr": float(lr), "epochs": BUDGET // COST.get(NAMES[rule], 1)}

    program = Program(HERE / "rivals_program.py", also=derived)
    return Lab((JUDGE, AT, RULE), run, panels, program=program, **({"goals": RIVAL_GOALS} | options))


def _medians(run: Rivals, row: int) -> Curves:
    middle = np.median(run.curves[row], axis=1)
    middle = np.stack([_filled(curve) for curve in middle])
    name = run.settings["rule"][row]
    here = list(NAMES).index(name)
    words = f"α = {run.lr[row, here]:g}, ends at {number(middle[here, -1])}"
    return Curves(
        np.vstack([middle[here], middle]), f"medians of {run.curves.shape[2]} seeds\n{name}: {words}"
    )


def _filled(curve: np.ndarray) -> np.ndarray:
    """A curve with its gaps bridged in proportion."""
    known = np.flatnonzero(~np.isnan(curve))
    return np.exp(np.interp(np.arange(len(curve)), known, np.log(curve[known])))


def _tuning(run: Rivals, row: int) -> Curves:
    rates = run.settings["rates"][row]
    mark = np.nan if rates == RATES[0] else float(rates)
    where = "each at its lowest point" if rates == RATES[0] else "all at the dotted line"
    return Curves(run.tried[row], f"the tuning, three other seeds:\nthe race is run {where}", mark)
