"""Where training stops to work: against plain PyTorch and a parabola's closed form."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, strategies
from made_once import made_once
from printed_programs import DIGITS, EVERY, first_departure, printed

from optlab.course import open_questions as lesson
from optlab.course.labs import boundary_lab
from optlab.course.open_questions.boundary import (
    LEVELS,
    closer,
    curvature,
    neighbours,
    other_starts,
    threshold,
    zoom_runs,
    zooms,
)
from optlab.course.open_questions.boundary_kernel import MOST, TAIL, _tanh
from optlab.course.open_questions.boundary_networks import (
    NETWORKS,
    PARABOLA,
    PIXELS,
    losses,
    picture,
    rates_of,
)
from optlab.course.open_questions.boundary_networks import SMALLEST as TANH
from optlab.live.goals import which_reached
from optlab.live.program import Program

pytestmark = pytest.mark.usefixtures("on_one_thread")

PROGRAM = Program(Path(lesson.__file__).with_name("boundary_program.py"))
NOTHING = 1e-20
"""A smaller loss is what rounding has left of 0."""


def whole(network, pixels):
    """The window of its first picture and that picture."""
    window = (0, network.rates[0], 0, network.rates[1])
    return window, picture(network, window, pixels=pixels)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_pixel_is_a_plain_training_until_rounding_parts_them(name):
    """At the boundary's edge the order of a sum decides; most runs end as in the lab to the last step."""
    network, ends, steps = NETWORKS[name], 0, 200
    lr1, lr2 = np.random.default_rng(2).uniform(0, 0.5, (2, 6)) * np.array(network.rates)[:, None]
    nudged = (losses(network, lr1 * by, lr2 * by, steps=steps) for by in (1, 1 + 1e-15))
    curves, others = (np.maximum(run, NOTHING) for run in nudged)
    for row, (curve, other) in enumerate(zip(curves, others, strict=True)):
        setting = {"network": name, "lr1": lr1[row], "lr2": lr2[row], "steps": steps}
        end = first_departure(curve, other)
        at, numbers = printed(PROGRAM(setting | EVERY), "step", "works")
        kept = at < end
        np.testing.assert_allclose(
            np.maximum(numbers, NOTHING)[kept],
            curve[at[kept].astype(int)],
            rtol=DIGITS,
            err_msg=str(setting),
        )
        ends += end == steps
    assert ends >= 3


@pytest.mark.parametrize("name", NETWORKS)
def test_its_colour_is_the_measure_of_the_paper(name):
    network = NETWORKS[name]
    window, speed = whole(network, 8)
    assert 0 < (speed < 0).mean() < 1
    for row, lr2 in enumerate(rates_of(window, 8)[1]):
        lr1 = rates_of(window, 8)[0]
        curves = losses(network, lr1, np.full(8, lr2))
        with np.errstate(all="ignore"):  # runs that blow up, and losses of 0 in runs that work
            ratio = np.nan_to_num(curves / curves[:, :1], nan=MOST, posinf=MOST).clip(max=MOST)
            works = ratio[:, -TAIL:].mean(1) < 1
            measure = np.where(works, -ratio.sum(1), (1 / ratio).sum(1))
        np.testing.assert_allclose(speed[row], measure, rtol=1e-12)


def test_no_pixel_depends_on_its_neighbours():
    """Bit for bit: whatever shares its block, and in which place."""
    network = NETWORKS["9 weights, tanh"]
    lr1, lr2 = np.random.default_rng(0).uniform(0, 2, (2, 32))
    together = losses(network, lr1, lr2)
    for row in (0, 7, 31):
        np.testing.assert_array_equal(losses(network, lr1[[row]], lr2[[row]])[0], together[row])
    np.testing.assert_array_equal(losses(network, lr1[::-1], lr2[::-1]), together[::-1])


@given(strategies.floats(-1e3, 1e3))
def test_its_tanh_is_tanh(x):
    assert _tanh(x) == pytest.approx(math.tanh(x), rel=2e-15, abs=1e-300)


