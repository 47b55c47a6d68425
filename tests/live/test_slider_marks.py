"""What theory marks on a slider: where the marks stand, and that they follow the other sliders."""

import numpy as np
import pytest

from optlab.course.gradient_descent.descent_lab import ALPHA, KAPPA
from optlab.live.controls import Control
from optlab.live.slider_marks import SliderMarks, marks_table, position
from optlab.params import Param


def test_a_stop_is_marked_where_the_handle_stands_on_it():
    for index in (0, 7, len(ALPHA.values) - 1):
        assert position(ALPHA, ALPHA.values[index]) == pytest.approx(index / (len(ALPHA.values) - 1))


def test_between_two_stops_the_logarithm_decides_and_beyond_the_ends_nothing_is():
    rates = Param("lr", "α", "rate", (0.001, 0.1, 1.0), 0.1)  # unevenly spaced: two decades, then one
    assert position(rates, 0.01) == pytest.approx(0.25)
    assert position(rates, 0.1 * 10**0.5) == pytest.approx(0.75)
    assert position(rates, 2.0) == np.inf
    assert position(rates, 1e-4) == -np.inf
    assert position(Param("p", "p", "p", (0.0, 1.0), 0.0), 0.3) == pytest.approx(0.3)  # no logarithm of 0


def test_the_marks_follow_kappa_and_only_those_on_the_track_are_shown():
    table = marks_table(ALPHA, [KAPPA])
    assert len(table) == len(KAPPA.values)
    for kappa, marks in zip(KAPPA.values, table, strict=True):
        best, lost = marks
        assert best["from"] == best["to"] == pytest.approx(position(ALPHA, 2 / (1 + kappa)))
        assert (lost["from"], lost["to"]) == (pytest.approx(position(ALPHA, 2 / kappa)), 1.0)
    beyond = Param(
        "lr", "α", "rate", (1.0, 2.0), 1.0, marks=lambda: {"a": 0.5, "b": (3.0, 9.0), "c": (0.1, 1.5)}
    )
    assert marks_table(beyond, []) == [
        [{"label": "c: 0.1", "from": 0.0, "to": pytest.approx(0.585, abs=1e-3)}]
    ]


def test_marks_that_name_no_slider_are_refused():
    param = Param("lr", "α", "rate", (1.0, 2.0), 1.0, marks=lambda kappa: {"best": kappa})
    with pytest.raises(ValueError, match=r"lr: marks=\['kappa'\]"):
        SliderMarks(param, [])


def test_only_a_slider_with_marks_has_a_strip():
    controls = [Control(ALPHA), Control(KAPPA)]
    for control in controls:
        control.mark(controls)
    assert [control.marks is None for control in controls] == [False, True]
    assert controls[0].marks.sliders == [controls[1].slider]
    for control in controls:
        control.close()


# ---------------------------------------------------------------- in a browser

MARKS = """() => {
    const [alpha] = document.querySelectorAll(".optlab-control");
    const box = (part) => alpha.querySelector(part).getBoundingClientRect();
    const middle = (part) => (box(part).left + box(part).right) / 2;
    return {
        handle: middle(".noUi-handle"),
        tick: middle(".optlab-tick"),
        band: box(".optlab-band").left,
        labels: alpha.querySelector(".optlab-marks").getAttribute("aria-label"),
    };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 800])
def test_marks_stand_under_the_stops_they_mean_and_move_while_the_kernel_is_busy(open_notebook, width):
    cells = ["from optlab.course import labs\nlab = labs.descent_lab()\nlab.set(kappa=1.0, lr=1.0)\nlab"]
    notebook = open_notebook([*cells, "import time\ntime.sleep(8)"], width=width)
    notebook.run_cell(0)
    notebook.page.wait_for_selector(".optlab-band")
    alpha, kappa = notebook.page.locator(".noUi-handle").nth(0), notebook.page.locator(".noUi-handle").nth(1)
    at_one = notebook.page.evaluate(MARKS)
    assert at_one["labels"] == "best: 1; diverges above: 2"
    assert at_one["tick"] == pytest.approx(at_one["handle"], abs=1.0)  # at κ = 1 the best α is 1

    notebook.start_cell(1)
    kappa.press("End")
    alpha.press("Home")
    for _ in range(ALPHA.index(0.02)):
        alpha.press("ArrowRight")
    at_hundred = notebook.page.evaluate(MARKS)
    assert notebook.is_running(1)
    assert at_hundred["labels"] == "best: 0.0198; diverges above: 0.02"
    assert at_hundred["band"] == pytest.approx(at_hundred["handle"], abs=1.0)


@pytest.mark.browser
def test_the_words_of_two_marks_never_cover_each_other(open_notebook):
    notebook = open_notebook(["from optlab.course import labs\nlabs.momentum_lab()"])
    notebook.run_cell(0)
    notebook.page.wait_for_selector(".optlab-band")
    kappa = notebook.page.locator(".noUi-handle").nth(2)
    beta = notebook.page.locator(".noUi-handle").nth(1)
    for slider, key in ((beta, "Home"), (kappa, "Home"), (beta, "End"), (kappa, "End"), (beta, "Home")):
        slider.press(key)
        words = [word.bounding_box() for word in notebook.page.locator(".optlab-mark").all()[:2]]
        left, right = sorted(words, key=lambda box: box["x"])
        assert left["x"] + left["width"] < right["x"]
