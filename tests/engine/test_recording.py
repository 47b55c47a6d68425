"""The History that grows."""

import numpy as np

from optlab import iris_pair, train
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import CURVES
from optlab.engine.training.recorder import Recorder


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
