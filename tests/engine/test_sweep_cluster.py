"""Sweeps over worker processes of Dask and of loky, some of them killed; and one that is itself killed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from same_history import assert_identical

from optlab import History, iris_pair, sweep

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "sweeps.md"

COMMON = """
import multiprocessing, os, signal, sys
from pathlib import Path
import joblib
from same_history import assert_identical
from torch import nn
from torch.nn import functional
from optlab import grid, iris_pair, sweep

SETTINGS = grid(lr=[0.01, 0.1, 1.0], batch_size=[80, 16], l2=[0.0, 0.01])
ASKED = {"epochs": 2, "chunk": 2, **SETTINGS}  # 6 chunks
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows this one ends a process at once

def own(outputs, y):  # only this script has it: it travels with the work
    return functional.cross_entropy(outputs.transpose(1, 2), y.expand(outputs.shape[:2]), reduction="none")

def in_a_worker():
    return multiprocessing.current_process().name != "MainProcess"

def end():
    os.kill(os.getpid(), KILL)
"""


def ran(folder, code, *, killed=False):
    """Run a script in a process of its own, and return what it prints."""
    (folder / "script.py").write_text(COMMON + code, encoding="utf-8")
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(TESTS.parent), str(TESTS)]))
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode != 0) == killed, done.stdout + done.stderr
    return done.stdout


def test_a_dask_worker_is_killed_midway_and_the_history_is_the_same(tmp_path):
    code = """
def deadly(outputs, y):
    if in_a_worker():
        end()
    return own(outputs, y)

if __name__ == "__main__":
    import dask
    from dask.distributed import Client, KilledWorker, LocalCluster

    dask.config.set({"distributed.scheduler.allowed-failures": 1})
    alone = sweep(iris_pair(), loss=own, **ASKED)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        joblib.parallel_config("dask"),
    ):
        victim, other = client.run(os.getpid).values()

        def kill(line):
            print(line)
            if line.startswith("4 of"):
                os.kill(victim, KILL)

        assert_identical(sweep(iris_pair(), loss=own, folder="kept", progress=kill, **ASKED), alone)
        alive = client.run(os.getpid, on_error="return").values()  # one that has just died is an error
        print("identical, and the victim is", "there" if victim in alive else "gone")
        try:
            sweep(iris_pair(), loss=deadly, **ASKED)
        except KilledWorker:
            print("given up")
"""
    printed = ran(tmp_path, code)
    assert "4 of 12 settings" in printed
    assert printed.endswith("identical, and the victim is gone\ngiven up\n")
    assert len(list((tmp_path / "kept").iterdir())) == 6


def test_a_sweep_that_is_killed_resumes(tmp_path):
    code = """
def show(line):
    print(line, flush=True)
    if line.startswith("6 of 12") and "(0 found" in line:
        end()

sweep(iris_pair(), folder="kept", progress=show, loss=own, **ASKED).save("done.npz")
"""
    assert "6 of 12 settings" in ran(tmp_path, code, killed=True)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    assert len(before) == 3
    printed = ran(tmp_path, code).splitlines()
    assert [line.partition(" (")[0] for line in printed] == [f"{n} of 12 settings" for n in (6, 8, 10, 12)]
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    assert len(after) == 6
    assert before.items() <= after.items()
    names = {}
    exec(COMMON, names)
    assert_identical(
        History.load(tmp_path / "done.npz"), sweep(iris_pair(), loss=names["own"], **names["ASKED"])
    )


def test_loky_gives_the_same_history_and_when_a_worker_is_killed_what_is_done_stays_done(tmp_path):
    code = """
FLAG = Path("kill")

def once(outputs, y):
    if y.shape[-1] == 80 and FLAG.exists() and in_a_worker():  # the batches of the last chunks
        FLAG.unlink(missing_ok=True)  # both workers may have seen it
        end()
    return own(outputs, y)

if __name__ == "__main__":
    noisy = nn.Sequential(nn.LazyLinear(8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2))
    with joblib.parallel_config("loky", n_jobs=2):
        alone = sweep(iris_pair(), loss=once, **ASKED)
        drawn = sweep(iris_pair(), model=noisy, **ASKED)
        FLAG.touch()
        try:
            sweep(iris_pair(), loss=once, folder="kept", progress=print, **ASKED)
        except BaseException as error:
            print(type(error).__name__)
        print(len(list(Path("kept").iterdir())), "kept")
        sweep(iris_pair(), loss=once, folder="kept", progress=print, **ASKED).save("done.npz")
    assert_identical(drawn, sweep(iris_pair(), model=noisy, **ASKED))
    assert_identical(alone, sweep(iris_pair(), loss=once, **ASKED))
    assert_identical(alone, sweep(iris_pair(), loss=once, folder="kept", **ASKED))
"""
    printed = ran(tmp_path, code)
    first, _, second = printed.partition("TerminatedWorkerError\n")
    done = int(first.splitlines()[-1].split()[0])
    assert done < 12
    kept = int(second.split()[0])  # a chunk may be on disk, and the worker die before it is told
    assert done // 2 <= kept <= 6
    assert second.startswith(f"{kept} kept\n{2 * kept} of 12 settings ({2 * kept} found in 'kept')\n")
    assert second.splitlines()[-1].startswith("12 of 12 settings")


def test_the_code_of_the_page_runs(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    same = """
if __name__ == "__main__":
    for other in (on_two_processes, on_dask):
        assert_identical(history, other)
    sweep(iris_pair(), folder="my_sweep", chunk=4, epochs=10, progress=print, **settings)
"""
    printed = ran(tmp_path, "\n".join([*blocks, same]))
    assert "\n4 of 16 settings (0 found in 'my_sweep'), " in printed
    assert printed.endswith("16 of 16 settings (16 found in 'my_sweep')\n")
    assert len(list((tmp_path / "my_sweep").iterdir())) == 4
