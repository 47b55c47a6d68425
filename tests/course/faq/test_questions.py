"""What section 6 measures: costs, promises, deployment, techniques, against plain loops and torch."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd.functional import hessian
from torch.nn.utils import prune

from optlab import iris_pair
from optlab.course.faq.cost import EPOCHS, RATES, RULES, cost_table, costs, epoch_seconds
from optlab.course.faq.deploy import (
    BITS,
    KINDS,
    SHARES,
    accuracy,
    deployments,
    digits,
    exported,
    file_bytes,
    run_time,
    sparse_bytes,
    stages,
    trained,
)
from optlab.course.faq.lemma import LOSSES, SIZES, STEPS, descents, flowers
from optlab.course.faq.techniques import Measured, Technique, Techniques, technique_table
from optlab.engine.systems.quantization import stored_bytes


@pytest.fixture(scope="module")
def table():
    return deployments()


# ---------------------------------------------------------------- costs


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


# ---------------------------------------------------------------- promises


@pytest.mark.parametrize("name", LOSSES)
def test_losses_gradients_and_smoothness_are_autograds(name):
    loss, data, club = LOSSES[name](), iris_pair(), None
    rng = np.random.default_rng(0)
    if name == "least squares":
        from optlab.engine.analysis.least_squares import fitness_club

        club = fitness_club()
        x, y = torch.tensor(club.x), torch.tensor(club.y)

        def j(theta):
            return ((x @ theta - y) ** 2).mean() / 2
    else:
        x = torch.cat([data.x_train.double(), torch.ones(80, 1)], dim=1)

        def j(theta):
            logits = torch.stack([torch.zeros(80), x @ theta], dim=1)
            return nn.functional.cross_entropy(logits, data.y_train)

    curvatures = []
    for theta in rng.normal(size=(20, len(loss.start))) * rng.choice([0.1, 1, 3], size=(20, 1)):
        at = torch.tensor(theta)
        assert loss.value(theta) == pytest.approx(j(at).item())
        np.testing.assert_allclose(loss.gradient(theta), torch.func.grad(j)(at), atol=1e-12)
        curvatures.append(torch.linalg.eigvalsh(hessian(j, at))[-1].item())
    at_start = torch.linalg.eigvalsh(hessian(j, torch.zeros(len(loss.start)).double()))[-1].item()
    assert max(curvatures) <= loss.smoothness * (1 + 1e-12)
    assert at_start == pytest.approx(loss.smoothness)  # the largest there is, and it is reached


def test_the_logistic_loss_has_no_lowest_point():
    from sklearn.svm import LinearSVC

    data, loss = iris_pair(), flowers()
    plane = LinearSVC(C=1e4, max_iter=1_000_000, random_state=0).fit(data.x_train.double(), data.y_train)
    theta = np.append(plane.coef_[0], plane.intercept_)
    assert plane.score(data.x_train.double(), data.y_train) == 1.0
    assert loss.minimum <= loss.value(100 * theta) < 1e-9


@pytest.mark.parametrize("name", LOSSES)
def test_no_promise_is_ever_broken(name):
    rates = np.array([0.1, 0.7, 1.0, 1.9, 2.0, 2.6, 3.0])
    run = descents({"loss": np.repeat(name, 7), "lr": rates})
    assert run.gap.shape == run.bound.shape == (7, STEPS + 1)
    assert (run.gap[:, 1:] <= run.bound[:, 1:] * (1 + 1e-9) + 1e-14).all()
    assert (np.diff(run.gap[rates < 2]) < 0).all()
    assert not (run.trial > -SIZES * (1 - SIZES / 2) + 1e-9).any()
    for one, rate in zip(run, rates, strict=True):  # the step that is tried is the step that is taken
        tried = np.array([np.interp(rate, SIZES, trial) for trial in one.trial[0, :7]])
        unit = one.square[0, :7] / LOSSES[name]().smoothness
        np.testing.assert_allclose(tried * unit, np.diff(one.gap[0, :8]), rtol=1e-2, atol=1e-9)


def test_the_best_rate_on_least_squares_is_not_the_best_promise():
    rates = np.array([1.0, 1.7])
    run = descents({"loss": np.repeat("least squares", 2), "lr": rates})
    assert run.gap[1, -1] < run.gap[0, -1] / 100


# ---------------------------------------------------------------- deployment


@torch.no_grad()
def right(net):
    return float((net(digits().x_test).argmax(1) == digits().y_test).float().mean())


def test_the_trained_network_reads_digits():
    assert accuracy(trained()) == right(trained()) > 0.96
    assert not any(p.requires_grad for p in trained().parameters())


def test_pruned_accuracy_is_that_of_torchs_own_pruning(table):
    import copy

    for share in (0.5, 0.8, 0.9):
        ours = table.select(kind="single weights", share=share, bits=32)
        net = copy.deepcopy(trained())
        layers = [(layer, "weight") for layer in net if isinstance(layer, nn.Linear)]
        prune.global_unstructured(layers, prune.L1Unstructured, amount=share)
        assert ours.accuracy[0] == pytest.approx(right(net), abs=0.003)


def test_bytes_are_those_of_the_smaller_way_to_store(table):
    rows = 512 + 512 + 10
    weights = 64 * 512 + 512 * 512 + 512 * 10
    assert table.bytes[0] == table.trained["bytes"] == 4 * (weights + rows) == stored_bytes(trained())
    kept = weights - round(0.9 * weights)
    assert table.select(kind="single weights", share=0.9, bits=8).bytes[0] == kept * 3 + rows * 10
    sizes = table.bytes.reshape(len(KINDS), len(SHARES), len(BITS))
    assert (np.diff(sizes, axis=1) <= 0).all()  # removing more never takes more
    assert (np.diff(sizes, axis=2) <= 0).all()  # nor do fewer bits


def test_sparse_bytes_count_what_is_not_zero():
    layer = nn.Linear(10, 4)
    with torch.no_grad():
        layer.weight.zero_()[1, 2:5] = 1.0
    assert sparse_bytes(layer) == 3 * (4 + 2) + 4 * (4 + 2)
    assert sparse_bytes(layer, bits=8) == 3 * (1 + 2) + 4 * (4 + 2 + 4)


def test_times_of_whole_neurons_fall_and_of_single_weights_do_not(table):
    """Wide margins: half of the neurons leave a third of the multiplications; zeros leave all of them."""
    zeros, neurons = table.select(share=0.9, bits=32).relative("batch_seconds")
    assert zeros > 0.6
    assert neurons < 0.5


def test_the_exported_network_computes_the_same():
    program, x = exported(trained()), digits().x_test
    for images in (7, 450):
        with torch.no_grad():
            np.testing.assert_allclose(program.module()(x[:images]), trained()(x[:images]), atol=1e-5)
    assert stored_bytes(trained()) < file_bytes(program) < 2 * stored_bytes(trained())


def test_the_stages_shrink_and_stay_right():
    way = stages()
    assert [stage.name for stage in way] == [
        "as trained",
        "exported",
        "25% of the neurons removed",
        "8 bits",
        "all three",
    ]
    assert way[0].bytes == way[1].bytes > way[2].bytes > way[3].bytes > way[4].bytes
    assert min(stage.accuracy for stage in way) > 0.95
    assert all(stage.seconds > 0 for stage in way)


def test_a_setting_is_compared_with_the_network_as_trained(table):
    here = table.find({"kind": ["whole neurons"], "bits": [4], "share": [0.5]})
    assert len(table) == len(KINDS) * len(SHARES) * len(BITS)
    assert here.relative("bytes")[0] == here.bytes[0] / table.bytes[0] < 0.1
    assert (table.select(share=0.0, bits=32).relative("accuracy") == 1).all()


# ---------------------------------------------------------------- techniques


def test_every_family_of_the_article_has_a_technique():
    rows = technique_table()
    assert list(dict.fromkeys(row.family for row in rows)) == [
        "algorithm",
        "structure",
        "data",
        "hardware",
        "software",
    ]
    assert len({row.change for row in rows}) == len(rows) >= 10
    at_once = rows[-1]
    assert at_once.off.train_loss == pytest.approx(at_once.on.train_loss, rel=1e-4)  # the same trainings
    assert at_once.on.cost < at_once.off.cost / 1.5
    lines = repr(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    assert max(map(len, lines)) < 125
    assert rows._repr_html_().count("<tr>") == 1 + len(rows)


def test_a_technique_prints_as_one_line():
    off, on = Measured(0.5, 0.25, 0.9, np.inf), Measured(0.25, 0.5, 0.95, 160.0)
    table = Techniques([Technique("data", "raw < scaled", "gradients", off, on)])
    wanted = "data raw < scaled 0.500 → 0.250 0.250 → 0.500 90% → 95% never → 160 gradients"
    assert " ".join(repr(table).splitlines()[1].split()) == wanted
    assert "<td style='text-align: left'>raw &lt; scaled</td>" in table._repr_html_()


LINE = nn.Linear(64, 10)
ONE = {"optimizer": ["sgd"], "lr": [0.1], "batch_size": [16]}
STEP = {"loss": ["least squares"], "lr": [1.0]}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: costs(arrays(ONE | {"optimizer": ["sdg"]})), "optimizer='sdg': expected one of sgd"),
        (lambda: costs(arrays(ONE | {"lr": [0.0]})), "lr=0: expected a finite number above 0"),
        (lambda: epoch_seconds("sdg", 16), "rule='sdg': expected one of sgd"),
        (lambda: descents(arrays(STEP | {"loss": ["hinge"]})), "loss='hinge': expected one of least squares"),
        (lambda: descents(arrays(STEP | {"lr": [-1.0]})), "lr=-1: expected a finite number above 0"),
        (lambda: trained(width=0), "width=0: expected a whole number of at least 1"),
        (lambda: run_time(LINE, images=451), "images=451: expected a whole number from 1 to 450"),
        (lambda: sparse_bytes(LINE, bits=64), "bits=64: expected a whole number from 1 to 32"),
    ],
)
def test_wrong_arguments_are_refused_at_once(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def arrays(columns):
    return {name: np.array(values) for name, values in columns.items()}
