"""Pages from notebooks: markup stays text, links lead to pages, and a checkpoint says what it needs."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from optlab.live.shown import VIEW
from optlab.site.building import chosen, ways_to_python
from optlab.site.course_map import course_map
from optlab.site.pages import lab_html, page_of

NASTY = "\"><script>alert('x')</script>"


def shown(data):
    return new_output("execute_result", data, execution_count=1)


@pytest.fixture
def ran(tmp_path):
    """What a notebook with a lab, a question, a table and a checkpoint has left."""
    lab = {VIEW: {"model_id": "abc"}, "image/png": "iVBORw0KGgo=", "text/plain": "Lab(...)"}
    asked = {VIEW: {"model_id": "def"}, "text/html": "<b>Why?</b><p>Run this cell to answer.</p>"}
    links = {"text/html": '<a href="03_5_regularization.ipynb#Lab">03.5</a>'}
    cells = [
        new_markdown_cell("# A lesson"),
        new_code_cell("lab", outputs=[shown(lab)]),
        new_code_cell("ask()", metadata={"jupyter": {"source_hidden": True}}, outputs=[shown(asked)]),
        new_code_cell("optlab.progress()", outputs=[shown(links)]),
        new_code_cell(
            "def f(x): ...\n\n\nchecks.checkpoint('f', f)", outputs=[shown({"text/html": "not yet"})]
        ),
    ]
    (tmp_path / "labs").mkdir()
    described = {"views": {"abc": "w0"}, "questions": {"def": {}}, "labs": {"w0": {"name": "a_lab"}}}
    (tmp_path / "labs" / "labs.json").write_text(json.dumps(described))
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebook.ipynb")
    return tmp_path


def test_a_page_has_a_place_for_each_lab_and_question(ran, tmp_path):
    page = page_of(ran, tmp_path / "out", "03_lesson", "on Binder")
    _, plays, lab, question, table, checkpoint = page.cells
    assert "03_lesson.ipynb" in plays.source
    (html,) = [output.data["text/html"] for output in lab.outputs]
    assert 'data-folder="labs/03_lesson" data-model="w0"' in html
    (picture,) = (tmp_path / "out" / "labs" / "03_lesson").glob("*.png")
    assert f'src="../labs/03_lesson/{picture.name}"' in html
    assert "JavaScript" in question.outputs[0].data["text/html"]
    assert question.metadata["tags"] == ["remove-input"]
    assert table.outputs[0].data["text/html"] == '<a href="03_5_regularization.html#Lab">03.5</a>'
    assert [output.data["text/html"][:7] for output in checkpoint.outputs] == ["not yet", "<p clas"]
    assert "needs Python: open this lesson on Binder." in checkpoint.outputs[1].data["text/html"]


def test_nothing_on_a_page_needs_a_widget_of_a_kernel(ran, tmp_path):
    page = page_of(ran, tmp_path / "out", "03_lesson", "")
    assert not [1 for cell in page.cells for output in cell.get("outputs", ()) if VIEW in output.data]


def test_markup_in_any_word_of_a_labs_place_stays_text():
    html = lab_html(NASTY, NASTY, NASTY, NASTY, NASTY, begins=NASTY)
    assert "<script" not in html
    assert html.count("<") == 3  # its own two elements


def test_a_lesson_that_there_is_not_is_named(tmp_path):
    files = [tmp_path / "01_one.ipynb", tmp_path / "02_two.ipynb"]
    assert chosen(files, []) == files
    assert chosen(files, ["02_two"]) == files[1:]
    with pytest.raises(ValueError, match=r"no lesson '03_three'; there are 01_one, 02_two"):
        chosen(files, ["03_three"])


def test_binder_is_offered_where_there_is_a_repository(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert "mybinder" not in ways_to_python("06_faq.ipynb")
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/optlab")
    assert "mybinder.org/v2/gh/someone/optlab/HEAD?urlpath=lab/tree/notebooks/06_faq.ipynb" in ways_to_python(
        "06_faq.ipynb"
    )


def test_the_map_has_a_line_for_each_lesson(ran):
    lines = course_map([ran / "notebook.ipynb"]).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("| [A lesson](notebook.ipynb) | ")
