"""Sequences, tokens and patches in the training lab: every curve is the plain PyTorch loop of its setting."""

import numpy as np
import pytest
import torch
from plain_loop import TORCH, assert_same, curves, decay, plain_loop
from torch import nn

from optlab import Dataset, grid, iris_pair, train
from optlab.course.start_here.first_lab import first_lab
from optlab.course.worked_example.training_lab import training_lab

pytestmark = pytest.mark.usefixtures("on_one_thread")
EPOCHS = 3


def split(x, y, train_on=48):
    return Dataset(x[:train_on], y[:train_on], x[train_on:], y[train_on:], classes=("no", "yes"))


def sequences():
    """Seven measurements of two quantities: does the first end above the second?"""
    x = torch.randn(64, 7, 2, generator=torch.Generator().manual_seed(1)).cumsum(1)
    return split(x, (x[:, -1, 0] > x[:, -1, 1]).long())


def tokens():
    """Six tokens of five kinds: does kind 0 come before kind 1?"""
    ids = torch.randint(0, 5, (64, 6), generator=torch.Generator().manual_seed(2))
    where = [torch.where(ids == kind, torch.arange(6), 6).amin(1) for kind in (0, 1)]
    return split(ids, (where[0] < where[1]).long())


def images():
    """Pictures of 4 × 4: is the upper half the brighter one?"""
    x = torch.rand(64, 1, 4, 4, generator=torch.Generator().manual_seed(3))
    return split(x, (x[:, 0, :2].sum((1, 2)) > x[:, 0, 2:].sum((1, 2))).long())


class LSTM(nn.Module):
    """The last state of an LSTM tells the class."""

    def __init__(self):
        super().__init__()
        self.lstm, self.out = nn.LSTM(2, 5, batch_first=True), nn.Linear(5, 2)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    """Embedded parts with learned places, one encoder layer, and the mean of what it makes of them."""

    def __init__(self, embed, parts):
        super().__init__()
        self.embed, self.place = embed, nn.Parameter(torch.randn(parts, 8) / 3)
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(self.encoder(self.embed(x) + self.place).mean(1))


class Patches(nn.Module):
    """Four patches of 2 × 2 as four vectors."""

    def __init__(self):
        super().__init__()
        self.cut = nn.Conv2d(1, 8, 2, stride=2)

    def forward(self, x):
        return self.cut(x).flatten(2).transpose(1, 2)


def lstm():
    torch.manual_seed(0)
    return LSTM()


def token_transformer():
    torch.manual_seed(0)
    return Transformer(nn.Embedding(5, 8), parts=6)


def patch_transformer():
    torch.manual_seed(0)
    return Transformer(Patches(), parts=4)


