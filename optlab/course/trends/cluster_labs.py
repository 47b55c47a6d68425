"""Labs over what two real worker processes brought back: data-parallel steps, and local SGD."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from optlab.course.trends.cluster import run_cluster
from optlab.course.trends.data_parallel import BATCHES, WIDTHS, StepTimes
from optlab.course.trends.local_sgd import EVERY, RATES, SPLITS, LocalRuns
from optlab.course.trends.old_cluster_figures import (
    local_loss,
    loss_over_bytes,
    speedup_curves,
    step_bars,
)
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["data_parallel_lab", "local_sgd_lab"]

HERE = Path(__file__).parent

WIDTH = Param("width", "", "hidden units", WIDTHS, default=WIDTHS[0])
BATCH = Param("batch", "B", "batch size", BATCHES, default=BATCHES[0])
LOCAL_STEPS = Param("every", "H", "mean every", EVERY, default=1, unit="steps")
RATE = Param("lr", "α", "learning rate", RATES, default=RATES[0])
SPLIT = Param("split", "", "flowers", SPLITS, default=SPLITS[0])


def data_parallel_lab(times: StepTimes | None = None, **options: Any) -> Lab:
    """Where two workers are faster than one: a step's time against width and batch size, measured beforehand.

    Args:
        times: `run_cluster().steps`; measured now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `width` and `batch`; its results are `StepTimes`.

    Source:
        J. Dean et al., "Large scale distributed deep networks", 2012.
    """
    known = times or run_cluster().steps

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> StepTimes:
        return known.find(settings)

    highest = max(1e3 * known.seconds[:, 0].max(), 1e3 * known.two.max())
    limits = (1e3 * known.seconds.min() / 3, 3 * highest)
    goals = (Goal("two workers are faster than one", lambda times: times.speedup[0] > 1),)
    panels = [step_bars(limits), speedup_curves(known)]
    given: dict[str, Any] = {"goals": goals, "program": Program(HERE / "data_parallel_program.py")}
    return Lab((WIDTH, BATCH), run, panels, **(given | options))


def local_sgd_lab(runs: LocalRuns | None = None, **options: Any) -> Lab:
    """Two workers that take the mean of their models every H steps: bytes sent against loss.

    Args:
        runs: `run_cluster().local`; run now if left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `every`, `lr` and `split`; its results are `LocalRuns`.

    Source:
        S. Stich, "Local SGD converges fast and communicates little", 2019.
    """
    known = runs or run_cluster(timed=False).local

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> LocalRuns:
        return known.find(settings)

    def close_to_all(runs: LocalRuns) -> float:
        return float(runs.loss[0, -1] / known.select(**runs.setting(0) | {"every": 1}).loss[0, -1])

    full = float(np.max(known.sent))
    goals = (
        Goal(
            "a hundredth of the bytes for at most 2 % more loss",
            lambda runs: runs.sent[0] <= full / 100 and close_to_all(runs) < 1.02,
        ),
        Goal("local SGD that doubles the loss of H = 1", lambda runs: close_to_all(runs) > 2),
    )
    panels = [local_loss(known), loss_over_bytes(known)]
    given: dict[str, Any] = {"goals": goals, "program": Program(HERE / "local_sgd_program.py")}
    return Lab((LOCAL_STEPS, RATE, SPLIT), run, panels, **(given | options))
