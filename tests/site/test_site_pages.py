"""Pages from notebooks: markup stays text, links lead to pages, and a checkpoint says what it needs."""

import base64
import io
import json
import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from optlab.live.shown import VIEW
from optlab.site.building import chosen, lighten, ways_to_python
from optlab.site.course_map import course_map
from optlab.site.links import broken_links
from optlab.site.pages import lab_html, page_of
from optlab.site.solutions import solutions_html
from optlab.site.weights import too_heavy

PIXELS = np.arange(12 * 20 * 4, dtype=np.uint8).reshape(12, 20, 4) | np.array([0, 0, 0, 255], np.uint8)
NASTY = "\"><script>alert('x')</script>"


def png(pixels):
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def shown(data):
    return new_output("execute_result", data, execution_count=1)


@pytest.fixture
def ran(tmp_path):
    """What a notebook with a lab, a question, a table and a checkpoint has left."""
    lab = {VIEW: {"model_id": "abc"}, "image/png": png(PIXELS), "text/plain": "Lab(...)"}
    asked = {VIEW: {"model_id": "def"}, "text/html": "<b>Why?</b><p>Run this cell to answer.</p>"}
    links = {"text/html": '<a href="03_5_regularization.ipynb#Lab">03.5</a>'}
    cells = [
        new_markdown_cell("# A lesson\n\nRun the next cell."),
        new_code_cell("lab", outputs=[shown(lab)]),
        new_code_cell("ask()", metadata={"jupyter": {"source_hidden": True}}, outputs=[shown(asked)]),
        new_code_cell("optlab.progress()", outputs=[shown({"text/html": "0 of 101 goals"})]),
        new_code_cell("table()", outputs=[shown(links)]),
        new_code_cell(
            "def f(x): ...\n\n\nchecks.checkpoint('f', f)", outputs=[shown({"text/html": "not yet"})]
        ),
    ]
    (tmp_path / "labs").mkdir()
    described = {
        "views": {"abc": "w0", "def": "q0"},
        "questions": {"q0": {}},
        "labs": {"w0": {"name": "a_lab"}},
    }
    (tmp_path / "labs" / "labs.json").write_text(json.dumps(described))
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebook.ipynb")
    return tmp_path


def test_a_page_has_a_place_for_each_lab_and_question(ran, tmp_path):
    page = page_of(ran, tmp_path / "out", "03_lesson", "on Binder")
    text, lab, question, progress, table, checkpoint = page.cells
    heading, plays, asks = text.source.split("\n\n")
    assert (heading, asks) == ("# A lesson", "Run the next cell.")
    assert "03_lesson.ipynb" in plays
    assert progress.outputs[0].data["text/html"].startswith("<div class='optlab-so-far' data-empty=")
    (html,) = [output.data["text/html"] for output in lab.outputs]
    assert 'data-folder="labs/03_lesson" data-model="w0"' in html
    # the kernel's names for models are another's each time: none is left, and two builds are alike
    files = [file.read_text("utf-8") for file in (tmp_path / "out").rglob("*.json")]
    assert not [1 for text in [*files, html] if "abc" in text or "def" in text]
    (picture,) = (tmp_path / "out" / "labs" / "03_lesson").glob("*.webp")
    assert f'src="../labs/03_lesson/{picture.name}"' in html
    assert 'width="20" height="12"' in html
    np.testing.assert_array_equal(np.asarray(Image.open(picture).convert("RGBA")), PIXELS)
    assert 'data-model="q0"' in question.outputs[0].data["text/html"]
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


def test_solutions_are_links_and_their_words_are_text():
    goals = [{"text": NASTY, "state": "kind=<b>, lr=1"}, {"text": "never", "state": None}]
    lab = {"name": "a_lab", "settings": 5, "of": 5, "goals": goals}
    html = solutions_html("lessons/03.html", NASTY, [lab])
    assert "<script" not in html
    assert "<b>" not in html
    assert "href='lessons/03.html#a_lab:kind%3D%3Cb%3E%2C%20lr%3D1'" in html
    assert "<td>never</td><td>no setting reaches it</td>" in html
    assert "<td>none of this page" in solutions_html("", "", [lab | {"of": 9}]).replace("'", "")
    assert "href='lessons/03.html'" in solutions_html("lessons/03.html", "", [lab | {"name": ""}])
    assert solutions_html("", "", [lab | {"goals": []}]) == ""


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
    assert (
        "colab.research.google.com/github/someone/optlab/blob/HEAD/notebooks/06_faq.ipynb"
        in ways_to_python("06_faq.ipynb")
    )
    assert "mybinder.org/v2/gh/someone/optlab/HEAD?urlpath=lab/tree/notebooks/06_faq.ipynb" in ways_to_python(
        "06_faq.ipynb"
    )


def test_what_no_page_needs_of_the_theme_is_not_there(tmp_path):
    scripts = tmp_path / "_static" / "scripts"
    scripts.mkdir(parents=True)
    for name in ("fontawesome.js", "fontawesome.js.map", "bootstrap.js", "bootstrap.js.map"):
        (scripts / name).touch()
    page = tmp_path / "a.html"
    icons = '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>'
    page.write_text(f"<p>\n{icons}\n<b>", "utf-8")
    lighten(tmp_path)
    assert [file.name for file in scripts.iterdir()] == ["bootstrap.js"]
    assert page.read_text("utf-8") == "<p>\n<b>"


def test_a_link_that_leads_nowhere_is_named_with_its_page(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.html").write_text("<h1 id='A-heading'>A heading</h1><a href='../a.html#x'>", "utf-8")
    good = [
        "b/c.html",
        "b/c.html#A-heading",
        "#x",
        "b/c.html#a_lab:lr=1",
        "https://elsewhere.org/y#z",
        "a.html",
    ]
    bad = ["b/d.html", "b/c.html#B", "#y"]
    page = "<p id='x'>" + "".join(f"<a href='{link}'>" for link in [*good, *bad]) + "<img src='b/e.png'>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert broken_links(tmp_path) == [f"a.html: {link}" for link in [*bad, "b/e.png"]]


def test_a_page_that_weighs_too_much_is_named(tmp_path):
    (tmp_path / "lessons").mkdir()
    for name, size in (("01_light", 10), ("02_heavy", 1000)):
        (tmp_path / "lessons" / f"{name}.html").write_text("x" * 100_000, "utf-8")  # compressed it is little
        (tmp_path / "labs" / name).mkdir(parents=True)
        (tmp_path / "labs" / name / "a.frames").write_bytes(bytes(size))
    assert too_heavy(tmp_path) == []
    page, site = too_heavy(tmp_path, most=900, most_of_all=200_000)
    assert page.startswith("lessons/02_heavy.html and its labs weigh 0.00 MB: expected")
    assert site == "the site weighs 0.2 MB: expected at most 0.2"


def test_the_map_has_a_line_for_each_lesson(ran):
    lines = course_map([ran / "notebook.ipynb"]).splitlines()
    assert len(lines) == 3
    assert re.match(r"\| \d+ \| \[A lesson\]\(notebook\.ipynb\) \| ", lines[2])
    assert "| [A lesson](lessons/n" in course_map([ran / "notebook.ipynb"], "lessons/").splitlines()[2]
