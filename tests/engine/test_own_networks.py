"""Networks of a learner's own, of every kind: each setting is the plain PyTorch loop of the same seed."""

import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_loop import TORCH, assert_same, curves, decay, measured, plain_loop
from torch import nn
from torch.nn.utils import parametrizations, prune

from optlab import Dataset, History, iris_pair, train
from optlab.engine.data.dataset import shuffles
from optlab.engine.models.attention import plain_attention
from optlab.engine.models.mlp import weight_mask
from optlab.engine.models.module import TorchModel
from optlab.engine.models.randomness import Randomness
from optlab.engine.rules.recent import muon
from optlab.engine.training.device import placed

pytestmark = pytest.mark.usefixtures("on_one_thread")


def seeded(make, seed=0):
    """The module that `make` builds after `torch.manual_seed(seed)`."""
    torch.manual_seed(seed)
    return make()


class Recurrent(nn.Module):
    """The four measurements of a flower as a sequence."""

    def __init__(self, kind):
        super().__init__()
        self.layers, self.out = kind(1, 6, batch_first=True), nn.Linear(6, 2)

    def forward(self, x):
        return self.out(self.layers(x.unsqueeze(-1))[0][:, -1])


class Attention(nn.Module):
    """The four measurements of a flower as tokens."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.place = nn.Parameter(torch.randn(4, 8) / 3)
        self.embed, self.out = nn.Linear(1, 8), nn.Linear(8, 2)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=dropout, batch_first=True)

    def forward(self, x):
        return self.out(self.layer(self.embed(x.unsqueeze(-1)) + self.place).mean(1))


class Looks(nn.Module):
    """Asks for numbers in its forward pass, which vmap cannot give."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))

    def forward(self, x):
        outputs = self.inner(x)
        return outputs / 2 if outputs.abs().max().item() > 1 else outputs


