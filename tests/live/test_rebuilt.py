"""A lab that its cell builds again: where another cell shows the old one a line says so."""

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from optlab import Lab, Param, Plot, Record, Table


@pytest.fixture
def run(monkeypatch):
    """A function that runs a cell: `run("builder", act)`."""
    count = iter(range(100))

    def run_cell(cell, act):
        now = (cell, f"run {next(count)}")
        monkeypatch.setattr("optlab.live.cells.running_cell", lambda: now)
        return act()

    return run_cell


def build():
    plot = Plot()
    plot.line("rate", lambda r: r.settings["rate"][:, None] * np.ones(2), x=range(2))
    return Lab([Param("rate", "r", "rate", (0.1, 1.0), 0.1)], Table(Record), [plot])


def widgets():
    return set(_instances)


def is_open(lab):
    return lab.comm is not None


def test_another_cell_that_shows_the_old_lab_says_so_until_it_runs(run):
    before = widgets()
    old = run("builder", build)
    run("shower", old._repr_mimebundle_)
    new = run("builder", build)
    assert is_open(old)
    (line,) = old.children
    assert "run this cell" in line.value
    assert (old.figures, old.toolbar.comm) == ([], None)
    run("shower", new._repr_mimebundle_)
    assert not is_open(old)
    assert is_open(new)
    new.close()
    assert widgets() == before


def test_built_again_and_again_one_line_is_left(run):
    before = widgets()
    old = run("builder", build)
    run("shower", old._repr_mimebundle_)
    run("builder", build)
    once = widgets() - before
    newest = [run("builder", build) for _ in range(3)][-1]
    assert len(widgets() - before) == len(once)
    newest.close()
    old.close()
    assert widgets() == before


def test_a_lab_that_only_its_builder_shows_is_closed_whole(run):
    before = widgets()
    old = run("builder", lambda: (lab := build(), lab._repr_mimebundle_())[0])
    new = run("builder", build)
    assert not is_open(old)
    new.close()
    assert widgets() == before
