"""Progress: remembered in one small file; whatever state file and folder are in, nothing is raised."""

import json
import time

import pytest

from optlab.live import progress

TODAY = time.strftime("%Y-%m-%d")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as a kernel that runs in it would have."""
    monkeypatch.setattr(progress, "_folder", lambda: tmp_path)
    monkeypatch.setattr(progress, "_trouble", {"reading": "", "writing": ""})
    return tmp_path


def on_disk(folder):
    return json.loads((folder / progress.FILE).read_text("utf-8"))


def test_what_is_noted_is_recalled_and_lies_in_the_file_in_plain_words(folder):
    progress.note("goal", "cloud_lab/under 0.02", {"state": "α=0.1"})
    progress.note("prediction", "ab12", {"chosen": "falls", "right": False})
    assert progress.recall("goal", "cloud_lab/under 0.02") == {"state": "α=0.1", "when": TODAY}
    assert progress.recall("goal", "ab12") is None
    assert progress.kept("checkpoint") == {}
    assert on_disk(folder)["prediction"] == {"ab12": {"chosen": "falls", "right": False, "when": TODAY}}
    assert [file.name for file in folder.iterdir()] == [progress.FILE]


def test_another_kernels_notes_are_kept(folder):
    progress.note("goal", "a", {})
    other = on_disk(folder)
    other["goal"]["b"] = {"state": "lr=1"}
    (folder / progress.FILE).write_text(json.dumps(other), "utf-8")
    progress.note("goal", "c", {})
    assert [*progress.kept("goal")] == ["a", "b", "c"]


def test_outside_a_notebook_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "_FOLDER", tmp_path)
    progress.note("goal", "a", {})
    assert progress.recall("goal", "a") is None
    assert list(tmp_path.iterdir()) == []


DAMAGED = ["", "{", "[1]", '{"goal": [1]}', '{"goal": {"a": 1}}', "[" * 100_000, '"' + "y" * (2 << 20) + '"']


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_ignored_said_and_put_aside(folder, text):
    (folder / progress.FILE).write_text(text)
    assert progress.kept("goal") == {}
    assert "cannot be read and is ignored" in progress.trouble()
    progress.note("goal", "a", {})
    assert [*on_disk(folder)["goal"]] == ["a"]
    assert (folder / "optlab_progress.damaged.json").read_text() == text
    assert progress.recall("goal", "a") is not None
    assert progress.trouble() == ""


def test_a_folder_that_cannot_be_written_keeps_nothing_and_raises_nothing(folder, monkeypatch):
    (folder / "a file").touch()
    monkeypatch.setattr(progress, "_folder", lambda: folder / "a file")  # root may write anywhere but here
    progress.note("goal", "a", {})
    assert "nothing is remembered" in progress.trouble()
    assert progress.recall("goal", "a") is None


def test_the_file_stays_small(folder, monkeypatch):
    monkeypatch.setattr(progress, "MOST_OF_A_KIND", 3)
    for key in "abcda":
        progress.note("prediction", key, {"sketch": [1.5] * 10_000, "chosen": key})
    assert [*progress.kept("prediction")] == ["c", "d", "a"]
    assert (folder / progress.FILE).stat().st_size < 1000


def test_what_json_cannot_hold_is_left_out(folder):
    progress.note("prediction", "a", {"true": object(), "sketch": [float("nan")], "chosen": "falls"})
    assert progress.recall("prediction", "a") == {"chosen": "falls", "when": TODAY}


def test_an_unknown_kind_is_refused_by_name():
    for call in (progress.kept, lambda kind: progress.note(kind, "a", {})):
        with pytest.raises(ValueError, match="kind='guess': expected one of goal, prediction, checkpoint"):
            call("guess")
