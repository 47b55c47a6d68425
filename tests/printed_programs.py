"""Run a lab's program in plain PyTorch, and read the curve or the quantities that it prints."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from optlab import Program
from optlab.live.printed import read

ROOT = Path(__file__).parents[1]

DIGITS = 1e-4
"""Relative: what equal to four digits means."""


EVERY = {"every": 1}
"""In a setting: the program prints every line that it can."""


def printed(program, *names):
    """What a program prints under some names: an array for each, over the lines that have them all."""
    rows = [row for row in read(said(program)) if row.keys() >= set(names)]
    return _alone([np.array([row[name] for row in rows]) for name in names])


def _alone(arrays):
    return arrays[0] if len(arrays) == 1 else arrays


def named(program):
    """What a program prints, the last number of each name."""
    return _by_name(said(program))


def named_by_itself(program, folder):
    """The same of a program that is saved as a file and started; it may complain of nothing."""
    file = folder / "program.py"
    file.write_text(program, encoding="utf-8")
    command = [sys.executable, "-I", file]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, timeout=300)
    assert done.stderr == ""
    return _by_name(done.stdout)


def _by_name(text):
    return {name: number for row in read(text) for name, number in row.items()}


def said(program):
    """What a program prints."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        exec(program, {"__name__": "__main__"})
    return text.getvalue()


def random_slots(lab, n=20):
    """Positions of a lab's sliders, drawn once and for all; every one, if there are fewer than `n`."""
    return np.random.default_rng(3).choice(lab.grid.size, min(n, lab.grid.size), replace=False)


def random_settings(params, n=20):
    """Settings of these sliders, drawn once and for all: one array a slider."""
    rng = np.random.default_rng(3)
    return {p.name: np.array(p.values)[rng.integers(len(p.values), size=n)] for p in params}


def first_departure(curve, other):
    """The first place where rounding alone has changed a curve: beyond it no program can agree with it."""
    close = np.isclose(curve, other, rtol=DIGITS / 10, atol=0, equal_nan=True)
    return len(curve) if close.all() else int(np.argmin(close))


def imports_of(program):
    """The packages that a program imports."""
    return set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE))


def nudged(settings, by):
    """The settings, changed by as much as rounding would."""
    return {
        name: np.where(column == 0, by, column * (1 + by)) if column.dtype.kind == "f" else column
        for name, column in settings.items()
    }


def program_of(name):
    """The program of a lab, such as `cloud_lab`, from its file."""
    (path,) = (ROOT / "optlab" / "course").glob(f"*/{name.removesuffix('_lab')}_program.py")
    return Program(path)


def whole_columns(program, names, shown, others):
    """Compare the curves that a program prints with a lab's until rounding parts them.

    Args:
        program: its text; it prints every line.
        names: of the curves.
        shown: the curves, one a column.
        others: the same, with a setting changed by as much as rounding would.

    Returns:
        How many agree to the end.
    """
    whole = 0
    for numbers, curve, other in zip(printed(program, *names), shown, others, strict=True):
        known = np.isfinite(curve)
        np.testing.assert_array_equal(np.isfinite(numbers), known, err_msg=program)
        whole += np.allclose(numbers[known], curve[known], rtol=DIGITS, atol=1e-12)
        known[first_departure(curve, other) :] = False
        np.testing.assert_allclose(numbers[known], curve[known], rtol=DIGITS, atol=1e-12, err_msg=program)
    return whole