def test_its_tanh_takes_what_is_no_number():
    assert _tanh(math.inf) == 1
    assert _tanh(-math.inf) == -1


def parabola():
    """The Hessian of the mean squared error, its minimum and where gradient descent begins."""
    w, v, x, y = NETWORKS[PARABOLA].start()
    return 2 / len(x) * x.T @ x, np.linalg.lstsq(x, y, rcond=None)[0], np.array([w[0, 0], v[0]])


def test_on_the_parabola_every_step_is_known():
    hessian, minimum, start = parabola()
    for lr in np.random.default_rng(1).uniform(0.05, 2, (10, 2)):
        step = np.eye(2) - lr[:, None] * hessian
        away = np.linalg.matrix_power(step, 499) @ (start - minimum)
        curve = losses(NETWORKS[PARABOLA], lr[:1], lr[1:])[0]
        assert curve[-1] == pytest.approx(away @ hessian @ away / 2, rel=1e-6, abs=1e-25)


def test_without_a_boundary_there_are_no_neighbours_across_it():
    with pytest.raises(ValueError, match="one fate only"):
        neighbours((0, 1, 0, 1), np.ones((16, 16)), (0, 0.25, 0, 0.25))


@given(strategies.floats(1e-3, 1e2), strategies.floats(1e-3, 1e2))
def test_two_rates_scale_the_curvature(lr1, lr2):
    roots = np.diag(np.sqrt([lr1, lr2]))
    most = np.linalg.eigvalsh(roots @ parabola()[0] @ roots)[-1]
    assert curvature(lr1, lr2) == pytest.approx(most, rel=1e-12)
    edge = threshold(lr1)
    assert curvature(lr1, 1e-9) >= 2 if np.isnan(edge) else curvature(lr1, edge) == pytest.approx(2)


def test_the_parabolas_boundary_is_two_over_the_curvature():
    window, speed = whole(NETWORKS[PARABOLA], PIXELS)
    across, up = rates_of(window)
    steep = curvature(across, up[:, None])
    clear = abs(steep / 2 - 1) > 0.01  # nearer to it, 500 steps are too few to tell
    assert clear.mean() > 0.97
    np.testing.assert_array_equal((speed < 0)[clear], (steep < 2)[clear])


def test_the_next_window_is_a_quarter_as_wide_and_the_boundary_runs_through_it():
    network = NETWORKS[TANH]
    for window, speed, inner in zooms(network, levels=4, pixels=64):
        assert closer(window, speed) == inner
        left, right, bottom, top = inner
        assert window[0] <= left < right <= window[1]
        assert window[2] <= bottom < top <= window[3]
        assert (right - left) / (window[1] - window[0]) == pytest.approx(0.25)
        works = (picture(network, inner, pixels=64) < 0).mean()
        assert 0.02 < works < 0.98


def test_neighbours_are_side_by_side_and_of_opposite_fates():
    network = NETWORKS[TANH]
    for window, speed, inner in zooms(network, levels=4, pixels=64):
        rates = neighbours(window, speed, inner)
        pixel = [(window[1] - window[0]) / 64, (window[3] - window[2]) / 64]
        assert sorted(abs(rates[0] - rates[1]) / pixel) == pytest.approx([0, 1], abs=1e-6)
        ends = losses(network, *rates.T)
        first = ends[0, 0]
        assert ends[0, -TAIL:].mean() < first
        assert not ends[1, -TAIL:].mean() < first


@pytest.mark.slow
def test_other_starts_have_rough_boundaries_too_and_parabolas_smooth_ones():
    assert np.sum(other_starts(TANH, range(6)) > 1.1) >= 5
    np.testing.assert_allclose(other_starts(PARABOLA, range(6)), 1, atol=0.06)


@pytest.fixture(scope="module")
def lab():
    made = boundary_lab(made_once(zoom_runs, pixels=48))
    yield made
    made.close()


