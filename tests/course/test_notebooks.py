"""Every notebook of the course keeps the course's rules, and every rule finds what it is there to find."""

import ast
import re

import course_rules as rules
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_parts import COURSE, FOLDER, HEADINGS, OPEN_SECTIONS, headings

LABS = sorted((FOLDER.parent / "optlab" / "course").glob("*/*_lab.py"))
PATTERNED = [name for name in COURSE if name not in (rules.START, rules.QUIZ)]


@pytest.mark.parametrize("rule", rules.ONE_NOTEBOOK, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", COURSE)
@pytest.mark.slow
def test_notebook(name, rule):
    assert rule(COURSE[name]) == []


@pytest.mark.parametrize("name", COURSE)
def test_a_lesson_says_what_it_takes_and_how_hard_its_goals_are(name):
    assert rules.has_a_head(COURSE[name]) == []
    assert rules.says_how_hard_its_goals_are(COURSE[name]) == []
    assert name not in PATTERNED or rules.recalls_the_lesson_before(COURSE[name]) == []


@pytest.mark.parametrize("name", PATTERNED)
def test_headings(name):
    assert rules.has_headings(COURSE[name]) == []


@pytest.mark.parametrize("name", PATTERNED)
def test_a_result_follows_its_lab(name):
    assert rules.has_results_near_labs(COURSE[name]) == []


@pytest.mark.parametrize("name", [rules.START, *PATTERNED])
def test_a_lesson_opens_with_a_lab(name):
    assert rules.opens_with_a_lab(COURSE[name]) == []


def test_the_readme_lists_the_course():
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\(notebooks/(\w+)\.ipynb\)", readme))
    assert listed == set(COURSE) or not COURSE  # .ci/run fails on an empty course


def test_links():
    assert rules.broken_links(COURSE, FOLDER) == []


def test_first_cells():
    assert rules.different_first_cells(COURSE) == []


def test_no_cell_stands_in_two_notebooks():
    assert rules.shared_cells(COURSE) == []


# ---------------------------------------------------------------- the rules on planted notebooks


def code(source: str, *outputs: NotebookNode, count: int = 1, **metadata) -> NotebookNode:
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def shown(**data: str) -> NotebookNode:
    named = {"png": "image/png", "text": "text/plain", "view": rules.VIEW}
    return new_output("display_data", data={named[key]: value for key, value in data.items()})


def notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))


def good() -> NotebookNode:
    """The least notebook that keeps every rule."""
    cells: list[NotebookNode] = [new_markdown_cell("# A lesson"), code("import optlab")]
    for heading in HEADINGS:
        cells.append(new_markdown_cell(f"## {heading}\nSee [the formula](#Formula).\n```\n# no heading\n```"))
        if heading == "By hand":
            cells.append(code("for _ in range(3):\n    loss.backward()\nplt.plot(losses)", count=2))
        if heading == "Lab":
            cells.append(code("%time lab = optlab.Lab()\nlab", shown(png="AAAA", text="Lab(...)"), count=3))
    return notebook(*cells)


@pytest.mark.parametrize(
    "later", ["def f(options): ...", "[options for options in x]", "print(options)", "option = 1"]
)
def test_a_guess_is_kept_when_its_names_are_only_read_or_are_another_scopes(later):
    early = code("options = ['a', 'b']")  # before the guess a name may change as it likes
    assert rules.keeps_its_guesses(notebook(early, code(GUESS), code(later))) == []


@pytest.mark.parametrize(
    "rule",
    [*rules.ONE_NOTEBOOK, rules.has_headings, rules.has_results_near_labs],
    ids=lambda rule: rule.__name__,
)
def test_a_good_notebook_passes(rule):
    assert rule(good()) == []


def test_a_heading_may_say_its_topic():
    told = good()
    told.cells = [cell for cell in told.cells if "Why" not in headings(cell)]
    told.cells.insert(-2, new_markdown_cell("### Why: the lemma"))
    assert rules.has_headings(told) == []


def test_the_order_between_question_and_checkpoint_is_free_and_both_ends_are_not():
    cells = good().cells
    assert rules.has_headings(notebook(*cells[:3], *reversed(cells[3:-2]), *cells[-2:])) == []
    assert rules.has_headings(notebook(*cells[3:], cells[2])) != []
    assert rules.has_headings(notebook(*cells[:-2], cells[-1], cells[-2])) != []