CASES = {
    "LSTM": (sequences, lstm),
    "transformer of tokens": (tokens, token_transformer),
    "transformer of patches": (images, patch_transformer),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    make_data, make_net = CASES[request.param]
    data = make_data()
    lab = training_lab(data, model=make_net(), epochs=EPOCHS)
    yield lab, data, make_net
    lab.close()


def by_hand(data, net, setting):
    rate = decay(setting["lr"], setting["delta"], setting["p"])
    return plain_loop(
        data,
        net,
        optimizer=TORCH["sgd"],
        rate=rate,
        batch_size=int(setting["batch_size"]),
        l2=setting["l2"],
        epochs=EPOCHS,
    )


def test_each_of_the_five_sliders_gives_its_plain_loop(case):
    lab, data, make_net = case
    moves = [{"lr": 0.01}, {"delta": 1.0}, {"p": 3.0}, {"batch_size": 8}, {"l2": 0.1}, {"batch_size": 1}]
    for move in moves:
        lab.reset()
        shown = lab.set(**move)
        assert_same(curves(shown), by_hand(data, make_net(), lab.settings), 1e-3)


def test_a_box_of_all_five_is_the_plain_loop_of_each(case):
    lab, data, make_net = case
    box = lab.source.run(
        grid(lr=[0.03, 0.1], delta=[0.0, 1.0], p=[1.0, 2.0], batch_size=[16, 48], l2=[0.0, 0.01])
    )
    assert len(box) == 32
    for row in range(0, 32, 3):
        assert_same(curves(box, row), by_hand(data, make_net(), box.setting(row)), 1e-3)


def test_they_learn(case):
    _, data, make_net = case
    history = train(data, model=make_net(), optimizer="adam", lr=[0.01, 0.02], epochs=40)
    assert (history.train_loss[:, -1] < 0.6 * history.train_loss[:, 0]).all()
    rebuilt = make_net()
    rebuilt.load_state_dict({key: torch.as_tensor(value[1]) for key, value in history.weights.items()})
    with torch.no_grad():
        loss = nn.functional.cross_entropy(rebuilt.eval()(data.x_test), data.y_test)
    assert loss.item() == pytest.approx(history.test_loss[1, -1], abs=1e-4)


def test_the_trained_network_can_be_taken_away(case):
    lab, data, _ = case
    for setting in ({"lr": 0.1}, {"lr": 1.0, "l2": 0.0}):
        shown, net = lab.at(**setting), lab.model()
        with torch.no_grad():
            loss = nn.functional.cross_entropy(net(lab.data.x_test), data.y_test)
        assert loss.item() == pytest.approx(shown.test_loss[0, -1], rel=1e-3)


@pytest.mark.parametrize("make", [training_lab, first_lab])
def test_so_can_that_of_the_flowers(make):
    lab, flowers = make(epochs=20), iris_pair()
    shown = lab.set(lr=1.0)
    loss = nn.functional.cross_entropy(lab.model()(flowers.x_test), flowers.y_test)
    assert loss.item() == pytest.approx(shown.test_loss[0, -1], rel=1e-4)
    lab.close()


def test_there_is_none_where_the_training_diverged():
    data = sequences()
    lab = training_lab(data, model=nn.Sequential(nn.Flatten(), nn.Linear(14, 2)), epochs=40)
    lab.set(lr=10.0, delta=0.0, l2=1.0)
    with pytest.raises(ValueError, match=r"this training diverged at epoch \d+: expected a setting"):
        lab.model()
    lab.close()


def batch_sizes(lab):
    return next(control.param.values for control in lab.controls if control.param.name == "batch_size")


def test_only_batch_sizes_that_the_network_can_train_with_are_offered():
    data = sequences()
    flat = nn.Sequential(nn.Flatten(), nn.Linear(14, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    plain = nn.Sequential(nn.Flatten(), nn.Linear(14, 2))
    short = split(torch.cat([data.x_train, data.x_test]), torch.cat([data.y_train, data.y_test]), 33)
    for dataset, model, sizes in (
        (data, flat, (2, 4, 8, 16, 32, 48)),
        (data, plain, (1, 2, 4, 8, 16, 32, 48)),
        (short, flat, (33,)),  # every power of two leaves one of 33 samples
    ):
        lab = training_lab(dataset, model=model, epochs=1)
        assert batch_sizes(lab) == sizes
        assert np.isfinite(lab.result.train_loss).all()
        lab.close()


@pytest.mark.parametrize("given", [{"optimizer": "adam"}, {"loss": nn.L1Loss(), "optimizer": "sgd"}])
def test_where_a_lab_writes_no_program_it_says_why(given):
    x, y = torch.randn(40, 3), torch.randn(40)
    lab = training_lab(Dataset(x, y, x, y), epochs=1, **given)
    (text,) = lab.program(lab.settings).splitlines()
    assert text.startswith("# ")
    assert all(f"{name}=" in text for name in given)
    lab.close()


@pytest.mark.parametrize(("given", "said"), [({}, ["chance"]), ({"loss": nn.MultiMarginLoss()}, [])])
def test_the_loss_of_chance_is_drawn_where_it_is_known(given, said):
    lab = training_lab(images(), model=nn.Sequential(nn.Flatten(), nn.Linear(16, 2)), epochs=1, **given)
    assert [text.get_text() for text in lab.plots[0].ax.texts if text.get_text() == "chance"] == said
    lab.close()
