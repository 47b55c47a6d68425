"""What is shared of a lab is a line of Python that makes it again."""

import json
import sys

import numpy as np
import pytest

from optlab import Lab, Param, Plot, Record, Table, labs
from optlab.live.calls import literal, shared_by


def shared(lab):
    """The line that the browser copies, put together as js/sharing.js does."""
    call, state = lab.toolbar.call, lab.state
    arguments = [call["given"], f"state={json.dumps(state, ensure_ascii=False)}" if state else ""]
    return f"{call['before']}{call['maker']}({', '.join(filter(None, arguments))})"


def run(line, names=()):
    """Run a line in a namespace of its own, and return what its last expression gives."""
    *before, last = line.split("; ", 1) if line.startswith("from ") else [line]
    space = dict(names)
    for statement in before:
        exec(statement, space)
    return eval(last, space)


def small_lab(rows=3, *, extra=None, state=""):
    plot = Plot(xlim=(0, 3), ylim=(0, 10))
    plot.line("line", lambda r: r.settings["a"][:, None] * np.arange(rows), x=np.arange(rows))
    plot.title(lambda one: f"a = {one.settings['a'][0]}")
    options = {"state": state, "name": "small_lab"}
    lab = Lab([Param("a", "a", "slope", (1, 2, 3), 1)], Table(Record), [plot], **options)
    lab.given = (rows, extra)
    return lab


def test_a_lab_of_the_course_is_made_again_where_nothing_is_imported():
    lab = labs.parabola_lab(state="lr=0.5; pin; pin lr=1; at 3")
    line = shared(lab)
    assert line == 'from optlab import labs; labs.parabola_lab(state="lr=0.5; pin; pin lr=1; at 3")'
    again = run(line)
    assert (again.state, again.grid.shape) == (lab.state, lab.grid.shape)
    lab.toolbar.step, lab.toolbar.pins = lab.toolbar.last, []
    lab.reset()
    assert shared(lab) == "from optlab import labs; labs.parabola_lab()"
    for one in (lab, again):
        one.close()


def test_the_arguments_are_in_it_as_text_or_by_the_callers_name():
    thing = object()
    space = {"small_lab": shared_by("small_lab", "", small_lab), "mine": thing}
    lab = eval("small_lab(4, extra=mine, state='a=2')", space)
    line = shared(lab)
    assert line == 'small_lab(rows=4, extra=mine, state="a=2")'
    again = eval(line, space)
    assert (again.settings, again.given) == ({"a": 2}, (4, thing))
    for one in (lab, again):
        one.close()


CALLS = {
    "small_lab(4, extra=make())": "rows=4, extra=make()",
    "list(map(small_lab, [4]))[0]": "rows=4",
    "list(map(lambda one: small_lab(extra=one), [make()]))[0]": "extra=one",
    "small_lab(extra=(mine, make( 'é' ,\n # and\n [1,\n2])))": "extra=(mine, make('é', [1, 2]))",
    "[small_lab(extra=one) for one in [make()]][0]": "extra=one",
    "'é' and small_lab(extra=make())": "extra=make()",
    "small_lab(**{'extra': mine})": "extra=mine",
    "small_lab(*[4], **{'extra': make()})": "rows=4, extra=...",
}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no positions in the code")
@pytest.mark.parametrize("line", CALLS)
def test_what_has_no_name_is_called_as_it_was_written(line, tmp_path):
    """As in a notebook, whose cells are in the line cache."""
    cell = tmp_path / "cell.py"
    cell.write_text(f"lab = {line}\n", encoding="utf-8")
    space = {
        "small_lab": shared_by("small_lab", "", small_lab),
        "mine": object(),
        "make": lambda *_: object(),
    }
    exec(compile(cell.read_text("utf-8"), cell, "exec"), space)
    assert shared(space["lab"]) == f"small_lab({CALLS[line]})"
    space["lab"].close()


def test_an_own_lab_is_a_call_of_the_function_that_it_names():
    lab = small_lab(state="a=3")
    assert shared(lab) == 'small_lab(state="a=3")'
    again = run(shared(lab), globals())
    assert again.settings == {"a": 3}
    for one in (lab, again):
        one.close()


def test_what_has_no_text_of_its_own_is_called_by_its_name_or_left_to_fill_in():
    thing = object()
    assert literal(thing, {"_": thing, "data": thing}) == "data"
    assert literal(thing, {}) == literal(float("nan"), {}) == literal([thing], {}) == "..."
    assert literal(([thing], {"a": (thing,)}), {"data": thing}) == "([data], {'a': (data,)})"
    assert eval(literal({"a": (1, 2.5), "b": [None, "x'y"]}, {})) == {"a": (1, 2.5), "b": [None, "x'y"]}


@pytest.mark.parametrize("name", ["my lab", "f()", "a..b", 3, None])
def test_a_name_that_is_no_function_is_refused(name):
    plot = Plot()
    plot.line("line", lambda r: r.settings["a"][:, None] * np.arange(3), x=np.arange(3))
    with pytest.raises(ValueError, match="expected the function that makes the lab"):
        Lab([Param("a", "a", "slope", (1, 2), 1)], Table(Record), [plot], name=name)
