"""Networks made of a history, and the time that networks take."""

import pytest
import torch
from torch import nn

from optlab import train
from optlab.engine.data.digits import digits, least_times, network_of, theta_of
from optlab.engine.models.mlp import MLP


def test_a_network_made_of_a_history_gives_the_historys_accuracy():
    history = train(digits(), model=MLP((64, 9, 5, 10)), epochs=2, lr=[0.1, 1.0], batch_size=64)
    for row in (0, 1):
        right = network_of(history, row)(digits().x_test).argmax(1) == digits().y_test
        assert float(right.float().mean()) == pytest.approx(history.test_accuracy[row, -1])
    outputs = MLP((64, 9, 5, 10))(theta_of(history.weights), digits().x_test[None])
    torch.testing.assert_close(network_of(history, 1)(digits().x_test), outputs[1], rtol=1e-4, atol=1e-4)


def test_times_are_taken_on_one_thread_and_the_setting_is_put_back():
    seen = []

    class Spy(nn.Module):
        def forward(self, x):
            seen.append(torch.get_num_threads())
            return x

    before = torch.get_num_threads()
    least_times({"spy": Spy()}, torch.zeros(1), rounds=3)
    assert (seen, torch.get_num_threads()) == ([1, 1, 1], before)
    with pytest.raises(ValueError, match="rounds=0: expected a whole number of at least 1"):
        least_times({}, torch.zeros(1), rounds=0)
