"""A lab that somebody else writes: the page's own code runs, and every wrong use is answered at once."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from waiting import wait_until

from optlab import Film, Goal, Lab, Lazy, Param, Plot, Record, Table

PAGE = Path(__file__).parents[2] / "docs" / "your_own_lab.md"
X = np.linspace(0, 10, 101)
A = Param("a", "a", "amplitude", (0.5, 1.0, 1.5), 1.0)
W = Param("w", "w", "frequency", (1.0, 2.0, 3.0), 1.0)


@dataclass(frozen=True)
class Waves(Record):
    y: np.ndarray


def run(settings):
    return Waves(settings, settings["a"][:, None] * np.sin(settings["w"][:, None] * X))


def wave_plot(**options):
    plot = Plot(xlabel="x", ylim=(-2, 2), **options)
    plot.line("wave", lambda r: r.y, x=X)
    plot.title(lambda one: f"a = {one.settings['a'][0]}")
    return plot


def lab_of(source=run, **options):
    made = {"params": [A, W], "source": source, "plots": [wave_plot()]} | options
    return Lab(made.pop("params"), made.pop("source"), made.pop("plots"), **made)


def frames_sent(lab, figure=0):
    """For each slot the numbers and texts that the browser has."""
    found = {}
    for page in lab.figures[figure].pages:
        rows = np.frombuffer(page.data, np.float32).reshape(len(page.slots), -1)
        found |= dict(zip(page.slots, zip(rows, page.texts, strict=True), strict=True))
    return found


# ---------------------------------------------------------------- what the page promises


def test_the_code_of_the_page_makes_a_lab_of_at_most_15_lines():
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    names = {}
    exec(code, names)
    lab = names["lab"]
    lab.fill()
    lab.set(lr=2.0)
    sent, _ = frames_sent(lab)[lab.slot]
    np.testing.assert_array_equal(sent, (-1.0) ** np.arange(41))
    assert lab.plots[0].ax.get_xlim() == (0, 40)  # the whole curve is in the picture
    assert len([line for line in code.splitlines() if line.strip()]) <= 15
    lab.close()


def test_a_table_starts_no_thread_and_sends_every_setting():
    before = threading.active_count()
    lab = lab_of()
    lab.fill()
    assert threading.active_count() == before
    sent = frames_sent(lab)
    assert sorted(sent) == list(range(lab.grid.size))
    for slot, (values, texts) in sent.items():
        at = lab.grid.setting(slot)
        wave = np.float32(at["a"] * np.sin(at["w"] * X))
        np.testing.assert_allclose(values, wave, rtol=2**-16)  # 16 significant bits travel
        assert texts == [f"a = {at['a']}"]
    lab.close()


def test_a_setting_is_made_when_a_slider_comes_to_it_before_the_table_is_filled():
    lab = lab_of()
    assert set(frames_sent(lab)) == {lab.grid.default}
    lab.controls[0].slider.index = 2
    assert set(frames_sent(lab)) == {lab.grid.default, lab.slot}
    assert lab.result.setting(0) == {"a": 1.5, "w": 1.0}
    lab.close()


def test_a_record_of_all_settings_is_a_source_and_so_is_a_plain_function():
    whole = run(
        {name: column.ravel() for name, column in zip("aw", np.meshgrid(A.values, W.values), strict=True)}
    )
    for source in (whole, Table(whole), run, Table(run)):
        lab = lab_of(source)
        np.testing.assert_array_equal(lab.set(a=0.5, w=3.0).y[0], 0.5 * np.sin(3.0 * X))
        lab.close()


def test_from_code_only_the_setting_that_the_sliders_end_at_is_run():
    asked = []

    def noted(settings):
        asked.extend(zip(settings["a"].tolist(), settings["w"].tolist(), strict=True))
        return run(settings)

    lab = lab_of(noted)
    lab.set(a=1.5, w=3.0)
    lab.reset()
    lab.at(w=2.0)
    assert asked == [(1.0, 1.0), (1.5, 3.0), (1.0, 2.0)]
    lab.close()


# ---------------------------------------------------------------- one setting that goes wrong


def failing_at(slot_value):
    def words(one):
        if one.settings["a"][0] == slot_value:
            raise ZeroDivisionError("no words for it")
        return "fine"

    return words


def broken_title():
    plot = Plot(xlabel="x")
    plot.line("wave", lambda r: r.y, x=X)
    plot.title(failing_at(1.5))
    return {"plots": [plot]}


def broken_goal():
    return {"goals": [Goal("reach", failing_at(1.5))]}


@pytest.mark.parametrize("broken", [broken_title, broken_goal])
@pytest.mark.parametrize(
    "source", [Table(run), Lazy(lambda settings, _: run(settings))], ids=["table", "lazy"]
)
def test_a_plot_or_goal_that_fails_at_one_setting_says_so_there_and_stops_nothing_else(broken, source):
    lab = lab_of(source, **broken())
    shown = lab.set(a=1.5)
    np.testing.assert_array_equal(shown.y[0], 1.5 * np.sin(X))
    lab.fill()
    wait_until(lambda: len(frames_sent(lab)) == lab.grid.size)
    sent = frames_sent(lab)
    assert sorted(sent) == list(range(lab.grid.size))
    for slot, (values, texts) in sent.items():
        bad = lab.grid.setting(slot)["a"] == 1.5
        assert np.isnan(values).all() == bad
        assert ("no words for it" in texts[0]) == bad
    assert "cannot be drawn: no words for it" in lab._foot.message.value
    lab.set(a=0.5)
    assert lab._foot.message.value == ""
    lab.close()


def test_a_run_that_fails_at_one_setting_shows_it_there():
    def picky(settings):
        if 1.5 in settings["a"]:
            raise FloatingPointError("too loud")
        return run(settings)

    lab = lab_of(picky)
    lab.fill()
    with pytest.raises(RuntimeError, match="this setting failed: too loud"):
        lab.set(a=1.5)
    assert "cannot be trained: too loud" in lab._foot.message.value
    sent = frames_sent(lab)
    assert sorted(sent) == list(range(lab.grid.size))
    assert "too loud" in sent[lab.slot][1][0]
    assert lab.png().startswith(b"\x89PNG")  # the lab can still be displayed
    assert np.isfinite(lab.set(a=0.5).y).all()
    lab.close()


def test_the_picture_is_of_the_setting_that_it_names(monkeypatch):
    drawn = []
    monkeypatch.setattr("optlab.live.lab.in_rows", lambda pictures, words: drawn.append(words) or pictures[0])
    lab = lab_of()
    pictures = {}
    for a in A.values:
        lab.set(a=a)
        pictures[a] = lab.png()
        line = lab.figures[0].figure.axes[0].lines[0]
        np.testing.assert_array_equal(line.get_ydata(), np.float32(a * np.sin(X)))
        assert drawn[-1].startswith(f"a = {a:g}")
    assert len(set(pictures.values())) == 3
    lab.close()


# ---------------------------------------------------------------- the film's unit is declared


def test_a_films_unit_is_what_the_plot_says_whatever_its_axis_is_called():
    plot = wave_plot(film=Film("walk"))
    lab = lab_of(plots=[plot])
    assert (lab.toolbar.unit, lab.toolbar.last) == ("walk", 100)
    lab.close()


def test_plots_whose_films_count_different_steps_are_refused():
    plots = [wave_plot(film=Film("epoch")), wave_plot(film=Film("step"))]
    with pytest.raises(ValueError, match="their films count 'epoch' and 'step': expected one unit"):
        lab_of(plots=plots)


# ---------------------------------------------------------------- wrong use


def bad_title():
    plot = wave_plot()
    plot.text(lambda _: None, 0, 0)
    return [plot]


def short_mark():
    plot = Plot()
    plot.line("wave", lambda r: r.y[:, None], x=X[:50])
    return [plot]


def mark_of_one_setting():
    plot = Plot()
    plot.line("wave", lambda r: r.y[0], x=X)
    return [plot]


WRONG = {
    "run returns an array": ({"source": lambda s: s["a"]}, TypeError, "run returned ndarray: expected a Rec"),
    "an array of too few rows": (
        {"source": lambda s: Waves(s, np.ones((0, 101)))},
        ValueError,
        "y with 0 rows",
    ),
    "run returns too few": ({"source": lambda _: Record({"a": np.ones(7)})}, ValueError, "7 settings: expe"),
    "source is a number": ({"source": 3}, TypeError, "source=3: expected Table"),
    "a bare figure": ({"plots": [Figure()]}, TypeError, "plots has a Figure"),
    "one plot, no list": ({"plots": wave_plot()}, TypeError, r"expected a list of Plots, such as \[plot\]"),
    "no plot": ({"plots": []}, ValueError, "expected at least one Plot"),
    "one slider, no list": ({"params": A}, TypeError, "expected a list of Params"),
    "two of one name": ({"params": [A, A]}, ValueError, "two sliders are named 'a'"),
    "a title of None": ({"plots": bad_title()}, TypeError, "gave None: expected a string"),
    "a mark of a wrong shape": ({"plots": short_mark()}, ValueError, "the mark 'wave' gave values of shape"),
    "a mark of the first setting": (
        {"plots": mark_of_one_setting()},
        ValueError,
        "the mark 'wave' gave values",
    ),
    "a goal of text": ({"goals": ["reach it"]}, TypeError, "goals has a str"),
    "a goal of no slider": (
        {"goals": [Goal("x", where={"b": 1})]},
        ValueError,
        "'b' is no slider",
    ),
    "a goal off the slider": ({"goals": [Goal("x", where={"a": 7})]}, ValueError, "a=7 is not on its slider"),
    "a program of text": ({"program": "import torch"}, TypeError, "program='import torch': expected a func"),
    "hide one text": ({"hide": "a"}, TypeError, "hide='a': expected a list"),
    "hide no slider": ({"hide": ["b"]}, ValueError, "hide has 'b'"),
    "state of no slider": ({"state": "b=1"}, ValueError, "state has 'b=1'"),
    "state is no text": ({"state": 3}, TypeError, "state=3"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_answered_at_once_with_what_is_allowed(case):
    options, error, said = WRONG[case]
    with pytest.raises(error, match=said):
        lab_of(**options)


def test_wrong_marks_and_goals_are_answered_where_they_are_made():
    plot = Plot()
    with pytest.raises(ValueError, match="role='hero': expected one of main, other, theory"):
        plot.line("wave", lambda r: r.y, x=X, role="hero")
    with pytest.raises(TypeError, match="a Rectangle cannot live"):
        plot.mark(plot.ax.bar([0], [1])[0], lambda r: r.y)
    with pytest.raises(TypeError, match="reached=True: expected a function"):
        Goal("reach", True)
    with pytest.raises(TypeError, match="run=3: expected a function"):
        Table(3)
    plot.line("wave", lambda r: r.y, x=X)
    with pytest.raises(KeyError, match="no mark 'vawe': the plot has 'wave'"):
        plot.values("vawe", run({"a": np.ones(1), "w": np.ones(1)}))


# ---------------------------------------------------------------- clicks


def clicked(lab, **where):
    """What the browser does when the axes of the first figure are clicked."""
    lab.figures[0].clicked = {"slot": lab.slot, "x": 0.0, "y": 0.0, "count": 1} | where
    return lab.settings


def test_a_click_moves_the_sliders_to_where_the_plot_says():
    plot = wave_plot()
    plot.on_click(lambda one, x, y: {"a": one.settings["a"][0] + round(x), "w": y})
    lab = lab_of(plots=[plot])
    assert lab.figures[0].clickable
    lab.set(a=0.5)
    assert clicked(lab, x=0.9, y=3.0) == {"a": 1.5, "w": 3.0}
    assert clicked(lab, x=1e6, y=1.0) == {"a": 1.5, "w": 3.0}  # no slider moves where one cannot
    assert "This click leads nowhere: a=" in lab._foot.message.value
    lab.close()


def test_a_plot_without_an_answer_tells_of_no_clicks():
    lab = lab_of()
    assert not lab.figures[0].clickable
    assert clicked(lab) == lab.settings
    lab.close()
    with pytest.raises(TypeError, match="answer=3: expected a function of a record, x and y"):
        wave_plot().on_click(3)
