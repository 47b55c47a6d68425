"""A small extension of the Jupyter server: a notebook saved with living labs can be read on another day.

JupyterLab says "Error displaying widget: model not found" where a saved widget's kernel is gone. When a
notebook is read, views of such widgets are left out of what the page gets, so that it shows the picture that
is saved with them, and a line below says what brings the lab back, or what was answered to a question on an
earlier day. The file itself is not touched.
"""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Awaitable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from optlab.live import progress
from optlab.live.feedback import answered_before
from optlab.live.shown import VIEW

__all__ = ["CONFIG", "Running", "readable"]

CONFIG = Path(__file__).parent / "jupyter_config"
"""A folder of Jupyter's configuration: this extension, and JupyterLab without its news."""

STATE = "application/vnd.jupyter.widget-state+json"
OURS = re.compile(r"\w*(Lab)\(|(Prediction):")
"""How the text begins that stands for a lab or a prediction where nothing runs."""
NOTE = {"optlab": "note"}
"""The metadata of the line below a picture."""
TO_ANSWER = "<p>Run this cell to answer.</p>"
TO_ANSWER_AGAIN = "<b>Run this cell</b> (Shift + Enter) to answer again"
RUN_ABOVE = "run the cells above it (menu <i>Run</i>, <i>Run All Above Selected Cell</i>)"
"""In words: a button would need the reader's trust, and JupyterLab asks for that in a dialog."""
WORDS = {
    "Lab": "A stored picture of the lab. <b>Run this cell</b> (Shift + Enter) to move its sliders",
    "Prediction": "<b>Run this cell</b> (Shift + Enter) to answer, or to see what you answered",
    "": "<b>Run this cell</b> (Shift + Enter) to bring back what was here",
}

Answers = Mapping[str, str]
"""For each question, in plain text, what is said of the answer that it got before."""
Running = Mapping[str, int | None]
"""For each kernel that runs its process id; None where it is not known."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter where the extension is."""
    return [{"module": "optlab.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Let the server read every notebook through `readable`."""
    manager = app.contents_manager
    get = manager.get

    def read(model: dict[str, Any]) -> dict[str, Any]:
        try:
            if model.get("type") == "notebook" and model.get("content"):
                answers = answers_in(manager, model["path"])
                readable(model["content"], running(app.kernel_manager), answers)
        except Exception:
            app.log.exception("optlab: a notebook is shown as it is")
        return model

    async def read_later(model: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        return read(await model)

    @wraps(get)
    def get_readable(*args: Any, **options: Any) -> Any:
        model = get(*args, **options)
        return read_later(model) if inspect.isawaitable(model) else read(model)

    manager.get = get_readable


def running(kernels: Any) -> dict[str, int | None]:
    """The kernels that a server runs.

    Args:
        kernels: its kernel manager.

    Returns:
        For each kernel's id its process id.
    """
    managers = {name: kernels.get_kernel(name) for name in kernels.list_kernel_ids()}
    return {name: getattr(one.provisioner, "pid", None) for name, one in managers.items()}


def answers_in(manager: Any, path: str) -> Answers:
    """What the learner has answered in a notebook's folder.

    Args:
        manager: the contents manager; one that keeps its files elsewhere than in a folder knows of none.
        path: the notebook's, as the manager has it.

    Returns:
        For each question what is said of its answer.
    """
    root = getattr(manager, "root_dir", "")
    noted = progress.kept_in((Path(root) / path).parent, "prediction").values() if root else ()
    return {
        one["question"]: answered_before(one["chosen"], one["true"])
        for one in noted
        if {"question", "chosen", "true"} <= set(one)
    }


def readable(notebook: NotebookNode, running: Running, answers: Answers | None = None) -> NotebookNode:
    """Take the views of widgets that are gone out of a notebook, and say how to bring them back.

    Args:
        notebook: the notebook, changed in place.
        running: the kernels that can still show a widget.
        answers: what is said of questions that were answered before; none when left out.

    Returns:
        The same notebook.

    Example:
        >>> from nbformat.v4 import new_code_cell, new_notebook
        >>> data = {VIEW: {"model_id": "3e"}, "image/png": "…", "text/plain": "Lab()"}
        >>> cell = new_code_cell(outputs=[new_output("display_data", data)])
        >>> read = readable(new_notebook(cells=[cell]), running={})
        >>> [[*output.data] for output in read.cells[0].outputs]
        [['image/png', 'text/plain'], ['text/html', 'text/plain']]
    """
    saved = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            old = [output for output in cell.outputs if output.get("metadata") != NOTE]
            cell.outputs = [*_with_notes(old, running, saved, answers or {})]
    return notebook


def _with_notes(
    outputs: Iterable[NotebookNode], running: Running, saved: Mapping[str, Any], answers: Answers
) -> Iterable[NotebookNode]:
    for output in outputs:
        data = output.get("data", {})
        view = data.get(VIEW)
        if view is None:
            if OURS.match(_text(data)):
                yield _once(output)
                yield _note(_text(data), _answer(data, answers))
            else:
                yield output
        elif view.get("model_id") in saved or is_alive(view.get("optlab", {}), running):
            yield output
        else:
            del data[VIEW]
            if data:
                yield _once(output)
            yield _note(_text(data), _answer(data, answers))


def _answer(data: Mapping[str, Any], answers: Answers) -> str:
    """What is said of the question that an output asks; empty where it was not answered, or asks nothing."""
    asked = re.search("<b>(.*?)</b>", "".join(data.get("text/html", "")), re.DOTALL)
    return answers.get(html.unescape(re.sub("<[^>]*>", "", asked[1])), "") if asked else ""


def is_alive(shown_by: Mapping[str, Any], running: Running) -> bool:
    """Whether the kernel process that shows a widget runs; a widget that does not tell may have any kernel.

    Args:
        shown_by: what `optlab.live.shown.this_kernel` said there.
        running: the kernels that run now.

    Example:
        >>> lab = {"kernel": "0b7f", "pids": [312, 300]}
        >>> [is_alive(lab, running) for running in ({"0b7f": 312}, {"0b7f": 313}, {"11aa": 312})]
        [True, False, False]
    """
    if "kernel" not in shown_by:
        return bool(running)
    pid = running.get(shown_by["kernel"])
    return shown_by["kernel"] in running and (pid is None or pid in shown_by.get("pids", ()))


def _once(output: NotebookNode) -> NotebookNode:
    """A prediction as it is stored says to run the cell; here the line below it does."""
    if "text/html" in output.data:
        output.data["text/html"] = "".join(output.data["text/html"]).replace(TO_ANSWER, "")
    return output


def _text(data: Mapping[str, Any]) -> str:
    return "".join(data.get("text/plain", ""))


def _note(text: str, answer: str) -> NotebookNode:
    """The line below a picture."""
    ours = OURS.match(text)
    words = WORDS[(ours[1] or ours[2]) if ours else ""]
    if answer:
        words = f"{html.escape(answer[0].upper() + answer[1:], quote=False)}. {TO_ANSWER_AGAIN}"
    line = f"{words}; first {RUN_ABOVE}"
    box = "<div role='note' style='border-left: 4px solid #0072b2; padding: 2px 8px; line-height: 1.7'>"
    plain = html.unescape(re.sub(r"<[^>]*>", "", line))
    data = {"text/html": f"{box}{line}</div>", "text/plain": plain}
    return new_output("display_data", data, metadata=dict(NOTE))
