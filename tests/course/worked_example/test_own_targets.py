"""A regression on own data: it opens with a training that learns, and speaks in the target's units."""

import re

import numpy as np
import pytest
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from optlab import Dataset, from_arrays
from optlab.course.worked_example.training_lab import training_lab

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4)) * [1, 10, 1e4, 0.1] + [0, 5, 1e5, 0]
PRICES = 250_000 + 80_000 * (X[:, 0] + np.sin(X[:, 1])) + 5_000 * RNG.normal(size=200)


def raw_tensors():
    """Standardised features and prices as they are, as a learner's own Dataset."""
    x, y = torch.tensor((X - X.mean(0)) / X.std(0)).float(), torch.tensor(PRICES).float()
    return Dataset(x[:160], y[:160], x[160:], y[160:])


OWN = {
    "from_arrays": lambda: from_arrays(X, PRICES, regression=True),
    "a Bunch": lambda: {"data": X, "target": PRICES},
    "a Dataset of tensors": raw_tensors,
}


@pytest.fixture(scope="module", params=OWN)
def lab(request):
    made = training_lab(OWN[request.param](), epochs=40)
    yield made
    made.close()


def test_the_opening_learns_and_is_on_the_axes(lab):
    losses = lab.result.test_loss[0]
    low, high = lab.plots[0].ax.get_ylim()
    assert low < losses.min() < 0.8 < losses[0] < high
    assert lab.plots[0].ax.get_ylabel() == "squared error ÷ variance of y"


def test_it_says_how_far_off_it_is_in_the_units_of_the_target(lab):
    said = re.search(r"test RMSE ([\d,]+)$", lab.plots[0].said(lab.result))
    assert said
    if lab.data.x_scale is None:
        raw, y = lab.data.x_test, PRICES[160:]
    else:
        _, raw, _, y = train_test_split(X, PRICES, test_size=0.2, random_state=0)
    answers = lab.data.in_units(lab.model()(lab.data.inputs(raw)))
    by_hand = np.sqrt(np.mean((answers - y) ** 2))
    assert float(said[1].replace(",", "")) == pytest.approx(by_hand, rel=0.006)  # three digits
    assert by_hand < 0.8 * y.std()
    assert f"test RMSE {said[1]}." in lab.plots[0].frames(lab.result).labels[0]


def test_a_loss_of_their_own_gets_the_target_as_it_is():
    lab = training_lab(raw_tensors(), epochs=1, loss=lambda out, y: (out[..., 0] / 1e5 - y / 1e5).abs())
    assert torch.equal(lab.data.y_test, raw_tensors().y_test)
    assert "RMSE" not in lab.plots[0].said(lab.result)
    lab.close()


def test_a_target_that_is_always_the_same_opens_too():
    lab = training_lab(from_arrays(X, np.full(200, 3.0), regression=True), epochs=1)
    assert np.isfinite(lab.result.test_loss).all()
    lab.close()


def test_features_that_nobody_scaled_are_named_where_a_training_diverges():
    ink, y = torch.linspace(0, 255, 120).reshape(40, 3), torch.linspace(0, 1, 40)
    pixels = Dataset(ink, y, ink[:9], y[:9])
    said = r"diverged at epoch \d+\nthe features go up to 255: scale them"
    for data, words in ((pixels, said), (raw_tensors(), r"diverged at epoch \d+$")):
        lab = training_lab(data, model=nn.Linear(data.features, 1), epochs=40, state="lr=10, delta=0")
        (empty,) = (mark for mark in lab.plots[0].marks if mark.role == "empty")
        assert re.match(words, empty.values(lab.result))
        lab.close()
