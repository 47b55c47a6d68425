"""The server's extension: living widgets stay, dead ones leave a picture and a line that says what to do."""

import asyncio
import copy
import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from optlab import server
from optlab.live import progress
from optlab.live.shown import VIEW, signed, this_kernel

KERNEL = {"kernel": "0b7f", "pids": [312, 300, 1]}
LIVING = {"0b7f": 312}
PNG = "iVBORw0KGgo="


def shown(text="Lab(children=(…", by=KERNEL, model="3e", **data):
    view = {"version_major": 2, "version_minor": 0, "model_id": model} | ({"optlab": by} if by else {})
    return new_output("execute_result", {VIEW: view, "text/plain": text, **data}, execution_count=1)


def notebook(*outputs, **metadata):
    cells = [new_markdown_cell("# Lab"), new_code_cell("lab", outputs=list(outputs))]
    return new_notebook(cells=cells, metadata=metadata)


def read(*outputs, running, **metadata):
    """What is shown where the notebook is opened; it must stay a notebook."""
    made = server.readable(notebook(*outputs, **metadata), running)
    nbformat.validate(made)
    return made.cells[1].outputs


@pytest.mark.parametrize(
    "running",
    [{}, {"11aa": 312}, {"0b7f": 313}, {"11aa": None}],
    ids=["no kernel", "another kernel, the same pid", "restarted", "another kernel"],
)
def test_a_lab_whose_kernel_is_gone_leaves_its_picture_and_says_run_this_cell(running):
    lab, note = read(shown(**{"image/png": PNG}), running=running)
    assert (set(lab.data), lab.execution_count) == ({"image/png", "text/plain"}, 1)
    assert "picture" in note.data["text/html"]
    assert "Run this cell" in note.data["text/html"]
    assert "Run this cell" in note.data["text/plain"]
    assert "<" not in note.data["text/plain"]


@pytest.mark.parametrize(
    "running",
    [LIVING, {"0b7f": None}, {"0b7f": 300}],
    ids=["running", "no pid is known", "through a launcher"],
)
def test_a_lab_whose_kernel_runs_stays_as_it_is(running):
    before = shown(**{"image/png": PNG})
    assert read(copy.deepcopy(before), running=running) == [before]


def test_of_two_kernels_only_the_dead_ones_lab_is_a_picture():
    living, dead, note = read(shown(), shown(by={**KERNEL, "kernel": "9c"}), running=LIVING)
    assert VIEW in living.data
    assert VIEW not in dead.data
    assert note.output_type == "display_data"


def test_a_prediction_keeps_its_question_and_says_how_to_answer():
    question = shown("Prediction: not answered yet", **{"text/html": f"<b>Which?</b>{server.TO_ANSWER}"})
    prediction, note = read(question, running={})
    assert prediction.data["text/html"] == "<b>Which?</b>"
    assert "answer" in note.data["text/html"]


@pytest.mark.parametrize("view", [True, False], ids=["run before", "as it is shipped"])
def test_a_question_that_was_answered_on_another_day_says_what_was_answered(tmp_path, view):
    asked = {"text/html": "<div><b>Is 1 &lt; 2, <em>really</em>?</b></div><ul></ul>"}
    answered = {"question": "Is 1 < 2, really?", "chosen": "it <is>", "true": "no", "right": False}
    damaged = {"question": "Another?"}
    noted = {"prediction": {"7f": answered, "80": damaged}}
    (tmp_path / "week_1").mkdir()
    (tmp_path / "week_1" / progress.FILE).write_text(json.dumps(noted), "utf-8")
    answers = server.answers_in(SimpleNamespace(root_dir=str(tmp_path)), "week_1/02.ipynb")
    question = shown("Prediction: not answered yet", **asked)
    if not view:
        del question.data[VIEW]
    made = server.readable(notebook(question, shown(**{"image/png": PNG})), {}, answers)
    notes = [output.data["text/plain"] for output in made.cells[1].outputs if output.metadata == server.NOTE]
    assert notes[0].startswith("You answered this before: “it <is>”, which was not right. Run this cell")
    assert notes[1].startswith("A stored picture of the lab.")
    assert "“it &lt;is&gt;”" in made.cells[1].outputs[1].data["text/html"]