class Centred(nn.Module):
    """Keeps a running mean by assignment, not in place, and another buffer that is not saved."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 2)
        self.register_buffer("mean", torch.zeros(4))
        self.register_buffer("scratch", torch.zeros(3), persistent=False)

    def forward(self, x):
        if self.training:
            self.mean = 0.8 * self.mean + 0.2 * (x.mean(0) + 1)
        return self.inner(x - self.mean)


def twice():
    layer = nn.Linear(4, 4)
    return nn.Sequential(layer, nn.Tanh(), layer, nn.Linear(4, 2))


def tied():
    net = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 2))
    net[2].weight = net[0].weight
    return net


def one_norm_twice():
    norm = nn.BatchNorm1d(4)
    return nn.Sequential(norm, nn.Linear(4, 4), norm, nn.Tanh(), nn.Linear(4, 2))


def pruned():
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
    prune.l1_unstructured(net[0], "weight", 0.5)
    return net


def layers(*middle):
    return lambda: nn.Sequential(nn.Linear(4, 8), *[make() for make in middle], nn.Linear(8, 2))


def normed(norm):
    return lambda: nn.Sequential(norm(nn.Linear(4, 8)), nn.Tanh(), nn.Linear(8, 2))


NETWORKS = {
    "a module used twice": twice,
    "tied weights": tied,
    "one BatchNorm twice": one_norm_twice,
    "an RNN": lambda: Recurrent(nn.RNN),
    "a GRU": lambda: Recurrent(nn.GRU),
    "an LSTM": lambda: Recurrent(nn.LSTM),
    "attention": Attention,
    "spectral norm": normed(parametrizations.spectral_norm),
    "weight norm": normed(parametrizations.weight_norm),
    "pruned weights": pruned,
    "compiled": lambda: torch.compile(Recurrent(nn.RNN), backend="eager"),
    "BatchNorm": layers(lambda: nn.BatchNorm1d(8), nn.ReLU),
    "BatchNorm without momentum": layers(lambda: nn.BatchNorm1d(8, momentum=None), nn.ReLU),
    "group norm": layers(lambda: nn.GroupNorm(2, 8), nn.ReLU),
    "numbers asked for": Looks,
    "a buffer assigned": Centred,
    "dropout": layers(nn.ReLU, nn.Dropout),
    "alpha dropout": layers(nn.SELU, nn.AlphaDropout),
    "random slopes": layers(nn.RReLU),
    "attention with dropout": lambda: Attention(dropout=0.2),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_its_plain_loop_alone_and_among_others(name, device):
    data, lrs, seeds = placed(iris_pair(), torch.device(device)), [0.05, 0.2, 0.05], [4, 4, 1]
    sweep = train(data, model=seeded(NETWORKS[name]), lr=lrs, seed=seeds, l2=0.002, epochs=4)
    for row, (lr, seed) in enumerate(zip(lrs, seeds, strict=True)):
        net = seeded(NETWORKS[name]).to(device)
        torch.manual_seed(seed)
        expected = plain_loop(
            data, net, optimizer=TORCH["sgd"], rate=decay(lr), seed=seed, l2=0.002, epochs=4
        )
        assert_same(curves(sweep, row), expected)
        alone = train(data, model=seeded(NETWORKS[name]), lr=lr, seed=seed, l2=0.002, epochs=4)
        assert_same(curves(alone), expected)


PARTS = {
    "linear": lambda: nn.Linear(6, 6),
    "linear without bias": lambda: nn.Linear(6, 6, bias=False),
    "batch norm": lambda: nn.BatchNorm1d(6),
    "layer norm": lambda: nn.LayerNorm(6),
    "dropout": lambda: nn.Dropout(0.3),
    "gelu": nn.GELU,
    "prelu": nn.PReLU,
    "spectral": lambda: parametrizations.spectral_norm(nn.Linear(6, 6)),
    "lazy": lambda: nn.LazyLinear(6),
}


@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(st.sampled_from(list(PARTS)), min_size=1, max_size=4),
    # adam and muon make full steps of a gradient that is 0 but for rounding: a bias before BatchNorm
    optimizer=st.sampled_from(["sgd", "momentum", "nesterov", "sam"]),
    sizes=st.lists(st.sampled_from([7, 16, 80]), min_size=2, max_size=2),
    seeds=st.lists(st.integers(0, 3), min_size=2, max_size=2),
)
def test_any_stack_of_layers_trains_in_a_sweep_as_alone(parts, optimizer, sizes, seeds):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 6), *[PARTS[part]() for part in parts], nn.Linear(6, 2))
    kw = {"model": net, "optimizer": optimizer, "epochs": 2, "engine": "autograd"}
    sweep = train(iris_pair(), lr=[0.01, 0.03], batch_size=sizes, seed=seeds, **kw)
    for row, lr in enumerate([0.01, 0.03]):
        alone = train(iris_pair(), lr=lr, batch_size=sizes[row], seed=seeds[row], **kw)
        assert_same(curves(sweep, row), curves(alone), 1e-3)
        for key, value in alone.weights.items():
            np.testing.assert_allclose(sweep.weights[key][row], value[0], atol=1e-2)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_rebuilt_from_a_row_gives_the_numbers_of_that_row(name, tmp_path):
    data = iris_pair()
    history = train(data, model=seeded(NETWORKS[name]), lr=[0.05, 0.2], batch_size=[16, 32], epochs=3)
    history.save(tmp_path / "run.npz")
    for row, one in enumerate(History.load(tmp_path / "run.npz")):
        net = seeded(NETWORKS[name], seed=9)
        net.load_state_dict({key: torch.as_tensor(value[0]) for key, value in one.weights.items()})
        loss, accuracy = measured(net, data.x_test, data.y_test, nn.functional.cross_entropy)
        assert loss == pytest.approx(history.test_loss[row, -1], abs=1e-5)
        assert accuracy == pytest.approx(history.test_accuracy[row, -1])


def test_settings_go_through_a_module_together_where_that_gives_the_same_numbers():
    x = iris_pair().x_train[:4]
    together = {name for name, make in NETWORKS.items() if TorchModel(make(), x).together}
    assert {"a module used twice", "BatchNorm", "attention", "dropout", "a buffer assigned"} <= together
    assert not together & {"a GRU", "BatchNorm without momentum", "numbers asked for", "random slopes"}


# --- lazy layers ------------------------------------------------------------------------------------------


def lazy():
    return nn.Sequential(nn.LazyLinear(8), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(2))


def test_lazy_layers_are_made_from_the_seed_of_each_setting():
    data, seeds = iris_pair(), [0, 7]
    sweep = train(data, model=lazy(), lr=0.1, seed=seeds, epochs=3)
    for row, seed in enumerate(seeds):
        net = lazy().eval()
        torch.manual_seed(seed)
        net(data.x_train[:4])
        expected = plain_loop(data, net, optimizer=TORCH["sgd"], rate=decay(0.1), seed=seed, epochs=3)
        assert_same(curves(sweep, row), expected)


def test_a_lazy_module_is_left_as_it_was():
    net = lazy()
    train(iris_pair(), model=net, epochs=1)
    assert nn.parameter.is_lazy(net[0].weight)


def test_a_lazy_module_that_does_not_fit_is_refused_by_name():
    with pytest.raises(ValueError, match=r"model does not work on inputs of shape \(samples, 4\)"):
        train(iris_pair(), model=nn.Sequential(nn.LazyConv2d(3, 2), nn.Flatten(), nn.LazyLinear(2)))


# --- dropout and the seed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dropout", "random slopes", "attention with dropout"])
def test_the_same_call_twice_is_the_same_run_and_other_random_numbers_are_left_alone(name):
    net, runs = seeded(NETWORKS[name]), []
    for outside in (3, 4):
        torch.manual_seed(outside)
        before = torch.get_rng_state()
        runs.append(train(iris_pair(), model=net, lr=[0.1, 0.2], seed=5, epochs=3))
        assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(runs[0].train_loss, runs[1].train_loss)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("lr", [0.1, [0.1, 0.2]], ids=["one setting", "two settings"])
def test_torchs_own_generator_is_never_set(name, lr, monkeypatch):
    """Were it set, even for one operation, a cell that draws at that moment would get other numbers."""
    net, calls = seeded(NETWORKS[name]), []
    monkeypatch.setattr(torch, "set_rng_state", calls.append)
    train(iris_pair(), model=net, lr=lr, epochs=2)
    assert not calls


@pytest.mark.parametrize("lr", [0.1, [0.1, 0.2]], ids=["one setting", "two settings"])
@pytest.mark.parametrize("name", ["dropout", "attention"])
def test_what_other_threads_draw_meanwhile_is_not_changed_and_changes_nothing(name, lr):
    net, data = seeded(NETWORKS[name]), iris_pair()
    quiet = train(data, model=net, lr=lr, epochs=10)
    stop, drawn = threading.Event(), []

    def draw():
        while not stop.is_set():
            torch.manual_seed(0)
            drawn.append(torch.rand(3).tolist())

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        busy = train(data, model=net, lr=lr, epochs=10)
    finally:
        stop.set()
        thread.join()
    assert np.array_equal(quiet.train_loss, busy.train_loss)
    assert len(set(map(tuple, drawn))) == 1


class Noisy(nn.Module):
    """Draws in every way that torch has."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 2)

    def forward(self, x):
        noise = torch.rand(4) + torch.randn_like(x[:1]) + torch.randperm(4) + torch.randint(0, 2, (4,))
        return self.inner(x + 0.01 * noise + nn.functional.gumbel_softmax(x))


