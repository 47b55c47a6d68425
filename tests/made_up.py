"""Measurements made up for the tests: their numbers are known beforehand."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
from made_once import made_once

from optlab.course.common import compiled
from optlab.course.common.compiled import Compiled
from optlab.course.common.halves import EPOCHS
from optlab.course.distributed_training import cluster, critical_batch
from optlab.course.distributed_training.data_parallel import BATCHES, WIDTHS, StepTimes
from optlab.course.distributed_training.local_sgd import EVERY, RATES, SPLITS, LocalRuns
from optlab.course.edge_of_stability import adam_edge, edge
from optlab.course.faq.deploy import deployments
from optlab.course.hardware_and_software import roofline
from optlab.course.hardware_and_software.roofline import SIZES, TASKS, Roofline, cost
from optlab.course.new_algorithms import rate_transfer, rivals
from optlab.course.open_questions import boundary
from optlab.engine.systems.bench import Timing
from optlab.live.order import Order
from optlab.params import grid

RIVALS, EDGE_RUNS, ZOOM_RUNS = rivals.rivals, edge.edge_runs, boundary.zoom_runs
ADAM_RUNS = adam_edge.adam_edge_runs
TRANSFER, CRITICAL = rate_transfer.transfer_runs, critical_batch.critical_runs
COMPILED = Compiled(Timing(0.010, 0.010, 7), Timing(0.002, 0.002, 7), 8.0, 0.0, "")
REFUSED = Compiled(Timing(0.010, 0.010, 7), None, np.nan, np.nan, "no compiler")


def made_up_roofline():
    settings = grid(task=TASKS, n=SIZES)
    work, moved = np.transpose([cost(*row) for row in zip(*settings.values(), strict=True)])
    seconds = 1e-6 + work / 1e11
    return Roofline(settings, seconds, np.ones(len(work)), work / moved, work / seconds, 1e11, 1e10)


def made_up_runs():
    """Local SGD whose loss H hardly raises for mixed flowers at the smaller rate."""
    settings = grid(split=SPLITS, lr=RATES, every=EVERY)
    mixed = np.where(settings["lr"] == RATES[0], 1e5, 1e3)
    end = 0.05 + settings["every"] / np.where(settings["split"] == SPLITS[0], mixed, 100)
    loss = np.geomspace(0.7 + settings["lr"] / 10, end, EPOCHS + 1, axis=1)
    return LocalRuns(settings, loss, np.ones_like(loss), 182400 // settings["every"])


def made_up_times():
    """Steps of two workers, whose mean takes a millisecond whatever the batch."""
    settings = grid(width=WIDTHS, batch=BATCHES)
    alone = settings["batch"] / 1e5
    return StepTimes(settings, np.stack([alone, alone / 2, np.full(len(alone), 0.001)], axis=1))


def made_up_deployments():
    """The digits network, its times as the multiplications that are left say."""
    measured = made_once(deployments)
    kind, fraction = measured.settings["kind"], measured.settings["fraction"]
    times = np.where(kind == "whole neurons", (1 - fraction) ** 2, 1.0)
    known = measured.trained | {"batch_seconds": 1.0, "one_seconds": 1.0}
    return replace(measured, batch_seconds=times, one_seconds=times, trained=known)


def stand_in(put=setattr):
    """In this process let what the labs of the notebooks show be known already, or made up, and no more run.

    Args:
        put: sets an attribute of a module, such as pytest's `monkeypatch.setattr`.
    """
    from optlab.course.faq import deploy_lab

    cluster_runs = SimpleNamespace(local=made_up_runs(), steps=made_up_times())
    # the axes through the sliders, as always, and then nothing unasked
    put(Order, "most", property(lambda _: 1))
    for module, name, instead in (
        (rivals, "rivals", partial(made_once, RIVALS)),
        (edge, "edge_runs", partial(made_once, EDGE_RUNS)),
        (adam_edge, "adam_edge_runs", partial(made_once, ADAM_RUNS)),
        (boundary, "zoom_runs", partial(made_once, ZOOM_RUNS, pixels=48)),
        (critical_batch, "critical_runs", partial(made_once, CRITICAL)),
        (rate_transfer, "transfer_runs", partial(made_once, TRANSFER)),
        (deploy_lab, "deployments", made_up_deployments),
        (roofline, "measure_roofline", made_up_roofline),
        (compiled, "compare", lambda: COMPILED),
        (cluster, "run_cluster", lambda: cluster_runs),
    ):
        put(module, name, instead)
