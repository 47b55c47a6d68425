"""Worker processes load what their job needs: each pays for its own copy, beside the kernel's."""

import importlib
import sys

import pytest

from optlab.course.common.halves import flowers
from optlab.engine.systems.workers import launch

HEAVY = ["torch._dynamo", "sympy", "sklearn", "scipy", "matplotlib", "IPython"]
"""Torch's compiler and what it loads, 75 MB; scikit-learn, 90 MB; and what draws."""


def loaded(rank, processes, *, module, function, **given):
    """Do the job, and say which of the heavy modules are loaded at its end."""
    job = getattr(importlib.import_module(module), function)
    return job(rank, processes, **given) | {name: name in sys.modules for name in HEAVY}


@pytest.mark.parametrize(
    ("module", "function", "more"),
    [
        ("optlab.course.common.speeds", "share", {"tries": 1}),
        ("optlab.course.distributed_training.cluster", "work", {"timed": True}),
    ],
)
def test_a_worker_loads_neither_torchs_compiler_nor_scikit_learn(module, function, more):
    job = f"{__name__.rpartition('.')[2]}:loaded"
    for returned in launch(job, module=module, function=function, **more, **flowers()):
        assert returned["theta"].shape == (114,)  # it did its job
        assert [name for name in HEAVY if returned[name]] == []
