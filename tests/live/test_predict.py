"""Predictions score what the learner chose, show the run that decides in place, and never raise."""

import re
import subprocess
import sys

import ipykernel.ipkernel  # noqa: F401  (loaded later it would take over the comms of widgets that are there)
import ipywidgets
import numpy as np
import pytest

from optlab.live import progress
from optlab.live.lab import Lab
from optlab.live.plots import Film, Plot
from optlab.live.predict import predict
from optlab.live.sketch import Axis, told
from optlab.params import Param
from optlab.record import Record

QUESTION = "What does a higher rate do?"
OPTIONS = ["falls", "rises", "stays"]
WHY = "Its steps grow."
SETTLED = {"answer": "rises", "because": WHY}


@pytest.fixture
def make():
    made = []

    def make_one(*args, **kwargs):
        made.append(predict(*args, **kwargs))
        return made[-1]

    yield make_one
    for prediction in made:
        prediction.close()


def powers(settings):
    """A record of 4 numbers a setting."""
    return Record({name: np.asarray(values, float) for name, values in settings.items()})


def line(record):
    return record.settings["rate"][:, None] ** np.arange(4)


@pytest.fixture
def lab():
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 8))
    plot.line("loss", line, x=np.arange(4))
    still = Plot(xlabel="rate", ylabel="loss", ylim=(0, 8))
    still.point("here", lambda r: (r.settings["rate"], r.settings["rate"]), "black", role="here")
    made = Lab([Param("rate", "r", "rate", (0.5, 1.0, 2.0), 0.5)], powers, [plot, still])
    yield made
    made.close()


def press(prediction, choice=None):
    if choice is not None:
        prediction.choice.value = choice
    prediction.lock.click()


def see(prediction):
    """The film has ended, as a page says it: by what it has shown."""
    player = prediction.replay.player
    player.set_state({"index": len(player.runs) - 1, "step": player.last})


def labels(prediction):
    return [option if isinstance(option, str) else option[0] for option in prediction.choice.options]


def shown(figure, k):
    """The numbers of the k-th run that a figure of a replay holds."""
    return np.frombuffer(figure.pushed["data"], "<f4").reshape(len(figure.pushed["slots"]), -1)[k].tolist()


def test_nothing_is_chosen_run_or_given_away_before_the_lock(make, lab):
    ran = []
    prediction = make(QUESTION, OPTIONS, answer=ran.append, because=WHY, lab=lab, setting={"rate": 2.0})
    prediction.choice.value = "falls"
    assert (ran, prediction.replay, lab.state) == ([], None, "")
    assert repr(prediction) == "Prediction: not answered yet"
    bundle = prediction._repr_mimebundle_()
    assert bundle["text/plain"] == "Prediction: not answered yet"
    assert QUESTION in bundle["text/html"]
    assert WHY not in bundle["text/html"]
    assert labels(prediction) == OPTIONS


def test_a_lock_without_a_choice_asks_for_one_and_leaves_it_open(make):
    prediction = make(QUESTION, OPTIONS, **SETTLED)
    press(prediction)
    assert "choose one first" in prediction.outcome
    press(prediction, "rises")
    assert prediction.outcome == "right: “rises”. Its steps grow."
    assert labels(prediction) == ["falls", "✔ rises (right, your guess)", "stays"]


def test_the_right_option_and_the_guess_are_marked_by_sign_and_words(make):
    prediction = make(QUESTION, OPTIONS, **SETTLED)
    press(prediction, "falls")
    assert labels(prediction) == ["✘ falls (your guess)", "✔ rises (right)", "stays"]
    assert prediction.choice.value == "falls"
    assert prediction.outcome == "not this time: you said “falls”; the run says “rises”. Its steps grow."
    assert "Its steps grow." in prediction.feedback.value


FOR_EACH = {"falls": "So it is at a small rate.", "rises": "Its steps grow.", "stays": "Never."}


