"""The new update rules: against torch.optim and the library pytorch_optimizer."""

import numpy as np
import pytest
import torch
from plain_loop import article_mlp
from pytorch_optimizer import SAM, Lion, ScheduleFreeSGD

from optlab import MLP, descend, iris_pair, train
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.recent import RECENT, orthogonalized, sam
from optlab.engine.systems.threads import threads
from optlab.engine.training.signatures import accepted

SHAPES = {"0.weight": (5, 3), "0.bias": (5,), "2.weight": (2, 5), "2.bias": (2,)}
SIZE = 32
CURVE = torch.linspace(0.1, 3, SIZE, dtype=torch.float64)


def slope(theta):
    """The gradient of a bowl that is no parabola."""
    return CURVE * theta + theta**3


def library_walk(theta, make, climbs=False):
    """Where an optimiser of torch's form goes in 50 steps."""
    theta = theta.clone().requires_grad_()
    optimizer = make([theta])
    for _ in range(50):
        theta.grad = slope(theta.detach())
        if climbs:
            optimizer.first_step()
            theta.grad = slope(theta.detach())
        (optimizer.second_step if climbs else optimizer.step)()
    if isinstance(optimizer, ScheduleFreeSGD):
        optimizer.eval()  # from where the gradient is taken to the average
    return theta.detach()


def lion_reference(theta, lr, **other):
    if "beta1" in other:
        other["betas"] = (other.pop("beta1"), other.pop("beta2"))
    return library_walk(theta, lambda p: Lion(p, lr, **other))


def sam_reference(theta, lr, momentum=0.9, **other):
    sgd = {"lr": lr, "momentum": momentum}
    return library_walk(theta, lambda p: SAM(p, torch.optim.SGD, **sgd, **other), climbs=True)


def schedule_free_reference(theta, lr, **other):
    if "beta1" in other:
        other["momentum"] = other.pop("beta1")
    return library_walk(theta, lambda p: ScheduleFreeSGD(p, lr, **other))


def muon_reference(theta, lr, momentum=0.95, weight_decay=0.0):
    """`torch.optim.Muon` on the matrices that θ is made of, a bias as a matrix of one column."""
    parts = theta.split([torch.Size(s).numel() for s in SHAPES.values()])
    parts = [p.clone().view(s[0], -1).requires_grad_() for p, s in zip(parts, SHAPES.values(), strict=True)]
    optimizer = torch.optim.Muon(parts, lr=lr, momentum=momentum, weight_decay=weight_decay)
    for _ in range(50):
        grad = slope(torch.cat([p.detach().flatten() for p in parts]))
        for p, g in zip(parts, grad.split([p.numel() for p in parts]), strict=True):
            p.grad = g.view_as(p)
        optimizer.step()
    return torch.cat([p.detach().flatten() for p in parts])


REFERENCES = {
    "lion": (lion_reference, {"beta1": 0.6, "beta2": 0.8, "weight_decay": 0.3}),
    "muon": (muon_reference, {"momentum": 0.7, "weight_decay": 0.3}),
    "sam": (sam_reference, {"rho": 0.4, "momentum": 0.5}),
    "schedule_free": (schedule_free_reference, {"beta1": 0.6}),
}


def our_path(name, theta, lr, hyper):
    """50 steps of a rule, and its answer."""
    state = {}
    supplied = {"gradient": slope, "shapes": SHAPES}
    asked = {key: value for key, value in supplied.items() if key in accepted(RECENT[name])}
    for _ in range(50):
        theta, state = RECENT[name](theta, slope(theta), state, lr=lr, **hyper, **asked)
    return state.get("answer", theta)


def column(*values):
    return torch.tensor(values, dtype=torch.float64)[:, None]


@pytest.fixture(autouse=True)
def _quietly():
    with threads(1):
        yield


