"""As PyTorch: the program of the compile lab ends well, and measures what it says."""

from pathlib import Path

import pytest
import torch
from made_up import COMPILED
from printed_programs import imports_of, named_by_itself

import optlab
from optlab.course.common.compiled import activation
from optlab.course.labs import compile_lab
from optlab.engine.systems.bench import machine
from optlab.live.program import Program

compile_program = Program(Path(optlab.__file__).parent / "course" / "trends" / "compile_program.py")
NO_COMPILER = machine()["C++ compiler"] == "none found"


@pytest.mark.parametrize(("make", "known"), [(compile_lab, COMPILED)])
def test_the_program_is_short_complete_and_plain(make, known):
    lab = make(known)
    lab._trainer.close()
    for slot in range(lab.grid.size):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 45
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) <= {"os", "tempfile", "time", "timeit", "torch"}
    lab.close()


@pytest.mark.skipif(NO_COMPILER, reason="no C++ compiler")
def test_the_compile_program_gives_the_same_values_both_ways_and_says_what_calls_cost(tmp_path):
    said = named_by_itself(compile_program({"calls": 1000}), tmp_path)
    assert said.pop("largest difference") < 1e-6  # float32's rounding, for values up to 3
    assert all(0 < number < 600 for number in said.values())
    eager, compiled = (said[f"{how}, milliseconds a call"] for how in ("line by line", "compiled"))
    assert said["line by line, seconds of all calls"] == pytest.approx(eager, rel=0.01)
    first = said["seconds of the first compiled call"]
    assert first > compiled / 1000
    assert said["compiled, seconds of all calls"] == pytest.approx(first + 0.999 * compiled, rel=0.02)


def beginning(program, end):
    """What a program has made of itself up to a line."""
    names = {}
    exec(program[: program.index(end)], names)
    return names


def test_the_compile_programs_function_is_the_labs():
    x = torch.linspace(-3, 3, 101)
    gelu = beginning(compile_program({}), "def seconds")["gelu"]
    assert torch.equal(gelu(x), activation(x))