def test_numbers_of_every_kind_come_from_the_seed():
    data = iris_pair()
    expected = []
    for _ in range(2):
        torch.manual_seed(3)
        expected.append(train(data, model=seeded(Noisy), seed=3, epochs=2, lr=[0.1, 0.1]).train_loss)
        torch.rand(1)
    assert np.array_equal(*expected)
    assert np.array_equal(expected[0][0], expected[0][1])
    own = Randomness(3)
    for make in (lambda: torch.rand(5), lambda: torch.randn_like(torch.zeros(5)), lambda: torch.randperm(9)):
        torch.manual_seed(3)
        right = make()
        with Randomness(3):
            assert torch.equal(make(), right)
        with own:
            first = make()
        with own:
            assert not torch.equal(make(), first)  # it goes on


def test_another_seed_draws_other_masks():
    net, data = seeded(NETWORKS["dropout"]), iris_pair()
    full = train(data, model=net, batch_size=80, lr=1.0, seed=[0, 1], epochs=2)  # one batch: no order
    assert abs(full.train_loss[0, 2] - full.train_loss[1, 2]) > 1e-4


# --- parameters of any shape ------------------------------------------------------------------------------


class Scaled(nn.Module):
    """A learned temperature, one number."""

    def __init__(self):
        super().__init__()
        self.inner, self.temperature = nn.Linear(4, 2), nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return self.temperature * self.inner(x)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lion", "muon", "sam", "schedule_free"])
