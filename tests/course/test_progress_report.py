"""The report of progress counts what there is in the course, and of it what was noted."""

import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from optlab.course import notebooks, progress
from optlab.course.checkpoint import checkpoint
from optlab.course.exercises import EXERCISES
from optlab.course.outline import outline, outlines
from optlab.live import progress as notes
from optlab.live.noted import goal_key

COURSE = notebooks.own_course()


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder as a kernel that runs in it would have."""
    monkeypatch.setattr(notes, "_folder", lambda: tmp_path)
    monkeypatch.setattr(notes, "_trouble", {"reading": "", "writing": ""})
    return tmp_path


def lesson(report, title):
    return next(one for one in report.lessons if one.title == title)


def test_every_question_and_exercise_of_the_course_is_found():
    """Counted in the notebooks' text, as one reads it."""
    for one in outlines():
        text = (COURSE / one.file).read_text("utf-8")
        assert len(one.questions) == len(re.findall(r"checks\.predict\(", text))
        assert len(one.checkpoints) == len(re.findall(r"checks\.checkpoint\(", text))
        assert len(set(one.questions)) == len(one.questions)
        assert set(one.checkpoints) <= set(EXERCISES)
    assert sum(len(one.questions) for one in outlines()) > 30


def test_the_stored_report_of_00_counts_what_there_is(kept):
    """Nothing is done in it; what there is has to be the same for a reader and for who runs the cell."""
    cells = json.loads((COURSE / "00_start_here.ipynb").read_text("utf-8"))["cells"]
    (output,) = next(cell["outputs"] for cell in cells if cell["source"] == ["optlab.progress()"])
    assert "".join(output["data"]["text/plain"]) == repr(progress.progress())
    assert repr(progress.progress())[:2] == "0 "
    assert not re.search(r"of 1 (goals|guesses|checkpoints)", repr(progress.progress()))


def test_what_was_done_counts_in_its_own_lesson_once(kept):
    before = progress.progress()
    descent = next(one for one in outlines() if one.title == "03.1 Gradient descent")
    notes.note("goal", descent.goals[0], {"state": ""})
    notes.note("goal", goal_key("some_lab", "a goal that is gone"), {"state": ""})
    notes.note("prediction", "0a1b", {"question": descent.questions[-1], "right": False})
    notes.note("prediction", "0a1b", {"question": descent.questions[-1], "right": True})
    notes.note("prediction", "ffff", {"question": ["no", "text"]})
    notes.note("checkpoint", "descent", {})
    after = progress.progress()
    assert [done for done, _ in before.total] == [0, 0, 0]
    assert [done for done, _ in after.total] == [1, 1, 1]
    assert [done for done, _ in lesson(after, "03.1 Gradient descent").counts] == [1, 1, 1]
    assert [of for _, of in after.total] == [of for _, of in before.total]
    assert repr(after).startswith(f"1 of {after.total[0][1]} goals, 1 of {after.total[1][1]} guesses, 1 of")
    table = after._repr_html_()
    assert table.count("<tr>") == 1 + len(after.lessons)
    assert "href='03_1_gradient_descent.ipynb'" in table


def test_a_file_that_cannot_be_read_is_said_in_the_report(kept):
    (kept / notes.FILE).write_text("{")
    report = progress.progress()
    assert "cannot be read" in repr(report)
    assert "cannot be read" in report._repr_html_()


def test_a_notebooks_outline_needs_no_run(tmp_path):
    cells = [
        new_markdown_cell("# Start: here\nand there"),
        new_code_cell('checks.predict(\n    "Which? "\n    "*This*?",\n    ["a", "b"],\n    answer="a",\n)'),
        new_code_cell("checks.checkpoint('descent', f)\nother.predict('no')"),
    ]
    (tmp_path / "00_start_here.ipynb").write_text(writes(new_notebook(cells=cells)))
    one = outline(tmp_path / "00_start_here.ipynb")
    assert (one.title, one.questions, one.checkpoints) == ("00 Start", ("Which? This?",), ("descent",))
    assert len(one.goals) == 2


def test_a_checkpoint_that_is_passed_is_remembered_and_an_empty_one_says_so(kept):
    stub, wrong = (lambda w, grad, lr, l2: None), (lambda *given: given[0])  # noqa: ARG005
    assert repr(checkpoint("l2_step", stub)) == "Checkpoint: not answered yet"
    checkpoint("l2_step", wrong)
    assert notes.recall("checkpoint", "l2_step") is None
    checkpoint("l2_step", EXERCISES["l2_step"].truth)
    assert notes.recall("checkpoint", "l2_step") is not None
    assert "you passed it on 20" in repr(checkpoint("l2_step", stub))
