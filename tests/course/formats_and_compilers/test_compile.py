"""Compiling: what is said without a compiler, what is left behind, and when it pays."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from made_up import COMPILED, REFUSED
from printed_programs import named_by_itself
from torch import nn

from optlab.course import formats_and_compilers as lesson
from optlab.course.common import compiled as compiling
from optlab.course.common.compiled import Compiled, activation, compare
from optlab.course.formats_and_compilers.compile import CALLS, totals
from optlab.course.labs import compile_lab
from optlab.engine.systems.bench import Timing, machine
from optlab.live.goals import which_reached
from optlab.live.program import Program

PROGRAM = Program(Path(lesson.__file__).with_name("compile_program.py"))
NO_COMPILER = machine()["C++ compiler"] == "none found"

pytestmark = pytest.mark.usefixtures("on_one_thread")


def test_without_a_compiler_it_is_said_in_words(monkeypatch):
    """As torch says it; the compiler itself is called in the course's notebook."""

    def refuse(_):
        raise RuntimeError("No working C++ compiler found\nand a long trace")

    monkeypatch.setattr(compiling.torch, "compile", refuse)
    measured = compare(numbers=8)
    assert measured.compiled is None
    assert "needs a C++ compiler" in measured.why_not
    assert "No working C++ compiler found" in measured.why_not
    assert "trace" not in measured.why_not
    assert np.isnan(measured.faster)
    assert measured.pays_after == np.inf
    assert np.isnan(totals(measured).compiled).all()


def test_compiling_leaves_no_file_and_no_setting_behind(monkeypatch):
    """A compiler that writes into the folder that it is told of."""
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "before")
    folders = []

    def compile_(function):
        folders.append(os.environ["TORCHINDUCTOR_CACHE_DIR"])
        (tempfile.NamedTemporaryFile(dir=folders[0], delete=False)).close()
        return function

    monkeypatch.setattr(compiling.torch, "compile", compile_)
    measured = compare(numbers=1000)
    assert measured.difference == 0
    assert measured.why_not == ""
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"] == "before"
    assert not os.path.exists(folders[0])  # noqa: PTH110


def test_compiling_pays_after_so_many_calls_as_its_gain_takes_to_pay_for_it():
    measured = COMPILED
    assert measured.faster == 5
    assert measured.pays_after == 1000
    bill = totals(measured, [1, 1001, 10_001])
    np.testing.assert_allclose(bill.eager, [0.01, 10.01, 100.01])
    np.testing.assert_allclose(bill.compiled, [8, 10, 28])
    slower = Compiled(Timing(0.010, 0.010, 7), Timing(0.02, 0.02, 7), 8.0, 0.0, "")
    assert slower.pays_after == np.inf
    assert totals(measured).settings["calls"].tolist() == list(CALLS)


def test_the_written_out_activation_is_gelu():
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    torch.testing.assert_close(activation(x), nn.functional.gelu(x, approximate="tanh"), rtol=0, atol=1e-6)


def words(made, **setting):
    """What both plots of a lab say at a setting; the lab is closed."""
    said = [plot.frames(made.set(**setting)).labels[0] for plot in made.plots]
    made.close()
    return said


@pytest.mark.slow
def test_the_bill_says_whether_compiling_has_paid():
    assert "has not paid yet" in words(compile_lab(COMPILED), calls=100)[0]
    first, second = words(compile_lab(COMPILED), calls=10_000)
    assert "10,000 calls: 100 s line by line, 28 s compiled; compiling has paid" in first
    assert "a compiled call is 5 times as fast" in second


@pytest.mark.slow
def test_without_a_compiler_the_bill_says_so():
    first, second = words(compile_lab(REFUSED), calls=100)
    assert "100 calls: 1 s; nothing was compiled" in first
    assert "compiled not compiled here" in second


@pytest.mark.slow
def test_the_goal_can_be_reached():
    lab = compile_lab(COMPILED)
    reached = [which_reached(lab.goals, lab.set(calls=calls))[0] for calls in (100, 1000, 10_000)]
    assert reached == [False, True, False]
    lab.close()


@pytest.mark.skipif(NO_COMPILER, reason="no C++ compiler")
def test_the_compile_program_gives_the_same_values_both_ways_and_says_what_calls_cost(tmp_path):
    said = named_by_itself(PROGRAM({"calls": 1000}), tmp_path)
    assert said.pop("largest difference of the answers") < 1e-6  # float32's rounding, for values up to 3
    assert said.pop("calls") == 1000
    assert all(0 < number < 600 for number in said.values())
    eager, compiled = (said[f"milliseconds a call, {how}"] for how in ("line by line", "compiled"))
    assert said["line by line"] == pytest.approx(eager, rel=0.01)
    first = said["seconds of the first compiled call"]
    assert first > compiled / 1000
    assert said["compiled, compiling included"] == pytest.approx(first + 0.999 * compiled, rel=0.02)


def beginning(program, end):
    """What a program has made of itself up to a line."""
    names = {}
    exec(program[: program.index(end)], names)
    return names


def test_the_compile_programs_function_is_the_labs():
    x = torch.linspace(-3, 3, 101)
    gelu = beginning(PROGRAM({}), "def seconds")["gelu"]
    assert torch.equal(gelu(x), activation(x))
