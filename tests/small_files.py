"""A disk that is full: the system refuses files above a size."""

import os
import signal
from contextlib import contextmanager

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="modes and limits of POSIX")


@contextmanager
def files_of_at_most(size):
    """Let the system refuse larger files, as a full disk would."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