def test_a_lab_after_a_formula_or_far_down_does_not_open_a_lesson():
    lab = code("lab", shown(png="AAAA", text="Lab(...)"))
    words, formula = new_markdown_cell("words"), new_markdown_cell("## Formula")
    assert rules.opens_with_a_lab(notebook(words, lab, formula)) == []
    assert rules.opens_with_a_lab(notebook(formula, lab)) != []
    assert rules.opens_with_a_lab(notebook(*(new_markdown_cell("words") for _ in range(8)), lab)) != []
    assert rules.opens_with_a_lab(notebook(words)) != []


def old_format() -> NotebookNode:
    bad = good()
    bad.nbformat_minor = 4
    return bad


def twice_the_same_id() -> NotebookNode:
    bad = good()
    bad.cells[2]["id"] = bad.cells[1]["id"]
    return bad


def without_ids() -> NotebookNode:
    bad = good()
    for cell in bad.cells:
        del cell["id"]
    return bad


def without_heading(missing: str) -> NotebookNode:
    bad = good()
    bad.cells = [cell for cell in bad.cells if missing not in headings(cell)]
    return bad


def swapped_headings() -> NotebookNode:
    names = list(HEADINGS)
    names[-2], names[-1] = names[-1], names[-2]
    return notebook(*(new_markdown_cell(f"## {name}") for name in names))


def with_state() -> NotebookNode:
    bad = good()
    bad.metadata["widgets"] = {"state": {}}
    return bad


def under(heading: str, source: str) -> NotebookNode:
    return notebook(new_markdown_cell(f"### {heading}"), new_markdown_cell("#### 4.3 Loss"), code(source))


LOOP = "for x, y in batches:\n    loss(x, y).backward()"
GUESS = "checks.predict('?', options, answer=lambda: options[0])"
FAR_RESULT = [code("x"), code("x"), code("x"), new_markdown_cell("## What you should see")]
PLANTED = [
    (rules.is_valid, old_format()),
    (rules.is_valid, twice_the_same_id()),
    (rules.is_valid, without_ids()),
    (rules.has_short_cells, notebook(code("x = 1\n" * 16), code("x"), code("x"))),
    (rules.has_short_cells, notebook(code("x = 1\n" * 6))),
    (rules.has_short_cells, notebook(new_markdown_cell("nothing to run"))),
    (
        rules.skips_no_level,
        notebook(new_markdown_cell("# A lesson\n\n## Lab"), new_markdown_cell("#### Why")),
    ),
    *((rules.has_headings, without_heading(heading)) for heading in HEADINGS),
    (rules.has_headings, swapped_headings()),
    (
        rules.has_headings,
        notebook(new_markdown_cell("```\n" + "\n".join(f"# {h}" for h in HEADINGS) + "\n```")),
    ),
    (rules.plots_nothing, under("With optlab", "import matplotlib.pyplot as p")),
    (rules.plots_nothing, under("Predict", "from matplotlib import figure")),
    (rules.plots_nothing, under("Lab", "plt.close()")),
    (rules.plots_nothing, under("Why", "if True:\n    ax.plot(losses)")),
    (rules.plots_nothing, notebook(code("%matplotlib inline\nax.imshow(weights)"))),
    (rules.trains_nothing, under("With optlab", LOOP)),
    (rules.trains_nothing, under("Lab", "while True:\n    optimizer.step()")),
    (rules.trains_nothing, under("Why", "[torch.autograd.grad(f(t), t) for t in starts]")),
    (rules.trains_nothing, notebook(code("for p in parameters:\n    p -= 0.1 * p.grad"))),
    (rules.folds_its_guesses, notebook(code("checks.predict(1)"))),
    (rules.keeps_its_guesses, notebook(code(GUESS), code("for options, n in pairs:\n    print(n)"))),
    (rules.counts_figures, notebook(new_markdown_cell("**Left**: the loss. **Right**: the rate."))),
    (rules.counts_figures, notebook(new_markdown_cell("The map on the left shows every pair."))),
    (rules.counts_figures, notebook(code("checks.predict('In the right figure: which is lower?')"))),
    (rules.stores_no_widgets, notebook(code("lab", shown(view="{}", png="AAAA")))),
    (rules.stores_no_widgets, with_state()),
    (rules.stores_no_errors, notebook(code("1 / 0", new_output("error", ename="ZeroDivisionError")))),
    (rules.stores_no_errors, notebook(code("lab", new_output("stream", name="stderr", text="findfont")))),
    (rules.was_run_from_top, notebook(code("1", count=2))),
    (rules.was_run_from_top, notebook(code("1"), new_code_cell("2"))),
    (rules.was_run_from_top, notebook(code("1", execution={"iopub.status.idle": "12:00"}))),
    (rules.has_a_head, notebook(new_markdown_cell("**Time** an hour · **You need** nothing"))),
    (rules.recalls_the_lesson_before, notebook(new_markdown_cell("**Three questions on 02 first.** Why?"))),
    (rules.says_how_hard_its_goals_are, notebook(new_markdown_cell("- **Goal 1.** ★\n- **Goal 2.** Go."))),
    (rules.says_how_hard_its_goals_are, notebook(new_markdown_cell("- **Goal 1.** ★\n- **Goal 2.** ★"))),
    (rules.has_results_near_labs, notebook(code("lab", shown(png="AAAA", text="Lab(...)")), *FAR_RESULT)),
    (rules.has_a_picture_of_each_lab, under("Lab", "lab")),
    (rules.has_a_picture_of_each_lab, notebook(code("lab", shown(text="Lab(...)")))),
    (rules.has_a_picture_of_each_lab, notebook(code("figure", shown(text="LiveFigure(...)")))),
]


