"""Predictions score what the learner chose, and never raise."""

import re
import subprocess
import sys

import ipywidgets
import pytest

from optlab.live.predict import predict

QUESTION = "What does a higher rate do?"
OPTIONS = ["falls", "rises"]


@pytest.fixture
def make():
    made = []

    def make_one(*args, **kwargs):
        made.append(predict(*args, **kwargs))
        return made[-1]

    yield make_one
    for prediction in made:
        prediction.close()


def press(prediction, choice=None):
    if choice is not None:
        prediction.choice.value = choice
    prediction.lock.click()


def test_nothing_is_chosen_run_or_given_away_before_the_lock(make):
    ran = []
    prediction = make(QUESTION, OPTIONS, answer=lambda: ran.append(1), show=lambda: ran.append(2))
    prediction.choice.value = "falls"
    assert ran == []
    assert repr(prediction) == "Prediction: not answered yet"
    assert prediction._repr_mimebundle_()["text/plain"] == "Prediction: not answered yet"


def test_a_lock_without_a_choice_asks_for_one_and_leaves_it_open(make):
    prediction = make(QUESTION, OPTIONS, answer="falls")
    press(prediction)
    assert "choose one first" in prediction.outcome
    press(prediction, "falls")
    assert prediction.outcome == "right: “falls”"


def test_the_lab_moves_before_the_answer_is_read_from_it_and_stands_there_after(make):
    order = []
    prediction = make(
        QUESTION, OPTIONS, show=lambda: order.append("show"), answer=lambda: order.append("answer") or "rises"
    )
    press(prediction, "falls")
    assert order == ["show", "answer", "show"]  # the answer may have moved it on
    assert prediction.outcome == "not this time: you said “falls”; the run says “rises”"
    assert "rises" in prediction.feedback.value


def test_a_locked_choice_is_frozen(make):
    prediction = make(QUESTION, OPTIONS, answer="rises")
    press(prediction, "rises")
    assert prediction.choice.disabled
    assert prediction.lock.disabled


@pytest.mark.parametrize("broken", ["show", "answer"])
def test_a_run_that_fails_is_told_and_not_raised(make, broken):
    def fail():
        raise RuntimeError("the lab is closed")

    functions = {"show": lambda: None, "answer": lambda: "rises"} | {broken: fail}
    prediction = make(QUESTION, OPTIONS, **functions)
    press(prediction, "rises")
    assert "RuntimeError: the lab is closed" in prediction.outcome


@pytest.mark.parametrize(
    ("options", "answer", "message"),
    [
        (["falls"], "falls", "2 or more"),
        (["falls", "falls"], "falls", "none of them twice"),
        (OPTIONS, "stays", "expected one of falls, rises"),
    ],
)
def test_a_question_that_cannot_be_answered_raises_at_once(options, answer, message):
    with pytest.raises(ValueError, match=message):
        predict(QUESTION, options, answer=answer)


def test_each_widget_takes_the_keyboard_and_has_a_name_for_a_screen_reader(make):
    prediction = make(QUESTION, OPTIONS, answer="falls")
    assert type(prediction.choice) is ipywidgets.RadioButtons  # native radio buttons: Tab, arrows, Space
    assert type(prediction.lock) is ipywidgets.Button
    assert prediction.choice.tooltip == QUESTION
    assert prediction.lock.description == "lock in"
    assert re.search(r"role='status'.*not answered yet", prediction.feedback.value)


def test_closing_leaves_no_widget(make):
    before = set(ipywidgets.widgets.widget._instances)
    predict(QUESTION, OPTIONS, answer="falls").close()
    assert set(ipywidgets.widgets.widget._instances) == before


def test_running_its_cell_again_closes_the_earlier_one(monkeypatch):
    now = ["cell", "first run"]
    monkeypatch.setattr("optlab.live.cells.running_cell", lambda: tuple(now))
    before = set(ipywidgets.widgets.widget._instances)
    predict(QUESTION, OPTIONS, answer="falls")
    one = len(ipywidgets.widgets.widget._instances)
    now[1] = "second run"
    again = predict(QUESTION, OPTIONS, answer="falls")
    assert len(ipywidgets.widgets.widget._instances) == one
    again.close()
    assert set(ipywidgets.widgets.widget._instances) == before


def test_a_prediction_needs_neither_torch_nor_a_lesson():
    code = "import sys, optlab.live.predict; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "torch" not in loaded
    assert not [name for name in loaded if name.startswith(("optlab.course.", "optlab.engine."))]
