"""As PyTorch: the programs of the compile and roofline labs end well, and measure what they say."""

import numpy as np
import pytest
import torch
from made_up import COMPILED, made_up_roofline
from printed_programs import imports_of, named_by_itself

from optlab.course.background.roofline import BATCH, SIZES, TASKS, _step, cost
from optlab.course.common.compiled import activation
from optlab.course.labs import compile_lab, roofline_lab
from optlab.course.trends.old_hardware_programs import compile_program, roofline_program
from optlab.engine.systems.bench import machine

NO_COMPILER = machine()["C++ compiler"] == "none found"


@pytest.mark.parametrize(("make", "known"), [(compile_lab, COMPILED), (roofline_lab, made_up_roofline())])
def test_the_program_is_short_complete_and_plain(make, known):
    lab = make(known)
    lab._trainer.close()
    for slot in range(lab.grid.size):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 40
        assert max(map(len, program.splitlines())) <= 100
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
    gelu = beginning(compile_program({"calls": 1}), "def seconds")["gelu"]
    assert torch.equal(gelu(x), activation(x))


@pytest.mark.parametrize("task", TASKS)
def test_the_roofline_program_times_its_task(task, tmp_path):
    n = int(np.random.default_rng(TASKS.index(task)).choice(SIZES))
    said = named_by_itself(roofline_program({"task": task, "n": n}), tmp_path)
    operations, moved = cost(task, n)
    assert said["operations"] == operations
    assert said["operations for each byte"] == pytest.approx(operations / moved, rel=1e-3)
    assert said["GFLOP/s"] == pytest.approx(operations / said["microseconds"] / 1e3, rel=1e-3)
    assert all(number > 0 for number in said.values())
    assert len(said) == 5


def test_the_roofline_programs_step_is_the_labs():
    names = beginning(roofline_program({"task": TASKS[2], "n": 4}), "operations, moved")
    flat = torch.cat([p.detach().flatten(1) for p in names["theta"]], dim=1)
    moved = torch.cat([p.flatten(1) for p in names["task"]()], dim=1)
    assert not torch.equal(moved, flat)
    torch.testing.assert_close(moved, _step(flat, torch.ones(1, BATCH, 4)))


@pytest.mark.parametrize(("task", "shape"), [(TASKS[0], (256, 256)), (TASKS[1], (64, 64))])
def test_the_roofline_programs_matrices_are_as_large_as_the_labs(task, shape):
    names = beginning(roofline_program({"task": task, "n": 64}), "operations, moved")
    names["task"]()
    a, b, out = (names[name] for name in ("a", "b", "out"))
    assert a.shape == b.shape == out.shape == shape
    torch.testing.assert_close(out, a + b if task == TASKS[0] else a @ b)