@pytest.mark.parametrize(
    ("rule", "bad"), PLANTED, ids=[f"{rule.__name__}-{i}" for i, (rule, _) in enumerate(PLANTED)]
)
def test_a_planted_breach_is_found(rule, bad):
    assert rule(bad) != []


@pytest.mark.parametrize("rule", [*rules.ONE_NOTEBOOK, rules.has_headings], ids=lambda rule: rule.__name__)
def test_every_rule_has_a_planted_breach(rule):
    assert rule in [planted for planted, _ in PLANTED]


@pytest.mark.parametrize("section", OPEN_SECTIONS)
def test_loops_and_plots_are_free_where_the_learner_writes_them(section):
    assert rules.trains_nothing(under(section, LOOP)) == []
    assert rules.plots_nothing(under(section, "plt.plot(losses)")) == []


@pytest.mark.parametrize(
    "text",
    ["on the left-hand side of (1)", "half of it is left", "drag h to the left", "right on average"],
)
def test_sides_that_are_no_figures_are_free(text):
    assert rules.figures_by_side(text) == []


@pytest.mark.parametrize("file", LABS, ids=lambda file: file.stem)
def test_a_lab_counts_its_figures(file):
    words = [
        n.value for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)
    ]
    assert rules.figures_by_side("\n".join(word for word in words if isinstance(word, str))) == []


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("b.ipynb", True),
        ("b.ipynb#Going-further", True),
        ("#A-lesson", True),
        ("images/lab.png", True),
        ("https://example.org/x", True),
        ("c.ipynb", False),
        ("b.ipynb#Going-nowhere", False),
        ("#Going-further", False),
        ("../README.md", False),
        ("images/other.png", False),
    ],
)
def test_links_resolve(tmp_path, target, found):
    course = {
        "a": notebook(new_markdown_cell(f"# A lesson\n[onward]({target})")),
        "b": notebook(new_markdown_cell("## Going further")),
    }
    (tmp_path / "images").mkdir()
    for file in ("a.ipynb", "b.ipynb", "images/lab.png", "../README.md"):
        (tmp_path / file).touch()
    assert (rules.broken_links(course, tmp_path) == []) == found


def test_links_are_found_in_every_form_but_not_in_code():
    text = '[a](b.ipynb "title") ![c](d.png) <a href="e.html">e</a> <img src=\'f.png\'>'
    text += "`[g](h)`\n```\n[i](j)\n```"
    assert rules.links(notebook(new_markdown_cell(text))) == ["b.ipynb", "d.png", "e.html", "f.png"]


def test_a_different_first_cell_is_found():
    course = {
        rules.START: notebook(code("import optlab")),
        "b": notebook(code("import optlab ")),
        "c": notebook(),
    }
    assert len(rules.different_first_cells(course)) == 2


def test_a_shared_cell_is_found():
    first, long, short = "import optlab\n\n\n1", "a = 1\nb = 2\nc = 3\nd = 4", "a = 1\nb = 2\nc = 3"
    course = {name: notebook(code(first), code(long + "\n"), code(short)) for name in ("a", "b")}
    assert len(rules.shared_cells(course)) == 1
    assert rules.shared_cells({"a": course["a"]}) == []
