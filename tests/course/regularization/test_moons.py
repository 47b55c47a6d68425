"""The network on two moons: its points, and its training for every λ against a plain PyTorch loop."""

import numpy as np
import pytest
import torch
from printed_programs import DIGITS, EVERY, first_departure, printed, random_slots
from torch import nn

from optlab.course.labs import moons_lab
from optlab.course.regularization.moons import (
    EPOCHS,
    LIMITS,
    MODEL,
    PIXELS,
    STOPS,
    STRENGTHS,
    TRAINING,
    fit,
    fit_all,
    moons,
)
from optlab.course.regularization.strength_axis import places
from optlab.engine.models.penalties import split
from optlab.engine.training.train import train


@pytest.fixture(scope="module")
def lab():
    made = moons_lab()
    yield made
    made.close()


def plain_loop(data, l2, l1, epochs=EPOCHS):
    """What anyone would write: torch's own start, optimiser and scheduler, the penalty in the loss."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2)).double()
    weights = [model[0].weight, model[2].weight]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(data.x_train), data.y_train)
        penalty = sum(l2 * (w**2).sum() + l1 * w.abs().sum() for w in weights)
        (loss + penalty).backward()
        optimizer.step()
        scheduler.step()
        with torch.no_grad():
            losses.append(nn.functional.cross_entropy(model(data.x_train), data.y_train).item())
    return model.eval(), losses


@pytest.mark.parametrize(
    ("kind", "strength", "l2", "l1"),
    [("L2", 0.0032, 0.0032, 0), ("L2", 0.1, 0.1, 0), ("elastic net", 0.018, 0.009, 0.009)],
)
@pytest.mark.slow
def test_a_fit_is_that_of_a_plain_loop(kind, strength, l2, l1):
    choosing, judging = moons(30)
    model, losses = plain_loop(choosing, l2, l1)
    row = fit(kind).select(STRENGTHS.index(strength))
    np.testing.assert_allclose(row.train_loss[0, 1:], losses, rtol=1e-4)
    with torch.no_grad():
        validation = nn.functional.cross_entropy(model(choosing.x_test), choosing.y_test).item()
        test = nn.functional.cross_entropy(model(judging.x_test), judging.y_test).item()
        norm = torch.cat([model[0].weight.flatten(), model[2].weight.flatten()]).norm().item()
    assert row.validation_loss[0, -1] == pytest.approx(validation, rel=1e-4)
    assert row.test_loss[0] == pytest.approx(test, rel=1e-4)
    assert row.weight_norm[0, -1] == pytest.approx(norm, rel=1e-4)
    left, right, bottom, top = LIMITS
    place = [left + 7.5 * (right - left) / PIXELS[1], bottom + 30.5 * (top - bottom) / PIXELS[0]]
    point = torch.tensor([place], dtype=torch.float64)
    with torch.no_grad():
        assert row.field[0, 30, 7] == pytest.approx(model(point).softmax(1)[0, 1].item(), abs=1e-4)


def test_the_film_shows_the_network_as_it_was_after_each_of_its_epochs(lab):
    choosing, _ = moons(30)
    run, k = lab.at(strength=0.0032), STOPS.index(20)
    model, _ = plain_loop(choosing, 0.0032, 0, epochs=20)
    left, right, bottom, top = LIMITS
    place = [left + 7.5 * (right - left) / PIXELS[1], bottom + 30.5 * (top - bottom) / PIXELS[0]]
    with torch.no_grad():
        answer = model(torch.tensor([place], dtype=torch.float64)).softmax(1)[0, 1].item()
        parts = (choosing.x_train, choosing.y_train), (choosing.x_test, choosing.y_test)
        right = [(model(x).argmax(1) == y).double().mean().item() for x, y in parts]
    boundary, *_, weights = lab.plots
    field = boundary.marks[0].values(run)[0, k]
    assert field[30, 7] == pytest.approx(100 * answer, abs=0.6)
    magnitudes = torch.cat([model[0].weight.flatten(), model[2].weight.flatten()]).abs().sort(descending=True)
    drawn = weights.values("magnitude", run)[0, k]
    np.testing.assert_allclose(drawn, np.maximum(magnitudes.values.detach().numpy(), 1.15e-4), rtol=2e-3)
    (said,) = boundary.frames(run).texts[0]
    assert said.split("\x1e")[1 + k] == "accuracy: {:.0%} on the large points, {:.0%} on the small".format(
        *right
    )
    assert said.split("\x1e")[0] == said.split("\x1e")[-1]  # the last stop is the whole run
    assert boundary.last == weights.last == EPOCHS


def test_the_points_for_validation_and_for_the_test_are_others_and_a_larger_set_holds_the_smaller():
    small, large = (moons(n) for n in (30, 120))
    assert torch.equal(large[0].x_train[:30], small[0].x_train)
    assert torch.equal(large[1].x_test, small[1].x_test)
    parts = [small[0].x_train, small[0].x_test, small[1].x_test]
    everything = torch.cat(parts)
    assert len(torch.unique(everything, dim=0)) == sum(map(len, parts))


def test_the_curves_are_the_ends_of_all_rows():
    fits = fit("L2")
    for row in (0, 7):
        np.testing.assert_array_equal(fits.curves[row, 0], fits.train_loss[:, -1])
        np.testing.assert_array_equal(fits.curves[row, 1], fits.validation_loss[:, -1])
        np.testing.assert_array_equal(fits.curves[row, 2], fits.test_loss)
        np.testing.assert_array_equal(fits.curves[row, 3], fits.weight_norm[:, -1])


@pytest.mark.slow
def test_the_zeros_are_counted():
    fits = fit("L1").select([0, 8])
    assert fits.zeros.tolist() == [int((np.abs(w) < 1e-3).sum()) for w in fits.weights]
    assert fits.weights.shape == (2, 256)
    assert fits.zeros[0] < 20
    assert fits.zeros[1] > 200


@pytest.mark.slow
def test_settings_of_several_kinds_come_back_in_their_order():
    settings = {
        "strength": np.array([0.01, 0.0, 0.1]),
        "kind": np.array(["L1", "L2", "L1"]),
        "samples": np.array([30, 30, 30]),
        "test": np.array(["opened", "sealed", "opened"]),
    }
    mixed = fit_all(settings)
    for row in range(3):
        alone = fit(settings["kind"][row]).select(STRENGTHS.index(settings["strength"][row]))
        np.testing.assert_array_equal(mixed.train_loss[row], alone.train_loss[0])
        np.testing.assert_array_equal(mixed.curves[row], alone.curves[0])
    assert mixed.select([2, 1]).settings["test"].tolist() == ["opened", "sealed"]


@pytest.mark.parametrize("wrong", [{"samples": 3}, {"samples": 1001}, {"seed": -1}])
def test_points_that_do_not_exist_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        moons(**wrong)


def rounded_otherwise(settings):
    """The training losses with penalties changed by a little more than rounding would."""
    strength, kind, samples = (settings[name] for name in ("strength", "kind", "samples"))
    losses = np.empty((len(strength), EPOCHS + 1))
    for n in np.unique(samples):
        rows = samples == n
        l2, l1 = split(kind[rows], strength[rows] * (1 + 1e-13))
        asked = {"l2": l2, "l1": l1, "batch_size": int(n), "epochs": EPOCHS}
        losses[rows] = train(moons(n)[0], model=MODEL, **asked, **TRAINING).train_loss
    return losses


def test_the_program_prints_the_training_loss_of_the_lab(lab):
    """A strong L1 throws weights about 0 from side to side: there they agree until rounding parts them."""
    whole = 0
    runs = fit_all(lab.grid.settings(random_slots(lab)))
    for one, other in zip(runs, rounded_otherwise(runs.settings), strict=True):
        setting, shown = one.setting(0), one.train_loss[0]
        end = first_departure(shown, other)
        got, validation = printed(lab.program(setting | EVERY), "training loss", "validation loss")
        np.testing.assert_allclose(got[:end], shown[:end], rtol=DIGITS, err_msg=str(setting))
        np.testing.assert_allclose(validation[:end], one.validation_loss[0, :end], rtol=DIGITS)
        whole += end == len(shown)
    assert whole >= 15


def test_the_test_points_stay_sealed_until_they_are_opened(lab):
    curves, losses = lab.plots[1:3]
    for setting, seen in (("sealed", False), ("opened", True)):
        run = lab.at(strength=0.01, test=setting)
        assert np.isfinite(curves.values("test", run)).all() == seen
        assert np.isfinite(curves.values("validation", run)).all()
        assert np.isfinite(losses.values("test loss", run)).all() == seen
        assert ("test" in losses.frames(run).texts[0][0]) == seen


def test_the_validation_curve_marks_the_slider_and_its_own_minimum(lab):
    run = lab.at(strength=0.056, kind="L1")
    curve = lab.plots[1]
    y, row = curve.values("validation", run)[0], STRENGTHS.index(0.056)
    x = places(STRENGTHS, STRENGTHS)
    assert (curve.values("upright", run)[0, :, 0] == x[row]).all()
    assert curve.values("best", run)[0, 0].tolist() == [x[np.argmin(y)], min(y)]
    assert y[row] == run.validation_loss[0, -1]


def test_the_picture_is_the_network_of_the_slider_and_its_points_are_those_it_learnt_from(lab):
    for samples in (30, 60, 120):
        run, data = lab.at(strength=0.1, samples=samples), moons(samples)[0]
        image, *_, upper, lower = lab.plots[0].marks[:5]
        np.testing.assert_allclose(image.values(run)[:, -1], 100 * run.field, atol=0.5001)
        for k, mark in enumerate((upper, lower)):
            points = mark.values(run)[0]
            np.testing.assert_array_equal(points[np.isfinite(points[:, 0])], data.x_train[data.y_train == k])


def test_the_weights_are_drawn_largest_first_and_counted(lab):
    run, plot = lab.at(kind="L1", strength=0.01), lab.plots[3]
    assert (np.diff(plot.values("magnitude", run)[0]) <= 0).all()  # at every stop of the film
    (text,) = plot.frames(run).texts[0]
    assert f"{(np.abs(run.weights[0]) < 1e-3).sum()} of 256" in text
    assert f"norm {np.linalg.norm(run.weights[0]):.2f}" in text


def test_zero_has_a_place_of_its_own_on_the_axis():
    x = places(STRENGTHS, STRENGTHS)
    assert (np.diff(x) > 0).all()
    assert x[1:].tolist() == list(STRENGTHS[1:])


def test_the_goals_ask_for_every_condition_they_name(lab):
    first, second = lab.goals
    assert first.is_reached(lab.at(strength=0.0032, test="opened"))
    for other in ({"test": "sealed"}, {"samples": 120}, {"kind": "L1"}):
        assert not first.is_reached(lab.at(**{"strength": 0.0032, "test": "opened"} | other))
    assert second.is_reached(lab.at(kind="L1", strength=0.032))
    assert not second.is_reached(lab.at(kind="L1", strength=0.032, samples=60))
