"""The measurements of section 5 as programs in plain PyTorch: their numbers are the machine's."""

from __future__ import annotations

from typing import Any

from optlab.course.background.roofline import BATCH, MODEL, TASKS, cost
from optlab.course.common.compiled import NUMBERS

__all__ = ["compile_program", "roofline_program"]

COMPILE = """\
import os
import tempfile
import time
import timeit

import torch


def gelu(x):  # written out: eight operations on every number
    return 0.5 * x * (1 + torch.tanh(0.7978846 * (x + 0.044715 * x**3)))


def seconds(function):  # of a call, the best of 7
    return min(timeit.repeat(lambda: function(x), number=1, repeat=7))


torch.set_num_threads(1)
os.environ["TORCHINDUCTOR_VEC_ISA_OK"] = "1"  # to try the C++ compiler out takes as long again
x = torch.linspace(-3, 3, {numbers})
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, torch.no_grad():
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder  # so that every run compiles anew
    began = time.perf_counter()
    fast = torch.compile(gelu)
    fast(x)  # here it is compiled
    first = time.perf_counter() - began
    eager, compiled = seconds(gelu), seconds(fast)
    apart = (fast(x) - gelu(x)).abs().max().item()

print(f"line by line, milliseconds a call: {{1e3 * eager:.3g}}")
print(f"compiled, milliseconds a call: {{1e3 * compiled:.3g}}")
print(f"seconds of the first compiled call: {{first:.3g}}")
print(f"line by line, seconds of all calls: {{{calls} * eager:.3g}}")
print(f"compiled, seconds of all calls: {{first + ({calls} - 1) * compiled:.3g}}")
print(f"largest difference: {{apart:.3g}}")
"""

ROOFLINE = """\
import timeit

import torch


def seconds(function):  # of a call, the best of 5 tries
    function()  # to warm up
    calls = 1 + int(0.02 / timeit.timeit(function, number=1))  # a try takes 20 milliseconds or more
    return min(timeit.repeat(function, number=calls, repeat=5)) / calls


torch.set_num_threads(1)
{task}


operations, moved = {operations}, {moved}  # the bytes that must move at the least
matrix = torch.ones(768, 768)
peak = 2 * 768**3 / seconds(lambda: matrix @ matrix)  # operations a second
long = torch.ones(3, 2**23)  # longer than any cache
bandwidth = 12 * 2**23 / seconds(lambda: torch.add(long[0], long[1], out=long[2]))  # bytes a second
took = seconds(task)
print(f"microseconds: {{1e6 * took:.4g}}")
print(f"operations: {{operations}}")
print(f"operations for each byte: {{operations / moved:.4g}}")
print(f"GFLOP/s: {{1e-9 * operations / took:.4g}}")
print(f"GFLOP/s of the roof: {{1e-9 * min(peak, bandwidth * operations / moved):.4g}}")
"""

ADD = """\
a, b, out = torch.ones(3, {side}, {side})


def task():
    torch.add(a, b, out=out)"""
MULTIPLY = ADD.replace("torch.add", "torch.mm")
TRAIN = """\
sizes = ({hidden}, {features}), ({hidden}, 1), ({outputs}, {hidden}), ({outputs}, 1)
theta = [torch.rand({n}, *size, requires_grad=True) for size in sizes]  # {n} times the network
x, y = torch.ones({n}, {features}, {batch}), torch.zeros({n}, {batch}, dtype=torch.int64)


def task():  # one step of them all
    w1, b1, w2, b2 = theta
    outputs = torch.baddbmm(b2, w2, torch.baddbmm(b1, w1, x).relu())
    loss = torch.nn.functional.cross_entropy(outputs, y, reduction="sum") / {batch}
    return [p.detach() - 0.1 * g for p, g in zip(theta, torch.autograd.grad(loss, theta))]"""


def compile_program(settings: dict[str, Any]) -> str:
    """The program that times GELU line by line and compiled, and adds up what so many calls cost.

    Args:
        settings: `calls`.

    Returns:
        A program without optlab; it prints names and numbers. It takes about as long as compiling does, and
        needs a C++ compiler.

    Example:
        >>> "torch.compile(gelu)" in compile_program({"calls": 1000})
        True

    Source:
        J. Ansel et al., "PyTorch 2: faster machine learning through dynamic Python bytecode transformation
        and graph compilation", 2024.
    """
    return COMPILE.format(numbers=NUMBERS, calls=settings["calls"])


def roofline_program(settings: dict[str, Any]) -> str:
    """The program that times one task, and the two roofs that it stands under.

    Args:
        settings: `task` and `n`.

    Returns:
        A program without optlab; it prints names and numbers. It takes about a second.

    Example:
        >>> "torch.mm(a, b, out=out)" in roofline_program({"task": "multiply matrices", "n": 64})
        True

    Source:
        S. Williams, A. Waterman and D. Patterson, "Roofline: an insightful visual performance model", 2009.
    """
    name, n = str(settings["task"]), int(settings["n"])
    operations, moved = cost(name, n)
    return ROOFLINE.format(task=_task(name, n), operations=operations, moved=moved)


def _task(name: str, n: int) -> str:
    if name == TASKS[2]:
        features, hidden, outputs = MODEL.widths
        return TRAIN.format(n=n, batch=BATCH, features=features, hidden=hidden, outputs=outputs)
    return ADD.format(side=4 * n) if name == TASKS[0] else MULTIPLY.format(side=n)
