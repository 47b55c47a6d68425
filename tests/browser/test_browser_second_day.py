"""The second day in a real JupyterLab: what was saved can be read, and what was reached is remembered."""

import json
import urllib.request

import pytest
from lab_page import CANVAS, handle
from waiting import wait_until

from optlab.live.progress import FILE
from optlab.live.shown import VIEW

pytestmark = pytest.mark.browser

LAB = """
import numpy as np
from optlab import Goal, Lab, Param, Plot, Record, Table, checks

plot = Plot()
plot.line("rate", lambda r: r.settings["rate"][:, None] * np.ones(2), x=range(2))
goals = [Goal("a half", where={"rate": 0.5}), Goal("a whole", where={"rate": 1.0})]
rate = Param("rate", "r", "rate", (0.1, 0.5, 1.0), 0.1)
lab = Lab([rate], Table(Record), [plot], goals=goals, name="my_lab")
lab
"""
QUESTION = "Which is the larger one?"
GUESS = f'checks.predict("{QUESTION}", ["2³", "3²"], answer="3²", because="8 < 9")'
BY_CODE = "lab.set(rate=1.0);"
ERROR = "Error displaying widget"


def goals(notebook):
    return notebook.page.locator(".optlab-goals li")


def kept(notebook, kind):
    file = notebook.path.parent / FILE
    return json.loads(file.read_text("utf-8"))[kind] if file.exists() else {}


def reached(notebook):
    """Which goals of this lab are kept; other tests have labs in this folder, too."""
    return [key for key in kept(notebook, "goal") if key.startswith("my_lab/")]


def guesses(notebook):
    """What was answered to the question, by anyone who has asked it in this folder."""
    return [one["chosen"] for one in kept(notebook, "prediction").values() if one["question"] == QUESTION]


def on_the_page(notebook):
    """What the server gives a page that opens the notebook: the mimetypes of the first cell's outputs."""
    address = f"http://127.0.0.1:{notebook.lab.port}/api/contents/{notebook.path.name}"
    request = urllib.request.Request(address, headers={"Authorization": f"token {notebook.lab.token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return [set(output["data"]) for output in json.load(answer)["content"]["cells"][0]["outputs"]]


def test_a_saved_lab_is_a_picture_on_the_second_day_and_its_goals_are_remembered(open_notebook):
    notebook = open_notebook([LAB, GUESS, BY_CODE], new=True)
    notebook.run_all()
    goals(notebook).nth(1).and_(notebook.page.locator(".optlab-reached")).wait_for()  # by code
    handle(notebook, 0).press("ArrowLeft")
    wait_until(lambda: reached(notebook) == ["my_lab/a half"])  # by hand, and the other one not
    handle(notebook, 0).press("Home")
    notebook.page.wait_for_function(f"document.querySelector('{CANVAS}').dataset.slot === '0'")
    assert goals(notebook).all_inner_texts() == ["✔ Goal: a halfreached at r = 0.5", "○ Goal: a whole"]
    goals(notebook).get_by_role("button").click()
    notebook.page.wait_for_function(f"document.querySelector('{CANVAS}').dataset.slot === '1'")
    notebook.page.locator(".optlab-guess input[type=radio]").first.check()
    notebook.page.get_by_role("button", name="lock in").click()
    wait_until(lambda: guesses(notebook) == ["2³"])

    notebook.save()
    assert VIEW in on_the_page(notebook)[0]  # the kernel lives
    notebook.restart_kernel()
    assert on_the_page(notebook) == [{"image/png", "text/plain"}, {"text/html", "text/plain"}]
    notebook.do("panel.sessionContext.shutdown()")
    notebook.open()
    note = notebook.page.get_by_role("note").first
    note.wait_for()
    assert "Run this cell" in note.inner_text()
    assert notebook.page.locator(".jp-OutputArea-output img").count() == 1
    assert notebook.page.get_by_text(ERROR).count() == 0
    assert notebook.page.locator(".jp-OutputArea-output").get_by_text(QUESTION).is_visible()
    notebook.page.get_by_text("You answered this before: “2³”, which was not right.").wait_for()

    notebook.do("void (panel.content.activeCellIndex = 1)")
    notebook.do("window.jupyterapp.commands.execute('notebook:run-all-above')")  # as the line says
    goals(notebook).first.wait_for()
    notebook.wait_idle()
    assert goals(notebook).all_inner_texts() == ["✔ Goal: a halfreached at r = 0.5", "○ Goal: a whole"]
    assert notebook.page.locator(CANVAS).count() == 1
    notebook.run_cell(1)
    guess = notebook.page.locator(".optlab-guess")
    guess.get_by_text("you answered this before: “2³”").wait_for()
    assert guess.get_by_role("button", name="lock in").is_enabled()  # it can be answered again
