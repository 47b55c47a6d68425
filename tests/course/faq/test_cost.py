"""What an accuracy costs, against plain loops; the lab's program and goals."""

import numpy as np
import pytest
import torch
from printed_programs import EVERY, printed, program_of
from torch import nn

from optlab import iris_pair
from optlab.course.faq.cost import EPOCHS, RATES, RULES, cost_table, costs, epoch_seconds
from optlab.course.faq.cost_lab import GOALS, cost_lab
from optlab.live.goals import which_reached


def plain_accuracy(make, batch_size, epochs):
    """Training in plain PyTorch: the training accuracy after every epoch."""
    data = iris_pair()
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer, shuffle, right = make(model.parameters()), torch.Generator().manual_seed(0), []
    for _ in range(epochs):
        for batch in torch.randperm(80, generator=shuffle).split(batch_size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(data.x_train[batch]), data.y_train[batch]).backward()
            optimizer.step()
        right.append((model(data.x_train).argmax(1) == data.y_train).double().mean().item())
    return np.array(right)


@pytest.mark.parametrize(
    ("rule", "lr", "batch_size", "make"),
    [
        ("sgd", 0.1, 16, lambda p: torch.optim.SGD(p, lr=0.1)),
        ("momentum", 0.03, 80, lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.9)),
        ("adam", 0.01, 40, lambda p: torch.optim.Adam(p, lr=0.01)),
    ],
)
@pytest.mark.slow
def test_costs_are_those_of_a_plain_loop(rule, lr, batch_size, make):
    row = cost_table().select(optimizer=rule, lr=lr, batch_size=batch_size)
    right = plain_accuracy(make, batch_size, epochs=100)
    first = 1 + int(np.argmax(right > 0.9499))
    assert row.epochs[0] == first
    assert row.gradients[0] == 80 * first
    assert row.updates[0] == first * -(-80 // batch_size)
    assert row.milliseconds[0] == pytest.approx(1000 * first * row.epoch_seconds[0])


def test_a_target_out_of_reach_costs_infinitely_much():
    never = costs({"optimizer": np.array(["sgd"]), "lr": np.array([0.001]), "batch_size": np.array([80])})
    assert never.accuracy.shape == (1, EPOCHS + 1)
    assert (never.epochs[0], never.gradients[0], never.milliseconds[0]) == (np.inf,) * 3


def test_the_table_has_every_setting_once():
    whole = cost_table()
    rows = set(zip(*(whole.settings[name].tolist() for name in whole.settings), strict=True))
    assert len(rows) == len(whole) == len(RULES) * len(RATES) * 3


ONE = {"optimizer": ["sgd"], "lr": [0.1], "batch_size": [16]}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: costs(arrays(ONE | {"optimizer": ["sdg"]})), "optimizer='sdg': expected one of sgd"),
        (lambda: costs(arrays(ONE | {"lr": [0.0]})), "lr=0: expected a finite number above 0"),
        (lambda: epoch_seconds("sdg", 16), "rule='sdg': expected one of sgd"),
    ],
)
def test_wrong_arguments_are_refused_at_once(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def arrays(columns):
    return {name: np.array(values) for name, values in columns.items()}


@pytest.mark.parametrize(
    ("rule", "lr", "batch_size"),
    [("sgd", 0.3, 16), ("sgd", 0.01, 80), ("momentum", 0.03, 40), ("adam", 0.003, 16)],
)
def test_the_program_prints_the_labs_accuracy(rule, lr, batch_size):
    """Rounding may put a flower on the other side of a line."""
    shown = cost_table().select(optimizer=rule, lr=lr, batch_size=batch_size)
    numbers = printed(program_of("cost_lab")(shown.setting(0) | EVERY), "training accuracy")
    np.testing.assert_allclose(numbers, shown.accuracy[0], atol=0.0126)
    assert np.isclose(numbers, shown.accuracy[0], atol=0.003).mean() > 0.9


@pytest.mark.parametrize(
    ("rule", "lr", "batch_size", "reached"),
    [
        ("sgd", 0.1, 80, (False, False, False)),
        ("adam", 0.01, 16, (True, False, False)),
        ("adam", 0.1, 80, (False, True, False)),
        ("adam", 0.1, 16, (False, False, True)),
        ("momentum", 3.0, 16, (False, False, False)),  # there after 2 epochs, and gone again
    ],
)
def test_goals_count_gradients_and_updates(rule, lr, batch_size, reached):
    assert which_reached(GOALS, cost_table().select(optimizer=rule, lr=lr, batch_size=batch_size)) == reached


def test_a_star_stands_where_the_target_is_reached_and_bars_are_multiples_of_the_articles_setting():
    lab = cost_lab(goals=())
    assert (lab.toolbar.last, lab.toolbar.unit) == (EPOCHS, "epoch")
    curves, bars = lab.plots
    never, soon = (cost_table().select(optimizer="sgd", lr=lr, batch_size=16) for lr in (0.001, 1.0))
    assert not np.isfinite(curves.values("reached", never)[0, 0, 0])
    assert curves.values("reached", soon)[0, 0] == pytest.approx([soon.epochs[0], 0.95])
    assert not np.isfinite(bars.values("updates", never)[..., 0]).any()
    assert bars.values("updates", soon)[0, :, 0] == pytest.approx([1, soon.epochs[0] / 144])
    lab.close()
