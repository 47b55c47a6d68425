"""One order of reading: what lists the lessons follows it, and so do the links from lesson to lesson."""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from course_rules import QUIZ

from optlab.course import minutes
from optlab.course.outline import outlines
from optlab.course.reading import ORDER, in_order, number_of
from optlab.site.course_map import course_map, toctree

ROOT = Path(__file__).parents[2]
COURSE = in_order((ROOT / "notebooks").glob("*.ipynb"))
HEADS = {file.stem: nbformat.read(file, as_version=4).cells for file in COURSE}
MOST = 60
"""Minutes of a lesson."""
PAIRS = list(pairwise(ORDER))


def number(lesson):
    return re.match(r"(\d+(?:_\d)?)_", lesson)[1].replace("_", ".")


def numbered(text, pattern):
    """The numbers and the lessons of the rows of a table."""
    return [(int(k), name) for k, name in re.findall(pattern, text, flags=re.MULTILINE)]


def test_the_order_names_every_notebook_once():
    assert sorted(ORDER) == sorted(HEADS)
    assert [file.stem for file in COURSE] == list(ORDER)


def test_the_words_come_before_the_survey():
    assert number_of("02_core_concepts") < number_of("01_1_algorithms_and_networks")
    assert ORDER[0] == "00_start_here"


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ((ROOT / "README.md").read_text("utf-8"), "notebooks/"),
        ("\n".join(cell.source for cell in HEADS[ORDER[0]]), ""),
        (course_map(COURSE), ""),
    ],
    ids=["README", "00", "site"],
)
def test_a_table_of_the_lessons_counts_them_as_one_reads(text, folder):
    rows = numbered(text, rf"^\| (\d+) \| \[[^\]]+\]\({folder}(\w+)\.ipynb\)")
    linked = [row for row in enumerate(ORDER) if folder or row[1] in dict(map(reversed, rows))]
    assert rows == linked
    assert len(rows) >= len(ORDER) - 1  # 00 does not link to itself


def test_the_site_goes_from_page_to_page_in_this_order():
    assert tuple(re.findall(r"^\d\w+$", toctree(list(reversed(COURSE))), flags=re.MULTILINE)) == ORDER


def test_the_report_of_progress_has_this_order():
    assert [one.file for one in outlines()] == [f"{name}.ipynb" for name in ORDER]


def test_the_teachers_table_of_needs_has_this_order():
    table = (ROOT / "docs" / "teachers.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| (0\d_\w+) \|", table, flags=re.MULTILINE)) == ORDER


@pytest.mark.parametrize(
    ("before", "lesson"), [pair for pair in PAIRS if pair[1] != QUIZ]
)  # it asks about all
def test_a_lesson_recalls_the_one_before_it(before, lesson):
    asked = re.search(r"\*\*Three questions (?:on|from) ([\d.]*\d)", HEADS[lesson][0].source)
    assert asked[1] == number(before)


@pytest.mark.parametrize(("lesson", "then"), PAIRS[1:])
def test_a_lesson_leads_to_the_one_after_it(lesson, then):
    onward = HEADS[lesson][-1].source.partition("**Onward.**")[2]
    assert re.search(r"\]\((\w+)\.ipynb\)", onward)[1] == then


# ---------------------------------------------------------------- minutes


@pytest.mark.parametrize("name", ORDER)
def test_a_head_says_the_minutes_of_the_rule_and_they_are_an_hour_at_most(name):
    taken = minutes.minutes(ROOT / "notebooks" / f"{name}.ipynb")
    assert minutes.said(HEADS[name][0].source) == taken <= MOST


def test_the_rule_is_the_one_that_teachers_are_told():
    told = (ROOT / "docs" / "teachers.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([\d.]+) \|$", told, flags=re.MULTILINE))
    each = {words.split(":")[0]: float(number) for words, number in rows.items()}
    assert each[f"{minutes.WORDS_A_MINUTE} words of text"] == 1
    assert each["a code cell of two lines or more"] == minutes.A_CODE_CELL
    assert each["a lab with its goals"] == minutes.A_LAB
    assert each["a guess"] == minutes.A_GUESS
    assert each["a checkpoint"] == minutes.A_CHECKPOINT


def cell(kind, source, **metadata):
    return {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": metadata}


def test_what_a_reader_may_leave_out_does_not_count():
    shown = cell("markdown", "# Three words here\n\n$$x$$ [one](two.ipynb#three-four)")
    folded = cell(
        "markdown",
        "<details><summary>no</summary>\n\nnot\n\n</details>\n\n**Going further.** A paper.\n\nFive",
    )
    lab, again = cell("code", "lab = labs.a_lab()\nlab"), cell("code", "labs.a_lab()")
    guess = cell("code", "checks.predict(\n    1)", jupyter={"source_hidden": True})
    task = cell("code", "def f(): ...\nchecks.checkpoint(f)")
    assert minutes.content([shown, folded, lab, again, guess, task]) == minutes.Content(6, 2, 1, 1, 1)