def test_the_map_shows_a_training_a_pixel(lab):
    run = lab.at()
    plot = lab.plots[0]
    assert f"Of 2,304 trainings {(run.speed[0] < 0).mean():.0%} work" in plot.frames(run).labels[0]
    colours = plot.frames(run).values[0, : 48 * 48]
    np.testing.assert_array_equal(colours < 0, (run.speed[0] < 0).ravel())
    assert np.abs(colours).min() >= 0.25
    works = run.speed[0].ravel() < 0
    slowest = np.argmax(np.where(works, -run.speed[0].ravel(), 0))
    assert colours[slowest] == -1


def test_the_square_is_the_next_picture_and_the_last_has_none(lab):
    here, then = lab.at(zoom=4), lab.at(zoom=16)
    np.testing.assert_array_equal(here.inner, then.window)
    square = lab.plots[0].values("next zoom", here)[0]
    assert np.ptp(square, axis=0) == pytest.approx([0.25, 0.25])
    assert np.isnan(lab.plots[0].values("next zoom", lab.at(zoom=4 ** (LEVELS - 1)))).all()


def test_a_click_into_the_square_leads_closer_and_one_beside_it_back(lab):
    for zoom in lab.grid.params[1].values:
        run, plot = lab.at(zoom=zoom), lab.plots[0]
        x, y = lab.plots[0].values("next zoom", run)[0, [0, 2]].mean(axis=0)
        inside = plot.clicked(run, x, y) if np.isfinite(x) else {"zoom": 4 * zoom}
        assert inside == {"zoom": 4 * zoom}
        assert plot.clicked(run, 1.0, 1.0) == ({"zoom": zoom // 4} if zoom > 1 else {})


def test_the_parabola_alone_shows_its_theory_as_far_as_it_is_in_the_picture(lab):
    seen = [
        np.isfinite(lab.plots[0].values("2/curvature", lab.at(network=name, zoom=zoom))).any()
        for name, zoom in ((PARABOLA, 1), (PARABOLA, 4), (PARABOLA, 262144), (TANH, 1))
    ]
    assert seen == [True, True, False, False]
    assert not any(mark.named for mark in lab.plots[0].marks)  # x and y are fractions of the picture


def test_the_axes_say_the_rates_with_enough_digits(lab):
    for setting in ({}, {"zoom": 4 ** (LEVELS - 1)}):
        texts = lab.plots[0].frames(lab.at(**setting)).texts[0]
        left, right, bottom, top = map(float, texts[:4])
        assert left < right
        assert bottom < top
        np.testing.assert_allclose([left, right, bottom, top], lab.result.window[0], rtol=2e-2, atol=1e-9)


def test_the_closer_the_neighbours_the_later_they_part(lab):
    parts = np.array([lab.at(network=TANH, zoom=4**level).part[0] for level in range(LEVELS)])
    assert parts[-1] > parts[0] + 5
    assert lab.at(network=PARABOLA, zoom=4 ** (LEVELS - 1)).part[0] == 500
    assert "never part" in lab.plots[1].frames(lab.result).labels[0]


def test_the_program_is_the_training_that_works(lab):
    run = lab.at(network="9 weights, tanh", zoom=16)
    numbers = printed(lab.program(lab.settings), "works")
    np.testing.assert_allclose(numbers[:3], run.losses[0, 0, :9:3], rtol=DIGITS)


def test_goals(lab):
    assert which_reached(lab.goals, lab.at()) == (False, False)
    assert which_reached(lab.goals, lab.at(network=PARABOLA, zoom=4096)) == (False, True)
    assert which_reached(lab.goals, lab.at(network="9 weights, tanh", zoom=262144)) == (True, False)


def test_torch_draws_the_numbers_that_the_experiment_rounds():
    for network in NETWORKS.values():
        for number in network.start():
            np.testing.assert_array_equal(number, torch.from_numpy(number).round(decimals=2).numpy())