@pytest.mark.parametrize("options", [OPTIONS, FOR_EACH], ids=["options", "options with their reasons"])
@pytest.mark.parametrize("reasons", [FOR_EACH, [*FOR_EACH.values()]], ids=["by option", "in order"])
def test_a_reason_for_each_option_stands_beside_its_option(make, options, reasons):
    prediction = make(QUESTION, options, answer="rises", because=reasons)
    press(prediction, "falls")
    told = "you said “falls”. So it is at a small rate. The run says “rises”. Its steps grow."
    assert prediction.outcome == f"not this time: {told}"


def test_the_run_that_decides_is_shown_in_place_over_the_one_before(make, lab):
    seen = []
    prediction = make(
        QUESTION,
        OPTIONS,
        answer=lambda *runs: seen.extend(run.settings["rate"][0] for run in runs) or "rises",
        because=WHY,
        lab=lab,
        before={"rate": 1.0},
        setting={"rate": 2.0},
        figures=[0],
    )
    press(prediction, "rises")
    assert seen == [1.0, 2.0]
    assert prediction.children[-1] is prediction.replay
    (figure,), player = prediction.replay.figures, prediction.replay.player
    assert [shown(figure, k) for k in (0, 1)] == [[1, 1, 1, 1], [1, 2, 4, 8]]
    assert [run["words"] for run in player.runs] == ["r = 1", "r = 2"]
    assert (player.pins, player.index, player.plays, player.last, player.unit) == ([0], 0, 1, 3, "step")


def test_each_run_stands_on_the_background_of_its_own_setting(make):
    plot = Plot(xlabel="step", ylabel="loss", ylim=(0, 8))
    plot.line("loss", line, x=np.arange(4))
    rates = (0.5, 1.0, 2.0)
    plot.background(rates, lambda r: r.settings["rate"], lambda rate: plot.ax.set_ylim(0, 10 * rate) and None)
    lab = Lab([Param("rate", "r", "rate", rates, 0.5)], powers, [plot])
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, before={"rate": 1.0}, setting={"rate": 2.0})
    press(prediction, "rises")
    (figure,) = prediction.replay.figures
    shown_on = [figure.backgrounds[k]["axes"][0]["ylim"] for k in figure.pushed["scenes"]]
    assert shown_on == [[0, 10], [0, 20]]
    lab.close()


def test_the_verdict_waits_until_the_film_has_been_seen(make, lab):
    given = SETTLED | {"lab": lab, "before": {"rate": 1.0}, "setting": {"rate": 2.0}}
    prediction = make(QUESTION, OPTIONS, **given)
    press(prediction, "falls")
    player = prediction.replay.player
    for state in ({"index": 1, "step": 0}, {"step": 2}, {"index": 0, "step": 3}):
        player.set_state(state)
        assert labels(prediction) == OPTIONS
        assert prediction.outcome == "you said “falls”; now the run decides …"
        assert not player.told
    player.set_state({"index": 1})
    assert labels(prediction) == ["✘ falls (your guess)", "✔ rises (right)", "stays"]
    assert prediction.outcome.endswith("Its steps grow.")
    assert player.told
    player.set_state({"step": 1})  # a look back takes nothing back
    assert prediction.outcome.endswith("Its steps grow.")


def test_the_page_has_the_verdict_that_the_kernel_will_give(make, lab):
    given = SETTLED | {"lab": lab, "before": {"rate": 1.0}, "setting": {"rate": 2.0}}
    prediction = make(QUESTION, OPTIONS, **given)
    press(prediction, "falls")
    verdict = prediction.replay.player.verdict
    parts = {part.model_id: part for part in (prediction.feedback, prediction.choice, prediction.lock.layout)}
    early = [parts[model].get_state(list(traits)) for model, traits in verdict]
    see(prediction)
    late = [parts[model].get_state(list(traits)) for model, traits in verdict]
    for (_, traits), before, after in zip(verdict, early, late, strict=True):
        assert {name: plain(after[name]) for name in traits} == traits
        assert all(before[name] != after[name] for name in traits)
    assert {model for model, _ in verdict} == set(parts)


