"""The course's notebooks are found, copied without harm, run and stored in a form that needs no kernel."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import course_rules as rules
import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from small_files import files_of_at_most, posix

from optlab import __version__
from optlab.course import notebooks as course
from optlab.live.progress import FILE

ROOT = Path(__file__).parents[2]


def plant(folder: Path, *files: str) -> Path:
    for name in (course.START, *files):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"the course's {name}")
    return folder


@pytest.mark.parametrize(("start", "found"), [("notebooks", "notebooks"), (".", "."), ("elsewhere", None)])
def test_the_course_is_found_here_and_in_notebooks(tmp_path, start, found):
    plant(tmp_path / start)
    assert course.find_course(tmp_path) == (found and tmp_path / found)


def test_a_copy_has_every_file_but_the_hidden_ones(tmp_path):
    source = plant(tmp_path / "from", "03.ipynb", "images/lab.png", ".ipynb_checkpoints/03.ipynb", ".gitkeep")
    written = course.copy_course(source, tmp_path / "to")
    names = {file.relative_to(tmp_path / "to").as_posix() for file in written}
    assert names == {course.START, "03.ipynb", "images/lab.png"}
    assert (tmp_path / "to/images/lab.png").read_text() == "the course's images/lab.png"


def test_a_copy_never_touches_what_is_there(tmp_path):
    source = plant(tmp_path / "from", "03.ipynb", "04.ipynb")
    mine, link = tmp_path / "to/03.ipynb", tmp_path / "to/04.ipynb"
    mine.parent.mkdir()
    mine.write_text("mine")
    link.symlink_to(tmp_path / "not yet there")
    assert course.copy_course(source, mine.parent) == [mine.parent / course.START]
    assert mine.read_text() == "mine"
    assert not (tmp_path / "not yet there").exists()


@posix
def test_a_copy_that_met_a_full_disk_is_complete_once_there_is_room(tmp_path):
    source = plant(tmp_path / "from", "03.ipynb", "04.ipynb")
    (source / "03.ipynb").write_bytes(bytes(100_000))
    with files_of_at_most(10_000), pytest.raises(OSError, match=r"[Ff]ile too large"):
        course.copy_course(source, tmp_path / "to")
    assert course.find_course(tmp_path / "to") is None
    course.copy_course(source, tmp_path / "to")
    assert {file.name: file.read_bytes() for file in (tmp_path / "to").iterdir()} == {
        file.name: file.read_bytes() for file in source.iterdir()
    }


def test_a_folder_with_a_files_name_is_said_and_not_taken_for_the_file(tmp_path):
    source = plant(tmp_path / "from", "03.ipynb")
    (tmp_path / "to/03.ipynb").mkdir(parents=True)
    with pytest.raises(IsADirectoryError, match=r"03\.ipynb is a folder"):
        course.copy_course(source, tmp_path / "to")


@posix
def test_storing_on_a_full_disk_leaves_the_notebook_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / course.START
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), file)
    before = file.read_bytes()
    monkeypatch.setattr(course, "execute", lambda notebook, _: filled(notebook))
    with files_of_at_most(10_000), pytest.raises(OSError, match=r"[Ff]ile too large"):
        course.store(file)
    assert file.read_bytes() == before


def filled(notebook):
    notebook.cells[0].source += "#" * 100_000
    return notebook


def test_the_start_page_comes_last_so_that_half_a_copy_is_not_taken_for_a_whole(tmp_path):
    source = plant(tmp_path / "from", "04.ipynb", "images/lab.png")
    (tmp_path / "to").mkdir()
    (tmp_path / "to/images").write_text("a file where a folder should go")
    with pytest.raises(OSError, match="images"):
        course.copy_course(source, tmp_path / "to")
    assert (tmp_path / "to/04.ipynb").is_file()
    assert course.find_course(tmp_path / "to") is None


def test_what_is_stored_knows_of_no_learners_progress(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"goal": {"first_lab/x": {}}}))
    ask = "from optlab.live import progress\nprint(progress.kept('goal'))"
    (cell,) = course.execute(new_notebook(cells=[new_code_cell(ask)]), tmp_path).cells
    assert cell.outputs[0].text == "{}\n"


def test_a_kernel_that_runs_a_notebook_for_us_tells_its_errors_and_no_more(tmp_path, capfd):
    say = "log = get_ipython().kernel.log\nlog.warning('as usual')\nlog.error('it broke')"
    course.execute(new_notebook(cells=[new_code_cell(say)]), tmp_path)
    said = capfd.readouterr().err
    assert "it broke" in said
    assert "WARNING" not in said


def test_the_wheel_brings_the_whole_course_and_finds_it(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.whl")
    assert built.name == f"optlab_course-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(built) as wheel:
        wheel.extractall(tmp_path / "site")
        packed = {name for name in wheel.namelist() if not name.startswith("optlab_course-")}
    if (ROOT / ".git").exists():  # all that belongs to the course, and nothing that work has left behind
        asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "optlab", "notebooks"]
        own = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        there = {name for name in own if name and (ROOT / name).is_file()}
        assert {name.replace("optlab/notebooks/", "notebooks/") for name in packed} == there
    shipped = {file.name for file in (tmp_path / "site/optlab/notebooks").glob("*.ipynb")}
    assert shipped == {file.name for file in (ROOT / "notebooks").glob("*.ipynb")}
    for needed in ("py.typed", "live/js/figure.js"):
        assert (tmp_path / "site/optlab" / needed).is_file()
    (config,) = (tmp_path / "site").glob("*.data/data/etc/jupyter/jupyter_server_config.d/optlab.json")
    assert json.loads(config.read_text()) == {"ServerApp": {"jpserver_extensions": {"optlab.server": True}}}
    plant(tmp_path / "site/optlab/notebooks")
    ask = "from optlab.course import notebooks as c; print(c.own_course(), c.checkout_course())"
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path / "site",
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.split() == [str(tmp_path / "site/optlab/notebooks"), "None"]


PICTURE = {"image/png": "AAAA"}


def view(text: str, **more: str) -> nbformat.NotebookNode:
    return new_output("display_data", data={course.VIEW: "{}", "text/plain": text, **more})


@pytest.mark.parametrize(
    ("output", "stored"),
    [
        (view("VBox(children=())"), {"text/plain": "VBox(...)"}),
        (view("not answered yet (choose one)"), {"text/plain": "not answered yet (choose one)"}),
        (
            new_output("execute_result", data={"text/plain": "tensor(0.5, f(1))"}),
            {"text/plain": "tensor(0.5, f(1))"},
        ),
    ],
)
def test_a_widget_is_stored_as_its_picture_and_its_name(output, stored):
    cell = new_code_cell("lab", outputs=[output])
    assert course.storable(new_notebook(cells=[cell])).cells[0].outputs[0].data == stored


def test_a_view_with_nothing_to_read_is_not_stored():
    cell = new_code_cell("lab", outputs=[new_output("display_data", data={course.VIEW: "{}"})])
    assert course.storable(new_notebook(cells=[cell])).cells[0].outputs == []


def test_ids_stay_and_tags_stay():
    cells = [new_markdown_cell("a", id="mine"), new_code_cell("b", metadata={"tags": ["nbval-check-output"]})]
    notebook = new_notebook(cells=cells)
    del notebook.cells[1]["id"]
    stored = course.storable(notebook).cells
    assert [cell.id for cell in stored] == ["mine", "cell-01"]
    assert stored[1].metadata == {"tags": ["nbval-check-output"]}


SHOW = """\
import ipywidgets
class Lab(ipywidgets.HBox):
    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"image/png": "AAAA"}
