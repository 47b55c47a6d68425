"""What the measurement of a lesson tells: the memory and processor time of a process and what it starts."""

import os
import subprocess
import sys

import pytest

from optlab.bench.footprint import Watch, memory, on_cores, processor_seconds
from optlab.bench.lessons import Lesson, table

# a process that starts another one, which holds 64 MiB, has computed for a while, and waits to be let go
CHILD = """
import time
held = b"x" * 2**26
while time.process_time() < 0.2:
    pass
print("there", flush=True)
input()
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_what_a_process_has_started_counts_and_the_peak_outlives_it():
    words = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        with Watch(parent.pid, every=0.01) as watch:
            assert parent.stdout.readline() == "there\n"
            sizes = memory(parent.pid)
            assert len(sizes) == 2
            assert 2**26 < max(sizes) < 2**26 + 2**25
            assert processor_seconds(parent.pid) >= 0.19  # in ticks of a hundredth
            for _ in range(1000):
                if max(watch.peak) >= 2**26:
                    break
                watch._done.wait(0.01)
            parent.communicate("\n")
            assert memory(parent.pid) == []
        assert max(watch.peak) > 2**26
        assert sum(watch.peak) > max(watch.peak)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not tell")
def test_what_is_started_on_one_core_stays_there_and_its_starter_does_not():
    own = os.sched_getaffinity(0)
    ask = "import os; print(len(os.sched_getaffinity(0)))"
    with on_cores(1):
        told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "1"
    assert os.sched_getaffinity(0) == own
    with pytest.raises(RuntimeError, match="cores here, not"), on_cores(len(own) + 1):
        pass


def test_a_lesson_not_run_to_its_end_has_times_only():
    lessons = [
        Lesson("01.ipynb", 9 * 10**8, 5 * 10**8, 4, {2: (4.25, 3.0)}),
        Lesson("02.ipynb", None, 0, 0, {1: (6.0, 5.5)}),
    ]
    assert table(lessons, [2, 1]).splitlines()[2:] == [
        "| 01 | 900 | 500 | 4 | 4.2 (3.0) |  |",
        "| 02 |  |  |  |  | 6.0 (5.5) |",
    ]
