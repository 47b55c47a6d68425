"""The state of a lab as text: what is written is read, and what cannot be is named."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optlab import Param, iris_pair
from optlab.course.labs import descent_lab, first_lab, surface_lab, training_lab
from optlab.live.state import FREE, State, grid_without, plain_text, read_state, write_state
from optlab.params import BATCH_SIZE, DELTA, L2, LR, Grid

NAMES = Param("surface", "", "surface", ("a bowl", "Beale's function", "a bowl, turned"), "a bowl")
BOX = Grid((LR, DELTA, BATCH_SIZE, NAMES))
SLOTS = st.integers(0, BOX.size - 1)
SHARED = json.loads((Path(__file__).parents[1] / "js" / "states.json").read_text("utf-8"))
"""What `tests/js/setting.test.js` holds the browser to."""


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["text"] or "defaults")
def test_the_browser_writes_the_same_states(case):
    grid = Grid(
        tuple(
            Param(p["name"], "", p["name"], tuple(p["values"]), p["values"][p["default"]])
            for p in SHARED["params"]
        )
    )
    state = case["state"]
    assert write_state(grid, State(state["slot"], tuple(state["pins"]), state["step"])) == case["text"]
    assert [[plain_text(value) for value in p.values] for p in grid.params] == [
        p["texts"] for p in SHARED["params"]
    ]


@given(slot=SLOTS, pins=st.lists(SLOTS, max_size=8), step=st.none() | st.integers(0, 100))
def test_what_is_written_is_read(slot, pins, step):
    state = State(slot, tuple(pins), step)
    assert read_state(BOX, write_state(BOX, state), last=100) == state


def test_it_names_what_differs_from_the_defaults_and_nothing_else():
    assert write_state(BOX, State(BOX.default)) == ""
    other = BOX.slot([LR.index(1.0), DELTA.index(0.1), BATCH_SIZE.index(1), 1])
    assert write_state(BOX, State(other)) == "lr=1, batch_size=1, surface=Beale's function"
    assert write_state(BOX, State(BOX.default, (FREE, other))) == (
        "pin lr=1, batch_size=1, surface=Beale's function"
    )


@pytest.mark.parametrize(
    "text", ["lr=1,delta=0", " lr = 1.0 ,  delta=0.0 ", "delta=0, lr=1;", "lr=1e0,delta=-0"]
)
def test_a_person_may_write_it_in_other_ways(text):
    assert BOX.setting(read_state(BOX, text).slot) == {
        "lr": 1.0,
        "delta": 0.0,
        "batch_size": 16,
        "surface": "a bowl",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lr=0.123", "lr=0.123: expected one of 0.001, "),
        ("lr=fast", "lr=fast: expected one of 0.001, "),
        ("surface=cone", "surface=cone: expected one of a bowl, Beale's function"),
        ("alpha=1", "'alpha=1': expected <slider>=<value>, a slider one of lr, delta, batch_size, surface"),
        ("lr", "'lr': expected <slider>=<value>"),
        ("lr=1; pn lr=1", '\'pn lr=1\': expected "pin ..." or "at <step>"'),
        ("; ".join(["pin"] * 9), "state pins 9 runs: expected at most 8"),
        ("at 101", "at 101: expected a step of the film, 0 to 100"),
        ("at -1", "at -1: expected a step of the film"),
        ("at noon", "at noon: expected a step of the film"),
    ],
)
def test_what_it_cannot_be_is_named(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read_state(BOX, text, last=100)


def test_it_is_text():
    with pytest.raises(TypeError, match="state=12: expected text"):
        read_state(BOX, 12)


# ---------------------------------------------------------------- hidden sliders


def test_a_hidden_slider_has_one_value_its_default_or_what_the_state_says():
    box = Grid((LR, L2))
    assert grid_without(["l2"], box, "").shape == (len(LR.values), 1)
    assert grid_without(["l2"], box, "").setting(0)["l2"] == L2.default
    assert grid_without(["l2"], box, "lr=1, l2=0.1").setting(0) == {"lr": LR.values[0], "l2": 0.1}
    assert grid_without([], box, "") == box


@pytest.mark.parametrize(
    ("hide", "error", "said"),
    [
        (["beta"], ValueError, "hide has 'beta': expected names of sliders, of lr, l2"),
        ("l2", TypeError, "hide='l2': expected a list of names"),
    ],
)
def test_only_sliders_can_be_hidden(hide, error, said):
    with pytest.raises(error, match=re.escape(said)):
        grid_without(hide, Grid((LR, L2)), "")


# ---------------------------------------------------------------- in a lab


def test_a_lab_begins_where_it_is_told_with_its_pins_trained():
    text = "lr=1, l2=0; pin; pin lr=10; at 3"
    lab = training_lab(iris_pair(), epochs=5, state=text)
    assert lab.state == text
    assert lab.settings == {"lr": 1.0, "delta": 0.1, "p": 1.0, "batch_size": 16, "l2": 0.0}
    assert {lab.slot, *lab.toolbar.pins} <= set(lab._filling.runs)
    assert {lab.slot, *lab.toolbar.pins} <= lab.figures[0].slots
    lab.reset()
    assert lab.state == "pin; pin lr=10; at 3"
    lab.close()


@pytest.mark.slow
def test_a_hidden_slider_is_not_shown_and_does_not_move():
    lab = descent_lab(hide=["angle", "kappa"], state="kappa=20")
    shown = [control.param.name for control in lab.children[0].children]
    assert shown == ["lr"]
    assert lab.grid.size == len(lab.grid.params[0].values)
    assert lab.settings["kappa"] == 20.0
    assert lab.state == ""
    with pytest.raises(ValueError, match=r"kappa=10\.0 is not on its slider"):
        lab.set(kappa=10.0)
    lab.close()


@pytest.mark.parametrize("make", [first_lab, descent_lab, surface_lab])
def test_a_wrong_state_raises_before_anything_is_trained(make):
    with pytest.raises(ValueError, match="lr=7: expected one of"):
        make(state="lr=7")
