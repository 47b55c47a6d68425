"""Real workers: one large batch in halves, bytes, errors in words, and nobody left when one is lost."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest
import torch

from optlab.engine.systems.distributed import bytes_sent, data_parallel, local_sgd
from optlab.engine.systems.workers import WorkersFailedError, launch

TESTS = "test_launch"


pytestmark = pytest.mark.usefixtures("on_one_thread")


def test_the_bytes_of_a_ring():
    assert bytes_sent(10, 1, workers=4) == 2 * 3 * 10  # 2 · 3 pieces of a quarter, 4 bytes a number


def test_one_lonely_worker_is_gradient_descent():
    theta, same = torch.ones(2), lambda values: values
    path = data_parallel(lambda t, _: 2 * t, theta, 3, lr=0.1, mean=same)
    assert torch.allclose(path[:, 0], torch.tensor([1, 0.8, 0.64, 0.512]))
    local, means = local_sgd(lambda t, _: 2 * t, theta[None], 3, lr=0.1, every=2, mean=same)
    assert torch.equal(path, local[0])
    assert means.tolist() == [1]


# ---------------------------------------------------------------- failures


def is_alive(pid):
    """Whether a process runs; one that has ended and was not asked after (a zombie) does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def noted(rank, processes, *, folder, then):
    """Say who I am, and then fail in some way."""
    with open(os.path.join(folder, f"worker{rank}"), "w", encoding="utf-8") as file:  # noqa: PTH118, PTH123
        file.write(f"{os.getpid()} {os.getppid()}")
    if then == "raise" and rank == 1:
        raise ValueError("a flower is missing")
    if then == "kill":
        from optlab.course.distributed_training.cluster import crash_midway

        crash_midway(rank, processes)
    if then == "kill, others asleep" and rank == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)  # far longer than any test waits for its end


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks processes up in /proc")  # noqa: PTH112
@pytest.mark.parametrize(
    ("then", "timeout", "words"),
    [
        ("kill", 120, "worker 1 of 2 was lost"),
        ("kill, others asleep", 120, "worker 1 of 2 was lost"),  # worker 0 is stopped before it can speak
        ("raise", 120, "worker 1 of 2 failed: ValueError: a flower is missing"),
    ],
)
def test_a_worker_that_fails_is_named_and_no_process_is_left(
    tmp_path, tmp_path_factory, monkeypatch, then, timeout, words
):
    # they meet in a folder for scratch files, whose name is the system's or the user's own
    odd = tmp_path_factory.mktemp("Übung 課程 @+=&#%20")
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    with pytest.raises(WorkersFailedError, match=words):
        launch(f"{TESTS}:noted", timeout=timeout, folder=str(tmp_path), then=then)
    failed = time.time()
    at_work = max(file.stat().st_mtime for file in tmp_path.iterdir())
    assert failed - at_work < 10
    pids, parents = zip(*(map(int, file.read_text().split()) for file in tmp_path.iterdir()), strict=True)
    assert len(pids) == 2
    assert set(parents) == {os.getpid()}  # one in between would load torch once more
    assert not any(map(is_alive, pids))


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks processes up in /proc")  # noqa: PTH112
def test_no_process_outlives_the_one_that_launched_it(tmp_path, tmp_path_factory):
    """As when a kernel is killed while its workers are at work."""
    load = "from optlab.engine.systems.workers import launch"
    code = f"{load}; launch('{TESTS}:noted', folder={str(tmp_path)!r}, then='sleep')"
    paths = os.pathsep.join([os.path.dirname(__file__), *filter(None, sys.path)])  # noqa: PTH120
    scratch = tmp_path_factory.mktemp("scratch")  # a killed launcher cannot clear up
    launcher = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": paths, "TMPDIR": str(scratch)}
    )
    wait_until(
        lambda: len(list(tmp_path.iterdir())) == 2 and all(f.stat().st_size for f in tmp_path.iterdir())
    )
    pids = [int(file.read_text().split()[0]) for file in tmp_path.iterdir()]
    assert all(map(is_alive, pids))
    launcher.kill()
    launcher.wait()
    wait_until(lambda: not any(map(is_alive, pids)))


def wait_until(holds, seconds=120):
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_workers_that_take_too_long_are_stopped(tmp_path):
    with pytest.raises(WorkersFailedError, match="longer than"):
        launch(f"{TESTS}:noted", timeout=0.5, folder=str(tmp_path), then="sleep")


def test_a_machine_without_sockets_is_told_so_before_anything_starts(monkeypatch):
    def refuse(*_):
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(WorkersFailedError, match=r"no program open a socket on 127.0.0.1 .*not permitted"):
        lost_worker_raising()


def lost_worker_raising():
    launch("optlab.course.distributed_training.cluster:work")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"job": "no_colon"}, "job='no_colon': expected 'module:function'"),
        ({"job": "a:b", "processes": 0}, "processes=0: expected a whole number of at least 1"),
        ({"job": "a:b", "threads": 1.5}, "threads=1.5: expected a whole number of at least 1"),
    ],
)
def test_wrong_arguments_are_refused_at_once(wrong, message):
    with pytest.raises(ValueError, match=message):
        launch(**wrong)


@pytest.mark.parametrize("name", ["parameters", "means", "workers", "itemsize"])
def test_bytes_of_nothing_are_refused(name):
    with pytest.raises(ValueError, match=f"{name}=0: expected"):
        bytes_sent(**({"parameters": 1, "means": 1} | {name: 0}))


def test_local_sgd_refuses_a_mean_every_zero_steps():
    with pytest.raises(ValueError, match="every=0: expected"):
        local_sgd(lambda t, _: t, torch.ones(1, 1), 2, lr=0.1, every=0, mean=lambda t: t)
