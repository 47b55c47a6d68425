"""`optlab doctor`: from what it prints alone one can tell what is wrong."""

import json
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import pytest

from optlab import __version__, doctor
from optlab.agreement import disagreements


@pytest.fixture
def told(monkeypatch, capsys):
    """Run it, and return its status and what it printed; torch counts as there."""

    def run():
        status = doctor.main()
        return status, capsys.readouterr().out

    # whatever is installed where the tests run, and whoever runs them, is right
    monkeypatch.setattr(doctor, "_out_of_bounds", lambda *_: "")
    monkeypatch.setattr(doctor, "disagreements", lambda _: [])
    monkeypatch.setattr(doctor, "_trouble_in", lambda _: "")
    monkeypatch.setattr(doctor, "LEAST_MEMORY", 0.0)
    return run


def test_where_all_is_well_it_says_what_there_is_and_that_nothing_is_wrong(told):
    status, text = told()
    assert status == 0, text
    assert text.endswith("\nNothing is wrong.\n")
    assert text.startswith(f"optlab               {__version__} in ")
    for name in ("python", "cores", "memory", "this folder", "torch", "front end anywidget", "accelerator"):
        assert f"\n{name} " in text
    assert f"\nanywidget            {metadata.version('anywidget')} (needs >=" in text
    assert str(Path.home()) == "/" or str(Path.home()) not in text


def lab_extension(folder, name, version):
    file = folder / "labextensions" / name / "package.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"name": name, "version": version}))


def test_a_front_end_is_looked_at_where_the_package_of_another_is_gone(tmp_path, monkeypatch):
    """anywidget removed, its front end left behind: that must not hide what is wrong with the other one."""
    for name in doctor.FRONT_ENDS.values():
        lab_extension(tmp_path, name, "0.0.1")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    installed = metadata.distribution

    def without_anywidget(name):
        if name == "anywidget":
            raise metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(metadata, "distribution", without_anywidget)
    looked_at = {name: problem for name, _, problem in doctor._front_ends()}
    assert looked_at["front end anywidget"] == ""  # that it is not installed is said elsewhere
    assert "is 0.0.1" in looked_at["front end jupyterlab_widgets"]


@pytest.mark.parametrize(("package", "name"), doctor.FRONT_ENDS.items())
def test_a_front_end_of_another_version_is_named_with_the_folder_to_remove(
    told, tmp_path, monkeypatch, package, name
):
    """As an old one in a learner's own folder, which JupyterLab finds before the one that fits."""
    lab_extension(tmp_path, name, "0.0.1")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    status, text = told()
    assert status == 1
    wrong = text.partition("Wrong here:")[2]
    assert f"front end {package}: is 0.0.1, and the installed package brings " in wrong
    assert wrong.strip().endswith(str(tmp_path / "labextensions" / Path(name)))


def test_a_front_end_that_is_switched_off_or_not_there_is_said(told, tmp_path, monkeypatch):
    (tmp_path / "labconfig").mkdir()
    off = {"disabledExtensions": {"anywidget": True, "other": False}}
    (tmp_path / "labconfig" / "page_config.json").write_text(json.dumps(off))
    monkeypatch.setattr("jupyter_core.paths.jupyter_config_path", lambda: [str(tmp_path)])
    assert "front end anywidget: switched off in JupyterLab's settings\n" in told()[1]
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda _: [str(tmp_path)])
    assert f"front end anywidget: JupyterLab finds none in {tmp_path}" in told()[1]


def test_a_package_that_is_missing_too_old_or_does_not_load(told, monkeypatch):
    def version(name):
        if name == "nbclient":
            raise metadata.PackageNotFoundError(name)
        return {"numpy": "1.20.0"}.get(name, "1.0")

    monkeypatch.undo()
    monkeypatch.setattr(doctor, "disagreements", lambda _: [])
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(doctor, "_bounds", lambda: {"numpy": ">=1.26,<3", "nbclient": "", "joblib": ""})
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    status, text = told()
    assert status == 1
    wrong = text.partition("Wrong here:\n")[2]
    assert "numpy: 1.20.0 is not a version that optlab is known to work with (>=1.26,<3)\n" in wrong
    assert "nbclient: not installed\n" in wrong
    assert "import numba: ModuleNotFoundError: " in wrong
    assert "accelerator: could not be looked at: ModuleNotFoundError: " in wrong
    assert "joblib" not in wrong


