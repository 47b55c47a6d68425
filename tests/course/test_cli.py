"""The command `optlab` opens JupyterLab on the course, hands on Jupyter's flags, and harms no file."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from optlab import cli, opening
from optlab.course import notebooks as course
from optlab.live.shown import VIEW

STARTED_WITHIN = 60.0
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def planted(tmp_path, monkeypatch) -> Path:
    """A learner's empty folder to work in, and a small course as the one that came with the package."""
    for name in (course.START, "03.ipynb"):
        (tmp_path / "own").mkdir(exist_ok=True)
        nbformat.write(new_notebook(cells=[new_code_cell("print(1)")]), tmp_path / "own" / name)
    monkeypatch.setattr(course, "own_course", lambda: tmp_path / "own")
    monkeypatch.setattr(course, "checkout_course", lambda: tmp_path / "own")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def commands(monkeypatch) -> list[list[str]]:
    """What would have been run, instead of running it; the learner is no root."""
    run: list[list[str]] = []

    def become(command: list[str], variables: dict[str, str]) -> int:
        run.append(command)
        return 0

    monkeypatch.setattr(opening, "replace_this_process", become)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return run


@pytest.fixture
def clone(planted, monkeypatch) -> Path:
    """A clone of the course with git's own idea of what is tracked, and the learner in it."""
    root = planted.parent / "clone"
    (root / "optlab/course").mkdir(parents=True)
    (root / "notebooks").mkdir()
    for file in ("pyproject.toml", "optlab/course/notebooks.py"):
        (root / file).touch()
    (root / ".gitignore").write_text((REPOSITORY / ".gitignore").read_text())
    for file in (planted.parent / "own").iterdir():
        (root / "notebooks" / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(course, "checkout_course", lambda: root / "notebooks")
    monkeypatch.setattr(course, "own_course", lambda: root / "notebooks")
    monkeypatch.chdir(root)
    git("init", "--quiet", ".")
    git("add", ".")
    return root


def git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout


def test_help_explains_and_starts_nothing(capsys, commands):
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in ("optlab store", "never overwritten", "--no-browser"))
    assert commands == []


