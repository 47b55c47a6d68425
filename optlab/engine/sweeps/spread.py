"""Send the chunks of a sweep through joblib, to wherever `joblib.parallel_config` says."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from optlab.engine.models.mlp import MLP
from optlab.engine.sweeps.digest import sources
from optlab.engine.systems.threads import threads
from optlab.engine.training.history import History
from optlab.engine.training.train import train

__all__ = ["Work", "spread"]

ROUND = 4
"""Chunks a worker before finished ones are seen, where joblib hands on a list only (ray, spark)."""

Arguments = dict[str, Any]
Part = tuple[int, History]


@dataclass(
    frozen=True, slots=True
)  # slots: what has no weak reference, joblib leaves in the task; see `_over_dask`
class Work:
    """What all chunks of a sweep share.

    Args:
        data: what `train` is to train on.
        arguments: what it is asked with.
        dtype: torch's default for floats.
        sources: the optlab and the torch that ask.
    """

    data: Any
    arguments: Arguments
    dtype: torch.dtype
    sources: str


def spread(work: Work, chunks: Sequence[Arguments]) -> Iterator[Part]:
    """Train chunks on the workers of the joblib backend in force.

    Args:
        work: what they share.
        chunks: what each is asked with beside that.

    Yields:
        The number of a chunk and its History, as they are finished.
    """
    from joblib import Parallel, delayed, effective_n_jobs  # noqa: PLC0415  (who makes no sweep does not wait for it)
    from joblib.parallel import get_active_backend  # noqa: PLC0415

    backend, _ = get_active_backend()
    tasks = [delayed(trained)(work, k, arguments) for k, arguments in enumerate(chunks)]
    options: Arguments = {"batch_size": 1, "max_nbytes": None}  # None: write no array to a temporary file
    if _is_dask(backend):
        yield from _over_dask(backend, work, chunks)
    elif backend.supports_return_generator:
        yield from Parallel(return_as="generator_unordered", **options)(tasks)
    else:
        size = ROUND * effective_n_jobs(None)
        for start in range(0, len(tasks), size):
            yield from Parallel(**options)(tasks[start : start + size])


def trained(work: Work, number: int, arguments: Arguments) -> Part:
    """Train one chunk, on one thread: with more, sums might be rounded in another order."""
    if work.sources != sources():
        raise RuntimeError(f"this worker has {sources()}, and the process that asks it {work.sources}")
    with threads(1), nullcontext() if _apart(work) else _ALONE, _floats(work.dtype):
        return number, train(work.data, **work.arguments, **arguments)


_ALONE, _FLOATS = threading.Lock(), torch.get_default_dtype()


def _apart(work: Work) -> bool:
    """Whether chunks can train in threads of one process: not where they share what belongs to all of it.

    A module may draw from torch's generator, and a default of floats is one for all threads.
    """
    return isinstance(work.arguments["model"], MLP) and work.dtype == _FLOATS


@contextmanager
def _floats(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _is_dask(backend: Any) -> bool:
    distributed = sys.modules.get("distributed")
    return distributed is not None and isinstance(getattr(backend, "client", None), distributed.Client)


def _over_dask(backend: Any, work: Work, chunks: Sequence[Arguments]) -> Iterator[Part]:
    """The same over the client of joblib's own backend.

    That one scatters large arguments, and data that were scattered are lost with their worker; and it waits
    for ever for a task that Dask has given up because each worker that took it died. Here the work is itself
    a task, which Dask does again when its worker is lost, and sends to each worker once.
    """
    from distributed import as_completed  # noqa: PLC0415

    client = backend.client
    shared = client.submit(_itself, work, pure=False)
    futures = {
        client.submit(trained, shared, k, arguments, pure=False, **backend.submit_kwargs)
        for k, arguments in enumerate(chunks)
    }
    try:
        for future, part in as_completed(list(futures), with_results=True):
            futures.remove(future)  # its worker need not keep it
            yield part
    finally:
        client.cancel(list(futures))


def _itself(work: Work) -> Work:
    return work
