"""History: save and load, select, and what they refuse."""

import pickle
import zipfile

import numpy as np
import pytest

from optlab import History, grid, iris_pair, train
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


@pytest.mark.parametrize(
    "write",
    [
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
