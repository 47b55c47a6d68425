"""The labs of section 1: programs that print what they show, goals within reach, no bad setting."""

import re

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from printed_programs import printed

from optlab.course.background.preprocessing import TIMES
from optlab.course.background.pruning import pruned
from optlab.course.background.pruning_lab import MatrixPicture
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.labs import (
    augmentation_lab,
    imbalance_lab,
    merging_lab,
    optimizer_lab,
    preprocessing_lab,
    pruning_lab,
    shape_lab,
)
from optlab.live import DRAW_LOCK
from optlab.live.goals import which_reached

LABS = (
    optimizer_lab,
    shape_lab,
    pruning_lab,
    merging_lab,
    augmentation_lab,
    preprocessing_lab,
    imbalance_lab,
)


@pytest.fixture(scope="module", params=LABS, ids=lambda make: make.__name__)
def lab(request):
    made = request.param()
    made.name = request.param.__name__
    yield made
    made.close()


def whole_box(lab):
    return lab._run(lab.grid.settings(range(lab.grid.size)), ())


def test_every_goal_can_be_reached_and_none_is_at_the_beginning(lab):
    result = whole_box(lab)
    seen = np.array([which_reached(lab.goals, result.select(row)) for row in range(lab.grid.size)])
    assert seen.any(0).all()
    assert not seen[lab.grid.default].any()


def test_the_figures_say_in_words_what_they_show(lab):
    with DRAW_LOCK:
        for panel in lab.panels:
            words = panel.show(lab.history, 0)
            assert len(words) > 15
            assert "nan" not in words


# each with a curve of a row that its program prints, settings to run, and how close the two must be: where
# a program prints shares of digits one digit may fall on the other side of a line
PROGRAMS = {
    "optimizer_lab": (
        lambda run: run.loss[0],
        [{"optimizer": rule} for rule in ("momentum", "adagrad", "rmsprop", "adam")] + [{"lr": 0.1}],
        1e-3,
    ),
    "merging_lab": (lambda run: run.loss[0], [{"together": "never"}, {"together": "1 epoch"}], 0.02),
    "augmentation_lab": (
        lambda run: run.accuracy,
        [{"samples": 50, "move": 1.5, "test_move": 0.5}, {"move": 0.0, "test_move": 0.0}],
        0.005,
    ),
    "preprocessing_lab": (
        lambda run: run.gap[0, TIMES <= 100],
        [{"unit": "mm"}, {"preparation": "centred"}, {"preparation": "standardised"}],
        1e-4,
    ),
    "imbalance_lab": (
        lambda run: np.array([run.found[0], run.spared[0]]),
        [{"remedy": name, "count": 8} for name in ("none", "class weights", "repeat eights", "drop others")],
        0.005,
    ),
}


WITH_A_CURVE = [make for make in LABS if make.__name__ in PROGRAMS]  # the others': test_structure_programs.py


@pytest.mark.parametrize("lab", WITH_A_CURVE, indirect=True, ids=lambda make: make.__name__)
def test_the_program_prints_what_the_lab_shows(lab):
    curve, settings, apart = PROGRAMS[lab.name]
    for values in settings:
        lab.reset()
        shown = curve(lab.set(**values))
        program = lab.toolbar._program(lab.settings)
        numbers = printed(program)
        if lab.name == "preprocessing_lab":
            numbers = numbers[TIMES[TIMES <= 100].astype(int)]
        np.testing.assert_allclose(numbers, shown, rtol=apart, atol=1e-9, err_msg=str(values))
        assert "optlab" not in program
        assert len(program.splitlines()) < 52
        assert max(map(len, program.splitlines())) <= 104
        imported = set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE))
        assert imported <= {"copy", "torch", "sklearn"}
    lab.reset()


def test_labs_take_the_options_of_every_lab_and_close_whole():
    before = len(_instances)
    made = imbalance_lab(state="count=4", hide=["remedy"], goals=())
    assert (made.settings["count"], made.goals) == (4, ())
    made.close()
    assert len(_instances) == before


def test_only_smaller_matrices_are_faster():
    """Measured. A tenth of the neurons needs less than half of the time, a tenth of the weights does not."""
    zeros, fewer = (pruned().select(way=way) for way in ("smallest weights", "smallest neurons"))
    assert np.median(zeros.seconds / zeros.seconds[0]) > 0.6
    assert fewer.seconds[-3] < fewer.seconds[0] / 2


def test_the_matrix_says_when_it_is_smaller():
    panel = MatrixPicture()
    said = [panel.show(pruned().select(way=way), 5) for way in ("smallest weights", "smallest neurons")]
    assert ["as large as ever" in words for words in said] == [True, False]


def test_lines_leave_gaps_where_a_run_is_lost():
    looks = [Series("one", "black")]
    panel = Lines([0, 1, 2], looks, lambda run, row: Drawn([run[row]], "two\nlines", (1.0, 2.0)), film=1)
    assert panel.show(np.array([[1.0, np.inf, np.nan]]), 0) == "two; lines"
    assert np.isnan(panel.lines[0].get_ydata()).tolist() == [False, True, True]
    assert (panel.here.get_xdata()[0], panel.here.get_ydata()[0]) == (1.0, 2.0)
    assert list(panel.grows.values()) == [1]
