"""Labs of section 5 on theory: the edge of stability, and what is promised of gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.common.old_clouds import Kind
from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, number
from optlab.course.common.old_several import Curves, Several
from optlab.course.trends.edge import EVERY, LRS, SEEDS, STEPS, Edge, edge_runs
from optlab.course.trends.promises import STEPS as PROMISED_STEPS
from optlab.course.trends.promises import Promises, promises
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["edge_lab", "promises_lab"]

HERE = Path(__file__).parent

EDGE_ALPHA = Param("lr", "α", "learning rate", LRS, 0.1)
SEED = Param("seed", "", "seed", SEEDS, 0)

EDGE_GOALS = (
    Goal("come to rest where the sharpness is under 12", lambda run: np.median(run.sharpness[0, -50:]) < 12),
    Goal(
        "the loss rises in a quarter of the steps, and ends under 0.02",
        lambda run: (np.diff(run.loss[0]) > 0).mean() > 0.25 and run.loss[0, -1] < 0.02,
    ),
)


def edge_lab(runs: Edge | None = None, **options: Any) -> Lab:
    """Full-batch gradient descent on a tanh network: its loss, and its sharpness on the way to 2/α.

    Args:
        runs: from `optlab.course.trends.edge.edge_runs`; run now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `seed`; its results are `Edge`s.

    Source:
        J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability",
        ICLR 2021.
    """
    known = runs or edge_runs()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Edge:
        return known.find(settings)

    axes = {"xlabel": f"look (one every {EVERY} steps)"}
    kinds = (Kind("sharpness λ", "black", "-", width=2), Kind("2/α", ORANGE, "--", width=2.4))
    panels = [
        Several(
            known.steps // EVERY,
            kinds,
            _sharpness,
            axes={**axes, "ylabel": "sharpness", "ylim": (0, 45)},
            still=1,
            legend=("lower right", 1),
        ),
        Several(
            known.steps // EVERY,
            (Kind("training loss", BLUE, "-", width=2),),
            _loss,
            axes={**axes, "ylabel": "training loss", "yscale": "log", "ylim": (1e-4, 3)},
            legend=("lower left", 1),
        ),
    ]
    return Lab(
        (EDGE_ALPHA, SEED),
        run,
        panels,
        program=Program(HERE / "edge_program.py"),
        **({"goals": EDGE_GOALS} | options),
    )


def _sharpness(run: Edge, row: int) -> Curves:
    lr, curve = float(run.settings["lr"][row]), run.sharpness[row]
    over = run.relative[row] >= 1
    when = f"reaches 2/α at step {run.steps[over.argmax()]}" if over.any() else "has not reached 2/α"
    level = f"last third: {run.level[row]:.2f} × 2/α"
    return Curves(np.stack([curve, np.full(len(curve), 2 / lr)]), f"2/α = {number(2 / lr)}; {when}\n{level}")


def _loss(run: Edge, row: int) -> Curves:
    loss = run.loss[row]
    rises = (np.diff(loss) > 0).mean()
    return Curves(
        loss[None, ::EVERY],
        f"the loss rises in {rises:.0%} of the {STEPS} steps,\nand ends at {number(loss[-1])}",
    )


# ---------------------------------------------------------------- promises


def marked_rates() -> dict[str, Any]:
    """What theory marks on the slider of α: the largest sure gain, and where none is left."""
    return {"1/L": 1.0, "no promise from 2/L on": (2.0, np.inf)}


SHARE = Param(
    "lr", "α", "rate in 1/L", (0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 1.99, 2.0, 2.05), 1.0, marks=marked_rates
)
CONDITION = Param("kappa", "κ", "condition", (1.0, 10.0, 100.0, 1000.0, 10_000.0), 10.0)

PROMISE_GOALS = (
    Goal(
        "κ = 1000: the loss under 0.00002",
        lambda run: run.settings["kappa"][0] == 1000 and run.loss[0, -1] < 2e-5,
    ),
    Goal(
        "the bound like 1/t is the better one to the end",
        lambda run: bool(run.slow[0, -1] < run.linear[0, -1]),
    ),
)


def promises_lab(**options: Any) -> Lab:
    """Least squares: the measured loss under its two bounds, and each step beside the descent lemma.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `lr` and `kappa`; its results are `Promises`.

    Source:
        Y. Nesterov, "Introductory lectures on convex optimization", 2004, sections 1.2.3 and 2.1.5.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Promises:
        return promises(settings)

    steps = np.arange(1, PROMISED_STEPS + 1)
    axes = {"xlabel": "step", "xscale": "log", "yscale": "log"}
    measured = Kind("measured", "black", "-", width=2.4)
    bounds = (Kind("bound ~ 1/t, any κ", BLUE, "--"), Kind("bound ~ ρ²ᵗ, knows κ", ORANGE, "-."))
    panels = [
        Several(
            steps,
            (measured, *bounds),
            _under_bounds,
            axes={**axes, "ylabel": "loss above the least", "ylim": (1e-8, 1e2)},
            still=2,
            legend=("lower left", 1),
        ),
        Several(
            steps,
            (measured, Kind("promised by the lemma", GREEN, ":", width=2.6)),
            _each_step,
            axes={**axes, "ylabel": "how much a step gains", "ylim": (1e-10, 1e2)},
            legend=("lower left", 1),
        ),
    ]
    return Lab(
        (SHARE, CONDITION),
        run,
        panels,
        program=Program(HERE / "promises_program.py"),
        **({"goals": PROMISE_GOALS} | options),
    )


def _under_bounds(run: Promises, row: int) -> Curves:
    curves = np.stack([run.loss[row], run.slow[row], run.linear[row]])[:, 1:]
    if not np.isfinite(run.bound[row]).all():
        return Curves(curves, f"α ≥ 2/L: no bound; the loss ends at {number(run.loss[row, -1])}")
    words = f"after {curves.shape[1]} steps {number(run.loss[row, -1])},"
    return Curves(curves, f"{words}\npromised: at most {number(run.bound[row, -1])}")


def _each_step(run: Promises, row: int) -> Curves:
    gain, promised = run.gain[row], run.promised[row]
    if promised[0] <= 0:
        return Curves(np.stack([gain, promised]), "α ≥ 2/L: the lemma promises nothing")
    kept = (gain >= promised * (1 - 1e-9) - 1e-15).all()
    words = f"first step: gains {number(gain[0])}, promised {number(promised[0])}"
    return Curves(np.stack([gain, promised]), f"{words}\nkept in {'every' if kept else 'not every'} step")
