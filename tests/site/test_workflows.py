"""The workflows: they are well-formed, and call only what the repository has and tests; what a release is."""

import re
import shlex
import shutil
import subprocess
import zipfile
from pathlib import Path

import matrix
import pytest
import yaml

import optlab

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LISTED = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
SETTING_UP = ("pip install", "python -m pip install", "npm ci", "git config --global --add safe.directory")


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_what_github_asks_of_it(file):
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["name"]
    assert workflow[True]  # YAML 1.1 reads `on` so
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        assert job["timeout-minutes"] <= 60
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@(release/)?v\d+", step["uses"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_runs_only_what_the_repository_has(file):
    for step in steps(yaml.safe_load(file.read_text("utf-8"))):
        for line in step.get("run", "").splitlines():
            words = shlex.split(line)
            file = words[1] if words[0] == "python" else words[0]
            known = line.startswith(SETTING_UP) or file in ("optlab", "pytest") or (ROOT / file).is_file()
            assert known, line


def test_there_is_one_for_the_tests_one_for_the_site_and_one_for_a_release():
    assert [file.stem for file in WORKFLOWS] == ["release", "site", "tests"]
    systems = jobs_of("tests")["systems"]["strategy"]["matrix"]["os"]
    assert {name.split("-")[0] for name in systems} == {"ubuntu", "macos", "windows"}


def jobs_of(name):
    file = next(file for file in WORKFLOWS if file.stem == name)
    return yaml.safe_load(file.read_text("utf-8"))["jobs"]


def test_the_versions_that_are_tried_are_rows_of_the_matrix_with_the_python_that_is_set_up():
    for tried in jobs_of("tests")["versions"]["strategy"]["matrix"]["include"]:
        rows = [row for row in matrix.ROWS if tried["row"] in row.name]
        assert [row.python for row in rows] == [tried["python"]]


def release(tag, copy):
    words = [str(copy / ".ci" / "release"), tag]
    return subprocess.run(words, cwd=copy, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    """What a release is built from, as git has it."""
    files = subprocess.run(LISTED, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, files.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_release_is_built_for_its_own_tag_and_only_once_the_changelog_has_its_date(copy):
    refused = release("v99.0", copy)
    assert (refused.returncode, f"v{optlab.__version__}" in refused.stderr) == (1, True)
    tag, log = f"v{optlab.__version__}", copy / "CHANGELOG.md"
    text = log.read_text("utf-8")
    heading = re.search(rf"^## {re.escape(optlab.__version__)}, .*$", text, re.MULTILINE).group()
    log.write_text(text.replace(heading, f"## {optlab.__version__}, not yet released"), "utf-8")
    assert "CHANGELOG.md has no heading" in release(tag, copy).stderr
    log.write_text(text.replace(heading, f"## {optlab.__version__}, 2030-01-31"), "utf-8")
    done = release(tag, copy)
    assert done.returncode == 0, done.stderr
    wheel, sdist = sorted((copy / "dist").iterdir(), key=lambda file: file.suffix, reverse=True)
    assert (wheel.suffix, sdist.name) == (".whl", f"optlab_course-{optlab.__version__}.tar.gz")
    with zipfile.ZipFile(wheel) as made:
        shipped = {name for name in made.namelist() if name.endswith(".ipynb")}
    assert shipped == {f"optlab/notebooks/{file.name}" for file in (ROOT / "notebooks").glob("*.ipynb")}
