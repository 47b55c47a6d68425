"""The roofline: what tasks cost as torch counts it, and what the lab says of made-up measurements."""

import numpy as np
import pytest
import torch
from made_up import made_up_roofline
from printed_programs import named, program_of
from torch import nn

from optlab.course import labs
from optlab.course.hardware_and_software.exercise import CALLS_TO_PAY, LEAST_SECONDS, WAITS_FOR
from optlab.course.hardware_and_software.roofline import BATCH, SIZES, TASKS, cost, step
from optlab.course.hardware_and_software.roofline_lab import time, under_the_roof


def test_the_operations_are_those_that_torch_counts():
    """Matrix products only; torch counts no additions and no activations."""
    from torch.utils.flop_counter import FlopCounterMode

    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    x = torch.ones(16, 4, requires_grad=True)  # as if a layer stood before: its gradient is counted too
    with FlopCounterMode(display=False) as counter:
        model(x).sum().backward()
    assert cost(TASKS[2], 1)[0] == counter.get_total_flops()
    with FlopCounterMode(display=False) as counter:
        torch.ones(8, 8) @ torch.ones(8, 8)
    assert cost(TASKS[1], 8) == (counter.get_total_flops(), 3 * 8 * 8 * 4)
    assert cost(TASKS[0], 2) == (64, 3 * 64 * 4)
    with pytest.raises(ValueError, match="task='fly': expected one of"):
        cost("fly", 1)


def test_the_fraction_of_the_roof_is_what_was_reached_over_what_could_be():
    made_up = made_up_roofline()
    large = made_up.select(task=TASKS[1], n=1024)
    work = 2 * 1024**3
    assert large.fraction[0] == pytest.approx(work / (1e-6 + work / 1e11) / 1e11)


def test_the_plots_say_what_fraction_of_the_roof_is_reached():
    measured = made_up_roofline()
    step = measured.select(task=TASKS[2], n=1)
    first, second = (plot.frames(step).labels[0] for plot in (under_the_roof(measured), time()))
    work = 6 * 96 * 16
    speed = work / (1e-6 + work / 1e11) / 1e9
    assert f"n = 1: {speed:.3g} GFLOP/s; the roof above it: 100; reached {speed:.2g} %" in first
    assert "most of it is neither" in second


@pytest.mark.usefixtures("on_one_thread")
@pytest.mark.parametrize("task", TASKS)
def test_the_program_times_its_task(task):
    n = int(np.random.default_rng(TASKS.index(task)).choice(SIZES))
    said = named(program_of("roofline_lab")({"task": task, "n": n}))
    operations, moved = cost(task, n)
    assert said["operations"] == operations
    assert said["operations for each byte moved"] == pytest.approx(operations / moved, rel=1e-3)
    assert said["GFLOP/s"] == pytest.approx(operations / said["microseconds"] / 1e3, rel=1e-3)
    assert all(number > 0 for number in said.values())
    assert len(said) == 5


def beginning(task, n):
    """What the program has made of itself before it measures."""
    program, names = program_of("roofline_lab")({"task": task, "n": n}), {}
    exec(program[: program.index("matrix =")], names)
    return names


def test_the_programs_step_is_the_labs():
    names = beginning(TASKS[2], 4)
    flat = torch.cat([p.detach().flatten(1) for p in names["theta"]], dim=1)
    moved = torch.cat([p.flatten(1) for p in names["function"]()], dim=1)
    assert not torch.equal(moved, flat)
    torch.testing.assert_close(moved, step(flat, torch.ones(1, BATCH, 4)))


@pytest.mark.parametrize(("task", "shape"), [(TASKS[0], (256, 256)), (TASKS[1], (64, 64))])
def test_the_programs_matrices_are_as_large_as_the_labs(task, shape):
    names = beginning(task, 64)
    names["function"]()
    a, b, out = (names[name] for name in ("a", "b", "out"))
    assert a.shape == b.shape == out.shape == shape
    torch.testing.assert_close(out, a + b if task == TASKS[0] else a @ b)


def test_bars_show_what_part_of_the_measured_time_each_limit_takes():
    record = made_up_roofline()
    plot = time()
    work = record.speed * record.seconds
    shown = [plot.values(name, record)[:, 1, 0] for name in ("arithmetic\nat the peak", "measured")]
    np.testing.assert_allclose(shown[0], work / record.peak / record.seconds, rtol=1e-6)
    np.testing.assert_allclose(shown[1], 1)
    assert plot.ax.get_xscale() == "linear"


def test_the_goal_is_reached_at_its_setting():
    lab = labs.roofline_lab(made_up_roofline())
    (goal,) = lab.goals
    assert goal.is_reached(lab.source.run({"task": np.array([TASKS[1]]), "n": np.array([1024])}))
    lab.close()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.int8])
def test_the_least_time_of_a_product_is_its_operations_as_torch_counts_them_or_its_bytes(dtype):
    from torch.utils.flop_counter import FlopCounterMode

    for n, peak, bandwidth in ((8, 1e3, 1e9), (8, 1e9, 1e3)):
        a, b = torch.ones(2, n, n)
        with FlopCounterMode(display=False) as counter:
            product = a @ b
        moved = sum(matrix.to(dtype).nbytes for matrix in (a, b, product))
        slower = max(counter.get_total_flops() / peak, moved / bandwidth)
        assert LEAST_SECONDS.truth(n, dtype.itemsize, peak, bandwidth) == pytest.approx(slower)


def test_compiling_has_paid_when_all_calls_together_cost_less():
    first, eager, compiled = 3.0, 0.5, 0.1
    calls = next(n for n in range(100) if first + n * compiled <= n * eager)
    assert calls - 1 < CALLS_TO_PAY.truth(first, eager, compiled) <= calls


def test_a_step_waits_for_the_slowest_of_three():
    speeds = {"peak": 1e11, "bandwidth": 1e10, "call": 1e-5}
    for work, moved, calls, slowest in ((1e9, 1e7, 100, 0), (1e8, 1e9, 100, 1), (1e8, 1e7, 900, 2)):
        assert WAITS_FOR.truth(work, moved, calls, **speeds) == slowest