def install(folder, name, version, *needs):
    """What pip leaves of a package, as far as it is asked for here."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    needs = "".join(f"Requires-Dist: {need}\n" for need in needs)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")


def test_packages_that_do_not_agree_with_one_another(told, monkeypatch, tmp_path):
    """As ipywidgets 8 beside the front end of ipywidgets 7: each alone is there, and no lab is drawn."""
    install(tmp_path, "above", "1.0", "widgets >=8", "no-such-package >=2")
    install(tmp_path, "widgets", "8.1", "front-end ~=3.0", 'front-end <1 ; extra == "old"', "above")
    install(tmp_path, "front_end", "1.1")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(disagreements(["above", "Widgets"])) == [("widgets", "front-end~=3.0", "1.1")]
    monkeypatch.setattr(doctor, "disagreements", disagreements)
    monkeypatch.setattr(doctor, "_bounds", lambda: {"above": ">=1"})
    status, text = told()
    assert status == 1
    assert text.endswith("\nWrong here:\n  widgets: needs front-end~=3.0, and 1.1 is installed\n")


def test_too_little_memory_and_a_folder_that_cannot_be_written_to(told, monkeypatch, tmp_path):
    def refuse(*_, dir):  # noqa: A002  (its own name)
        raise PermissionError("[Errno 13] Permission denied")

    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    (tmp_path / "limit").write_text(f"{2**28}\n")
    monkeypatch.setattr(doctor, "LIMITS", (tmp_path / "limit", tmp_path / "none"))
    status, text = told()
    assert status == 1
    assert "memory               0.2 GB\n" in text
    assert "memory: a lesson may need 1 GB\n" in text
    assert "this folder: cannot be written to: [Errno 13] Permission denied\n" in text


def test_it_takes_no_arguments():
    with pytest.raises(ValueError, match=r"doctor takes no arguments, got 'me'"):
        doctor.main(["me"])


def test_what_it_needs_is_what_was_installed_where_there_is_no_clone(monkeypatch, tmp_path):
    here = doctor._bounds()
    monkeypatch.setattr(doctor, "HERE", tmp_path / "optlab")
    needed = [name + ",".join(reversed(bound.split(","))) for name, bound in here.items()]  # so in a wheel
    monkeypatch.setattr(metadata, "requires", lambda _: [*needed, 'ruff>=1; extra == "test"'])
    assert doctor._bounds() == here
    assert here["anywidget"].startswith(">=")


@pytest.fixture
def broken(tmp_path):
    """An environment whose packages are there and cannot be loaded, and a folder in another script."""
    for name in ("numpy", "torch", "nbclient", "matplotlib", "sklearn", "numba", "IPython"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('no {name} for this processor')")
    folder = tmp_path / "课程 é"
    folder.mkdir()
    path = os.pathsep.join([str(tmp_path), str(Path(doctor.__file__).parents[1])])
    return {"cwd": folder, "env": os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "ascii"}}


def optlab(*words, **where):
    done = subprocess.run([sys.executable, "-m", "optlab", *words], capture_output=True, check=False, **where)
    return done.returncode, done.stdout.decode("ascii"), done.stderr.decode("ascii")


def test_it_runs_where_nothing_else_does_and_names_the_cause(broken):
    status, text, said = optlab("doctor", **broken)
    assert (status, said) == (1, "")
    assert r"\u8bfe\u7a0b \xe9" in text
    assert "accelerator: could not be looked at: ImportError: no torch for this processor" in text
    assert "course: could not be looked at: ImportError: no nbclient for this processor" in text
    status, _, said = optlab("copy", **broken)
    assert (status, said) == (
        1,
        "optlab: no nbclient for this processor. `optlab doctor` tells what is missing.\n",
    )


def test_the_commands_module_knows_it_too(monkeypatch, capsys):
    from optlab import cli

    monkeypatch.setattr(doctor, "examine", lambda: iter([("torch", "none", "not installed")]))
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().out == ("torch                none\n\nWrong here:\n  torch: not installed\n")