def plain(value):
    return list(value) if isinstance(value, tuple) else value


def test_a_film_can_be_skipped(make, lab):
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0}, before={})
    press(prediction, "rises")
    prediction.replay.skip()
    assert prediction.outcome == "right: “rises”. Its steps grow."
    assert (prediction.replay.player.index, prediction.replay.player.step) == (1, 3)


def test_a_figure_without_a_film_is_seen_as_soon_as_it_is_shown(make, lab):
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0}, figures=[1])
    press(prediction, "rises")
    assert prediction.replay.player.last == 0
    assert prediction.outcome.startswith("right")


def test_the_lab_stays_where_it_is_until_it_is_asked_to_go_to_the_run(make, lab):
    lab.set(rate=1.0)
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0})
    press(prediction, "rises")
    see(prediction)
    assert lab.settings == {"rate": 1.0}
    player = prediction.replay.player
    assert player.lab == lab.model_id
    assert f"optlab-about-{lab.model_id}" in prediction._dom_classes
    player.set_state({"to_lab": 1})
    assert lab.settings == {"rate": 2.0}
    lab.close()
    player.set_state({"to_lab": 2})  # and nothing is raised


def test_without_a_run_before_the_film_begins_at_its_first_step(make, lab):
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0})
    press(prediction, "rises")
    player = prediction.replay.player
    assert (player.pins, player.index, player.step, player.plays) == ([], 0, 0, 1)
    assert len(prediction.replay.figures) == 2
    assert [run["words"] for run in player.runs] == ["r = 2"]


def test_what_is_shown_stays_when_the_lab_moves_on_or_is_closed(make, lab):
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0})
    press(prediction, "rises")
    lab.set(rate=1.0)
    lab.close()
    figure = prediction.replay.figures[0]
    assert shown(figure, 0) == [1, 2, 4, 8]
    figure.room = 300  # a narrower page asks for another layout
    assert len(figure.backgrounds) == 1


def test_a_locked_choice_is_frozen(make):
    prediction = make(QUESTION, OPTIONS, **SETTLED)
    press(prediction, "rises")
    assert prediction.choice.disabled
    assert prediction.lock.disabled


def test_a_run_that_fails_is_told_and_not_raised(make, lab):
    def fail(_):
        raise RuntimeError("no such run")

    prediction = make(QUESTION, OPTIONS, answer=fail, because=WHY, lab=lab, setting={"rate": 2.0})
    press(prediction, "rises")
    assert "RuntimeError: no such run" in prediction.outcome


def test_a_lab_that_was_closed_is_told_and_not_raised(make, lab):
    prediction = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0})
    lab.close()
    press(prediction, "rises")
    assert "run the cell that makes the lab" in prediction.outcome


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"options": ["falls"], "answer": "falls"}, "2 or more"),
        ({"options": ["falls", "falls"], "answer": "falls"}, "none of them twice"),
        ({"answer": "explodes"}, "answer='explodes': expected one of falls, rises"),
        ({"because": " "}, "expected a sentence that says why"),
        ({"because": {"explodes": WHY}}, "because has 'explodes': expected some of falls"),
        ({"because": [WHY, WHY]}, "expected 3 sentences, one for each option"),
        ({"because": [WHY, WHY, " "]}, "expected a sentence that says why"),
    ],
)
def test_a_question_that_cannot_be_answered_raises_at_once(wrong, message):
    given = {"options": OPTIONS} | SETTLED | wrong
    with pytest.raises(ValueError, match=message):
        predict(QUESTION, given.pop("options"), **given)


@pytest.mark.parametrize("wrong", [{"because": None}, {"setting": {}}])
def test_an_argument_of_the_wrong_kind_raises_at_once(wrong):
    with pytest.raises(TypeError, match=next(iter(wrong))):
        predict(QUESTION, OPTIONS, **(SETTLED | wrong))


