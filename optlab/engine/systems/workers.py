"""Start real worker processes on this machine with torchrun, hand them a job, and collect what they return.

Nothing leaves the machine: the workers find each other through a file and talk over the loopback interface.
`torchrun --standalone` would listen on every network interface; a file for the rendezvous needs no such port.
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
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch.distributed as dist

from optlab.engine.systems.children import environment
from optlab.engine.validation import count

Returned = dict[str, np.ndarray]

__all__ = ["WorkersFailedError", "launch", "loopback"]

SECONDS_TO_STOP, SECONDS_TO_NOTICE = 5.0, 0.2


class WorkersFailedError(RuntimeError):
    """The workers did not finish their job; the message says which one failed and how."""


def launch(
    job: str, *, processes: int = 2, threads: int = 1, timeout: float = 300.0, **arguments: Any
) -> list:
    """Run a job in several processes at once, started by `torchrun`, and wait for all of them.

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
        https://docs.pytorch.org/docs/stable/elastic/run.html
    """
    if not isinstance(job, str) or job.count(":") != 1:
        raise ValueError(f"job={job!r}: expected 'module:function'")
    count("processes", processes), count("threads", threads)
    interface = loopback()
    with tempfile.TemporaryDirectory(prefix="optlab-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        order = {"job": job, "arguments": arguments, "timeout": timeout}
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        with (folder / "log").open("wb") as log:
            torchrun = subprocess.Popen(  # noqa: S603  (this Python, and paths of ours)
                _command(folder, processes),
                env=_environment(folder, interface, threads),
                stdin=subprocess.PIPE,  # nothing is written: it ends when this process does
                stdout=log,
                stderr=log,
            )
        try:
            torchrun.wait(timeout)
        except subprocess.TimeoutExpired:
            raise WorkersFailedError(f"the workers took longer than {timeout:g} s and were stopped") from None
        finally:
            _stop(torchrun)
        _check(folder, processes)
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


def _command(folder: Path, processes: int) -> list[str]:
    rendezvous = ["--rdzv-backend=c10d", f"--rdzv-endpoint={folder / 'rendezvous'}"]
    here = ["--rdzv-conf=store_type=file", "--local-addr=127.0.0.1", "--monitor-interval=0.1"]
    shape = ["--nnodes=1", f"--nproc-per-node={processes}", "--max-restarts=0"]
    optlab = [sys.executable, "-m", "optlab.engine.systems.workers", str(folder)]
    return [*optlab, *rendezvous, *here, *shape, "-m", "optlab.engine.systems.workers", str(folder)]


def _environment(folder: Path, interface: str, threads: int) -> dict[str, str]:
    """What the workers' world is: the paths of this process, loopback only, scratch files in the folder."""
    mine = {
        "OMP_NUM_THREADS": str(threads),
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
        "TMPDIR": str(folder),
    }
    return environment() | mine | ({"GLOO_SOCKET_IFNAME": interface} if interface else {})


# ---------------------------------------------------------------- how it ended


def _check(folder: Path, processes: int) -> None:
    """Raise the reason why a worker has left no result, if one has not."""
    missing = [k for k in range(processes) if not (folder / f"result{k}.npz").exists()]
    if not missing:
        return
    errors = {k: file.read_text("utf-8") for k in missing if (file := folder / f"error{k}").exists()}
    own = {k: text for k, text in errors.items() if "gloo" not in text and "onnection" not in text}
    if own:
        rank = min(own)
        raise WorkersFailedError(f"worker {rank} of {processes} failed: {own[rank]}")
    silent = [k for k in _in_order_of_failing(folder) if k not in errors]
    if silent:
        raise WorkersFailedError(
            f"worker {silent[0]} of {processes} was lost: its process ended without a word. "
            "The others were stopped; nothing is left running"
        )
    if errors:
        raise WorkersFailedError(f"the workers could not reach each other: {errors[min(errors)]}")
    last = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    raise WorkersFailedError("the workers could not be started: " + " / ".join(last))


def _in_order_of_failing(folder: Path) -> list[int]:
    """The ranks of the workers that did not end well: those that torchrun stopped come after the culprit."""
    note = folder / "failed.json"
    return json.loads(note.read_text(encoding="utf-8")) if note.exists() else []


def _result(folder: Path, rank: int) -> Returned:
    with np.load(folder / f"result{rank}.npz", allow_pickle=False) as arrays:
        return dict(arrays)


def _stop(torchrun: subprocess.Popen) -> None:
    """End torchrun, which ends its workers; a worker without torchrun or launcher ends itself."""
    if torchrun.poll() is None:
        torchrun.terminate()
        try:
            torchrun.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            torchrun.kill()
            torchrun.wait()
            time.sleep(2 * SECONDS_TO_NOTICE)
    if torchrun.stdin is not None:
        torchrun.stdin.close()


# ---------------------------------------------------------------- inside the other processes


def _torchrun(folder: Path, arguments: list[str]) -> None:
    """What the parent of the workers does: torchrun, and a note of who failed, the first one first."""
    # here: only this process needs them, and every notebook would wait for them
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError  # noqa: PLC0415
    from torch.distributed.run import main as torchrun  # noqa: PLC0415

    try:
        torchrun(arguments)
    except ChildFailedError as error:
        (folder / "failed.json").write_text(json.dumps(list(error.failures)), encoding="utf-8")
        raise


def _work(folder: Path) -> None:
    """What each worker does: open the process group, do the job, leave the result."""
    rank, processes = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    threading.Thread(target=_leave_with_torchrun, args=(os.getppid(),), daemon=True).start()
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


def _leave_with_torchrun(parent: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(SECONDS_TO_NOTICE)
    os._exit(1)


if __name__ == "__main__":
    if sys.argv[2:]:
        _torchrun(Path(sys.argv[1]), sys.argv[2:])
    else:
        _work(Path(sys.argv[1]))
