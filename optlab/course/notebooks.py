"""The course's notebooks: where they are, how a learner gets a copy, how they are run and stored.

A stored notebook holds text and one picture for each lab, so that it can be read where nothing runs: no
widget state, no widget views, no time stamps. Running it again on another day changes nothing but numbers
that were measured.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from optlab.files import whole_file
from optlab.live.progress import FORGET
from optlab.live.shown import VIEW

START = "00_start_here.ipynb"
COPY = "my_notebooks"
"""A learner's copy inside a clone; .gitignore has it."""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
QUIET = ("--IPKernelApp.log_level=ERROR",)
"""Arguments of a kernel that runs a notebook for us: what it says on the terminal are errors."""
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
NOT_STORED = ("execution", "ExecuteTime", "scrolled", "trusted")


def find_course(folder: Path) -> Path | None:
    """Find the course in a folder, or in its `notebooks/`.

    Args:
        folder: where the learner works.

    Returns:
        The folder that holds `00_start_here.ipynb`, or None.
    """
    places = (folder / "notebooks", folder)
    return next((place for place in places if (place / START).is_file()), None)


def learners_copy(here: Path) -> tuple[Path, Path]:
    """Where the learner's copy of the course is, or belongs.

    In a clone of the course it is not `notebooks/`, which git tracks: an update would conflict with what the
    learner has run and written there.

    Args:
        here: where the learner works.

    Returns:
        The folder for JupyterLab to show, and in it the folder of the copy.
    """
    found, clone = find_course(here), _clone_of(here)
    if clone is not None and found in (None, clone / "notebooks"):
        return clone / COPY, clone / COPY  # the tracked notebooks are out of sight
    return here, found or here / "notebooks"


def _clone_of(here: Path) -> Path | None:
    """The clone of the course that a folder lies in."""
    return next((folder for folder in (here, *here.parents) if _is_clone(folder)), None)


def _is_clone(folder: Path) -> bool:
    parts = ("pyproject.toml", "optlab/course/notebooks.py", f"notebooks/{START}")
    return all((folder / part).is_file() for part in parts)


def own_course() -> Path:
    """Find the course that came with this package.

    Returns:
        `notebooks/` inside the installed package, or beside it in a checkout.

    Raises:
        FileNotFoundError: neither place holds `00_start_here.ipynb`.
    """
    package = Path(__file__).resolve().parent.parent
    course = find_course(package) or checkout_course()
    if course is None:
        raise FileNotFoundError(f"the course is not where it was installed: {package / 'notebooks' / START}")
    return course


def checkout_course() -> Path | None:
    """Find the course in the checkout that this package runs from.

    Returns:
        The checkout's `notebooks/`, or None when the package runs from an installed wheel.
    """
    root = Path(__file__).resolve().parents[2]
    return root / "notebooks" if (root / "pyproject.toml").is_file() and find_course(root) else None


def copy_course(source: Path, target: Path) -> list[Path]:
    """Copy the files of the course that the target does not have; a file that exists is never touched.

    The start page is copied last: where it is, the copy is complete.

    Args:
        source: a folder that holds the course.
        target: the learner's folder; made if it is not there.

    Returns:
        The files written.

    Raises:
        OSError: if a file cannot be written, or a folder has a file's name.
    """
    files = [file for file in sorted(source.rglob("*")) if file.is_file() and not _own(file, source)]
    files.sort(key=lambda file: file.name == START)
    return [copy for file in files if (copy := _copy_new(file, target / file.relative_to(source)))]


def _own(file: Path, folder: Path) -> bool:
    """Whether a file is the folder's owner's and not the course's: hidden ones, and the owner's progress."""
    return any(part.startswith((".", "optlab_progress")) for part in file.relative_to(folder).parts)


def _copy_new(file: Path, target: Path) -> Path | None:
    """Copy one file whole or not at all; the file system sees to it that nothing is ever overwritten."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with whole_file(target, new=True) as out:
            out.write(file.read_bytes())
    except FileExistsError:
        if target.is_dir():
            raise IsADirectoryError(f"{target} is a folder, and the course has a file of that name") from None
        return None
    return target


def execute(notebook: NotebookNode, folder: Path, timeout: int = 600) -> NotebookNode:
    """Run every cell in a fresh kernel of this Python.

    Args:
        notebook: the notebook; its outputs are replaced in place.
        folder: the kernel's working folder.
        timeout: seconds that one cell may take.

    Returns:
        The same notebook.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
    """
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=[*QUIET],
        record_timing=False,
        store_widget_state=False,
    )
    # what is stored is the course's: it knows of no learner's progress
    return client.execute(env=os.environ | {FORGET: "1"})


def storable(notebook: NotebookNode) -> NotebookNode:
    """Bring an executed notebook to the stored form: text and pictures, nothing that needs a kernel.

    Args:
        notebook: the notebook, changed in place.

    Returns:
        The same notebook.

    Examples:
        >>> cell = nbformat.v4.new_code_cell("1 + 1", metadata={"execution": {"iopub.status.idle": "12:00"}})
        >>> storable(nbformat.v4.new_notebook(cells=[cell])).cells[0].metadata
        {}
    """
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(LANGUAGE))
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number:02d}")
        for key in NOT_STORED:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = _joined(filter(None, map(_readable, cell.outputs)))
    return notebook


def _readable(output: NotebookNode) -> NotebookNode | None:
    """Take the widget view out of an output, and the output away where nothing else was in it."""
    data = output.get("data")
    if data is None or VIEW not in data:
        return output
    del data[VIEW]
    data["text/plain"] = _short(data.get("text/plain", ""))
    return output if any(data.values()) else None


def _short(text: str) -> str:
    """Shorten a widget's repr, with all its children or its address, to its name; other text stays.

    Examples:
        >>> _short("Lab(children=(FloatSlider(value=0.1), Button()), layout=Layout())")
        'Lab(...)'
        >>> _short("Lab(children=(FloatSlider(value=0.1), …")
        'Lab(...)'
        >>> _short("<optlab.live.figure.LiveFigure object at 0x7f672148abd0>")
        'LiveFigure(...)'
    """
    widget = re.fullmatch(
        r"(\w+)\(.*[)…]|<(?:[\w.]+\.)?(\w+) object at 0x\w+>", text.strip(), flags=re.DOTALL
    )
    return f"{widget[1] or widget[2]}(...)" if widget else text


def _joined(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: where the kernel flushed is chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def store(file: Path) -> bool:
    """Run a notebook and store it; when a cell raises, the file stays as it was.

    Args:
        file: the notebook, replaced.

    Returns:
        Whether the file changed.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
    """
    before = file.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    after = nbformat.writes(storable(execute(notebook, file.parent))) + "\n"
    with whole_file(file) as out:
        out.write(after.encode())
    return after != before
