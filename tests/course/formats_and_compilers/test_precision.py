"""Number formats: a plain loop in each of them, and the updates that rounding loses."""

import numpy as np
import pytest
import torch
from torch import nn

from optlab import iris_pair
from optlab.course.formats_and_compilers.precision import KINDS, RATES, train_in_formats
from optlab.course.labs import precision_lab
from optlab.live.goals import which_reached

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def formats():
    return train_in_formats()


@pytest.fixture(scope="module")
def lab(formats):
    made = precision_lab(formats)
    yield made
    made.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lr", [0.005, 0.5])
@pytest.mark.slow
def test_training_in_a_format_is_a_plain_loop_in_it(formats, kind, lr):
    """torch.optim in that format; bfloat16's products may round in another order, so it is near only."""
    gradients, weights = KINDS[kind]
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).to(weights)
    data, shuffle = iris_pair(), torch.Generator().manual_seed(0)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(40):
        for batch in torch.randperm(80, generator=shuffle).split(16):
            optimizer.zero_grad()
            copied = {name: p.to(gradients) for name, p in model.named_parameters()}
            outputs = torch.func.functional_call(model, copied, (data.x_train[batch].to(gradients),))
            nn.functional.cross_entropy(outputs, data.y_train[batch]).backward()
            optimizer.step()
    exact = iris_pair(dtype=torch.float64)
    loss = nn.functional.cross_entropy(model.double()(exact.x_train), exact.y_train).item()
    near = {"float64": 1e-6, "float32": 1e-4}.get(kind, 0.1)
    assert formats.select(kind=kind, lr=lr).loss[0, -1] == pytest.approx(loss, rel=near)


def test_bfloat16_loses_what_is_below_half_of_its_last_digit(formats):
    lost = formats.lost.reshape(len(KINDS), len(RATES))
    bfloat16 = lost[list(KINDS).index("bfloat16")]
    assert (np.diff(bfloat16) < 0).all()
    assert bfloat16[0] > 0.9
    assert lost[[0, 1, 3]].max() < 0.02


def test_the_goal_can_be_reached(lab):
    assert which_reached(lab.goals, lab.set(kind="bfloat16", lr=0.001)) == (False, False)
    assert which_reached(lab.goals, lab.set(kind="bfloat16, weights in float32")) == (True, False)
    assert which_reached(lab.goals, lab.set(kind="bfloat16", lr=0.5)) == (False, True)


def test_float64_is_beside_every_format(lab, formats):
    run = lab.set(kind="bfloat16", lr=0.1)
    exact = formats.select(kind="float64", lr=0.1)
    np.testing.assert_allclose(lab.plots[0].values("float64", run), exact.loss, rtol=1e-6)
    np.testing.assert_allclose(lab.plots[1].values("float64", run), 100 * formats.lost[:10][None], rtol=1e-6)
