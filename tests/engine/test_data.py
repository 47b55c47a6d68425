"""Data sets: splits, standardisation, labels of any kind, and what is refused."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from optlab import Dataset, from_arrays, iris_pair, train
from optlab.engine.data.dataset import shuffles
from optlab.engine.data.from_anything import as_dataset
from optlab.engine.data.iris import SPECIES
from optlab.engine.data.splits import split


def example(samples=40, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(3, 5, size=(samples, 3)), np.arange(samples) % 2


# --- the split --------------------------------------------------------------------------------------------


def test_iris_pair_is_the_two_species_of_scikit_learn_scaled_by_the_training_part():
    x, y = load_iris(return_X_y=True)
    x, y = x[y > 0], y[y > 0] - 1
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
    scaler = StandardScaler().fit(x_train)
    data = iris_pair()
    np.testing.assert_allclose(data.x_train, scaler.transform(x_train), atol=1e-5)
    np.testing.assert_allclose(data.x_test, scaler.transform(x_test), atol=1e-5)
    assert data.y_train.tolist() == y_train.tolist()
    assert data.y_test.tolist() == y_test.tolist()
    assert data.y_train.dtype == torch.int64


@pytest.mark.parametrize("pair", [("setosa", "virginica"), ("virginica", "setosa"), ("versicolor", "setosa")])
def test_iris_pair_numbers_the_classes_in_the_order_asked_for(pair):
    data, (x, y) = iris_pair(*pair), load_iris(return_X_y=True)
    assert data.classes == pair
    for number, species in enumerate(pair):
        mine = data.x_train[data.y_train == number].mean(0)
        other = data.x_train[data.y_train != number].mean(0)
        flowers = x[y == SPECIES.index(species)].mean(0) - x[y == SPECIES.index(pair[1 - number])].mean(0)
        assert ((mine - other).sign().numpy() == np.sign(flowers)).all()


@given(samples=st.integers(12, 80), fraction=st.floats(0.2, 0.6), seed=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_split_is_disjoint_complete_and_stratified(samples, fraction, seed):
    labels = np.arange(samples) % 3
    rows = np.arange(samples, dtype=float)[:, None]
    data = from_arrays(rows, labels, test_fraction=fraction, seed=seed, standardize=False)
    train_rows, test_rows = (set(part[:, 0].long().tolist()) for part in (data.x_train, data.x_test))
    assert train_rows.isdisjoint(test_rows)
    assert train_rows | test_rows == set(range(samples))
    for part, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert (part[:, 0].long() % 3 == y).all()  # each label is still beside its sample
        counts = torch.bincount(y, minlength=3)
        assert counts.max() - counts.min() <= 2


@given(
    classes=st.lists(st.integers(0, 4), min_size=2, max_size=60),
    regression=st.booleans(),
    fraction=st.floats(0.01, 0.99),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=300, deadline=None)
def test_any_split_is_that_of_scikit_learn(classes, regression, fraction, seed):
    strata, samples = None if regression else np.array(classes), len(classes)
    try:
        expected = train_test_split(
            np.arange(samples), test_size=fraction, random_state=seed, stratify=strata
        )
    except ValueError:
        with pytest.raises(ValueError, match="test_fraction="):
            split(samples, strata, fraction, seed)
        return
    for part, right in zip(split(samples, strata, fraction, seed), expected, strict=True):
        np.testing.assert_array_equal(part, right)


def test_the_seed_decides_the_split():
    x, y = example()
    first, again, other = (from_arrays(x, y, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.x_test, again.x_test)
    assert not torch.equal(first.x_test, other.x_test)


def test_a_constant_feature_stays_finite():
    x, y = example()
    x[:, 1] = 7
    assert (from_arrays(x, y).x_train[:, 1] == 0).all()


def test_regression_keeps_the_targets_where_nothing_is_to_be_scaled():
    x, y = example()
    data = from_arrays(x, y + 0.5, regression=True, standardize=False, dtype=torch.float64)
    assert (data.outputs, data.classes, data.y_train.dtype) == (1, (), torch.float64)
    assert set(data.y_train.tolist()) == {0.5, 1.5}


# --- labels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["no", "yes"], ("no", "yes")),
        ([True, False], ("False", "True")),
        ([7, -3], ("-3", "7")),
        ([1.0, 2.0], ("1", "2")),
        (np.array(["b", "a"], dtype=object), ("a", "b")),
        (torch.tensor([1, 0]), ("0", "1")),
    ],
)
def test_labels_of_any_kind_become_class_numbers(labels, classes):
    column = labels.repeat(10) if isinstance(labels, (np.ndarray, torch.Tensor)) else np.repeat(labels, 10)
    x = np.repeat([[0.0], [1.0]], 10, axis=0)
    data = from_arrays(x, column, standardize=False)
    assert data.classes == classes
    shown = [str(label) for label in np.asarray(column).tolist()]
    first = shown[0].removesuffix(".0")
    if not isinstance(labels, torch.Tensor):  # `repeat` of a tensor alternates
        assert (data.y_train[data.x_train[:, 0] == 0] == classes.index(first)).all()


def test_classes_can_be_put_in_an_order():
    x, y = example()
    data = from_arrays(x, np.array(["a", "b"])[y], classes=["b", "a"], standardize=False)
    plain = from_arrays(x, np.array(["a", "b"])[y], standardize=False)
    assert data.classes == ("b", "a")
    assert torch.equal(data.x_train, plain.x_train)
    assert torch.equal(data.y_train, 1 - plain.y_train)


def ints(samples=40):
    return example(samples)[1]


NAN = example()[0]
NAN[3, 1] = np.nan

BAD = [
    (np.empty((0, 3)), [], ValueError, "X has shape (0, 3)"),
    (np.empty((40, 0)), ints(), ValueError, "X has shape (40, 0)"),
    (np.zeros(40), ints(), ValueError, "X has shape (40,): expected (samples, features)"),
    (NAN, ints(), ValueError, "X[3, 1]=nan: expected finite numbers"),
    (np.full((40, 1), np.inf), ints(), ValueError, "X[0, 0]=inf: expected finite numbers"),
    ([["a", "b"]] * 40, ints(), TypeError, "expected real numbers"),
    (np.zeros((40, 2), complex), ints(), TypeError, "X has dtype complex128: expected real numbers"),
    (np.zeros((40, 2), object), ints(), TypeError, "X has dtype object: expected real numbers"),
    ([[1, 2], [3]], [0, 1], ValueError, "X is ragged"),
    (example()[0], ints(39), ValueError, "y has 39 values and X has 40 samples"),
    (example()[0], np.linspace(0, 1, 40), ValueError, "y holds 0.02"),
    (example()[0], np.arange(40), ValueError, "one sample of class 0 of 40 classes"),
    (example()[0], np.zeros(40), ValueError, "y holds one class only, 0"),
    (example()[0], np.full(40, np.nan), ValueError, "y holds nan: expected class labels"),
    (example()[0], [*ints(39).tolist(), None], ValueError, "y holds NoneType, int: expected class labels"),
    (example()[0], np.array(["a"] * 39 + [2], dtype=object), ValueError, "y holds int, str"),
    (example()[0], ints() * 1j, ValueError, "expected class labels"),
    (example()[0], np.eye(2)[ints()], ValueError, "y has shape (40, 2): expected one label a sample"),
    (example()[0], [0] * 38 + [1] * 2, ValueError, "test_fraction=0.02: expected a share of 40 samples"),
]


@pytest.mark.parametrize(("x", "y", "kind", "words"), BAD, ids=[b[3] for b in BAD])
def test_bad_data_says_what_is_wrong(x, y, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        from_arrays(x, y, test_fraction=0.02 if "0.02:" in words else 0.2)


def test_a_pair_given_to_train_is_checked_the_same_way():
    with pytest.raises(ValueError, match=re.escape("X[3, 1]=nan: expected finite numbers")):
        train((NAN, ints()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"test_fraction": 0}, "test_fraction=0: expected a number above 0 and below 1"),
        ({"test_fraction": 1.5}, "test_fraction=1.5: expected a number above 0 and below 1"),
        ({"seed": -1}, "seed=-1: expected a whole number from 0"),
        ({"classes": ["a", "b"]}, "classes=['a', 'b']: expected the labels of y, [0, 1], each once"),
        ({"classes": [0, 1, 1]}, "classes=[0, 1, 1]: expected the labels of y"),
    ],
)
def test_bad_arguments_of_from_arrays(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        from_arrays(*example(), **arguments)


def test_bad_targets_of_a_regression():
    x, _ = example()
    with pytest.raises(ValueError, match=re.escape("y[2]=nan: expected finite numbers")):
        from_arrays(x, [0.0, 1.0, np.nan, *range(37)], regression=True)
    with pytest.raises(ValueError, match="expected real numbers"):
        from_arrays(x, ["a"] * 40, regression=True)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("tulip", "setosa"), "first='tulip': expected one of setosa"),
        (("setosa", "setosa"), "second='setosa'"),
    ],
)
def test_bad_species(pair, words):
    with pytest.raises(ValueError, match=words):
        iris_pair(*pair)


# --- a Dataset made by hand -------------------------------------------------------------------------------


def test_a_good_dataset_passes_untouched():
    data = iris_pair()
    assert as_dataset(data) is data


X, Y = torch.zeros(20, 4), torch.zeros(20, dtype=torch.int64)


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"x_train": X.numpy()}, TypeError, "x_train is a ndarray: expected a torch.Tensor"),
        ({"y_test": [0, 1]}, TypeError, "y_test is a list: expected a torch.Tensor"),
        ({"x_train": X[:0], "y_train": Y[:0]}, ValueError, "x_train has shape (0, 4)"),
        ({"x_test": X[:, :3]}, ValueError, "x_test has shape (20, 3), torch.float32: expected (samples, 4)"),
        ({"x_test": X.double()}, ValueError, "x_test has shape (20, 4), torch.float64"),
        (
            {"x_train": X.long(), "y_train": Y},
            ValueError,
            "x_test has shape (20, 4), torch.float32: expected",
        ),
        (
            {"x_train": X.bfloat16(), "y_train": Y, "x_test": X.bfloat16()},
            ValueError,
            "x_train has shape (20, 4), torch.bfloat16",
        ),
        ({"y_test": Y[:5]}, ValueError, "y_test has shape (5,), torch.int64: expected (20,)"),
        (
            {"y_test": Y.float()},
            ValueError,
            "y_test has shape (20,), torch.float32: expected (20,), torch.int64",
        ),
        ({"y_test": Y + 2}, ValueError, "y_test holds 2: expected class numbers from 0 to 1"),
        ({"classes": ()}, ValueError, "torch.int64: expected (80,), torch.float32"),
        ({"x_test": X * np.nan}, ValueError, "x_test[0, 0]=nan"),
    ],
)
def test_bad_dataset(change, kind, words):
    data = replace(iris_pair(), **change)
    with pytest.raises(kind, match=re.escape(words)):
        train(data)


@pytest.mark.parametrize("data", [None, "iris", np.zeros((3, 3)), (1, 2, 3)])
def test_what_is_no_dataset(data):
    with pytest.raises(TypeError, match=r"dataset is a .*: expected a Dataset or a pair \(X, y\)"):
        train(data)


def test_dataset_says_how_large_it_is():
    data = iris_pair("setosa", "virginica", test_fraction=0.3)
    assert isinstance(data, Dataset)
    assert (len(data), len(data.x_test), data.features, data.outputs) == (70, 30, 4, 2)


# --- the order of samples ---------------------------------------------------------------------------------


def test_shuffles_are_torch_randperm_from_each_seeds_own_generator():
    generators = [torch.Generator().manual_seed(seed) for seed in (3, 8)]
    for orders, _ in zip(shuffles(11, [3, 8]), range(4), strict=False):
        expected = torch.stack([torch.randperm(11, generator=g) for g in generators])
        assert torch.equal(orders, expected)
