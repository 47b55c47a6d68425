"""Run Python text in a process of its own that need not import the large libraries anew."""

import contextlib
import multiprocessing
import os
import traceback
from pathlib import Path

import matplotlib as mpl

LIBRARIES = ["anywidget", "matplotlib", "numba", "numpy", "sklearn.model_selection", "torch"]
"""Imported once, by the process that all others are forked from; not optlab, in which faults are planted."""


def run_apart(text, folder):
    """Run a text as a program.

    Args:
        text: Python.
        folder: where it runs; its output is kept there, too.

    Returns:
        Its exit status, its output and its complaints.
    """
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=_run, args=(text, folder))
    process.start()
    process.join()
    out, complaints = ((folder / name).read_text(encoding="utf-8") for name in ("out.txt", "err.txt"))
    return process.exitcode, out, complaints


def _run(text, folder):
    os.chdir(folder)
    mpl.use("agg")
    with (
        Path("out.txt").open("w", encoding="utf-8") as out,
        Path("err.txt").open("w", encoding="utf-8") as err,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            exec(text, {"__name__": "__main__"})
        except BaseException:
            traceback.print_exc()
            raise
