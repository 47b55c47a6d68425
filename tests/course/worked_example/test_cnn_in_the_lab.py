"""Digits as pictures and a small CNN in the training lab: every curve is its setting's plain PyTorch loop."""

import copy

import numpy as np
import pytest
import torch
from plain_loop import TORCH, assert_same, curves, decay, plain_loop
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import TensorDataset

from optlab import Dataset, from_arrays, grid, train
from optlab.course.worked_example.training_lab import training_lab

pytestmark = pytest.mark.usefixtures("on_one_thread")
EPOCHS = 3


def pictures(samples=150):
    """Handwritten digits, `(samples, 1, 8, 8)` with ink from 0 to 1, and what they show."""
    bunch = load_digits()
    return (bunch.images[:samples, None] / 16).astype(np.float32), bunch.target[:samples]


def made():
    torch.manual_seed(0)
    seen = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(seen, nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(24, 10))


CNN = made()  # once, before any lab's thread draws from torch's generator


def cnn():
    """The same network each time."""
    return copy.deepcopy(CNN)


@pytest.fixture(scope="module")
def data():
    x, y = pictures()
    return from_arrays(x, y, standardize=False, name="digits")


@pytest.fixture(scope="module")
def lab(data):
    made = training_lab(data, model=cnn(), epochs=EPOCHS)
    yield made
    made.close()


def by_hand(data, setting, epochs=EPOCHS):
    return plain_loop(
        data,
        cnn(),
        optimizer=TORCH["sgd"],
        rate=decay(setting["lr"], setting["delta"], setting["p"]),
        batch_size=int(setting["batch_size"]),
        l2=setting["l2"],
        epochs=epochs,
    )


def test_the_data_are_the_pictures(data):
    x, y = pictures()
    rows = train_test_split(np.arange(len(y)), test_size=0.2, random_state=0, stratify=y)
    np.testing.assert_array_equal(data.x_train, x[rows[0]])
    np.testing.assert_array_equal(data.x_test, x[rows[1]])
    assert data.x_train.shape == (120, 1, 8, 8)


MOVES = [{"lr": 0.01}, {"delta": 1.0}, {"p": 3.0}, {"batch_size": 8}, {"l2": 0.1}, {"batch_size": 1}]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_each_of_the_five_sliders_gives_its_plain_loop(lab, data, move):
    lab.reset()
    assert_same(curves(lab.set(**move)), by_hand(data, lab.settings), 1e-3)


def test_a_box_of_all_five_is_the_plain_loop_of_each(lab, data):
    box = lab.source.run(
        grid(lr=[0.03, 0.1], delta=[0.0, 1.0], p=[1.0, 2.0], batch_size=[16, 120], l2=[0.0, 0.01])
    )
    assert len(box) == 32
    for row in range(0, 32, 3):
        assert_same(curves(box, row), by_hand(data, box.setting(row)), 1e-3)


def test_a_row_of_a_box_is_the_run_alone(data):
    box = train(data, model=cnn(), epochs=EPOCHS, **grid(lr=[0.03, 0.3], batch_size=[7, 30]))
    for row in range(4):
        alone = train(data, model=cnn(), epochs=EPOCHS, **box.setting(row))
        assert_same(curves(box, row), curves(alone), 1e-5)


def test_the_same_pictures_come_in_by_every_door():
    """Pair, torch data set, split and Dataset are one training."""
    x, y = pictures()
    rows, tested = train_test_split(np.arange(len(y)), test_size=0.2, random_state=0, stratify=y)
    x, y = torch.tensor(x), torch.tensor(y)
    names = tuple(map(str, range(10)))
    doors = {
        "arrays": from_arrays(x, y, standardize=False),
        "torch": TensorDataset(x, y),
        "two torch": (TensorDataset(x[rows], y[rows]), TensorDataset(x[tested], y[tested])),
        "a split": from_arrays(x[rows], y[rows], test=(x[tested], y[tested]), standardize=False),
        "by hand": Dataset(x[rows], y[rows], x[tested], y[tested], classes=names),
    }
    losses = [train(given, model=cnn(), lr=0.1, epochs=2).test_loss for given in doors.values()]
    for loss in losses[1:]:
        np.testing.assert_array_equal(loss, losses[0])


def test_the_weights_of_a_history_are_the_trained_network(data):
    history = train(data, model=cnn(), lr=[0.05, 0.2], epochs=EPOCHS, optimizer="momentum")
    net = cnn()
    net.load_state_dict({name: torch.tensor(weight[1]) for name, weight in history.weights.items()})
    loss = nn.functional.cross_entropy(net(data.x_test), data.y_test)
    assert float(loss.detach()) == pytest.approx(history.test_loss[1, -1], rel=1e-4)


def test_a_lab_of_a_pair_of_pictures_scales_them_and_lives():
    images, y = (load_digits().images[:150, None]).astype(np.uint8), pictures()[1]
    lab = training_lab((images, y), model=cnn(), epochs=1)
    data = from_arrays(images, y)
    assert_same(curves(lab.result), by_hand(data, lab.settings, epochs=1), 1e-3)
    lab.close()