def test_the_first_time_the_course_is_copied_and_opened(planted, commands, capsys):
    assert cli.main([]) == 0
    assert sorted(file.name for file in (planted / "notebooks").iterdir()) == [course.START, "03.ipynb"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in commands[0]
    assert "Copied 2 files" in capsys.readouterr().out


def test_the_second_time_nothing_is_copied(planted, commands, capsys):
    cli.main([])
    (planted / "notebooks/03.ipynb").unlink()
    (planted / "notebooks" / course.START).write_text("mine")
    capsys.readouterr()
    cli.main([])
    assert [file.read_text() for file in (planted / "notebooks").iterdir()] == ["mine"]
    assert capsys.readouterr().out == ""


def test_in_the_folder_of_the_course_no_second_copy_is_made(planted, commands, monkeypatch):
    monkeypatch.chdir(planted.parent / "own")
    cli.main([])
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in commands[0]
    assert not Path("notebooks").exists()


@pytest.mark.parametrize("where", [".", "notebooks", "optlab"])
def test_in_a_clone_the_learner_gets_a_copy_that_git_does_not_see(
    clone, commands, monkeypatch, capsys, where
):
    before = git("status", "--porcelain", "--untracked-files=all")
    monkeypatch.chdir(clone / where)
    assert cli.main([]) == 0
    assert f"--ServerApp.root_dir={clone / 'my_notebooks'}" in commands[0]
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in commands[0]
    assert "my_notebooks" in capsys.readouterr().out
    (clone / "my_notebooks/03.ipynb").write_text("mine")
    (clone / "my_notebooks/optlab_progress.json").write_text("{}")
    assert git("status", "--porcelain", "--untracked-files=all") == before
    assert cli.main([]) == cli.main(["copy"]) == 0
    assert (clone / "my_notebooks/03.ipynb").read_text() == "mine"


def test_in_the_copy_itself_no_second_one_is_made(clone, commands, monkeypatch):
    cli.main(["copy"])
    monkeypatch.chdir(clone / "my_notebooks")
    cli.main([])
    assert f"--ServerApp.root_dir={clone / 'my_notebooks'}" in commands[0]
    assert not (clone / "my_notebooks/my_notebooks").exists()


def test_edit_opens_the_tracked_notebooks_on_purpose(clone, commands):
    assert cli.main(["edit", "--no-browser"]) == 0
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in commands[0]
    assert commands[0][-1] == "--no-browser"
    assert not (clone / "my_notebooks").exists()


def test_edit_outside_a_checkout_says_so(planted, commands, monkeypatch, capsys):
    monkeypatch.setattr(course, "checkout_course", lambda: None)
    assert cli.main(["edit"]) == 1
    assert "checkout" in capsys.readouterr().err
    assert commands == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_where_the_home_folder_cannot_be_written_to_jupyters_own_files_are_elsewhere(
    planted, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(opening.tempfile, "tempdir", str(tmp_path))
    for name in opening.AT_HOME:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPYTHONDIR", "mine")
    monkeypatch.setenv("HOME", "/proc/no/home")
    given = opening.environment()
    assert "nothing can be written to /proc/no/home" in capsys.readouterr().out
    assert given["IPYTHONDIR"] == "mine"
    ask = (
        "from jupyter_core import paths as p\n"
        "print(p.jupyter_config_dir(), p.jupyter_data_dir(), p.jupyter_runtime_dir())"
    )
    told = subprocess.run([sys.executable, "-c", ask], env=given, capture_output=True, text=True, check=True)
    assert all(Path(folder).is_relative_to(tmp_path) for folder in told.stdout.split())
    assert "/proc/no/home/.jupyter" in given["JUPYTER_CONFIG_PATH"].split(os.pathsep)


def test_where_the_home_folder_can_be_written_to_jupyters_own_files_stay_there(
    planted, monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("HOME", str(tmp_path / "not made yet"))
    changed = dict(set(opening.environment().items()) - set(os.environ.items()))
    assert changed.keys() == {"JUPYTER_CONFIG_PATH"}
    assert capsys.readouterr().out == ""


def test_a_copy_takes_no_one_elses_progress_along(planted):
    (planted.parent / "own/optlab_progress.json").write_text("{}")
    cli.main(["copy"])
    assert sorted(file.name for file in (planted / "notebooks").iterdir()) == [course.START, "03.ipynb"]


def test_root_in_a_container_is_let_in_with_a_word(planted, commands, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(opening, "in_container", lambda: True)
    assert cli.main(["--no-browser"]) == 0
    assert commands[0][-2:] == ["--allow-root", "--no-browser"]
    assert "you are root" in capsys.readouterr().out


def test_root_elsewhere_is_told_what_to_do_before_anything_is_copied(planted, commands, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(opening, "in_container", lambda: False)
    assert cli.main([]) == 1
    assert "`optlab --allow-root`" in capsys.readouterr().err
    assert commands == []
    assert list(planted.iterdir()) == []
    assert cli.main(["--allow-root"]) == 0
    assert commands[0].count("--allow-root") == 1


@pytest.mark.parametrize("variable", opening.CONTAINER_VARIABLES)
def test_a_container_is_known_by_its_marks(monkeypatch, tmp_path, variable):
    monkeypatch.setattr(opening, "CONTAINER_FILES", (tmp_path / "mark",))
    monkeypatch.setattr(opening, "CONTAINER_GROUPS", ())
    for name in opening.CONTAINER_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert not opening.in_container()
    monkeypatch.setenv(variable, "yes")
    assert opening.in_container()
    monkeypatch.delenv(variable)
    (tmp_path / "mark").touch()
    assert opening.in_container()


def test_the_version_is_optlabs_own(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("optlab ")


def test_flags_go_to_jupyter_after_our_own(planted, commands):
    flags = ["--no-browser", "--port", "8890", "--ServerApp.root_dir=/elsewhere"]
    cli.main(flags)
    assert commands[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert commands[0][-4:] == flags


def test_we_set_where_and_that_labs_may_add_a_cell_and_nothing_else(planted, commands):
    cli.main([])
    assert [word.split("=")[0] for word in commands[0][3:]] == [
        "--ServerApp.root_dir",
        "--LabApp.default_url",
        "--LabApp.expose_app_in_browser",
    ]


def test_copy_brings_back_only_what_is_missing(planted, capsys):
    cli.main(["copy"])
    (planted / "notebooks/03.ipynb").unlink()
    (planted / "notebooks" / course.START).write_text("mine")
    assert cli.main(["copy"]) == 0
    assert (planted / "notebooks/03.ipynb").is_file()
    assert (planted / "notebooks" / course.START).read_text() == "mine"
    assert "Copied 1 files" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_folder_may_have_letters_that_the_console_lacks(planted, commands, monkeypatch, encoding):
    (planted / "课程 é").mkdir()
    monkeypatch.chdir(planted / "课程 é")
    told = io.TextIOWrapper(io.BytesIO(), encoding)
    with monkeypatch.context() as console:
        console.setattr(sys, "stdout", told)
        console.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding))
        assert (cli.main(["copy"]), cli.main([]), cli.main(["store", "课程"])) == (0, 0, 1)
    told.seek(0)
    assert "Copied 2 files of the course to " in told.read()
    assert len(commands) == 1


def test_a_folder_that_cannot_be_made_is_said_in_one_line(planted, commands, capsys):
    (planted / "notebooks").write_text("a file")
    assert cli.main([]) == 1
    assert capsys.readouterr().err.startswith("optlab: ")
    assert commands == []


def test_store_runs_the_named_notebook_alone(planted, capsys):
    other = (planted.parent / "own" / course.START).read_bytes()
    assert cli.main(["store", "03"]) == 0
    assert capsys.readouterr().out == "03.ipynb: stored\n"
    assert nbformat.read(planted.parent / "own/03.ipynb", as_version=4).cells[0].outputs[0].text == "1\n"
    assert (planted.parent / "own" / course.START).read_bytes() == other


def test_store_tells_which_notebook_failed_and_goes_on(planted, capsys):
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), planted.parent / "own" / course.START)
    assert cli.main(["store"]) == 1
    told = capsys.readouterr()
    assert told.out == "03.ipynb: stored\n"
    assert "00_start_here.ipynb: not stored" in told.err


@pytest.mark.parametrize("name", ["04", "../here/03.ipynb", "/etc/passwd"])
def test_store_writes_to_the_course_alone(planted, name, capsys):
    (planted / "03.ipynb").write_text("mine")
    assert cli.main(["store", name]) == 1
    assert "is no notebook of the course" in capsys.readouterr().err
    assert (planted / "03.ipynb").read_text() == "mine"


def test_store_names_come_in_every_form(planted, monkeypatch):
    own = planted.parent / "own"
    monkeypatch.chdir(own)
    for name in ("03", "03.ipynb", "./03.ipynb", str(own / "03.ipynb"), "../own/03.ipynb"):
        assert cli.notebooks_to_store([name]) == [own / "03.ipynb"]
    assert [file.name for file in cli.notebooks_to_store([])] == [course.START, "03.ipynb"]


def test_store_outside_a_checkout_says_so(planted, monkeypatch, capsys):
    monkeypatch.setattr(course, "checkout_course", lambda: None)
    assert cli.main(["store"]) == 1
    assert "checkout" in capsys.readouterr().err


# ---------------------------------------------------------------- the real thing


@pytest.fixture
def server(planted) -> Iterator[tuple["subprocess.Popen[bytes]", dict]]:
    """JupyterLab as `optlab` starts it in a folder with the course, and what it wrote about itself."""
    lab = {VIEW: {"model_id": "3e"}, "image/png": "iVBORw0KGgo=", "text/plain": "Lab(…"}
    cell = new_code_cell("lab", outputs=[new_output("display_data", lab)])
    nbformat.write(new_notebook(cells=[cell]), planted.parent / "own" / course.START)
    course.copy_course(planted.parent / "own", planted / "notebooks")
    places = {f"JUPYTER_{kind}_DIR": str(planted.parent / kind) for kind in ("RUNTIME", "CONFIG", "DATA")}
    own = {"JUPYTERLAB_SETTINGS_DIR": str(planted.parent / "SETTINGS"), "container": "yes"}
    command = [sys.executable, "-m", "optlab.cli", "--no-browser", "--port=0", "-y"]
    variables = os.environ | places | own
    pty = pytest.importorskip("pty")  # in a terminal, as a learner has it: elsewhere Ctrl-C takes another way
    terminal, end = pty.openpty()
    process = subprocess.Popen(command, cwd=planted, env=variables, stdin=end, stderr=subprocess.DEVNULL)
    try:
        yield process, wait_for_notes(process, planted.parent / "RUNTIME")
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(end)


def wait_for_notes(process: "subprocess.Popen[bytes]", runtime: Path) -> dict:
    end = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < end and process.poll() is None:
        for notes in runtime.glob("jpserver-*.json"):
            about = json.loads(notes.read_text() or "{}")
            if about.get("port") and answers(f"{about['url']}api"):
                return about
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start; exit status {process.poll()}")


def answers(address: str) -> int:
    """The status that an address answers with; 0 when nothing listens."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except urllib.error.URLError:
        return 0


def fetched(about: dict, path: str) -> dict:
    address = f"{about['url']}{path}"
    request = urllib.request.Request(address, headers={"Authorization": f"token {about['token']}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_jupyterlab_opens_on_the_course_and_ends_at_ctrl_c(server, planted):
    process, about = server
    assert about["pid"] == process.pid
    assert Path(about["root_dir"]) == planted
    assert about["hostname"] in {"localhost", "127.0.0.1"}
    assert about["token"]
    page = f"{about['url']}lab/tree/notebooks/{course.START}"
    contents = f"{about['url']}api/contents/notebooks/{course.START}"
    assert answers(f"{about['url']}?token={about['token']}") == 200
    assert answers(f"{page}?token={about['token']}") == 200
    assert answers(f"{contents}?token={about['token']}") == 200
    assert answers(contents) == 403
    settings = fetched(about, "lab/api/settings/@jupyterlab/apputils-extension:notification")
    chosen = json.loads(settings["raw"] or "{}")
    defaults = {name: part["default"] for name, part in settings["schema"]["properties"].items()}
    news = {name: chosen.get(name, defaults[name]) for name in ("fetchNews", "checkForUpdates")}
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    lab, note = fetched(about, f"api/contents/notebooks/{course.START}")["content"]["cells"][-1]["outputs"]
    assert VIEW not in lab["data"]
    assert "Run this cell" in note["data"]["text/html"]
    before = {file.name for file in planted.rglob("*")}
    assert before <= {"notebooks", "03.ipynb", course.START, ".ipynb_checkpoints"}
    process.send_signal(signal.SIGINT)
    assert process.wait(STARTED_WITHIN) == 0
