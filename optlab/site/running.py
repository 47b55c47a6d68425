"""Run the notebooks of the course for the site; what has not changed is not run again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from optlab.course.notebooks import KERNEL, QUIET
from optlab.live.progress import FORGET
from optlab.live.shown import VIEW

__all__ = ["CellFailedError", "keep_words", "lesson_key", "run_lesson"]

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = (".py", ".js", ".css")
COMPUTED_BY = ("torch", "numpy", "matplotlib", "numba", "scikit-learn", "ipywidgets", "anywidget")
SECONDS_A_CELL = 900
PATIENT = "OPTLAB_PATIENT"
"""Has each training wait for the compiled kernel, see `engine.training.engines`."""
MEASURED = "OPTLAB_MEASURED"
"""Names the file of what a machine measures, see `engine.systems.measured`: each is measured once."""
SAME_EVERYWHERE = "nbval-check-output"
"""The tag of a cell whose output is held to the stored one."""


class CellFailedError(ValueError):
    """A cell of a notebook raised: there is no site without it."""


def lesson_key(file: Path) -> str:
    """What decides whether a notebook has to be run: its text, this package's, and the versions of others.

    Args:
        file: the notebook.

    Returns:
        A hash.
    """
    found = hashlib.sha256(file.read_bytes())
    for source in sorted(PACKAGE.rglob("*")):
        if source.suffix in SOURCES and "node_modules" not in source.parts:
            found.update(source.relative_to(PACKAGE).as_posix().encode() + source.read_bytes())
    found.update("".join(metadata.version(name) for name in COMPUTED_BY).encode())
    return found.hexdigest()[:16]


def run_lesson(file: Path, cache: Path, say: Callable[[str], object] = lambda _: None) -> Path:
    """Run a notebook and keep what its page needs.

    Args:
        file: the notebook.
        cache: where results are kept.
        say: takes a line on how it goes.

    Returns:
        A folder with the notebook as it ran, `notebook.ipynb`, and `labs`, see `kernel.collect`.

    Raises:
        CellFailedError: if a cell raises.
    """
    folder = cache / f"{file.stem}-{lesson_key(file)}"
    if (folder / "notebook.ipynb").is_file():
        say(f"{file.stem}: not changed")
        return folder
    for old in cache.glob(f"{file.stem}-*"):
        shutil.rmtree(old)
    notebook = nbformat.read(file, as_version=4)
    _run(notebook, file, folder / "labs", say)
    keep_words(notebook.cells, folder.name, cache / "printed.json")
    nbformat.write(notebook, folder / "notebook.ipynb")
    return folder


def keep_words(cells: Sequence[NotebookNode], lesson: str, file: Path) -> None:
    """What a cell prints of the machine differs each time: the first run's words stay, as measurements do.

    What a library warns of on this machine is left out.

    Args:
        cells: as they ran; changed in place. Those whose output is the same on every machine are tagged.
        lesson: what they belong to; of each only the last is kept.
        file: takes the words.
    """
    name = lesson.rsplit("-", 1)[0]
    known = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    kept = known.get(lesson, {})
    for cell in cells:
        if cell.cell_type != "code" or SAME_EVERYWHERE in cell.metadata.get("tags", ()):
            continue
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            if output.output_type == "stream":  # the one that all that is printed is joined to
                output.text = kept.setdefault(cell.id, output.text)
    known = {other: words for other, words in known.items() if other.rsplit("-", 1)[0] != name}
    file.write_text(json.dumps(known | {lesson: kept}, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _run(notebook: NotebookNode, file: Path, labs: Path, say: Callable[[str], object]) -> None:
    # what is published is the course's: it knows of no learner's progress
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(file.parent)}},
        extra_arguments=[*QUIET],
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # a kernel sends what is printed in as many parts as it has time for
    )
    with client.setup_kernel(
        env=os.environ | {FORGET: "1", PATIENT: "1", MEASURED: str(labs.parents[1] / "measured.json")}
    ):
        _ask(client, "from optlab.site import kernel as optlab_site; optlab_site.begin()")
        for number, cell in enumerate(notebook.cells):
            _run_cell(client, cell, number, file)
        say(f"{file.stem}: ran {len(notebook.cells)} cells")
        _ask(client, f"optlab_site.collect({str(labs)!r}, {_shown(notebook.cells)!r})")


def _run_cell(client: NotebookClient, cell: NotebookNode, number: int, file: Path) -> None:
    try:
        client.execute_cell(cell, number)
    except CellExecutionError as problem:
        name = cell.get("id", "")
        raise CellFailedError(f"{file.name}, cell {number + 1} ({name}) raised\n{problem}") from problem


def _ask(client: NotebookClient, source: str) -> None:
    """Run a line that is no cell of the notebook; what goes wrong in it is raised."""
    client.nb.cells.append(nbformat.v4.new_code_cell(source))
    client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1, store_history=False)
    client.nb.cells.pop()


def _shown(cells: Iterable[NotebookNode]) -> list[str]:
    """The models that the outputs show."""
    found = [output.get("data", {}).get(VIEW) for cell in cells for output in cell.get("outputs", ())]
    return [view["model_id"] for view in found if view]
