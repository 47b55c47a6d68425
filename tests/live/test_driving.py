"""Driving a lab from code: looking at a setting leaves the sliders where they are."""

import numpy as np
import pytest

from optlab import Lab, Lazy, Param, Plot, Record, Table

A = Param("a", "a", "amplitude", (1, 2, 3), 1)
W = Param("w", "w", "frequency", (1, 2), 2)


def lab_of(source):
    plot = Plot(xlabel="x", ylim=(0, 10))
    plot.line("line", lambda r: r.settings["a"][:, None] * np.arange(3), x=np.arange(3))
    return Lab([A, W], source, [plot])


@pytest.mark.parametrize("source", [Table(Record), Lazy(lambda settings, _: Record(settings))])
def test_looking_at_a_setting_moves_no_slider(source):
    lab = lab_of(source)
    lab.set(a=3, w=1)
    moves = []
    for control in lab.controls:
        control.slider.observe(lambda change: moves.append(change["new"]), "index")
    assert lab.look(a=2).setting(0) == {"a": 2, "w": 2}  # the others at their defaults, as with `at`
    assert lab.settings == {"a": 3, "w": 1}
    assert not moves
    assert lab.result.setting(0) == {"a": 3, "w": 1}
    with pytest.raises(ValueError, match="a=7 is not on its slider"):
        lab.look(a=7)
    lab.close()


def sent_by_the_page(lab, stops):
    """One message for each slider, as ipywidgets sends them; the sliders' own answer is not looked at."""
    for control, index in zip(lab.controls, stops, strict=True):
        control.slider.set_state({"index": index})


@pytest.mark.parametrize(("told", "runs"), [(True, 2), (False, 3)])
def test_a_page_that_moves_two_sliders_has_one_run_made(told, runs):
    lab = lab_of(Table(Record))
    if told:
        lab.controls[0].slider._handle_custom_msg({"stops": [2, 0]}, [])
        assert lab.settings == {"a": 3, "w": 1}
    sent_by_the_page(lab, [2, 0])
    assert lab.settings == {"a": 3, "w": 1}
    assert len(lab._filling.runs) == runs  # with the one that the lab opened with
    lab.close()


def test_where_the_page_has_told_the_run_begins_before_the_sliders_answer():
    lab = lab_of(Lazy(lambda settings, _: Record(settings)))
    wanted = []
    lab.controls[0].slider.observe(lambda _: wanted.append(lab._filling._wanted), "index")
    lab.controls[0].slider._handle_custom_msg({"stops": [2, 0]}, [])
    assert wanted == [lab.slot] == [4]
    lab.close()


@pytest.mark.parametrize(
    "content",
    [None, {}, {"stops": 1}, {"stops": [1]}, {"stops": [9, 0]}, {"stops": [-1, 0]}, {"stops": ["1", 0]}],
)
def test_what_names_no_setting_moves_nothing(content):
    lab = lab_of(Table(Record))
    lab.controls[0].slider._handle_custom_msg(content, [])
    assert lab.settings == {"a": 1, "w": 2}
    lab.close()
