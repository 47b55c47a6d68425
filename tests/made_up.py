"""Measurements made up for the tests: their numbers are known beforehand."""

import numpy as np

from optlab.course.background.roofline import SIZES, TASKS, Roofline, cost
from optlab.course.common.compiled import Compiled
from optlab.course.trends.cluster import BATCHES, EPOCHS, EVERY, RATES, SPLITS, WIDTHS, Cluster, LocalRuns
from optlab.engine.systems.bench import Timing
from optlab.params import grid

COMPILED = Compiled(Timing(0.010, 0.010, 7), Timing(0.002, 0.002, 7), 8.0, 0.0, "")
REFUSED = Compiled(Timing(0.010, 0.010, 7), None, np.nan, np.nan, "no compiler")


def made_up_roofline():
    settings = grid(task=TASKS, n=SIZES)
    work, moved = np.transpose([cost(*row) for row in zip(*settings.values(), strict=True)])
    seconds = 1e-6 + work / 1e11
    return Roofline(settings, seconds, np.ones(len(work)), work / moved, work / seconds, 1e11, 1e10)


def made_up_cluster():
    """A loss that H hardly raises for mixed flowers; a mean that takes a millisecond whatever the batch."""
    splits, rates, everies = np.meshgrid(SPLITS, RATES, EVERY, indexing="ij")
    settings = {"every": everies.ravel(), "lr": rates.ravel(), "split": splits.ravel()}
    end = 0.05 + settings["every"] / np.where(settings["split"] == SPLITS[0], 1e5, 100)
    loss = np.geomspace(np.full(len(end), 0.7), end, EPOCHS + 1, axis=1)
    sent = 182400 // settings["every"]
    seconds = np.empty((len(WIDTHS), len(BATCHES), 3))
    seconds[..., 0] = np.array(BATCHES) / 1e5
    seconds[..., 1] = seconds[..., 0] / 2
    seconds[..., 2] = 0.001
    local = LocalRuns(settings, loss, np.ones_like(loss), np.zeros_like(loss), sent)
    return Cluster(local, np.zeros(114), 182400, seconds, int(sent.sum()), 5.0)
