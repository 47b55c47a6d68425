"""The labs of the eight concepts against closed forms and torch.optim; theory's marks; the exercise."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from optlab.course import labs
from optlab.course.checkpoint import judge
from optlab.course.core_concepts.difference import best_step
from optlab.course.core_concepts.line import excess, least_squares, petals
from optlab.course.core_concepts.line_labs import START
from optlab.course.core_concepts.old_point_figures import arrow
from optlab.course.exercises import EXERCISES
from optlab.engine.analysis.descend import descend
from optlab.engine.models.initialization import he
from optlab.live import DRAW_LOCK
from optlab.live.marks import marks_table

X, Y = petals()
MAKERS = (
    labs.point_lab,
    labs.difference_lab,
    labs.parabola_lab,
    labs.bend_lab,
    labs.two_ways_lab,
    labs.falling_rate_lab,
    labs.layers_lab,
)


@pytest.fixture(scope="module")
def made():
    """Labs by name, each made when first asked for."""
    found = {}

    def get(name):
        if name not in found:
            found[name] = getattr(labs, name)()
        found[name].reset()
        return found[name]

    yield get
    for lab in found.values():
        lab.close()


def marks_at(lab, name, **values):
    """What is marked on a slider, as `{label: value}`, for values of the sliders that its marks name."""
    param = next(c.param for c in lab.controls if c.param.name == name)
    return param.marks(**values)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_corner_of_every_lab_can_be_shown(made, make):
    """Overflow, NaN, a theta of 0: none may raise or warn."""
    lab = made(make.__name__)
    ends = [(c.param.values[0], c.param.values[-1]) for c in lab.controls]
    for corner in itertools.product(*ends):
        lab.set(**{c.param.name: value for c, value in zip(lab.controls, corner, strict=True)})
        shown = lab.history
        with DRAW_LOCK:
            assert all(panel.show(shown, 0) for panel in lab.panels)
    assert lab.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_marks_can_be_drawn_wherever_the_other_sliders_stand(made, make):
    lab = made(make.__name__)
    by_name = {c.param.name: c.param for c in lab.controls}
    for control in lab.controls:
        if control.marks is not None:
            names = control.param.marks.__code__.co_varnames[: control.param.marks.__code__.co_argcount]
            table = marks_table(control.param, [by_name[name] for name in names])
            assert any(table)


# ---------------------------------------------------------------- one point


def test_the_point_has_autograds_loss_and_gradient(made):
    shown = made("point_lab").set(theta1=0.7, theta2=-0.3)
    theta = torch.tensor([0.7, -0.3], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.mse_loss(theta[0] + theta[1] * X, Y)
    assert shown.loss[0] == pytest.approx(loss.item())
    np.testing.assert_allclose(shown.gradient[0], torch.autograd.grad(loss, theta)[0])


@pytest.mark.parametrize("fixed", [-0.5, 0.4, 1.9])
def test_the_marks_of_the_point_are_the_lowest_along_their_sliders(made, fixed):
    fine = np.linspace(-4, 4, 80_001)
    line = lambda one, two: np.mean((one + two * X.numpy()[:, None] - Y.numpy()[:, None]) ** 2, axis=0)  # noqa: E731
    lab = made("point_lab")
    best_height = marks_at(lab, "theta1", theta2=fixed)["lowest here"]
    assert best_height == pytest.approx(fine[line(fine, fixed).argmin()], abs=1e-3)
    best_slope = marks_at(lab, "theta2", theta1=fixed)["lowest here"]
    assert best_slope == pytest.approx(fine[line(fixed, fine).argmin()], abs=1e-3)


def test_an_arrow_ends_at_its_tip_with_two_like_barbs():
    tail, tip = np.array([0.0, 0.0]), np.array([0.5, 0.2])
    x, y = arrow(tail, tip, (0, 1, 0, 0.58))  # the box of a standard panel, both units alike
    assert (x[1], y[1]) == (x[3], y[3]) == tuple(tip)
    first, second = (np.hypot(x[k] - tip[0], y[k] - tip[1]) for k in (2, 4))
    assert first == pytest.approx(second)
    assert first == pytest.approx(0.04)
    assert np.isfinite(arrow(tail, tail, (0, 1, 0, 1))).all()


# ---------------------------------------------------------------- slopes and steps


def test_the_slope_is_that_of_plain_float32_arithmetic(made):
    shown = made("difference_lab").set(h=1e-3, theta=2.0, dtype="float32")
    theta, h = np.float32(2.0), np.float32(1e-3)
    plain = (np.log1p(np.exp(-(theta + h))) - np.log1p(np.exp(-(theta - h)))) / (2 * h)
    assert shown.slope[0] == pytest.approx(float(plain), abs=2e-4)  # a unit in the last place, divided by 2h
    assert shown.autograd[0] == pytest.approx(-1 / (1 + np.exp(2.0)))


def test_the_slope_at_h_is_the_one_on_the_curve_of_errors(made):
    lab = made("difference_lab")
    h = lab.controls[0].param
    for method, dtype in itertools.product(("central", "forward"), ("float32", "float64")):
        shown = lab.set(h=1e-5, method=method, dtype=dtype)
        error = abs(shown.slope[0] - shown.autograd[0])
        assert shown.errors[0, ("float32", "float64").index(dtype), h.index(1e-5)] == error
        mark = marks_at(lab, "h", theta=-1.0, method=method, dtype=dtype)["best"]
        assert mark == best_step(-1.0, method, dtype)


@pytest.mark.parametrize(("lr", "curvature"), [(0.9, 2.0), (0.1, 10.0), (0.21, 10.0), (3.0, 1.0)])
def test_steps_on_a_parabola_multiply_by_one_number(made, lr, curvature):
    shown = made("parabola_lab").set(lr=lr, curvature=curvature)
    expected = (1 - lr * curvature) ** np.arange(31)
    known = np.isfinite(shown.path[0, :, 0])
    np.testing.assert_allclose(shown.path[0, known, 0], expected[known], rtol=1e-9, atol=1e-12)
    one, limit = marks_at(made("parabola_lab"), "lr", curvature=curvature).values()
    assert (one, limit[0]) == (1 / curvature, 2 / curvature)


# ---------------------------------------------------------------- the penalty


@pytest.mark.parametrize("l2", [0.3, 1.0, 3.0])
def test_the_bent_descent_ends_at_scikit_learns_ridge(made, l2):
    shown = made("bend_lab").set(l2=l2, lr=0.1)
    design = np.stack([np.ones(20), X], axis=1)
    ridge = Ridge(alpha=20 * l2, fit_intercept=False).fit(design, Y)
    np.testing.assert_allclose(shown.path[0, -1], ridge.coef_, atol=0.01)


@pytest.mark.parametrize("l2", [0.0, 0.3, 3.0])
def test_the_marks_of_the_bend_are_the_limit_and_the_best(made, l2):
    best, (limit, _) = marks_at(made("bend_lab"), "lr", l2=l2).values()
    rates = np.array([0.99 * limit, 1.01 * limit, *np.linspace(0.1 * limit, 0.99 * limit, 200), best])
    hessian = torch.autograd.functional.hessian(
        lambda t: excess(X, Y, l2)(t[None])[0], torch.zeros(2).double()
    )
    lowest = least_squares(X, Y, l2)
    start = lowest[0] + torch.linalg.eigh(hessian)[1].sum(1)  # as far along the valley as across it
    path = descend(excess(X, Y, l2), start, lr=rates, steps=3000)
    away = (path - lowest).norm(dim=2)
    assert away[0, -1] < 1e-6
    assert away[1, -1] > 1e6
    steps = (away > 1e-6).sum(1)
    assert steps[-1] <= steps[2:-1].min() + 1


# ---------------------------------------------------------------- samples, decay


def by_torch(rates, batches):
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=1.0)
    for lr, batch in zip(rates, batches, strict=True):
        optimizer.param_groups[0]["lr"] = float(lr)
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(theta[0] + theta[1] * X[batch], Y[batch]).backward()
        optimizer.step()
    return theta.detach().numpy()


@pytest.mark.parametrize(("size", "seed"), [(1, 0), (5, 3), (20, 1)])
def test_both_ways_end_where_torch_optim_ends(made, size, seed):
    shown = made("two_ways_lab").set(lr=0.05, batch_size=size, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    batches = [b for _ in range(20) for b in torch.randperm(20, generator=generator).split(size)]
    np.testing.assert_allclose(shown.path[0, -1], by_torch([0.05] * len(batches), batches), rtol=1e-10)
    np.testing.assert_allclose(shown.other[0, -1], by_torch([0.05] * 20, [torch.arange(20)] * 20), rtol=1e-10)


def test_a_mark_is_one_look_at_a_flower(made):
    path = made("two_ways_lab").set(batch_size=5).path[0]
    assert len(path) == 401
    moved = np.flatnonzero((path[1:] != path[:-1]).any(1)) + 1
    assert moved.tolist() == list(range(5, 401, 5))


def test_rows_of_many_batch_sizes_come_back_in_their_order(made):
    lab = made("two_ways_lab")
    settings = {
        "lr": np.array([0.05, 0.1, 0.05]),
        "batch_size": np.array([20, 1, 5]),
        "seed": np.array([0, 2, 1]),
    }
    many = lab._run(settings, ())
    for row in range(3):
        alone = lab.set(**{name: column[row].item() for name, column in settings.items()})
        np.testing.assert_allclose(many.path[row], alone.path[0], rtol=1e-12)


def test_the_falling_rate_is_torchs_lambda_lr_and_ends_where_it_ends(made):
    shown = made("falling_rate_lab").set(lr=0.05, delta=0.3, p=2.0)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.05)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (1 / (1 + 0.3 * t) ** 0.5) ** 2.0)
    rates = []
    for _ in range(100):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    np.testing.assert_allclose(shown.lr[0], rates)
    ends = []
    for seed in range(10):
        generator = torch.Generator().manual_seed(seed)
        order = torch.cat([torch.randperm(20, generator=generator) for _ in range(100)])[:, None]
        ends.append(by_torch(np.repeat(rates, 20), order))
    np.testing.assert_allclose(shown.path[0, -1], ends[0], rtol=1e-9)
    above = excess(X, Y)(torch.tensor(np.array(ends))).mean().item()
    assert shown.loss[0, -1] == pytest.approx(above)


# ---------------------------------------------------------------- initialisation


def test_rows_of_many_networks_come_back_in_their_order(made):
    lab = made("layers_lab")
    settings = {
        "std": np.array([0.1, 0.2, 0.05, 1.0]),
        "activation": np.array(["tanh", "relu", "tanh", "relu"]),
        "width": np.array([200, 50, 50, 200]),
    }
    many = lab._run(settings, ())
    for row in range(4):
        alone = lab.set(**{name: column[row].item() for name, column in settings.items()})
        np.testing.assert_allclose(many.activation[row], alone.activation[0], rtol=1e-12)
        np.testing.assert_allclose(many.gradient[row], alone.gradient[0], rtol=1e-12)


def test_the_mark_of_the_layers_is_what_the_librarys_initialiser_draws(made):
    mark = marks_at(made("layers_lab"), "std", width=200, activation="relu")["He"]
    weight, bias = torch.empty(200, 200), torch.empty(200)
    he(weight, bias, torch.Generator().manual_seed(0))
    assert mark == pytest.approx(weight.std().item(), rel=0.02)


# ---------------------------------------------------------------- the exercise


def test_the_numeric_gradient_is_autograds_on_a_quadratic():
    """Central differences have no error on a quadratic but rounding's."""
    matrix = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.float64)
    theta = torch.tensor([0.3, -2.0], dtype=torch.float64, requires_grad=True)

    def quadratic(t):
        return t @ matrix @ t / 2 + t.sum()

    (expected,) = torch.autograd.grad(quadratic(theta), theta)
    got = EXERCISES["numeric_gradient"].truth(quadratic, theta.detach(), 0.1)
    torch.testing.assert_close(got, expected)


def test_an_answer_in_numpy_that_moves_in_place_and_back_is_right():
    def numeric_gradient(J, theta, h):
        slopes = np.zeros(len(theta))
        for k in range(len(theta)):
            theta[k] += h
            right = float(J(theta))
            theta[k] -= 2 * h
            slopes[k] = (right - float(J(theta))) / h / 2
            theta[k] += h
        return slopes

    assert judge(EXERCISES["numeric_gradient"], numeric_gradient)[0] == "right"
