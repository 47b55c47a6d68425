"""The matrix asks for what pyproject.toml says: each lower bound exactly, each Python from the oldest on."""

import re
import tomllib

import matrix
import pytest

PROJECT = tomllib.loads((matrix.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOWEST, NEWEST = matrix.Row("3.11", "lowest"), matrix.Row("3.13", "newest")


def test_the_lowest_row_pins_each_dependency_to_its_lower_bound():
    asked = matrix.requirements(LOWEST, PROJECT)[: len(PROJECT["dependencies"])]
    for bound, pin in zip(PROJECT["dependencies"], asked, strict=True):
        name, version = pin.split("==")
        assert re.fullmatch(r"[\d.]+", version)
        assert bound.startswith(f"{name}>={version}")


def test_the_newest_row_is_within_the_bounds():
    assert matrix.requirements(NEWEST, PROJECT)[: len(PROJECT["dependencies"])] == PROJECT["dependencies"]


def test_the_oldest_python_is_tried_with_the_lowest_versions_and_every_one_that_is_promised_is_there():
    promised = {kind.split()[-1] for kind in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", kind)}
    assert PROJECT["requires-python"] == f">={min(promised)}"
    assert promised <= {row.python for row in matrix.ROWS}
    assert [row.python for row in matrix.ROWS if row.versions == "lowest"] == [min(promised)]


def test_each_chosen_test_is_there():
    assert all((matrix.ROOT / name).is_file() for name in matrix.CHOSEN)


@pytest.mark.parametrize(
    ("said", "status"), [("46 passed in 3s", 0), ("1 failed, 45 passed", 1), ("not here: no", 0)]
)
def test_a_row_that_fails_fails_the_command_and_one_that_is_not_here_does_not(
    monkeypatch, capsys, said, status
):
    monkeypatch.setattr(matrix, "tried", lambda *_: said)
    assert matrix.main(["--only", "3.13"]) == status
    assert capsys.readouterr().out.splitlines()[2:] == [f"| 3.13 newest | {said} |"]
