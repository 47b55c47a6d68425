"""Double descent: against scikit-learn's ridge, least squares and plain descent, and its lab's figures."""

import numpy as np
import pytest
import torch
from printed_programs import printed
from sklearn.linear_model import Ridge

from optlab.course.labs import double_descent_lab
from optlab.course.open_questions.double_descent import (
    FEATURES,
    L2S,
    NOISES,
    RATE,
    STEPS,
    double_descent,
    errors,
    even_or_odd,
)

DRAW, SAMPLES = 3, 50


@pytest.fixture(scope="module")
def lab():
    made = double_descent_lab()
    yield made
    made.close()


@pytest.fixture(scope="module")
def found():
    return errors(DRAW, SAMPLES)


def drawn(features, noise):
    """The features and labels of the draw, one sample and one neuron after the other."""
    x, y, x_test, y_test = even_or_odd()
    rng = np.random.default_rng(DRAW)
    order, chance = rng.permutation(len(x))[:SAMPLES], rng.random(SAMPLES)
    weights = rng.standard_normal((64, FEATURES[-1]))
    labels = np.array([-y[k] if p < noise else y[k] for k, p in zip(order, chance, strict=True)])
    neurons = torch.nn.Linear(64, features, bias=False, dtype=torch.float64)
    neurons.weight.data = torch.from_numpy(weights[:, :features].T.copy())
    seen, unseen = (
        (neurons(torch.from_numpy(part)).relu() * (2 / features) ** 0.5).detach().numpy()
        for part in (x[order], x_test)
    )
    return seen, labels, unseen, y_test


def of(found, features, noise, l2, steps):
    """Test and training error of one case."""
    at = FEATURES.index(features), L2S.index(l2), STEPS.index(steps)
    return found[(NOISES.index(noise), slice(None), *at)]


def squared(predicted, labels, unseen, y_test):
    return np.mean((unseen - y_test) ** 2), np.mean((predicted - labels) ** 2)


@pytest.mark.parametrize(("features", "noise", "l2"), [(20, 0.1, 0.003), (50, 0.2, 0.01), (500, 0.0, 1e-3)])
def test_with_a_penalty_and_all_its_steps_it_is_scikit_learns_ridge(found, features, noise, l2):
    seen, labels, unseen, y_test = drawn(features, noise)
    model = Ridge(alpha=SAMPLES * l2, fit_intercept=False, solver="svd").fit(seen, labels)
    expected = squared(model.predict(seen), labels, model.predict(unseen), y_test)
    np.testing.assert_allclose(of(found, features, noise, l2, STEPS[-1]), expected, rtol=1e-6)


@pytest.mark.parametrize(("features", "noise"), [(20, 0.2), (150, 0.1)])
def test_without_a_penalty_it_is_the_shortest_least_squares_fit(found, features, noise):
    seen, labels, unseen, y_test = drawn(features, noise)
    w = np.linalg.lstsq(seen, labels, rcond=None)[0]
    expected = squared(seen @ w, labels, unseen @ w, y_test)
    np.testing.assert_allclose(of(found, features, noise, 0.0, STEPS[-1]), expected, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("features", "steps", "l2"), [(50, 30, 0.0), (100, 100, 0.01), (10, 1, 0.1)])
def test_stopped_it_is_plain_descent(found, features, steps, l2):
    seen, labels, unseen, y_test = (torch.from_numpy(part) for part in drawn(features, 0.1))
    w = torch.zeros(features, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        (((seen @ w - labels) ** 2).mean() + l2 * (w**2).sum()).backward()
        optimizer.step()
    fit = w.detach()
    expected = squared(*(part.numpy() for part in (seen @ fit, labels, unseen @ fit, y_test)))
    np.testing.assert_allclose(of(found, features, 0.1, l2, steps), expected, rtol=1e-9)


@pytest.mark.parametrize(
    "setting",
    [
        {"l2": 0.0, "steps": 1000, "noise": 0.2, "samples": 50},
        {"l2": 0.01, "steps": 10**8, "noise": 0.0, "samples": 200},
    ],
)
def test_the_program_prints_the_labs_curves(lab, setting):
    run = lab.look(**setting)
    features, train, test = printed(lab.program(setting), "features", "training error", "test error")
    assert features.tolist() == list(FEATURES)
    np.testing.assert_allclose(test, run.test[0], rtol=1e-4)
    np.testing.assert_allclose(train, run.train[0], rtol=1e-4, atol=1e-9)


def test_both_figures_meet_where_the_sliders_are(lab):
    run = lab.look(features=30, steps=1000, l2=1e-3)
    assert run.error[0] == run.test[0, 2] == run.over_steps[0, STEPS.index(1000)]
    assert run.tuned[0, 2] <= lab.look(features=30, l2=1e-3).error[0]


def test_the_peak_is_where_features_are_as_many_as_samples(lab):
    for samples in (50, 100, 200):
        run = lab.look(samples=samples)
        assert FEATURES[run.test[0].argmax()] == samples
        assert f"at {samples}" in lab.plots[0].frames(run).labels[0]


def test_the_first_goal_is_reached_by_stopping_and_the_second_by_more_digits(lab):
    first, second = (goal.reached for goal in lab.goals)
    assert first(lab.look(steps=100))
    assert not first(lab.look(steps=10**4))
    assert second(lab.look(samples=200, features=1000, l2=0.003))
    assert not second(lab.look(features=1000, l2=0.003))


def test_features_that_are_asked_for_alone_give_the_same():
    setting = {"features": 50, "l2": 0.01, "steps": 100, "noise": 0.0, "samples": 50}
    one = double_descent({name: np.array([value]) for name, value in setting.items()})
    assert one.error[0] == np.median([errors(draw, 50)[0, 0, 3, 5, 4] for draw in range(9)])
