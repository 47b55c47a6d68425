"""The map of a lab: which numbers reach the browser, over which sliders it begins, and what is refused."""

import math
import time

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from waiting import wait_until

from optlab.course.labs import training_lab
from optlab.live.lab import Lab
from optlab.live.maps import Map, axes_of
from optlab.live.plots import Plot
from optlab.live.source import Lazy, Table
from optlab.params import Grid, Param
from optlab.record import Record

A, B, C = (Param(name, name, name, tuple(range(n)), 0) for name, n in (("a", 5), ("b", 4), ("c", 3)))
GRID = Grid((A, B, C))


def height(record):
    a, b, c = (record.settings[name].astype(float) for name in "abc")
    return np.where(a == 3, np.inf, a + 10 * b + 100 * c)


def lab_of(source=None, maps=None, **options):
    plot = Plot(ylim=(0, 5))
    plot.line("a", lambda r: r.settings["a"][:, None] + np.arange(2), x=np.arange(2))
    maps = [Map("height", height, over=("a", "b"))] if maps is None else maps
    return Lab([A, B, C], source or Table(Record), [plot], maps=maps, **options)


def numbers_sent(one):
    """For each slot the number that the browser has."""
    pages = [(page.slots, np.frombuffer(page.data, "<f4").tolist()) for page in one.pages]
    return {slot: value for slots, values in pages for slot, value in zip(slots, values, strict=True)}


@pytest.mark.parametrize("source", [Table(Record), Lazy(lambda settings, _: Record(settings), chunk=7)])
def test_every_setting_has_its_number_in_the_browser_and_one_that_diverged_has_none(source):
    lab = lab_of(source)
    lab.fill()
    wait_until(lambda: len(numbers_sent(lab.maps[0])) == GRID.size)
    for slot, number in numbers_sent(lab.maps[0]).items():
        a, b, c = GRID.indices(slot)
        assert math.isnan(number) if a == 3 else number == a + 10 * b + 100 * c
    lab.close()


@pytest.mark.parametrize("state", ["", "a=2; pin b=1"])
def test_every_setting_of_a_table_is_sent_once(state):
    lab = lab_of(Table(Record), state=state)
    lab.fill()
    for part in (lab.maps[0], lab.figures[0]):
        wait_until(lambda part=part: sum(len(page.slots) for page in part.pages) >= GRID.size)
        assert sorted(slot for page in part.pages for slot in page.slots) == list(range(GRID.size))
    lab.close()


def test_a_setting_that_cannot_be_run_or_has_no_number_stops_nothing():
    def run(settings):
        if 2 in settings["a"]:
            raise ZeroDivisionError("boom")
        return Record(settings)

    def picky(record):
        if 4 in record.settings["a"]:
            raise KeyError("no number")
        return height(record)

    lab = lab_of(Table(run, chunk=1), [Map("height", picky, over=("a", "b"))])
    lab.fill()
    numbers = numbers_sent(lab.maps[0])
    assert sorted(numbers) == list(range(GRID.size))
    assert {GRID.indices(slot)[0] for slot, number in numbers.items() if math.isnan(number)} == {2, 3, 4}
    lab.close()


def test_it_begins_over_the_sliders_that_it_names_unless_they_are_hidden():
    assert axes_of(GRID, ("c", "a")) == [2, 0]
    lab = lab_of(hide=["a"])
    assert [lab.maps[0].params[k]["name"] for k in lab.maps[0].axes] == ["b", "c"]
    lab.close()
    lab = lab_of(hide=["a", "b"])  # one slider spans no plane
    assert lab.maps == []
    lab.close()


def test_closed_it_leaves_nothing_behind():
    before = set(_instances)
    lab = lab_of()
    lab.fill()
    assert set(_instances) > before
    lab.close()
    assert set(_instances) <= before


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"label": 3}, TypeError, "label=3: expected a few words"),
        ({"value": 3}, TypeError, "value=3: expected a function of a record"),
        ({"over": "ab"}, ValueError, "over='ab': expected the names of two sliders"),
        ({"over": ("a", "a")}, ValueError, "expected the names of two sliders"),
        ({"low": 0.0, "log": True}, ValueError, "expected above 0 on a log axis"),
        ({"low": 2.0, "high": 1.0}, ValueError, "low=2.0, high=1.0: expected low < high"),
    ],
)
def test_a_wrong_map_is_refused_by_name(wrong, error, said):
    with pytest.raises(error, match=said):
        Map(**{"label": "height", "value": height, "over": ("a", "b")} | wrong)


def test_a_map_that_does_not_fit_the_lab_is_refused():
    with pytest.raises(ValueError, match="map: 'd' is no slider: expected a, b, c"):
        lab_of(maps=[Map("height", height, over=("a", "d"))])
    with pytest.raises(ValueError, match=r"the map's value has shape \(\): expected \(1,\)"):
        lab_of(maps=[Map("height", lambda _: 1.0, over=("a", "b"))])
    with pytest.raises(TypeError, match="maps has a int, 3: expected Maps"):
        lab_of(maps=[3])


def test_section_4s_map_shows_the_test_loss_of_the_runs():
    lab = training_lab(epochs=3)
    lab.set(lr=1.0)
    wait_until(lambda: lab.slot in numbers_sent(lab.maps[0]) or time.sleep(0.05))
    assert numbers_sent(lab.maps[0])[lab.slot] == pytest.approx(lab.result.test_loss[0, -1], rel=2**-16)
    lab.close()
