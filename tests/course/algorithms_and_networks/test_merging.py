"""Means of networks against torch.optim.swa_utils."""

import pytest
from printed_programs import printed, program_of
from torch import nn
from torch.optim.swa_utils import AveragedModel

from optlab.course.algorithms_and_networks.merging import MEMBERS, PLACES, TOGETHER, family, merged
from optlab.engine.data.digits import digits

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.parametrize("together", TOGETHER)
def test_the_mean_of_k_networks_is_that_of_swa(together):
    nets = []
    for theta in family(together):
        net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        nn.utils.vector_to_parameters(theta, net.parameters())
        nets.append(net)
    average = AveragedModel(nets[0])
    for k, net in enumerate(nets):
        average.update_parameters(net)
        ours = merged().select(together=together, members=k + 1)
        loss = nn.functional.cross_entropy(average(digits().x_test), digits().y_test)
        assert ours.loss[0, k] == pytest.approx(loss.item(), rel=1e-4)
    assert ours.line[0, [0, -1]] == pytest.approx(ours.each[0, :2])
    assert ours.line[0, len(PLACES) // 2] == pytest.approx(ours.loss[0, 1], rel=1e-4)


def test_relatives_have_one_ancestor_and_strangers_none():
    apart = {name: float(family(name).std(0).norm()) for name in TOGETHER}
    assert apart["10 epochs"] < 0.7 * apart["1 epoch"] < 0.8 * apart["the start"] < 0.8 * apart["never"]
    assert len(family("never")) == MEMBERS


@pytest.mark.parametrize("together", ["never", "1 epoch"])
def test_the_program_prints_the_losses_of_the_means(together):
    shown = merged().select(together=together, members=1).loss[0]
    assert printed(
        program_of("merging_lab")({"together": together, "members": 1}), "mean of k"
    ) == pytest.approx(shown, rel=0.02)
