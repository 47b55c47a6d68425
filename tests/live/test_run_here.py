"""Run here: a lab's program in a Python of its own, heard line by line, and its dots on the figures."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from optlab import Film, Lab, Param, Plot, Record, Table
from optlab.live.child import Child

LR = Param("lr", "α", "rate", (0.5, 1.0), 0.5)
STEPS = np.arange(3)


def heard_of(text, **options):
    heard = []
    Child(text, lambda *words: heard.append(words), **options).wait()
    return heard


@pytest.fixture
def lab():
    def program(setting):
        lines = f"for step in range(3): print(f'step {{step}}  loss {{{setting['lr']} ** step}}', flush=True)"
        return f"{lines}\nimport sys; print('to the other pipe', file=sys.stderr)"

    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 2))
    plot.line("loss", lambda run: run.settings["lr"][:, None] ** STEPS, x=STEPS)
    other = Plot()
    other.line("something else", lambda run: 0 * run.settings["lr"][:, None] * STEPS, x=STEPS)
    made = Lab([LR], Table(Record), [plot, other], program=program)
    yield made
    made.close()


def wish(lab, slot):
    lab.toolbar.wish = {"slot": slot, "count": lab.toolbar.wish.get("count", 0) + 1}
    if lab._trial._child is not None:
        lab._trial._child.wait()


def test_what_it_prints_lies_on_the_figures_of_its_setting(lab):
    wish(lab, 1)
    assert lab.toolbar.ran["slot"] == 1
    assert lab.toolbar.ran["state"] == "done"
    assert lab.toolbar.ran["said"] == "3 dots on the figures: largest difference from the lab 0."
    assert "step 2  loss 1.0\n" in lab.toolbar.ran["text"]
    assert "to the other pipe\n" in lab.toolbar.ran["text"]
    assert [figure.dots for figure in lab.figures] == [
        {"slot": 1, "points": [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]},
        {"slot": 1, "points": []},
    ]


def test_what_parts_the_runs_is_said_as_the_program_says_it():
    def program(setting):
        return "for step in range(3): print(f'step {step}  loss {1 + step}', flush=True)"

    program.parts = "it draws"
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 9))
    plot.line("loss", lambda run: run.settings["lr"][:, None] ** STEPS, x=STEPS)
    lab = Lab([LR], Table(Record), [plot], program=program)
    wish(lab, 1)
    assert lab.toolbar.ran["said"].endswith("more than 1 % from step 1 on, as it draws.")
    lab.close()


def test_what_could_not_be_shown_once_is_shown_the_next_time():
    heard = []

    def hear(text, state):
        heard.append(state)
        if len(heard) == 1:
            raise OSError("the page is gone")

    Child("print(1, flush=True); input_was = open(0).read(); print(2)", hear).wait()
    assert heard[0] == "running"
    assert heard[-1] == "done"


def test_the_last_wish_counts(lab):
    lab.program = None  # it has been handed on
    wish(lab, -1)
    assert lab.toolbar.ran == {}
    lab.toolbar.wish = {"slot": 0, "count": 7}
    first = lab._trial._child
    wish(lab, 1)
    first.wait()
    assert (lab.toolbar.ran["slot"], lab.toolbar.ran["state"]) == (1, "done")


def test_a_closed_lab_ends_its_program(lab):
    lab.toolbar.wish = {"slot": 0, "count": 1}
    child, ran = lab._trial._child, lab.toolbar.ran
    lab.close()
    child.wait()
    assert lab.toolbar.ran == ran


def test_each_line_is_heard_and_the_last_word_is_how_it_went():
    assert heard_of("print('loss 1')")[-1] == ("loss 1\n", "done")
    text, state = heard_of("1 / 0")[-1]
    assert state == "failed"
    assert "ZeroDivisionError" in text
    assert heard_of("print('θ 1')")[-1] == ("θ 1\n", "done")


def test_it_is_ended_after_a_while_or_when_asked():
    endless = "print('loss 1', flush=True)\nwhile True: pass"
    assert heard_of(endless, patience=1)[-1][1] == "late"
    heard = []
    child = Child(endless, lambda *words: heard.append(words))
    child.stop()
    child.wait()
    assert heard[-1][1] == "stopped"


def test_it_leaves_nothing_behind():
    told = "import os, tempfile\nopen('file', 'w').close()\nprint(os.getcwd())\nprint(tempfile.mkdtemp())"
    text, _ = heard_of(told)[-1]
    here, inner = map(Path, text.splitlines())
    assert not here.exists()
    assert here in inner.parents
    assert Path(tempfile.gettempdir()).resolve() in here.resolve().parents
    assert Path.cwd() != here
    assert "TMPDIR" not in os.environ or Path(os.environ["TMPDIR"]).exists()
