"""What a stranger looks for in the repository is there, says one thing, and points to what exists."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import optlab

ROOT = Path(optlab.__file__).parents[1]
COMMUNITY = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    ".github/CODE_OF_CONDUCT.md",
    ".github/SECURITY.md",
    ".github/PULL_REQUEST_TEMPLATE.md",
)
FORMS = [
    file for file in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) if file.stem != "config"
]


def text(name):
    return (ROOT / name).read_text("utf-8")


def tracked():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name.decode() for name in names.split(b"\0") if name]


def in_a_checkout():
    return (ROOT / ".git").exists()


def test_the_newest_heading_of_the_changelog_is_the_version():
    newest = re.search(r"^## ([^\s,]+)", text("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == optlab.__version__


@pytest.mark.skipif(not in_a_checkout(), reason="asks git what is tracked")
def test_where_the_project_lives_is_said_in_one_place():
    """Whoever gives it a home replaces one word in one file, and nothing still points elsewhere."""
    placeholder = "github.com/" + "OWNER"
    told = [file for file in tracked() if file.is_file() and placeholder.encode() in file.read_bytes()]
    assert told == [ROOT / "pyproject.toml"]
    assert text("pyproject.toml").count(placeholder) == 1


def test_the_lock_has_versions_that_pyproject_allows():
    """Whoever changes a bound runs `uv lock`."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    packages = tomllib.loads(text("uv.lock"))["package"]
    asked = map(Requirement, chain(project["dependencies"], *project["optional-dependencies"].values()))
    locked: dict[str, list[str]] = {}
    for package in packages:
        locked.setdefault(package["name"], []).append(package.get("version", ""))
    for one in asked:
        versions = locked[canonicalize_name(one.name)]
        assert all(one.specifier.contains(version) for version in versions), one


def test_the_citation_is_complete_and_leaves_the_version_to_the_program():
    cited = yaml.safe_load(text("CITATION.cff"))
    assert cited.keys() >= {"cff-version", "message", "title", "authors", "license", "abstract"}
    assert cited["authors"] == [{"name": "optlab contributors"}]
    assert '{ name = "optlab contributors" }' in text("pyproject.toml")
    assert "version" not in cited
    assert cited["title"] in text("docs/cite.md")


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_an_issue_form_is_one_that_the_host_can_show(file):
    form = yaml.safe_load(file.read_text("utf-8"))
    assert form.keys() >= {"name", "description", "body"}
    fields = [part["id"] for part in form["body"]]
    assert len(set(fields)) == len(fields)
    for part in form["body"]:
        assert part["type"] in {"input", "textarea", "dropdown", "markdown", "checkboxes"}
        assert part["attributes"]["label"]
        assert part["type"] != "dropdown" or len(set(part["attributes"]["options"])) > 1
    assert any(part.get("validations", {}).get("required") for part in form["body"])


def test_the_bug_form_cannot_be_sent_without_what_the_doctor_prints():
    (form,) = [file for file in FORMS if file.stem == "bug"]
    (field,) = [part for part in yaml.safe_load(form.read_text("utf-8"))["body"] if part["id"] == "doctor"]
    assert "`optlab doctor`" in field["attributes"]["label"]
    assert field["validations"] == {"required": True}
    assert field["attributes"]["render"] == "text"  # as it is, not as Markdown


@pytest.mark.parametrize("name", COMMUNITY)
def test_what_a_page_points_to_is_there(name):
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