def test_a_parameter_of_one_number_stays_with_its_setting(optimizer):
    data, rates = iris_pair(), [0.01, 0.03, 0.1]
    sweep = train(data, model=seeded(Scaled), lr=rates, optimizer=optimizer, l2=0.01, epochs=5)
    for row, lr in enumerate(rates):
        alone = train(data, model=seeded(Scaled), lr=lr, optimizer=optimizer, l2=0.01, epochs=5)
        np.testing.assert_allclose(sweep.train_loss[row], alone.train_loss[0], atol=1e-5)
        np.testing.assert_allclose(
            sweep.weights["temperature"][row], alone.weights["temperature"][0], atol=1e-5
        )


@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 5), (4, 2, 3), (4, 2, 3, 3)])
def test_muon_steps_along_the_polar_factor_of_each_settings_own_matrix(shape):
    generator = torch.Generator().manual_seed(0)
    size = int(np.prod(shape))
    grad = torch.randn(3, size, generator=generator, dtype=torch.float64)
    moved, _ = muon(torch.zeros_like(grad), grad, {}, lr=1.0, shapes={"w": shape}, momentum=0.0)
    for step, g in zip(-moved, grad, strict=True):
        matrix = g.reshape(shape[0] if shape else 1, -1)
        u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
        grown = max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
        along = (step.reshape(matrix.shape) / grown * (u @ vh)).sum() / len(vh)  # the mean singular value
        assert 0.65 < along < 1.25
        inside = u.T @ step.reshape(matrix.shape) @ vh.T / grown
        torch.testing.assert_close(inside, torch.diag(inside.diag()), rtol=0, atol=1e-6)


def test_a_single_number_is_no_weight_matrix():
    assert weight_mask({"scale": (), "w": (2, 1)}).tolist() == [0, 1, 1]


# --- SAM and running statistics ---------------------------------------------------------------------------


def plain_sam(net, data, epochs, lr, rho=0.05, beta=0.9):
    """SAM by hand: the second forward pass leaves the buffers as the first one left them."""
    loss, params = nn.functional.cross_entropy, list(net.parameters())
    speed = [torch.zeros_like(p) for p in params]
    losses = []
    for _, order in zip(range(epochs), shuffles(len(data), [0]), strict=False):
        for rows in order[0].split(16):
            x, y = data.x_train[rows], data.y_train[rows]
            grads = torch.autograd.grad(loss(net(x), y), params)
            length = torch.sqrt(sum((g**2).sum() for g in grads))
            here = [p.detach().clone() for p in params]
            kept = [b.clone() for b in net.buffers()]
            with torch.no_grad():
                for p, g in zip(params, grads, strict=True):
                    p.add_(rho * g / length)
            grads = torch.autograd.grad(loss(net(x), y), params)
            with torch.no_grad():
                for b, was in zip(net.buffers(), kept, strict=True):
                    b.copy_(was)
                for k, (p, g) in enumerate(zip(params, grads, strict=True)):
                    speed[k] = beta * speed[k] + g
                    p.copy_(here[k] - lr * speed[k])
        losses.append(measured(net, data.x_test, data.y_test, loss)[0])
    return losses


