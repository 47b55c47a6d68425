"""What stands beside the learning rate: the rates that trainings with other δ really have."""

import numpy as np
import pytest

from optlab import iris_pair, train
from optlab.course.common.curves import BESIDE, rate_curve


@pytest.mark.parametrize("delta", [delta for delta, _ in BESIDE])
def test_a_grey_line_is_the_rate_of_a_training_with_that_delta(delta):
    setting = {"lr": [0.3, 1.0], "p": [1.0, 3.0], "epochs": 4, "batch_size": 40}
    plot = rate_curve(4, 1e-4, 20, beside=True)
    (mark,) = (mark for mark in plot.marks if mark.artist.get_label() == f"at δ = {delta:g}")
    drawn = mark.values(train(iris_pair(), delta=[0.0, 0.0], **setting))
    trained = train(iris_pair(), delta=[delta] * 2, **setting).lr
    epochs = mark.artist.get_xdata().astype(int)
    np.testing.assert_allclose(drawn, trained[:, epochs - 1], rtol=1e-6)


def test_nothing_stands_beside_where_it_is_not_asked_for():
    assert len(rate_curve(4, 1e-4, 20).ax.lines) == 1
