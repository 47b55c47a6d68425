"""History: save and load, select, and what they refuse."""

import pickle
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_files import files_of_at_most, posix

from optlab import History, grid, iris_pair, train
from optlab.engine.training import npz
from optlab.engine.training.history import CURVES


@pytest.fixture(scope="module")
def history():
    return train(
        iris_pair(), epochs=3, optimizer=["sgd", "adam"] * 3, **grid(lr=[0.01, 0.1, 1.0], l2=[0.0, 1e-9])
    )


def assert_equal(one, other):
    for name in (*CURVES, "lr", "diverged_at"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    for name in ("settings", "weights"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert list(mine) == list(theirs)
        assert all(np.array_equal(mine[key], theirs[key]) for key in mine)


# --- save and load ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["run.npz", "run", "run.history"])
def test_a_saved_history_comes_back_under_the_name_it_was_given(history, tmp_path, name):
    history.save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert_equal(History.load(tmp_path / name), history)
    assert_equal(History.load(str(tmp_path / name)), history)


def test_a_file_holds_plain_arrays_and_no_pickle(history, tmp_path):
    history.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iufU" for name in arrays.files)


def test_a_pickle_is_not_loaded(tmp_path):
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("the file was unpickled",)

    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Bomb()))
    inside = np.empty(1, dtype=object)
    inside[0] = Bomb()
    np.savez(tmp_path / "inside.npz", train_loss=inside, allow_pickle=True)
    for name in ("plain.npz", "inside.npz"):
        with pytest.raises(ValueError, match=f"{name}' is not a saved History"):
            History.load(tmp_path / name)


def write_text(path):
    path.write_text("epoch,loss\n0,1\n")


def write_nothing(path):
    path.write_bytes(b"")


def write_one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def write_other_arrays(path):
    with path.open("wb") as file:
        np.savez(file, other=np.zeros(3))


def write_unknown_folder(path):
    with path.open("wb") as file:
        np.savez(file, **{"other/x": np.zeros(3)})


def write_empty_zip(path):
    with zipfile.ZipFile(path, "w"):
        pass


def write_half(path):
    write_other_arrays(path)
    path.write_bytes(path.read_bytes()[:40])


def write_pickled_text(path):
    with path.open("wb") as file:
        np.savez(file, train_loss=np.array([["a", None]], dtype=object), allow_pickle=True)


def write_encrypted(path):
    write_other_arrays(path)
    data = bytearray(path.read_bytes())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flag] |= 1
    path.write_bytes(bytes(data))


def write_unknown_compression(path):
    write_other_arrays(path)
    data = bytearray(path.read_bytes())
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(signature) + method] = 97
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "write",
    [
        write_pickled_text,
        write_encrypted,
        write_unknown_compression,
        write_text,
        write_nothing,
        write_one_array,
        write_other_arrays,
        write_unknown_folder,
        write_empty_zip,
        write_half,
    ],
)
def test_any_other_file_is_named_in_a_value_error(tmp_path, write):
    path = tmp_path / "odd.npz"
    write(path)
    with pytest.raises(ValueError, match=r"odd\.npz' is not a saved History"):
        History.load(path)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_refused_or_harmless(history, saved, data):
    """Bytes that zip files do not look at, such as the hour, may change; the numbers may not."""
    whole = saved.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(
        st.sampled_from([b"", whole[at + 1 :], b"\xff" + whole[at + 1 :], b"PK"])
    )
    path = saved.with_name("damaged.npz")
    path.write_bytes(damaged)
    try:
        back = History.load(path)
    except ValueError as error:
        assert "damaged.npz' is not a saved History" in str(error)  # noqa: PT017
    else:
        assert_equal(back, history)


@pytest.fixture(scope="module")
def saved(history, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "run.npz"
    history.save(path)
    return path


def arrays_of(path):
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("train_loss", lambda a: a[0]),
        ("train_loss", lambda a: a[:0]),
        ("train_loss", lambda a: a[:, :0]),
        ("test_loss", lambda a: a[:, 1:]),
        ("test_accuracy", lambda a: a[:-1]),
        ("penalty", lambda a: a.astype(str)),
        ("weight_norm", lambda a: a.astype(int)),
        ("lr", lambda a: a[:, 1:]),
        ("lr", lambda a: a.astype(complex)),
        ("diverged_at", lambda a: a.astype(float)),
        ("diverged_at", lambda a: a[:, None]),
        ("settings/lr", lambda a: a[:-1]),
        ("settings/lr", lambda a: a[0]),
        ("settings/optimizer", lambda a: a.astype("S")),
        ("weights/0.weight", lambda a: a[:-1]),
        ("weights/0.weight", lambda a: a.astype("V4")),
        ("weights/0.weight", lambda a: a.astype(str)),
    ],
)
def test_arrays_that_are_not_one_history_are_neither_loaded_nor_saved(history, saved, tmp_path, name, odd):
    arrays = arrays_of(saved)
    arrays[name] = odd(arrays[name])
    np.savez(tmp_path / "odd.npz", **arrays)
    with pytest.raises(ValueError, match=r"odd\.npz' is not a saved History: '"):
        History.load(tmp_path / "odd.npz")
    head, _, key = name.partition("/")
    other = replace(history, **{head: getattr(history, head) | {key: arrays[name]} if key else arrays[name]})
    with pytest.raises(ValueError, match="has shape"):
        other.save(tmp_path / "new.npz")
    assert not (tmp_path / "new.npz").exists()