@pytest.mark.parametrize("name", ["BatchNorm", "BatchNorm without momentum", "spectral norm"])
def test_sams_second_pass_moves_no_running_statistics(name):
    data = iris_pair()
    sweep = train(data, model=seeded(NETWORKS[name]), lr=[0.1, 0.03], optimizer="sam", epochs=4)
    for row, lr in enumerate([0.1, 0.03]):
        expected = plain_sam(seeded(NETWORKS[name]), data, 4, lr)
        np.testing.assert_allclose(sweep.test_loss[row, 1:], expected, atol=1e-4)


# --- batches of one sample --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"batch_size": 79}, "batch_size=79: of 80 training samples the last batch holds one"),
        ({"batch_size": [16, 79]}, "batch_size=79"),
        ({"batch_size": 1}, "batch_size=1"),
        ({"one_per_batch": True}, "one_per_batch=True"),
    ],
)
def test_a_batch_of_one_is_refused_before_training_where_the_network_cannot_do_with_it(arguments, words):
    with pytest.raises(ValueError, match=words):
        train(iris_pair(), model=NETWORKS["BatchNorm"](), **arguments)


@pytest.mark.parametrize("arguments", [{"batch_size": 79}, {"batch_size": 1}, {"one_per_batch": True}])
def test_a_batch_of_one_is_fine_for_other_networks(arguments):
    for name in ("dropout", "a GRU", "group norm"):
        assert train(iris_pair(), model=NETWORKS[name](), epochs=1, **arguments).epochs == 1


# --- what cannot be done says so --------------------------------------------------------------------------


class Uncopied(nn.Module):
    """Holds something that cannot be copied."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 2)
        self.lock = threading.Lock()

    def forward(self, x):
        return self.inner(x)


class Asserting(nn.Module):
    """Says with an assertion what it wants."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(7, 2)

    def forward(self, x):
        assert x.shape[1] == 7, "seven features, please"
        return self.inner(x)


class Pair(nn.Module):
    """Gives two tensors."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 2)

    def forward(self, x):
        return self.inner(x), x


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Uncopied, "model=Uncopied cannot be copied"),
        (Asserting, r"model does not work on inputs of shape \(samples, 4\): seven features"),
        (Pair, "model .* gives a tuple, expected one tensor"),
        (lambda: nn.InstanceNorm1d(4, affine=True), "model"),
        (lambda: nn.Linear(4, 2, dtype=torch.complex64), "model=Linear has complex parameters"),
    ],
)
def test_a_network_that_cannot_be_trained_is_refused_by_name(make, words):
    with pytest.raises(ValueError, match=words):
        train(iris_pair(), model=make(), epochs=1)


def test_an_own_network_on_a_regression():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 4, generator=generator)
    data = Dataset(x[:40], x[:40].sum(1), x[40:], x[40:].sum(1))
    net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
    sweep = train(data, model=net, lr=[0.01, 0.03], batch_size=12, epochs=10)
    assert (sweep.test_loss[:, -1] < sweep.test_loss[:, 0]).all()


def test_a_model_is_known_to_need_plain_attention_though_another_thread_has_switched_it_on():
    """What torch does by itself cannot be seen then; without it training would be slow, with a warning."""
    model = TorchModel(Attention(), iris_pair().x_train[:2])
    with plain_attention():  # as a lab's own thread does, for all threads
        assert model.way is plain_attention
