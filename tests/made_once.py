"""What takes seconds to compute, computed once in a test run: all its processes share the files."""

import os
import pickle
import shutil
import tempfile
from pathlib import Path

from optlab.files import whole_file

FOLDER = "OPTLAB_MADE_ONCE"
"""The variable that tells every process of a test run where the files are."""


def begin():
    """Make the folder of this test run; every process that it starts from now on knows it."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="optlab-made-once-")


def end():
    """Remove it."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def made_once(make, **arguments):
    """What `make(**arguments)` returns, from whichever process has made it first."""
    name = ".".join([make.__module__, make.__qualname__, *(f"{k}={v}" for k, v in arguments.items())])
    file = Path(os.environ[FOLDER]) / name
    if not file.exists():
        with whole_file(file) as out:
            pickle.dump(make(**arguments), out)
    return pickle.loads(file.read_bytes())
