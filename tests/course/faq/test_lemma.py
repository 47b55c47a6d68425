"""The descent lemma against autograd, and the lab's program and goals."""

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, EVERY, printed, program_of
from torch import nn
from torch.autograd.functional import hessian

from optlab import iris_pair
from optlab.course.faq.lemma import LOSSES, SIZES, STEPS, descents, flowers
from optlab.course.faq.lemma_lab import GOALS, lemma_lab, marked_promises
from optlab.live.goals import which_reached


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


@pytest.mark.parametrize(
    ("loss", "lr", "message"),
    [
        ("hinge", 1.0, "loss='hinge': expected one of least squares"),
        ("least squares", -1.0, "lr=-1: expected a finite number above 0"),
    ],
)
def test_wrong_arguments_are_refused_at_once(loss, lr, message):
    with pytest.raises(ValueError, match=message):
        descend(loss, lr)


def descend(loss, lr):
    return descents({"loss": np.array([loss]), "lr": np.array([lr])})


@pytest.mark.parametrize("lr", [0.5, 1.7, 2.6])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_program_prints_the_labs_gap(loss, lr):
    program, run = program_of("lemma_lab")({"loss": loss, "lr": lr} | EVERY), descend(loss, lr)
    np.testing.assert_allclose(printed(program, "optimality gap"), run.gap[0], rtol=DIGITS, atol=1e-13)
    _, promised = printed(program, "step", "promised: at most")
    np.testing.assert_allclose(promised, run.bound[0, 1:], rtol=DIGITS, atol=1e-13)


@pytest.mark.parametrize(
    ("loss", "lr", "reached"),
    [
        ("least squares", 0.5, (False, False, False)),
        ("least squares", 1.7, (True, False, False)),
        ("least squares", 1.9, (False, False, True)),
        ("least squares", 2.1, (False, False, False)),
        ("logistic regression", 2.6, (False, True, False)),
    ],
)
def test_goals_ask_for_a_small_gap_for_more_than_promised_and_for_the_worst_case(loss, lr, reached):
    assert which_reached(GOALS, descend(loss, lr)) == reached


def test_the_lab_opens_where_a_step_does_twice_what_was_promised():
    lab = lemma_lab(goals=())
    at, opens = lab.settings["lr"], lab.look()
    measured = lab.plots[0].values("this α", opens)[0, -1, 0, 1]
    assert measured < 2 * -(at - at**2 / 2) < 0
    lab.close()


def test_the_step_that_is_tried_follows_the_film():
    lab = lemma_lab(goals=())
    assert (lab.toolbar.last, lab.toolbar.unit) == (STEPS, "step")
    step, losses = lab.plots
    run = descend("logistic regression", 2.0)
    tried = step.values("measured", run)[0]
    np.testing.assert_allclose(tried[:, :, 1], run.trial[0], rtol=1e-6)
    np.testing.assert_allclose(tried[:, :, 0], np.broadcast_to(SIZES, (STEPS + 1, len(SIZES))), rtol=1e-6)
    at_rate = step.values("this α", run)[0, :, 0]
    np.testing.assert_allclose(at_rate[:, 0], 2.0)
    np.testing.assert_allclose(at_rate[:, 1], run.trial[0, :, np.argmin(abs(SIZES - 2))], rtol=1e-6)
    walked = losses.values("step t", run)[0, :, 0]
    np.testing.assert_allclose(walked.T, [range(STEPS + 1), run.gap[0]], rtol=1e-6)
    lab.close()


def test_the_marks_of_alpha_are_where_the_promise_is_largest_and_where_it_ends():
    rates = np.linspace(0.01, 3, 2991)
    promise = rates * (1 - rates / 2)
    marks = marked_promises()
    assert marks["largest promise"] == pytest.approx(rates[promise.argmax()], abs=1e-3)
    assert marks["no promise"][0] == pytest.approx(rates[np.flatnonzero(promise > 0)[-1]], abs=2e-3)