@pytest.mark.parametrize("missing", ["train_loss", "lr", "diverged_at"])
def test_a_file_that_lacks_an_array_is_refused(saved, tmp_path, missing):
    np.savez(tmp_path / "odd.npz", **{name: a for name, a in arrays_of(saved).items() if name != missing})
    with pytest.raises(ValueError, match=f"there is no '{missing}'"):
        History.load(tmp_path / "odd.npz")


def test_a_file_without_settings_is_refused(saved, tmp_path):
    arrays = {name: a for name, a in arrays_of(saved).items() if not name.startswith("settings")}
    np.savez(tmp_path / "odd.npz", **arrays)
    with pytest.raises(ValueError, match="there are no settings"):
        History.load(tmp_path / "odd.npz")


def memory_to_refuse(path, words):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=words):
            History.load(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_is_refused_before_it_is_unpacked(saved, tmp_path, monkeypatch):
    """One that holds what it says, 16 MB of zeros; the bound is lowered, so that it need not hold 300."""
    monkeypatch.setattr(npz, "ROOM", 2**20)
    arrays = arrays_of(saved) | {"weights/0.weight": np.zeros((6, 1000, 700), np.float32)}
    np.savez_compressed(tmp_path / "bomb.npz", **arrays)
    assert memory_to_refuse(tmp_path / "bomb.npz", "would unpack to") < 2e6


def write_npy(path, name, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.npy", content)


@pytest.mark.parametrize("shape", ["(1000000000, 100)", "(-1, 5)", "(10, 10)"])
def test_an_array_that_says_another_size_than_it_has_is_refused(tmp_path, shape):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(8)
    write_npy(tmp_path / "odd.npz", "train_loss", content)
    assert memory_to_refuse(tmp_path / "odd.npz", "'train_loss' has shape .* bytes: expected") < 2e6


def test_a_header_as_large_as_memory_is_refused(tmp_path):
    write_npy(tmp_path / "odd.npz", "lr", b"\x93NUMPY\x02\x00" + (2**28).to_bytes(4, "little") + bytes(2**24))
    assert memory_to_refuse(tmp_path / "odd.npz", "version") < 2e6


def test_a_name_that_comes_twice_is_refused(saved, tmp_path):
    path = tmp_path / "odd.npz"
    path.write_bytes(saved.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("lr.npy", archive.read("lr.npy"))
    with pytest.raises(ValueError, match="'lr' 2 times"):
        History.load(path)


def test_a_file_that_was_compressed_is_loaded(history, saved, tmp_path):
    np.savez_compressed(tmp_path / "small.npz", **arrays_of(saved))
    assert_equal(History.load(tmp_path / "small.npz"), history)


@posix
def test_a_full_disk_leaves_the_older_file_as_it_was(history, saved):
    path = saved.with_name("kept.npz")
    history.save(path)
    large = replace(history, weights={"w": np.zeros((6, 100_000))})
    with files_of_at_most(100_000), pytest.raises(OSError, match=r"[Ff]ile too large"):
        large.save(path)
    assert_equal(History.load(path), history)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        History.load(tmp_path / "none.npz")


# --- select -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(2, [2]), (-1, [5]), (slice(1, 3), [1, 2]), ([4, 0], [4, 0]), (np.arange(6) % 2 == 0, [0, 2, 4])],
)
def test_select_by_rows_takes_every_array_along(history, rows, expected):
    part = history.select(rows)
    assert len(part) == len(expected)
    for name in (*CURVES, "lr", "diverged_at"):
        np.testing.assert_array_equal(getattr(part, name), getattr(history, name)[expected])
    for name in ("settings", "weights"):
        for key, array in getattr(history, name).items():
            np.testing.assert_array_equal(getattr(part, name)[key], array[expected])


def test_select_by_value_by_name_and_both(history):
    assert history.select(lr=0.1).settings["lr"].tolist() == [0.1, 0.1]
    assert history.select(optimizer="adam").settings["optimizer"].tolist() == ["adam"] * 3
    assert len(history.select(lr=0.1, l2=0)) == 1
    assert history.select([0, 1, 2], lr=0.1).settings["lr"].tolist() == [0.1]


def test_select_tells_zero_from_almost_zero(history):
    assert len(history.select(l2=0)) == 3
    assert len(history.select(l2=1e-9)) == 3


@pytest.mark.parametrize(
    ("where", "kind", "words"),
    [
        ({"lr": 0.5}, ValueError, "no setting has .*0.5"),
        ({"lr": 0.1, "l2": 3}, ValueError, "no setting has"),
        ({"momentum": 0.9}, KeyError, "'momentum' is not one of lr"),
        ({"lr": "fast"}, TypeError, "lr='fast': expected one number"),
        ({"lr": None}, TypeError, "lr=None: expected one number"),
        ({"optimizer": 3}, TypeError, "optimizer=3: expected one name"),
        ({"lr": [0.1, 0.01]}, TypeError, "lr=.*expected one number"),
        ({"rows": []}, ValueError, "no setting has"),
        ({"rows": 6}, IndexError, "out of bounds"),
    ],
)
def test_select_says_what_is_wrong(history, where, kind, words):
    with pytest.raises(kind, match=words):
        history.select(**where)


def test_length_and_epochs(history):
    assert (len(history), history.epochs) == (6, 3)
