"""L2 and decoupled decay on the bowl, against torch.optim; their ends, against theory's own conditions."""

import numpy as np
import pytest
import torch
from printed_programs import EVERY, printed, random_slots

from optlab.course.labs import weight_decay_lab
from optlab.course.regularization.weight_decay import RULES, bowl, decay, end_of

TORCH = {
    "SGD + L2": lambda p, l2: torch.optim.SGD(p, lr=0.1, weight_decay=2 * l2),
    "Adam + L2": lambda p, l2: torch.optim.Adam(p, lr=0.1, betas=(0.9, 0.99), weight_decay=2 * l2),
    "AdamW": lambda p, l2: torch.optim.AdamW(p, lr=0.1, betas=(0.9, 0.99), weight_decay=2 * l2),
}


@pytest.fixture(scope="module")
def lab():
    made = weight_decay_lab()
    yield made
    made.close()


def one(rule, l2, beta2=0.99, steps=300):
    settings = {"rule": np.array([rule]), "l2": np.array([l2]), "beta2": np.array([beta2])}
    return decay(settings, steps=steps)


@pytest.mark.parametrize("rule", TORCH)
@pytest.mark.parametrize("l2", [0.05, 0.5])
def test_a_walk_is_that_of_torchs_optimiser(rule, l2):
    theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = TORCH[rule]([theta], l2)
    for _ in range(60):
        optimizer.zero_grad()
        bowl(theta[None])[0].backward()
        optimizer.step()
    np.testing.assert_allclose(one(rule, l2, steps=60).path[0, -1], theta.detach(), rtol=1e-6)


@pytest.mark.parametrize("l2", [0.01, 0.3, 1.0])
def test_under_plain_descent_decay_is_l2(l2):
    np.testing.assert_allclose(one("SGD + decay", l2).path, one("SGD + L2", l2).path, atol=1e-12)


@pytest.mark.parametrize("rule", ["SGD + L2", "SGD + decay", "Adam + L2"])
@pytest.mark.parametrize("l2", [0.02, 0.7])
def test_the_end_of_l2_is_where_the_gradient_of_j_is_zero(rule, l2):
    theta = torch.tensor(end_of(rule, l2), requires_grad=True)
    (bowl(theta) + l2 * (theta**2).sum(-1)).sum().backward()
    np.testing.assert_allclose(theta.grad, 0, atol=1e-12)


@pytest.mark.parametrize("l2", [0.05, 0.2, 0.4, 1.0])
@pytest.mark.slow
def test_the_end_of_decay_under_adam_is_the_least_of_the_box(l2):
    side = np.linspace(-1 / (2 * l2), 1 / (2 * l2), 2001)
    x, y = np.meshgrid(side, side)
    height = bowl(torch.tensor(np.stack([x, y], -1))).numpy()
    least = np.unravel_index(height.argmin(), height.shape)
    assert bowl(torch.tensor(end_of("AdamW", l2))).item() <= height.min() + 1e-12
    np.testing.assert_allclose(end_of("AdamW", l2)[0], (x[least], y[least]), atol=side[1] - side[0])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("l2", [0.02, 0.1, 0.24, 0.5, 1.0])
@pytest.mark.slow
def test_every_walk_ends_where_theory_says(rule, l2):
    assert one(rule, l2, beta2=0.9).apart[0] < 0.03


def test_rules_share_no_run_and_rows_keep_their_order():
    settings = {
        "rule": np.array(["AdamW", "SGD + L2", "AdamW", "Adam + L2"]),
        "l2": np.array([0.3, 0.2, 0.1, 0.4]),
        "beta2": np.array([0.9, 0.9, 0.999, 0.99]),
    }
    mixed = decay(settings, steps=40)
    for row in range(4):
        alone = one(*(settings[name][row] for name in ("rule", "l2", "beta2")), steps=40)
        np.testing.assert_allclose(mixed.path[row], alone.path[0], rtol=1e-12)
        np.testing.assert_allclose(mixed.end[row], alone.end[0])


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="rule='Lion'"):
        end_of("Lion", 0.1)


def test_the_program_prints_the_walk_of_the_lab(lab):
    for one in decay(lab.grid.settings(random_slots(lab))):
        path = printed(lab.program(one.setting(0) | EVERY), "θ₁", "θ₂")
        np.testing.assert_allclose(np.transpose(path), one.path[0], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_box_of_adamw_is_drawn_where_theory_has_it_and_for_adamw_alone(lab):
    run, plot = lab.at(rule="AdamW", l2=0.32), lab.plots[0]
    assert plot.values("box", run)[0, :, 0].max() == pytest.approx(1 / 0.64)
    assert plot.values("theory", run)[0, 0, 1] == pytest.approx(1 / 0.64)
    assert np.isnan(plot.values("box", lab.at(rule="Adam + L2", l2=0.32))).all()


def test_the_goal_needs_the_box_of_adamw(lab):
    (goal,) = lab.goals
    assert goal.is_reached(lab.at(rule="AdamW", l2=0.24))
    assert not goal.is_reached(lab.at(rule="Adam + L2", l2=0.24))
