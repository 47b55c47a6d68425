"""The registry finds every lab by itself, and loads none before it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from optlab.course import labs

FOLDER = Path(labs.__file__).parent
FILES = sorted(FOLDER.glob("*/*.py"))


def stems(ending):
    return sorted(file.stem.removesuffix(ending) for file in FILES if file.stem.endswith(ending))


def test_every_file_that_is_named_like_a_lab_is_one_and_no_name_is_there_twice():
    assert labs.names() == [f"{stem}_lab" for stem in stems("_lab")]
    assert len(set(labs.names())) == len(labs.names())


def test_every_program_belongs_to_a_lab_of_its_folder():
    for file in FILES:
        if file.stem.endswith("_program"):
            labs_here = (lab.stem.removesuffix("_lab") for lab in file.parent.glob("*_lab.py"))
            assert any(file.stem.startswith(f"{lab}_") for lab in labs_here), file.name


@pytest.mark.parametrize("name", labs.names())
def test_a_lab_is_a_function_of_its_files_name_with_a_docstring(name):
    make = getattr(labs, name)
    assert (make.__name__, make.__module__.rpartition(".")[2]) == (name, name)
    assert make.__doc__
    assert name in dir(labs)


def test_listing_the_labs_loads_no_torch_and_draws_nothing():
    code = "import sys; from optlab import labs; labs.names(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "matplotlib"} & set(done.stdout.split())


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(AttributeError, match=r"there is no lab 'cluod_lab'; the labs are .*cloud_lab"):
        _ = labs.cluod_lab
    assert not hasattr(labs, "__path__")