Lab([ipywidgets.IntSlider(7)])"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A small notebook stored once: the file, and what it held afterwards."""
    file = tmp_path_factory.mktemp("course") / "a.ipynb"
    cells = [new_code_cell("import os, sys; print(1)\nprint(2)"), new_code_cell(SHOW)]
    cells += [new_code_cell("print(os.getcwd()); sys.executable"), new_markdown_cell("end")]
    nbformat.write(new_notebook(cells=cells, metadata={"widgets": {"state": {}}}), file)
    assert course.store(file)
    return file, nbformat.read(file, as_version=nbformat.NO_CONVERT)


def test_a_stored_notebook_keeps_the_rules_of_storing(stored):
    _, notebook = stored
    for rule in (rules.is_valid, rules.stores_no_widgets, rules.stores_no_errors, rules.was_run_from_top):
        assert rule(notebook) == []


def test_a_stored_notebook_holds_what_its_cells_showed(stored):
    file, notebook = stored
    first, lab, last = (cell.outputs for cell in notebook.cells[:3])
    assert [output.text for output in first] == ["1\n2\n"]
    assert {kind: text.strip() for kind, text in lab[0].data.items()} == {
        "text/plain": "Lab(...)",
        "image/png": "AAAA",
    }
    assert last[0].text.strip() == str(file.parent)
    assert last[1].data["text/plain"] == repr(sys.executable)


def test_storing_again_changes_nothing(stored):
    file, _ = stored
    before = file.read_bytes()
    assert not course.store(file)
    assert file.read_bytes() == before


def test_a_notebook_that_raises_stays_as_it_was(tmp_path):
    file = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), file)
    before = file.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        course.store(file)
    assert file.read_bytes() == before
