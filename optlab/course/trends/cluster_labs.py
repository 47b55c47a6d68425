"""Labs over what two real worker processes brought back: data-parallel steps, and local SGD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optlab.course.trends.cluster import BATCHES, EVERY, RATES, SPLITS, WIDTHS, Cluster, LocalRuns, StepTimes
from optlab.course.trends.old_cluster_figures import (
    local_loss,
    loss_over_bytes,
    row_of,
    speedup_curves,
    step_bars,
)
from optlab.course.trends.old_cluster_programs import data_parallel_program, local_sgd_program
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param

__all__ = ["data_parallel_lab", "local_sgd_lab"]

WIDTH = Param("width", "", "hidden units", WIDTHS, default=WIDTHS[0])
BATCH = Param("batch", "B", "batch size", BATCHES, default=BATCHES[0])
LOCAL_STEPS = Param("every", "H", "mean every", EVERY, default=1, unit="steps")
RATE = Param("lr", "α", "learning rate", RATES, default=RATES[0])
SPLIT = Param("split", "", "flowers", SPLITS, default=SPLITS[0])


def data_parallel_lab(cluster: Cluster, **options: Any) -> Lab:
    """Where two workers are faster than one: a step's time against width and batch size, measured beforehand.

    Args:
        cluster: from `optlab.course.trends.cluster.run_cluster`, timed.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `width` and `batch`; its results are `StepTimes`.

    Source:
        J. Dean et al., "Large scale distributed deep networks", 2012.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> StepTimes:
        i, j = (
            [values.index(v) for v in settings[name].tolist()]
            for name, values in (("width", WIDTHS), ("batch", BATCHES))
        )
        return StepTimes(settings, cluster.seconds[i, j])

    both = 1e3 * cluster.seconds[..., 1:].sum(-1)
    highest = max(1e3 * cluster.seconds[..., 0].max(), both.max())
    limits = (1e3 * cluster.seconds.min() / 3, 3 * highest)
    goals = (Goal("two workers are faster than one", lambda times: _faster(times) > 1),)
    panels = [step_bars(limits), speedup_curves(cluster)]
    given: dict[str, Any] = {"goals": goals, "program": data_parallel_program}
    return Lab((WIDTH, BATCH), run, panels, **(given | options))


def _faster(times: StepTimes) -> float:
    alone, half, mean = times.seconds[0]
    return float(alone / (half + mean))


def local_sgd_lab(cluster: Cluster, **options: Any) -> Lab:
    """Two workers that take the mean of their models every H steps: bytes sent against loss.

    Args:
        cluster: from `optlab.course.trends.cluster.run_cluster`.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `every`, `lr` and `split`; its results are `LocalRuns`.

    Source:
        S. Stich, "Local SGD converges fast and communicates little", 2019.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> LocalRuns:
        columns = (settings["every"].tolist(), settings["lr"].tolist(), settings["split"].tolist())
        return cluster.local.select([row_of(*setting) for setting in zip(*columns, strict=True)])

    def close_to_all(runs: LocalRuns) -> float:
        best = cluster.local.loss[
            row_of(1, float(runs.settings["lr"][0]), str(runs.settings["split"][0])), -1
        ]
        return float(runs.loss[0, -1] / best)

    full = float(np.max(cluster.local.sent))
    goals = (
        Goal(
            "a hundredth of the bytes for at most 2 % more loss",
            lambda runs: runs.sent[0] <= full / 100 and close_to_all(runs) < 1.02,
        ),
        Goal("local SGD that doubles the loss of H = 1", lambda runs: close_to_all(runs) > 2),
    )
    panels = [local_loss(cluster), loss_over_bytes(cluster)]
    given: dict[str, Any] = {"goals": goals, "program": local_sgd_program}
    return Lab((LOCAL_STEPS, RATE, SPLIT), run, panels, **(given | options))
