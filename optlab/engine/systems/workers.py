"""Start real worker processes on this machine, hand them a job, and collect what they return.

Nothing leaves the machine: the workers find each other through a file and talk over the loopback interface.
The calling process watches them itself, as `torchrun` does on every machine of a cluster. A `torchrun` in
between would load torch once more, for as long as the workers run.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch.distributed as dist

from optlab.engine.systems.children import environment
from optlab.engine.validation import count

Returned = dict[str, np.ndarray]
Worker = subprocess.Popen[bytes]

__all__ = ["WorkersFailedError", "launch", "loopback"]

SECONDS_TO_STOP, SECONDS_TO_NOTICE = 5.0, 0.1


class WorkersFailedError(RuntimeError):
    """The workers did not finish their job; the message says which one failed and how."""


def launch(
    job: str, *, processes: int = 2, threads: int = 1, timeout: float = 300.0, **arguments: Any
) -> list:
    """Run a job in several processes at once, and wait for all of them.

    Every process calls `job(rank, processes, **arguments)` with torch's process group (gloo) open.

    Args:
        job: where the function is, `"module:function"`; it returns a dictionary of arrays or numbers.
        processes: how many workers, 1 or more.
        threads: how many threads torch uses in each.
        timeout: seconds after which the workers are stopped.
        arguments: handed on to the job; whatever JSON can hold.

    Returns:
        For each worker, by rank, the dictionary that its job returned, as NumPy arrays.

    Raises:
        ValueError: if `job` is not `"module:function"` or `processes` is below 1.
        WorkersFailedError: if a worker raised, was lost, or took too long, or this machine has no loopback
            sockets. No process is left running then.

    Source:
        https://docs.pytorch.org/docs/stable/distributed.html
    """
    if not isinstance(job, str) or job.count(":") != 1:
        raise ValueError(f"job={job!r}: expected 'module:function'")
    count("processes", processes), count("threads", threads)
    interface = loopback()
    with tempfile.TemporaryDirectory(prefix="optlab-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        order = {"job": job, "arguments": arguments, "timeout": timeout}
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        with _started(folder, processes, interface, threads) as workers:
            failed = _wait(workers, timeout)
        _check(folder, processes, failed)
        return [_result(folder, rank) for rank in range(processes)]


def loopback() -> str:
    """The name of the loopback interface, once a socket could be opened on it.

    Raises:
        WorkersFailedError: if this machine lets no program open a socket on 127.0.0.1.
    """
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            probe.listen(1)
        names = [name for _, name in socket.if_nameindex()]
    except OSError as error:
        raise WorkersFailedError(
            f"this machine lets no program open a socket on 127.0.0.1 ({error}), "
            "so worker processes could not talk to each other: nothing was started"
        ) from error
    return next((name for name in names if name.lower().startswith("lo")), "")


# ---------------------------------------------------------------- from start to end


@contextmanager
def _started(folder: Path, processes: int, interface: str, threads: int) -> Iterator[list[Worker]]:
    """The workers at work; at the end all have ended, whatever happened meanwhile."""
    workers: list[Worker] = []
    try:
        with (folder / "log").open("wb") as log:
            for rank in range(processes):
                mine = {"RANK": str(rank), "WORLD_SIZE": str(processes)} | _world(interface, threads)
                worker = subprocess.Popen(  # noqa: S603  (this Python, and a path of ours)
                    [sys.executable, "-m", "optlab.engine.systems.workers", str(folder)],
                    env=environment() | mine,
                    stdin=subprocess.PIPE,  # nothing is written: it ends when this process does
                    stdout=log,
                    stderr=log,
                )
                workers.append(worker)
        yield workers
    finally:
        _stop(workers)


def _world(interface: str, threads: int) -> dict[str, str]:
    """What the workers' world is: so many threads, loopback only."""
    return {"OMP_NUM_THREADS": str(threads)} | ({"GLOO_SOCKET_IFNAME": interface} if interface else {})


def _wait(workers: Sequence[Worker], timeout: float) -> list[int]:
    """Wait until all workers have ended well or some have not: the ranks of those."""
    deadline = time.monotonic() + timeout
    while any(worker.poll() is None for worker in workers) and not _failed(workers):
        if time.monotonic() > deadline:
            raise WorkersFailedError(f"the workers took longer than {timeout:g} s and were stopped")
        time.sleep(SECONDS_TO_NOTICE)
    if _failed(workers):
        time.sleep(SECONDS_TO_NOTICE)  # the one that failed first may be seen to end last
    return _failed(workers)


def _failed(workers: Sequence[Worker]) -> list[int]:
    return [rank for rank, worker in enumerate(workers) if worker.poll()]


def _stop(workers: Sequence[Worker]) -> None:
    """End the workers that still run."""
    for worker in workers:
        if worker.poll() is None:
            worker.terminate()
    for worker in workers:
        try:
            worker.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        if worker.stdin is not None:
            worker.stdin.close()


# ---------------------------------------------------------------- how it ended


def _check(folder: Path, processes: int, failed: Sequence[int]) -> None:
    """Raise the reason why a worker has left no result, if one has not; the `failed` ended badly."""
    missing = [k for k in range(processes) if not (folder / f"result{k}.npz").exists()]
    if not missing:
        return
    errors = {k: file.read_text("utf-8") for k in missing if (file := folder / f"error{k}").exists()}
    own = {k: text for k, text in errors.items() if "gloo" not in text and "onnection" not in text}
    if own:
        rank = min(own)
        raise WorkersFailedError(f"worker {rank} of {processes} failed: {own[rank]}")
    silent = [k for k in failed if k not in errors]
    if silent:
        raise WorkersFailedError(
            f"worker {silent[0]} of {processes} was lost: its process ended without a word. "
            "The others were stopped; nothing is left running"
        )
    if errors:
        raise WorkersFailedError(f"the workers could not reach each other: {errors[min(errors)]}")
    last = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    raise WorkersFailedError("the workers ended without a result: " + " / ".join(last))


def _result(folder: Path, rank: int) -> Returned:
    with np.load(folder / f"result{rank}.npz", allow_pickle=False) as arrays:
        return dict(arrays)


# ---------------------------------------------------------------- inside the other processes


def _work(folder: Path) -> None:
    """What each worker does: open the process group, do the job, leave the result."""
    rank, processes = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    threading.Thread(target=_leave_with_launcher, daemon=True).start()
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    try:
        module, _, name = order["job"].partition(":")
        job = getattr(importlib.import_module(module), name)
        wait = timedelta(seconds=order["timeout"])
        # not by an address: torch does not undo the escapes in one, and waits for a file that nobody writes
        meet = dist.FileStore(str(folder / "meet"), processes)
        meet.set_timeout(wait)
        dist.init_process_group("gloo", store=meet, rank=rank, world_size=processes, timeout=wait)
        returned = job(rank, processes, **order["arguments"])
        arrays: dict[str, Any] = {name: np.asarray(value) for name, value in returned.items()}
        np.savez(folder / f"part{rank}.npz", **arrays)
        dist.barrier()
        (folder / f"part{rank}.npz").rename(folder / f"result{rank}.npz")
        dist.destroy_process_group()
    except Exception as error:
        text = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        (folder / f"error{rank}").write_text(text, encoding="utf-8")
        raise


def _leave_with_launcher() -> None:
    """End this process when the one that called `launch` is gone: the pipe between them ends then."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
