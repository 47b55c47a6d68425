"""Compiled functions: they let go of the interpreter, follow IEEE 754, and need no folder to be kept in."""

import math
import subprocess
import sys
import threading
from pathlib import Path

import numba.core.caching
import pytest

from optlab.engine.jit import jit


def quotient(a, b):
    return a / b


def total(n):
    found = 0.0
    for k in range(n):
        found += math.sin(k)
    return found


@pytest.fixture
def nowhere_to_write(monkeypatch):
    """As on a read-only file system: none of numba's folders can be made."""

    def refuse(self):
        raise PermissionError(self.get_cache_path())

    monkeypatch.setattr(numba.core.caching._CacheLocator, "ensure_cache_path", refuse)


def test_without_a_cache_folder_it_is_compiled_all_the_same(nowhere_to_write):
    with pytest.raises(RuntimeError, match="no locator"):
        numba.njit(cache=True)(quotient)
    assert jit(quotient)(1.0, 4.0) == 0.25


def test_a_division_by_zero_is_a_number():
    divide = jit(quotient)
    assert divide(1.0, 0.0) == math.inf
    assert math.isnan(divide(0.0, 0.0))


def test_python_goes_on_while_it_runs():
    slow, inside, ended, turns = jit(total), threading.Event(), threading.Event(), 0
    slow(1)

    def run():
        inside.set()
        slow(50_000_000)
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    inside.wait()
    while not ended.is_set():  # never entered if the loop kept the interpreter to itself
        turns += 1
    thread.join()
    assert turns > 0


def test_importing_optlab_does_not_import_numba():
    code = "import sys, optlab.course.labs; optlab.Lab, optlab.train; sys.exit('numba' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
