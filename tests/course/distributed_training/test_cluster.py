"""Two real workers: large batches in halves, local SGD against plain loops, bytes, and a lost worker."""

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, printed, random_slots
from torch import nn

from optlab import iris_pair
from optlab.course.distributed_training.cluster import lost_worker, run_cluster
from optlab.course.distributed_training.local_sgd import EVERY, RATES, SPLITS, own_batches
from optlab.course.labs import local_sgd_lab
from optlab.engine.systems.distributed import bytes_sent
from optlab.engine.systems.workers import WorkersFailedError

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def cluster():
    return run_cluster(timed=False)


def plain_run(batches, lr):
    """Section 4's network in plain PyTorch, float64; the parameters after these batches."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).double()
    optimizer, data = torch.optim.SGD(model.parameters(), lr=lr), iris_pair(dtype=torch.float64)
    for batch in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(data.x_train[batch]), data.y_train[batch]).backward()
        optimizer.step()
    return model, data


def flat(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()]).numpy()


def test_two_workers_with_half_a_batch_are_one_large_batch(cluster):
    shuffle = torch.Generator().manual_seed(0)
    batches = [b for _ in range(40) for b in torch.randperm(80, generator=shuffle).split(16)]
    model, _ = plain_run(batches, 0.1)
    np.testing.assert_allclose(cluster.theta, flat(model), rtol=0, atol=1e-12)


@pytest.mark.parametrize("split", SPLITS)
def test_a_mean_after_every_step_is_a_large_batch_too(cluster, split):
    y = iris_pair().y_train
    halves = zip(own_batches(split, 0, y), own_batches(split, 1, y), strict=True)
    model, data = plain_run([torch.cat(pair) for pair in halves], 1.0)
    loss = nn.functional.cross_entropy(model(data.x_train), data.y_train).item()
    run = cluster.local.select(every=1, lr=1.0, split=split)
    np.testing.assert_allclose(run.loss[0, -1], loss, rtol=1e-9)


@pytest.mark.parametrize("split", SPLITS)
def test_one_mean_at_the_end_is_the_mean_of_two_lonely_models(cluster, split):
    y = iris_pair().y_train
    models = [plain_run(own_batches(split, rank, y), 1.0)[0] for rank in (0, 1)]
    with torch.no_grad():
        for p, q in zip(*(model.parameters() for model in models), strict=True):
            p.copy_((p + q) / 2)
    data = iris_pair(dtype=torch.float64)
    loss = nn.functional.cross_entropy(models[0](data.x_train), data.y_train).item()
    run = cluster.local.select(every=200, lr=1.0, split=split)
    np.testing.assert_allclose(run.loss[0, -1], loss, rtol=1e-9)


def test_the_bytes_that_were_counted_are_those_of_the_formula(cluster):
    assert cluster.theta_bytes == bytes_sent(114, 200, itemsize=8)
    expected = [bytes_sent(114, 200 // every, itemsize=8) for every in EVERY]
    assert cluster.local.sent.tolist() == expected * len(RATES) * len(SPLITS)
    assert cluster.counted == cluster.local.sent.sum()


def test_the_program_prints_the_labs_loss_for_random_settings(cluster):
    lab = local_sgd_lab(cluster.local)
    slots = random_slots(lab, 8)
    shown = lab.source.run(lab.grid.settings(slots))
    for row, slot in enumerate(slots):
        setting = lab.grid.setting(slot)
        np.testing.assert_allclose(
            printed(lab.program(setting), "training loss"),
            shown.loss[row, ::2],
            rtol=DIGITS,
            err_msg=str(setting),
        )
    lab.close()


def test_lost_worker_tells_it_in_words(monkeypatch):
    def lose(job, **arguments):
        raise WorkersFailedError(f"{job} {arguments}")

    monkeypatch.setattr("optlab.course.distributed_training.cluster.launch", lose)
    words, seconds = lost_worker(at=7)
    assert words == "optlab.course.distributed_training.cluster:crash_midway {'at': 7}"
    assert seconds < 1