def test_without_a_folder_of_its_own_nothing_is_known_of_answers(tmp_path):
    assert server.answers_in(SimpleNamespace(), "02.ipynb") == {}
    assert server.answers_in(SimpleNamespace(root_dir=str(tmp_path)), "02.ipynb") == {}


def test_a_widget_that_does_not_tell_its_kernel_lives_as_long_as_any_does():
    """Others than optlab's, and labs that were saved by an earlier version."""
    other = shown("IntSlider(value=3)", by=None)
    assert VIEW in read(copy.deepcopy(other), running=LIVING)[0].data
    assert [VIEW in output.data for output in read(other, running={})] == [False, False]


def test_a_widget_whose_state_is_saved_in_the_notebook_needs_no_kernel():
    saved = {"widgets": {server.STATE: {"state": {"3e": {}}, "version_major": 2, "version_minor": 0}}}
    assert len(read(shown(), running={}, **saved)) == 1


@pytest.mark.parametrize("text", ["Lab(...)", "TrainedLab(...)", "Prediction: not answered yet"])
def test_what_is_stored_in_a_course_that_was_never_run_says_so_too(text):
    lab = new_output("execute_result", {"image/png": PNG, "text/plain": text}, execution_count=1)
    assert "Run this cell" in read(lab, running={})[1].data["text/html"]


def test_opened_again_and_again_it_says_so_once_and_run_again_no_more():
    made = notebook(shown(**{"image/png": PNG}), new_output("stream", text="Lab(1)\n"))
    for _ in range(3):
        server.readable(made, {})
    assert [output.output_type for output in made.cells[1].outputs] == [
        "execute_result",
        "display_data",
        "stream",
    ]
    made.cells[1].outputs[0] = shown(**{"image/png": PNG})
    assert len(server.readable(made, LIVING).cells[1].outputs) == 2


# ---------------------------------------------------------------- in the server


class Contents:
    """A contents manager of one notebook; `later` as Hub's are."""

    def __init__(self, later, content):
        self.later, self.content = later, content

    def get(self, path, content=True, **options):
        read = copy.deepcopy(self.content) if content else None
        model = {"type": "notebook", "path": path, "content": read}
        return asyncio.sleep(0, model) if self.later else model


def app(contents, kernels):
    managers = SimpleNamespace(
        list_kernel_ids=lambda: list(kernels),
        get_kernel=lambda name: SimpleNamespace(provisioner=SimpleNamespace(pid=kernels[name])),
    )
    log = logging.getLogger("optlab.tests")
    return SimpleNamespace(contents_manager=contents, kernel_manager=managers, log=log)


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize(("kernels", "outputs"), [({}, 2), (LIVING, 1)])
def test_every_way_to_read_a_notebook_goes_through_it(later, kernels, outputs):
    contents = Contents(later, notebook(shown(**{"image/png": PNG})))
    server._load_jupyter_server_extension(app(contents, kernels))
    model = contents.get("03.ipynb", content=True)
    if later:  # in a thread of its own: another test of this process may have left a loop running
        with ThreadPoolExecutor(1) as pool:
            model = pool.submit(lambda: asyncio.run(wait(model))).result()
    assert len(model["content"].cells[1].outputs) == outputs
    assert later or contents.get("03.ipynb", content=False)["content"] is None


async def wait(model):
    return await model


def test_a_notebook_that_it_does_not_understand_is_shown_as_it_is(caplog):
    contents = Contents(False, {"cells": 3})
    server._load_jupyter_server_extension(app(contents, {}))
    assert contents.get("odd.ipynb")["content"] == {"cells": 3}
    assert "shown as it is" in caplog.text


def test_a_widgets_view_tells_its_kernel_and_nothing_else_does():
    assert signed({"text/plain": "1"}) == {"text/plain": "1"}
    view = signed({VIEW: {"model_id": "3e"}})[VIEW]
    assert view == {"model_id": "3e", "optlab": this_kernel()}
    assert this_kernel()["pids"][:2] == [os.getpid(), os.getppid()]
