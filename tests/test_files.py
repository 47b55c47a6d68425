"""A file is written whole or not at all."""

import contextlib
import os
import stat
import sys

import pytest
from small_files import files_of_at_most, posix

from optlab.files import whole_file


def write(path, data=b"new"):
    with whole_file(path) as file:
        file.write(data)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["a.txt", "课程 é", "x" * 250])
def test_a_file_is_there_when_it_is_complete_and_not_before(tmp_path, name):
    with whole_file(tmp_path / name) as file:
        file.write(b"half")
        file.flush()
        assert not (tmp_path / name).exists()
    assert names(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"half"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("there", [True, False])
def test_an_error_midway_leaves_what_was_there(tmp_path, error, there):
    target = tmp_path / "a.txt"
    if there:
        target.write_bytes(b"old")

    def half():
        yield b"half"
        raise error

    with pytest.raises(error), whole_file(target) as file:
        file.writelines(half())
    assert names(tmp_path) == (["a.txt"] if there else [])
    assert not there or target.read_bytes() == b"old"


@posix
def test_a_full_disk_leaves_what_was_there(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    with files_of_at_most(10_000), pytest.raises(OSError, match=r"[Ff]ile too large"):
        write(tmp_path / "a.txt", bytes(100_000))
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


@posix
def test_a_new_file_has_the_mode_of_any_new_file_and_an_old_one_keeps_its_own(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    (tmp_path / "old").write_bytes(b"")
    (tmp_path / "old").chmod(0o640)
    write(tmp_path / "new"), write(tmp_path / "old")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "new", "old")]
    assert modes[0] == modes[1]
    assert modes[2] == 0o640


@posix
def test_a_link_stays_a_link_and_a_device_a_device(tmp_path):
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"
    write("/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116


@pytest.mark.parametrize("name", ["folder", "none/a.txt"])
def test_a_folder_and_a_missing_folder_are_what_they_are(tmp_path, name):
    (tmp_path / "folder").mkdir()
    kinds = (IsADirectoryError, FileNotFoundError, *[PermissionError] * (sys.platform == "win32"))
    with pytest.raises(kinds):
        write(tmp_path / name)
    assert names(tmp_path) == ["folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_is_not_replaced(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "a.txt").chmod(0o444)
    with pytest.raises(PermissionError):
        write(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def no_links(*_):
    raise PermissionError("a memory stick knows no links")


@pytest.mark.parametrize("link", [os.link, no_links])
@pytest.mark.parametrize("there", [None, "before", "meanwhile"])
def test_a_new_file_replaces_nothing(tmp_path, monkeypatch, link, there):
    monkeypatch.setattr(os, "link", link)
    target = tmp_path / "a.txt"
    if there == "before":
        target.write_bytes(b"mine")
    refused = pytest.raises(FileExistsError, match=r"a\.txt") if there else contextlib.nullcontext()
    with refused, whole_file(target, new=True) as file:
        file.write(b"new")
        if there == "meanwhile":
            target.write_bytes(b"mine")
    assert names(tmp_path) == ["a.txt"]
    assert target.read_bytes() == (b"mine" if there else b"new")