def test_emphasis_is_rendered_and_all_else_is_text(make):
    prediction = make("The *updates* of 2 * 3 <b> * 4 …", OPTIONS, **SETTLED)
    assert "<em>updates</em> of 2 * 3 &lt;b&gt; * 4" in prediction.children[0].value
    assert prediction.choice.tooltip == "The updates of 2 * 3 <b> * 4 …"


def test_each_widget_takes_the_keyboard_and_has_a_name_for_a_screen_reader(make):
    prediction = make(QUESTION, OPTIONS, **SETTLED)
    assert type(prediction.choice) is ipywidgets.RadioButtons  # native radio buttons: Tab, arrows, Space
    assert type(prediction.lock) is ipywidgets.Button
    assert prediction.choice.tooltip == QUESTION
    assert prediction.lock.description == "lock in"
    assert re.search(r"role='status'.*not answered yet", prediction.feedback.value)


def test_an_outcome_is_noted_and_told_again_on_another_day(make, monkeypatch):
    noted = {}
    monkeypatch.setattr(progress, "note", lambda kind, key, outcome: noted.update({(kind, key): outcome}))
    monkeypatch.setattr(progress, "recall", lambda kind, key: noted.get((kind, key)))
    first = make(QUESTION, OPTIONS, **SETTLED)
    press(first, "falls")
    assert noted["prediction", first.key] == {
        "question": QUESTION, "chosen": "falls", "true": "rises", "right": False, "sketch": []
    }  # fmt: skip
    again = make(QUESTION, OPTIONS, **SETTLED)
    assert again.key == first.key != make("Another?", OPTIONS, **SETTLED).key
    assert "you answered this before: “falls”, which was not right" in again.outcome
    press(again, "rises")  # and can be answered again
    assert noted["prediction", first.key]["right"] is True


# ---------------------------------------------------------------- sketches


@pytest.fixture
def sketching(make, lab):
    given = {"lab": lab, "before": {"rate": 1.0}, "setting": {"rate": 2.0}, "figures": [0], "sketch": "loss"}
    return make(QUESTION, OPTIONS, **SETTLED, **given)


def test_a_sketch_is_open_before_the_lock_and_shows_nothing_of_the_answer(sketching):
    (figure,) = sketching.replay.figures
    assert figure.sketch == {"artist": 0, "label": "loss", "open": True}
    assert shown(figure, 0) == [1, 1, 1, 1]
    assert figure.pushed["slots"] == [0]
    assert [run["words"] for run in sketching.replay.player.runs] == ["r = 1"]


def test_the_lock_closes_it_and_says_how_far_off_it_is(sketching):
    (figure,) = sketching.replay.figures
    figure.drawn = [1.0, 1.0, 1.0, None]
    press(sketching, "rises")
    assert figure.sketch["open"] is False
    see(sketching)
    assert "Your sketch is too low, on average by 1.3; at step 2 it is furthest off" in sketching.outcome
    figure.drawn = [1.0, 2.0, 4.0, 8.0]  # a last stroke that arrives late
    assert "Your sketch is close" in sketching.outcome


def test_the_run_before_is_compared_by_the_line_that_is_sketched(make):
    """Pins show main lines: of both losses of a training, that which the question is about."""
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 8))
    plot.line("training loss", line, x=np.arange(4))
    plot.line("test loss", line, x=np.arange(4), role="other")
    lab = Lab([Param("rate", "r", "rate", (0.5, 1.0, 2.0), 0.5)], powers, [plot])
    given = {"lab": lab, "before": {"rate": 1.0}, "setting": {"rate": 2.0}}

    def pinned(**options):
        (figure,) = make(QUESTION, OPTIONS, **SETTLED, **given, **options).replay.figures
        return [plot.marks[style["id"]].name for style in figure.artists if style["role"] == "main"]

    assert pinned(sketch="test loss") == ["test loss"]
    assert pinned(sketch="training loss") == ["training loss"]
    assert [mark.role for mark in plot.marks] == ["main", "other"]  # the lab's own are as they were
    lab.close()


