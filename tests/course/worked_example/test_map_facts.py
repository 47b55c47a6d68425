"""What 04 says of its map and its isolation plot: not of one seed only."""

import numpy as np
import pytest

from optlab import grid, iris_pair, train
from optlab.course.worked_example.training_runs import Trainings
from optlab.live.source import Job
from optlab.params import L2, LR

SIZES = (1, 16, 80)
RATES, L2S = np.array(LR.values), np.array(L2.values)


@pytest.fixture(scope="module", params=range(6))
def ends(request):
    """The test loss at the end over α₀, δ, B and λ; infinite where a run diverged. For six seeds."""
    box = grid(lr=RATES, delta=[0.0, 10.0], batch_size=SIZES, l2=L2S)
    loss = train(iris_pair(), seed=request.param, **box).test_loss[:, -1]
    return np.nan_to_num(loss, nan=np.inf).reshape(len(RATES), 2, len(SIZES), len(L2S))


@pytest.mark.slow
def test_the_best_rate_grows_with_the_batch(ends):
    best = RATES[ends[:, 0].min(axis=2).argmin(axis=0)]
    assert best[2] > 3 * best[0]


@pytest.mark.slow
def test_a_penalty_that_is_too_small_can_be_made_up_for_and_one_that_is_too_large_cannot(ends):
    alone, isolated = ends[RATES == 1.0][0, 0, 1], ends.min(axis=(0, 1, 2))
    assert isolated[0] < alone[0] / 3
    assert isolated[L2S >= 0.3].min() > 0.45


@pytest.mark.slow
def test_the_upper_right_corner_diverges(ends):
    """One step on the penalty alone multiplies a weight by 1 - 2αλ: beyond αλ = 1 it grows."""
    assert np.isinf(ends[:, 0, 1][np.outer(RATES, L2S) > 0.99]).all()


# ---------------------------------------------------------------- who trains, and how much unasked


class Watched(Job):
    """Notes whether it was asked to stop."""

    asked = 0

    def stopped(self):
        self.asked += 1
        return False


def columns(n):
    return {"lr": np.full(n, 0.1), "batch_size": np.full(n, 16)}


def test_a_training_that_takes_long_is_watched_and_few_are_made_unasked():
    trainings = Trainings(iris_pair(), {"epochs": 3, "engine": "autograd"}, 65_280)
    job = Watched()
    assert len(trainings(columns(20), job)) == 20
    assert job.asked > 0
    assert trainings.unasked() == 1024


def test_where_a_training_takes_milliseconds_the_whole_box_is_made(monkeypatch):
    monkeypatch.setattr("optlab.course.worked_example.training_runs.kernel_seconds", lambda *_, **__: 0.001)
    trainings = Trainings(iris_pair(), {"epochs": 1}, 500)
    job = Watched()
    trainings(columns(1), job)
    assert trainings.unasked() == 1024  # one alone does not tell how long each takes among many
    trainings(columns(20), job)
    assert job.asked == 0
    assert trainings.unasked() == 500
    slow = Trainings(iris_pair(), {"epochs": 1}, 10**9)
    slow(columns(20), job)
    assert slow.unasked() == 1024
