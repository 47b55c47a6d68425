"""The History that grows."""

import numpy as np
import pytest
import torch

from optlab import iris_pair, train
from optlab.engine.training.callbacks import Callback, EpochRecord
from optlab.engine.training.history import CURVES
from optlab.engine.training.recorder import Recorder

pytestmark = pytest.mark.usefixtures("either_engine")


def test_in_the_middle_it_holds_the_past_and_nothing_of_the_future():
    seen = []

    class Look(Callback):
        def on_epoch_end(self, record):
            seen.append(recorder.history.train_loss.copy())

    recorder = Recorder()
    whole = train(iris_pair(), lr=[0.01, 0.1], epochs=4, callbacks=[recorder, Look()])
    for epoch, so_far in enumerate(seen):
        np.testing.assert_array_equal(so_far[:, : epoch + 1], whole.train_loss[:, : epoch + 1])
        assert np.isnan(so_far[:, epoch + 1 :]).all()


def test_at_the_end_it_is_the_history_of_the_training_divergence_included():
    recorder = Recorder()
    whole = train(iris_pair(), lr=[0.1, 1e5], l2=0.01, epochs=6, callbacks=[recorder])
    for name in (*CURVES, "lr"):
        np.testing.assert_array_equal(getattr(recorder.history, name), getattr(whole, name), err_msg=name)
    np.testing.assert_array_equal(recorder.history.diverged_at, whole.diverged_at)


def test_a_run_whose_loss_becomes_finite_again_is_lost_all_the_same():
    """Otherwise the curve that is streamed and the one that is left would differ."""
    losses = np.float32([1.0, np.inf, 0.5, 0.4])
    recorder = Recorder()
    for epoch, loss in enumerate(losses):
        values = dict.fromkeys(CURVES, np.array([loss, 1.0], np.float32))
        recorder.on_epoch_end(EpochRecord(epoch, 3, {"lr": np.ones(2)}, values, np.ones(2)))
    np.testing.assert_array_equal(recorder.history.train_loss[0], [1.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(recorder.history.diverged_at, [1, -1])
    assert np.isfinite(recorder.history.train_loss[1]).all()


def test_it_keeps_the_precision_of_the_training():
    recorder = Recorder()
    whole = train(iris_pair(dtype=torch.float64), epochs=2, callbacks=[recorder])
    assert recorder.history.train_loss.dtype == whole.train_loss.dtype == np.float64