def test_what_is_drawn_on_has_the_background_of_the_run_that_decides(make):
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss")
    plot.line("loss", line, x=np.arange(4))

    def background(rate):
        plot.ax.set_ylim(0, 8 * rate)

    plot.background((0.5, 1.0, 2.0), lambda run: run.settings["rate"].tolist(), background)
    lab = Lab([Param("rate", "r", "rate", (0.5, 1.0, 2.0), 0.5)], powers, [plot])
    asked = make(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0}, sketch="loss")
    (figure,) = asked.replay.figures
    assert figure.backgrounds[figure.pushed["scenes"][-1]]["axes"][0]["ylim"] == [0, 16]
    lab.close()


def test_a_sketch_that_is_left_out_is_not_spoken_of(sketching):
    press(sketching, "rises")
    see(sketching)
    assert "sketch" not in sketching.outcome


@pytest.mark.parametrize(
    ("drawn", "true", "axis", "words"),
    [
        ([10, 10], [1, 1], Axis((1, 100), True, "epoch"), "too high, on average by a factor of 10"),
        ([0, 10], [10, 0], Axis((0, 10), False, "epoch"), "too high here and too low there, off by 10"),
        ([5, 5], [5, np.nan], Axis((0, 10), False, "epoch"), "close: off by 0 on average"),
        ([9, 9], [1000, 1000], Axis((0, 10), False, "epoch"), "too low, on average by 1;"),  # as it is seen
        ([None, None], [1, 1], Axis((0, 10), False, "epoch"), ""),
        ([], [1, 1], Axis((0, 10), False, "epoch"), ""),
        ([5], [np.nan], Axis((0, 10), False, "epoch"), ""),
    ],
)
def test_how_far_off_a_sketch_is_in_the_axis_own_terms(drawn, true, axis, words):
    found = told(drawn, true, range(len(true)), axis)
    assert words in found
    assert bool(words) == bool(found)


def test_options_with_their_reasons_are_options():
    reasons = {"falls": "It would at a small rate.", "rises": "The rate is too large."}
    asked = predict(QUESTION, reasons, answer="rises", because=reasons)
    assert asked.options == ["falls", "rises"]
    told = "you said “falls”. It would at a small rate. The run says “rises”. The rate is too large."
    assert asked.told("falls", "rises") == f"not this time: {told}"
    asked.close()


@pytest.mark.parametrize("sketch", ["gain", "here"])
def test_a_line_that_cannot_be_sketched_raises_at_once(lab, sketch):
    with pytest.raises(ValueError, match=f"sketch='{sketch}': expected one of 'loss'"):
        predict(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0}, sketch=sketch)


# ---------------------------------------------------------------- leaving nothing behind


def test_closing_leaves_no_widget(lab):
    before = set(ipywidgets.widgets.widget._instances)
    asked = predict(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 2.0}, before={}, sketch="loss")
    press(asked, "falls")
    asked.close()
    plain = predict(QUESTION, OPTIONS, **SETTLED, lab=lab, setting={"rate": 1.0})
    press(plain, "falls")
    plain.close()
    lab.fill()
    left = set(ipywidgets.widgets.widget._instances) - before
    assert not [key for key in left if "Replay" in repr(type(ipywidgets.widgets.widget._instances[key]))]


def test_running_its_cell_again_closes_the_earlier_one(monkeypatch):
    now = ["cell", "first run"]
    monkeypatch.setattr("optlab.live.cells.running_cell", lambda: tuple(now))
    before = set(ipywidgets.widgets.widget._instances)
    predict(QUESTION, OPTIONS, **SETTLED)
    one = len(ipywidgets.widgets.widget._instances)
    now[1] = "second run"
    again = predict(QUESTION, OPTIONS, **SETTLED)
    assert len(ipywidgets.widgets.widget._instances) == one
    again.close()
    assert set(ipywidgets.widgets.widget._instances) == before


def test_a_prediction_needs_neither_torch_nor_a_lesson():
    code = "import sys, optlab.live.predict; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "torch" not in loaded
    assert not [name for name in loaded if name.startswith(("optlab.course.", "optlab.engine."))]
