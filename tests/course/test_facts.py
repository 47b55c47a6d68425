"""What a lesson reads off a lab can be seen: a button beside the fact plays it on a copy of the lab."""

import re
from itertools import pairwise

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from notebook_parts import COURSE

OF_THE_MACHINE = {"bill"}
"""Labs of what was measured just now: the lesson reads from them only where there is a compiler."""


def unseen(notebook: NotebookNode) -> list[str]:
    """The labs that facts are read from and that no `show_me` shows."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    read, shown = (set(re.findall(call, code)) for call in (r"\b(\w+)\.look\(", r"\bshow_me\((\w+)"))
    return sorted(read - shown - OF_THE_MACHINE)


@pytest.mark.parametrize("name", COURSE)
def test_every_lab_that_facts_are_read_from_is_shown(name):
    assert unseen(COURSE[name]) == []


@pytest.mark.parametrize("name", COURSE)
def test_a_button_follows_the_fact_that_it_shows(name):
    cells = [cell for cell in COURSE[name].cells if cell.cell_type == "code"]
    for before, cell in pairwise(cells):
        for lab in re.findall(r"\bshow_me\((\w+)", cell.source):
            assert f"{lab}.look(" in before.source or "assert" in before.source, cell.source


def test_a_fact_without_its_button_is_found():
    cells = [new_code_cell("ways.look(lr=0.1)"), new_code_cell("rates.look()\nchecks.show_me(rates, lr=1.0)")]
    assert unseen(new_notebook(cells=cells)) == ["ways"]
