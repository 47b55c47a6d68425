"""A lab's goals: what the browser says was reached is kept, and shown in the next lab of that name."""

import time

import numpy as np
import pytest

from optlab import Goal, Lab, Param, Plot, Record, Table
from optlab.course.labs import parabola_lab
from optlab.live import progress
from optlab.live.noted import NEVER, SOMEWHERE, goal_key

PARAMS = [Param("rate", "r", "rate", (0.1, 1.0), 0.1), Param("kind", "", "kind", ("calm", "wild"), "calm")]
HIGH, WILD = "a high rate", "wild"
TODAY = time.strftime("%Y-%m-%d")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder as a kernel that runs in it would have."""
    monkeypatch.setattr(progress, "_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def make():
    made = []

    def make_one(params=PARAMS, name="my_lab", **options):
        plot = Plot()
        plot.line("rate", lambda r: r.settings["rate"][:, None] * np.ones(2), x=range(2))
        plot.on_click(lambda *_: {"rate": 1.0})
        goals = [Goal(HIGH, where={"rate": 1.0}), Goal(WILD, where={"kind": "wild"})]
        made.append(Lab(params, Table(Record), [plot], goals=goals, name=name, **options))
        return made[-1]

    yield make_one
    for lab in made:
        lab.close()


def from_the_browser(lab, noted):
    lab.toolbar.set_state({"noted": noted})


def test_a_goal_that_was_reached_is_shown_in_the_next_lab_with_where(make):
    lab = make()
    assert lab.toolbar.noted == [NEVER, NEVER]
    there = lab.grid.slot([1, 1])
    from_the_browser(lab, [there, NEVER])
    assert progress.kept("goal") == {goal_key("my_lab", HIGH): {"state": "rate=1, kind=wild", "when": TODAY}}
    assert make().toolbar.noted == [there, NEVER]
    assert make(name="other_lab").toolbar.noted == [NEVER, NEVER]


def test_a_goal_is_kept_once_with_the_setting_that_reached_it_first(make):
    lab = make()
    from_the_browser(lab, [2, NEVER])
    from_the_browser(lab, [2, 1])
    outcomes = progress.kept("goal")
    assert [one["state"] for one in outcomes.values()] == ["rate=1", "kind=wild"]


def test_what_code_reaches_is_not_kept(make):
    lab = make()
    lab.set(rate=1.0, kind="wild")
    lab.toolbar.set_state({"reached": [True, True]})
    assert progress.kept("goal") == {}


def test_a_lab_without_a_name_forgets(make):
    from_the_browser(make(name=""), [2, NEVER])
    assert progress.kept("goal") == {}
    assert make(name="").toolbar.noted == [NEVER, NEVER]


@pytest.mark.parametrize("state", ["rate=5", "rate=", 3, None])
def test_a_setting_that_the_lab_does_not_have_any_more_is_reached_somewhere(make, state):
    progress.note("goal", goal_key("my_lab", HIGH), {"state": state})
    assert make().toolbar.noted == [SOMEWHERE, NEVER]


@pytest.mark.parametrize("sent", [[99, NEVER], [], [2, 2, 2], [SOMEWHERE, SOMEWHERE]])
def test_nonsense_from_a_page_breaks_nothing(make, sent):
    from_the_browser(make(), sent)
    assert set(progress.kept("goal")) <= {goal_key("my_lab", HIGH), goal_key("my_lab", WILD)}


def test_a_click_through_the_kernel_says_where_it_goes_before_anything_moves(make):
    lab, seen = make(), []
    lab.toolbar.observe(lambda change: seen.append((change["new"], lab.slot)), "hand")
    start, end = lab.slot, lab.grid.slot([1, 0])
    lab.figures[0].set_state({"clicked": {"slot": lab.slot, "x": 0.5, "y": 0.5}})
    assert seen == [(end, start), (-1, end)]


def test_the_courses_labs_have_their_own_names():
    lab = parabola_lab()
    from_the_browser(lab, [lab.grid.default, NEVER])
    lab.close()
    assert [key.partition("/")[0] for key in progress.kept("goal")] == ["parabola_lab"]