@pytest.fixture
def starts():
    generator = torch.Generator().manual_seed(2)
    return torch.randn(2, SIZE, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", RECENT)
def test_each_row_equals_the_reference_over_50_steps_at_its_own_hyper_parameters(name, starts, monkeypatch):
    """torch's Muon rounds to bfloat16 on the way; here it is kept from that, so that all digits count."""
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    reference, other = REFERENCES[name]
    columns = {key: column(value, value / 2) for key, value in other.items()}
    ours = our_path(name, starts, column(0.02, 0.03), columns)
    first = reference(starts[0], 0.02, **other)
    second = reference(starts[1], 0.03, **{key: value / 2 for key, value in other.items()})
    torch.testing.assert_close(ours, torch.stack([first, second]), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RECENT)
def test_the_defaults_are_the_references_own(name, starts, monkeypatch):
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    ours = our_path(name, starts[:1], 0.02, {})[0]
    torch.testing.assert_close(ours, REFERENCES[name][0](starts[0], 0.02), rtol=1e-6, atol=1e-9)


def test_a_step_is_torchs_muon_to_the_digits_of_bfloat16(starts):
    matrix = starts.view(2, 8, 4)
    for one in matrix:
        p = torch.zeros_like(one).requires_grad_()
        p.grad = one.clone()
        torch.optim.Muon([p], lr=1.0, weight_decay=0).step()
        ours = 2**0.5 * orthogonalized(one)
        assert (ours + p.detach()).norm() < 0.03 * ours.norm()


def test_orthogonalized_keeps_the_singular_vectors_and_levels_the_values():
    for shape in ((3, 4, 9), (2, 9, 4), (2, 5, 5)):
        x = torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        u, _, v = torch.linalg.svd(x, full_matrices=False)
        inner = u.mT @ orthogonalized(x) @ v.mT
        values = inner.diagonal(dim1=-2, dim2=-1)
        torch.testing.assert_close(inner, torch.diag_embed(values), rtol=0, atol=1e-10)
        assert (abs(values - 0.95) < 0.45).all()


def test_no_name_stands_for_two_rules():
    assert not set(RECENT) & set(OPTIMIZERS)


def bowl(points):
    return (points**2).sum(-1) / 2 + (points**4).sum(-1) / 4


@pytest.mark.parametrize("name", RECENT)
def test_descend_supplies_what_a_rule_asks_for(name):
    start = [2.0, -1.0, 0.5]
    path = descend(bowl, torch.tensor(start).double(), optimizer=name, lr=[0.1, 0.02], steps=200)
    assert (bowl(path[:, -1]) < bowl(path[:, 0]) / 10).all()
    theta, state = torch.tensor([start]).double(), {}
    supplied = {"gradient": lambda t: t + t**3, "shapes": {"theta": (3,)}}
    asked = {key: value for key, value in supplied.items() if key in accepted(RECENT[name])}
    for _ in range(5):
        theta, state = RECENT[name](theta, theta + theta**3, state, lr=0.1, **asked)
    torch.testing.assert_close(path[0, 5], state.get("answer", theta)[0])


@pytest.mark.parametrize("name", RECENT)
def test_rows_of_a_training_equal_single_trainings(name):
    rates, data = [0.01, 0.05], iris_pair(dtype=torch.float64)  # rounding may turn a sign, Lion's step
    both = train(data, optimizer=name, lr=rates, l2=0.01, epochs=4)
    for row, lr in enumerate(rates):
        alone = train(data, optimizer=name, lr=lr, l2=0.01, epochs=4)
        np.testing.assert_allclose(both.train_loss[row], alone.train_loss[0], rtol=1e-4)
    assert (both.train_loss[:, -1] < both.train_loss[:, 0]).all()


def test_training_with_sam_climbs_with_the_penalty_too():
    """A plain loop: the gradient at the top holds for loss and penalty, on the same mini-batch."""
    data, module = iris_pair(), article_mlp(0)
    theta = list(module.parameters())
    optimizer = torch.optim.SGD(theta, 0.1, momentum=0.9)
    generator = torch.Generator().manual_seed(0)

    def gradients(batch):
        loss = torch.nn.functional.cross_entropy(module(data.x_train[batch]), data.y_train[batch])
        return torch.autograd.grad(loss + 0.05 * sum((p**2).sum() for p in theta if p.ndim > 1), theta)

    for batch in torch.randperm(80, generator=generator).split(16):
        grads = gradients(batch)
        scale = 0.3 / torch.cat([g.flatten() for g in grads]).norm()
        with torch.no_grad():
            for p, g in zip(theta, grads, strict=True):
                p.add_(scale * g)
        above = gradients(batch)
        with torch.no_grad():
            for p, g, a in zip(theta, grads, above, strict=True):
                p.sub_(scale * g)
                p.grad = a
        optimizer.step()
    ours = train(data, optimizer="sam", lr=0.1, rho=0.3, l2=0.05, epochs=1).weights
    for p, name in zip(theta, ours, strict=True):
        np.testing.assert_allclose(ours[name][0], p.detach(), rtol=1e-4, atol=1e-6)


def test_the_weights_of_schedule_free_are_the_average_that_was_measured():
    data, model = iris_pair(), MLP((4, 16, 2))
    history = train(data, optimizer="schedule_free", lr=0.5, epochs=3)
    theta = torch.cat([torch.from_numpy(w[0]).flatten() for w in history.weights.values()])
    outputs = model(theta[None], data.x_train[None])[0]
    loss = torch.nn.functional.cross_entropy(outputs, data.y_train)
    assert loss.item() == pytest.approx(float(history.train_loss[0, -1]), rel=1e-5)


def test_sam_without_a_climb_is_momentum():
    theta, grad = torch.ones(1, 3), torch.tensor([[1.0, 2.0, -1.0]])
    plain = OPTIMIZERS["momentum"](theta, grad, {}, lr=0.1)[0]
    assert torch.equal(sam(theta, grad, {}, lr=0.1, gradient=lambda _: grad, rho=0.0)[0], plain)
