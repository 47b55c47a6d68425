"""The workflows: they are well-formed, and call only what the repository has and tests."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SETTING_UP = ("pip install", "python -m pip install", "npm ci")


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
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_runs_only_what_the_repository_has(file):
    for step in steps(yaml.safe_load(file.read_text("utf-8"))):
        for line in step.get("run", "").splitlines():
            words = shlex.split(line)
            known = (
                line.startswith(SETTING_UP) or words[0] in ("optlab", "pytest") or (ROOT / words[0]).is_file()
            )
            assert known, line


def test_there_is_one_for_the_tests_and_one_for_the_site():
    assert [file.stem for file in WORKFLOWS] == ["site", "tests"]
    systems = yaml.safe_load(WORKFLOWS[1].read_text("utf-8"))["jobs"]["systems"]["strategy"]["matrix"]["os"]
    assert {name.split("-")[0] for name in systems} == {"ubuntu", "macos", "windows"}
