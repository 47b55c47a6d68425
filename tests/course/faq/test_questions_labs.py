"""The labs of section 6: programs print what they show, goals can be reached, no slider breaks them."""

import re

import numpy as np
import pytest
from printed_programs import DIGITS, printed

from optlab.course.faq.deploy import deployments
from optlab.course.labs import cost_lab, deploy_lab, lemma_lab
from optlab.live.goals import which_reached
from optlab.live.state import read_state

CURVES = {
    cost_lab: lambda costs, row: costs.accuracy[row],
    lemma_lab: lambda run, row: run.gap[row],
    deploy_lab: lambda table, row: table.accuracy[row, None],
}
SETTINGS = {
    cost_lab: [("sgd", 0.3, 16), ("sgd", 0.01, 80), ("momentum", 0.03, 40), ("adam", 0.003, 16)],
    lemma_lab: [
        ("least squares", 0.5, 0),
        ("least squares", 1.7, 3),
        ("least squares", 2.6, 0),
        ("logistic regression", 1.0, 0),
        ("logistic regression", 3.0, 9),
    ],
    deploy_lab: [("single weights", 0.8, 32), ("whole neurons", 0.5, 8), ("whole neurons", 0.4, 3)],
}


@pytest.fixture(scope="module", params=CURVES, ids=lambda make: make.__name__)
def lab(request):
    made = request.param(deployments()) if request.param is deploy_lab else request.param()
    made._trainer.close()  # the settings below are trained in one go
    made.make = request.param
    yield made
    made.close()


def slots_of(lab):
    params = lab.grid.params
    return [
        lab.grid.slot([p.index(v) for p, v in zip(params, setting, strict=True)])
        for setting in SETTINGS[lab.make]
    ]


def all_of(lab):
    return lab._run(lab.grid.settings(range(lab.grid.size)), ())


def test_the_program_prints_what_the_lab_shows(lab):
    slots = slots_of(lab)
    result = lab._run(lab.grid.settings(slots), ())
    for row, slot in enumerate(slots):
        setting, shown = lab.grid.setting(slot), CURVES[lab.make](result, row)
        numbers = printed(lab.toolbar._program(setting))
        assert numbers.shape == shown.shape
        if lab.make is lemma_lab:
            np.testing.assert_allclose(numbers, shown, rtol=DIGITS, atol=1e-13, err_msg=str(setting))
        else:  # shares: rounding may tell a flower, or an image of 450, the other way
            np.testing.assert_allclose(numbers, shown, atol=0.0126, err_msg=str(setting))
            assert np.isclose(numbers, shown, atol=0.003).mean() > 0.9


def test_the_program_is_short_complete_and_plain(lab):
    for slot in slots_of(lab):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) < 56
        assert max(map(len, program.splitlines())) <= 110
        assert set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)) <= {"torch", "sklearn"}


def test_every_goal_can_be_reached_and_none_is_at_the_start(lab):
    result = all_of(lab)
    seen = np.array([which_reached(lab.goals, result.select(row)) for row in range(lab.grid.size)])
    assert seen.any(0).all()
    assert not seen[lab.grid.default].any()
    assert (seen.mean(0) < 0.6).all()


def test_every_setting_can_be_shown_in_words(lab):
    result = all_of(lab)
    for row in range(0, lab.grid.size, 7):
        for panel in lab.panels:
            words = panel.show(result, row)
            assert words
            assert "nan" not in words
            assert "\n" not in words


def test_every_end_of_every_slider_can_be_drawn(lab):
    result = lab._run(lab.grid.settings([0, lab.grid.size - 1]), ())
    for row in (0, 1):
        for panel in lab.panels:
            panel.show(result, row)
            panel.figure.canvas.draw()


def test_a_lab_begins_where_another_stood(lab):
    slot = lab.grid.size // 3
    for control, index in zip(lab.controls, lab.grid.indices(slot), strict=True):
        control.slider.index = index
    assert read_state(lab.grid, lab.state).slot == slot
    lab.reset()


def test_the_films():
    for make, end in ((cost_lab, (150, "epoch")), (lemma_lab, (30, "step"))):
        made = make(goals=())
        assert (made.toolbar.last, made.toolbar.unit) == end
        assert made.goals == ()
        made.close()


def test_the_marks_of_alpha_are_where_the_promise_is_largest_and_where_it_ends():
    from optlab.course.faq.question_labs import marked_promises

    rates = np.linspace(0.01, 3, 2991)
    promise = rates * (1 - rates / 2)
    marks = marked_promises()
    assert marks["largest promise"] == pytest.approx(rates[promise.argmax()], abs=1e-3)
    assert marks["no promise"][0] == pytest.approx(rates[np.flatnonzero(promise > 0)[-1]], abs=2e-3)
