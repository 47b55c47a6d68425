"""The map of the article in 00: nothing of the article is missing, every link and every lab is there."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from notebook_parts import COURSE, FOLDER, anchors, syntax

from optlab.course import labs
from optlab.course.reading import ORDER

ITEMS = {  # the article's headings, and what it lists under them
    "1 Background": (
        "Learning like a brain, from big data",
        "Lower running and maintenance cost",
        "Algorithm: gradient descent made better",
        "Algorithm: choice of the algorithm",
        "Network structure: design",
        "Network structure: pruning",
        "Network structure: merging",
        "Data: augmentation",
        "Data: preprocessing",
        "Data: distribution",
        "Hardware: acceleration",
        "Hardware: sharing of resources",
        "Hardware: platform",
        "Software: parallel computing",
        "Software: distributed computing",
        "Software: frameworks",
    ),
    "2 Core concepts": (
        "Loss function",
        "Gradient",
        "Learning rate",
        "Regularisation",
        "Batch gradient descent",
        "Stochastic gradient descent",
        "Learning-rate decay",
        "Weight initialisation",
        "How the concepts connect",
    ),
    "3 Algorithms": (
        "3.1 Gradient descent",
        "3.2 Batch gradient descent",
        "3.3 Stochastic gradient descent",
        "3.4 Learning-rate decay",
        "3.5 Regularisation",
    ),
    "4 Worked example": (
        "4.1 Data preparation",
        "4.2 Model definition",
        "4.3 Loss function definition",
        "4.4 Applying the techniques",
        "4.5 Training and evaluation",
    ),
    "5 Trends and challenges": (
        "Hardware and software together",
        "Adaptive optimisation",
        "Distributed optimisation",
        "New algorithms",
        "Theory of optimisation",
    ),
    "6 Questions and answers": (
        "Why optimise?",
        "Which techniques are there?",
        "What is the principle?",
        "Where are they applied?",
        "What are the challenges?",
    ),
}


def the_map():
    """Section, item, links and labs of every row of the map's tables."""
    text = "\n".join(cell.source for cell in COURSE["00_start_here"].cells if cell.cell_type == "markdown")
    text = text[text.index("## The article, part by part") :].partition("\n## With the keyboard")[0]
    rows, section = [], ""
    for line in text.splitlines():
        section = line.strip("*") if re.fullmatch(r"\*\*.+\*\*", line) else section
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and "](" in cells[1]:
            links = re.findall(r"\]\(([^)]+)\)", cells[1])
            rows.append((section, cells[0], links, re.findall(r"`(\w+)`", cells[2])))
    return rows


ROWS = the_map()


def called(notebook):
    """The labs that a notebook makes: the names of `labs.…(…)` calls in its code."""
    calls = [
        node.func
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(syntax(cell))
        if isinstance(node, ast.Call)
    ]
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}


def imported_from_lessons(notebook):
    return {
        alias.name
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(syntax(cell))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("optlab.course.")
        for alias in node.names
    }


def test_the_order_of_reading_names_every_notebook_once():
    assert sorted(ORDER) == sorted(COURSE)


def test_nothing_of_the_article_is_missing_and_nothing_is_twice():
    assert [(section, item) for section, item, _, _ in ROWS] == [
        (section, item) for section, items in ITEMS.items() for item in items
    ]


@pytest.mark.parametrize("links", [row[2] for row in ROWS], ids=[row[1] for row in ROWS])
def test_every_link_leads_to_a_heading_of_another_notebook(links):
    for link in links:
        path, _, anchor = unquote(link).partition("#")
        assert Path(path).stem in set(ORDER) - {"00_start_here"}
        assert anchor in anchors(COURSE[Path(path).stem])


@pytest.mark.parametrize(("links", "names"), [row[2:] for row in ROWS], ids=[row[1] for row in ROWS])
def test_what_runs_it_is_a_lab_or_a_measurement_and_these_notebooks_call_it(links, names):
    notebooks = [COURSE[link.partition(".ipynb")[0]] for link in links]
    assert names
    assert set(names) <= set().union(*map(called, notebooks))
    for name in names:
        assert name.endswith("_lab") == callable(getattr(labs, name, None))
        assert name.endswith("_lab") or any(name in imported_from_lessons(one) for one in notebooks)


def test_each_section_of_the_article_leads_to_its_notebook():
    for section, _, links, _ in ROWS:
        assert all(link.startswith(f"0{section[0]}_") for link in links)


def test_every_lab_of_the_course_is_on_the_map():
    """But the first lab, which is in 00 itself."""
    named = {name for *_, names in ROWS for name in names}
    made = set().union(*(called(notebook) for notebook in COURSE.values())) & set(labs.names())
    missing = {name for name in made if name.endswith("_lab")} - named - {"first_lab"}
    assert not missing, "not in the table 'The article, part by part' of 00_start_here.ipynb"


def test_the_course_tables_list_every_notebook():
    start = "\n".join(cell.source for cell in COURSE["00_start_here"].cells if cell.cell_type == "markdown")
    course = start[start.index("## The course") : start.index("## The article, part by part")]
    assert set(re.findall(r"\((\w+)\.ipynb\)", course)) == set(ORDER) - {"00_start_here"}
    for stale in ("Still to come", "nothing to open yet", "| ready |"):
        assert stale not in start
    assert "so far" not in (FOLDER.parent / "README.md").read_text(encoding="utf-8")
