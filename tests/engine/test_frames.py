"""Frames of any library: numbers stay numbers, text and categories become columns of 0 and 1."""

import datetime as dt
import re
from decimal import Decimal

import numpy as np
import pytest
import torch
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from optlab import from_arrays, train
from optlab.engine.data.frames import encoded

N = 30
COLUMNS = {
    "mass": np.linspace(3, 6, N).tolist(),
    "island": [("Dream", "Biscoe", "Torgersen")[k % 3] for k in range(N)],
    "year": [2007 + k % 2 for k in range(N)],
    "tagged": [k % 5 == 0 for k in range(N)],
}
LABELS = np.array(["adelie", "gentoo"])[np.arange(N) % 2]


class Columns:
    """The least that a frame is: names, and a column for each."""

    def __init__(self, made):
        self._made, self.columns = made, list(made)

    def __getitem__(self, name):
        return self._made[name]


def frame(kind, columns):
    if kind == "dict":
        return columns
    if kind == "stand-in":
        return Columns({name: np.array(column) for name, column in columns.items()})
    library = pytest.importorskip(kind)
    return library.table(columns) if kind == "pyarrow" else library.DataFrame(columns)


KINDS = ["dict", "stand-in", "pandas", "polars", "pyarrow"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_scikit_learns_scaler_and_one_hot_encoder(kind):
    data = from_arrays(frame(kind, COLUMNS), LABELS, dtype=torch.float64)
    table = np.array([[str(v) for v in row] for row in zip(*COLUMNS.values(), strict=True)], dtype=object)
    raw = from_arrays(np.arange(N)[:, None], LABELS, standardize=False)
    rows, tested = (part[:, 0].long().numpy() for part in (raw.x_train, raw.x_test))
    table[:, 3] = [float(v) for v in COLUMNS["tagged"]]
    theirs = make_column_transformer(
        (StandardScaler(), [0]), (OneHotEncoder(), [1]), (StandardScaler(), [2, 3])
    )
    table[:, [0, 2]] = table[:, [0, 2]].astype(float)
    theirs.fit(table[rows])
    np.testing.assert_allclose(data.x_train, theirs.transform(table[rows]).astype(float), atol=1e-9)
    np.testing.assert_allclose(data.x_test, theirs.transform(table[tested]).astype(float), atol=1e-9)
    assert data.classes == ("adelie", "gentoo")


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_in_words_what_was_done(kind):
    data = from_arrays(frame(kind, COLUMNS), LABELS)
    assert data.notes == (
        "3 columns of numbers: mass, year, tagged",
        "island: text, made 3 columns of 0 and 1: Biscoe, Dream, Torgersen",
    )
    assert repr(data).endswith("\n".join(data.notes))


@pytest.mark.parametrize("kind", KINDS)
def test_the_labels_may_be_one_of_its_columns(kind):
    together = {**COLUMNS, "species": LABELS.tolist()}
    named, apart = (from_arrays(frame(kind, c), y) for c, y in ((together, "species"), (COLUMNS, LABELS)))
    assert torch.equal(named.x_train, apart.x_train)
    assert torch.equal(named.y_test, apart.y_test)
    assert named.notes == apart.notes


@pytest.mark.parametrize("kind", KINDS)
def test_a_split_has_the_same_columns_in_both_parts_whatever_their_order_and_values(kind):
    parts = [{name: column[at] for name, column in COLUMNS.items()} for at in (slice(3, N), slice(0, 2))]
    parts[1] = dict(reversed(parts[1].items()))  # no Torgersen here, and the columns in another order
    data = from_arrays(frame(kind, parts[0]), LABELS[3:], test=(frame(kind, parts[1]), LABELS[:2]))
    assert data.x_test[:, 1:4].tolist() == [[0, 1, 0], [1, 0, 0]]
    assert len(data) == 27


def test_it_trains():
    assert np.isfinite(train((COLUMNS, LABELS), lr=0.1, epochs=3).test_loss).all()


def test_categories_of_pandas_and_its_own_dtypes():
    pandas = pytest.importorskip("pandas")
    made = pandas.DataFrame(
        {
            "grade": pandas.Categorical([3, 1, 2] * 10, ordered=True),
            "name": pandas.array(["a", "b"] * 15, dtype="string"),
            "count": pandas.array(range(N), dtype="Int64"),
            "flag": pandas.array([True, False] * 15, dtype="boolean"),
            "mixed": pandas.Series([1, 2.5] * 15, dtype=object),
            7: np.arange(N, dtype=np.float32),
        }
    )
    data = from_arrays(made, pandas.Series(LABELS, dtype="category"), standardize=False)
    row = int(data.x_train[0, 5])
    assert data.x_train[0].tolist() == [
        *(row % 3 == 1, row % 3 == 2, row % 3 == 0),
        *(row % 2 == 0, row % 2 == 1),
        *(row, row % 2 == 0, (1, 2.5)[row % 2], row),
    ]
    assert data.notes[0] == "4 columns of numbers: count, flag, mixed, 7"
    assert data.notes[1] == "grade: text, made 3 columns of 0 and 1: 1, 2, 3"


def test_categories_of_polars():
    polars = pytest.importorskip("polars")
    kinds = {"island": polars.Categorical, "grade": polars.Enum(["x", "y"])}
    made = polars.DataFrame({"island": COLUMNS["island"], "grade": ["x", "y"] * 15}, schema=kinds)
    assert from_arrays(made, polars.Series(LABELS)).x_train.sum(1).tolist() == [2.0] * 24


def test_a_bunch_of_frames():
    pytest.importorskip("pandas")
    framed, plain = train(load_iris(as_frame=True), epochs=2), train(load_iris(), epochs=2)
    np.testing.assert_array_equal(framed.test_loss, plain.test_loss)


GAP = [None, *["a"] * (N - 1)]
DATE = [dt.date(2020, 1, 1)] * N
BAD = [
    ({"a": np.full(N, np.nan)}, ValueError, "X['a'][0]=nan: expected finite numbers; fill the gaps"),
    ({"a": GAP}, ValueError, "X['a'][0] is missing: expected a value; fill the gaps or drop the rows"),
    ({"a": [1, None] * 15}, ValueError, "X['a'][1] is missing"),
    ({"a": ["x", 1] * 15}, TypeError, "X['a'] holds int, str: expected numbers, text or categories"),
    ({"a": DATE}, TypeError, "X['a'] holds date: expected numbers"),
    (
        {"a": np.array(DATE, "M8[s]")},
        TypeError,
        "text or categories; make a number of each date",
    ),
    ({"a": np.ones((N, 2))}, ValueError, "X['a'] has shape (30, 2): expected one column of each name"),
    ({"a": [1] * N, "b": [1]}, ValueError, "X has columns of lengths [1, 30]: expected one length above 0"),
    ({"a": []}, ValueError, "X has columns of lengths [0]"),
    ({}, ValueError, "X has no columns"),
    (
        {"a": [f"{k}" for k in range(1001)]},
        ValueError,
        "X['a'] has 1001 different texts: expected at most 1000",
    ),
]


@pytest.mark.parametrize(("columns", "kind", "words"), BAD, ids=[bad[2] for bad in BAD])
def test_a_bad_column_is_named(columns, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        from_arrays(columns, LABELS)


def test_two_columns_of_one_name_are_refused():
    pandas = pytest.importorskip("pandas")
    made = pandas.DataFrame(np.zeros((N, 2)), columns=["a", "a"])
    with pytest.raises(ValueError, match=re.escape("X['a'] has shape (30, 2): expected one column of each")):
        from_arrays(made, LABELS)


def test_other_misuse():
    with pytest.raises(ValueError, match=re.escape("y='sex': expected labels, or one of the columns mass")):
        from_arrays(COLUMNS, "sex")
    with pytest.raises(TypeError, match="X is a ndarray: expected a frame, as y='sex' is one of its columns"):
        from_arrays(np.zeros((N, 2)), "sex")
    with pytest.raises(
        ValueError, match=re.escape("X_test has the columns ['mass']: expected ['mass', 'island'")
    ):
        from_arrays(COLUMNS, LABELS, test=({"mass": COLUMNS["mass"]}, LABELS))
    with pytest.raises(TypeError, match="X_test is a list: expected a frame, as the other part is one"):
        from_arrays(COLUMNS, LABELS, test=([[1]], LABELS))
    with pytest.raises(TypeError, match=re.escape("dataset is a dict: expected labels too, (frame, y) or")):
        train(COLUMNS)


def test_decimals_are_numbers():
    made = encoded([{"price": [Decimal("1.25"), Decimal(2)]}], ["X"])
    assert made.values.tolist() == [[1.25], [2.0]]


@pytest.mark.parametrize("kind", KINDS)
def test_other_rows_are_encoded_as_the_training_rows_were(kind):
    data = from_arrays(frame(kind, COLUMNS), LABELS)
    again = data.inputs(frame(kind, {"note": ["x"] * N, **dict(reversed(COLUMNS.items()))}))
    rows = from_arrays(np.arange(N)[:, None], LABELS, standardize=False).x_test[:, 0].long()
    np.testing.assert_allclose(again[rows], data.x_test, atol=1e-6)
    one = {"mass": [4.5], "island": ["Dream"], "year": [2007], "tagged": [True]}
    assert data.inputs(frame(kind, one)).shape == (1, 6)
    for wrong, words in (
        ({"island": ["Cuba"]}, "X['island'] holds 'Cuba': expected one of Biscoe, Dream, Torgersen"),
        ({"island": [3]}, "X['island'] holds"),
        ({"mass": ["heavy"]}, "expected numbers"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            data.inputs(frame(kind, one | wrong))
    with pytest.raises(ValueError, match=r"expected 'tagged' among them"):
        data.inputs(frame(kind, {name: one[name] for name in ("mass", "island", "year")}))
    with pytest.raises(TypeError, match="X is a ndarray: expected a frame"):
        data.inputs(np.zeros((1, 6)))
