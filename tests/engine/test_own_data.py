"""Whatever holds a learner's data: arrays of any shape and dtype, splits, torch's data sets, Bunches."""

import re

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, Subset, TensorDataset
from torch.utils.data import Dataset as TorchDataset

from optlab import Dataset, from_arrays, train
from optlab.engine.data.from_anything import as_dataset

LABELS = np.arange(40) % 3
RNG = np.random.default_rng(0)
IMAGES = torch.rand(40, 1, 4, 4, generator=torch.Generator().manual_seed(0))
IDS = RNG.integers(0, 9, (40, 7))


def rows_of(samples, seed=0):
    """The split that `from_arrays` makes of these labels, by scikit-learn."""
    return train_test_split(np.arange(samples), test_size=0.2, random_state=seed, stratify=LABELS[:samples])


# --- shapes and dtypes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5,), (1, 8, 8), (3, 4, 5, 6), (7, 2)])
@pytest.mark.parametrize("kind", [np.ndarray, torch.Tensor])
def test_x_of_any_shape_is_split_as_it_is(shape, kind):
    x = RNG.normal(size=(40, *shape)).astype(np.float32)
    data = from_arrays(torch.tensor(x) if kind is torch.Tensor else x, LABELS, standardize=False)
    ours, theirs = (data.x_train, data.x_test), rows_of(40)
    for mine, rows in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, x[rows])
    assert data.features == np.prod(shape)


REAL = [
    *(np.zeros(1, kind) for kind in ("f2", "f4", "f8", "g", "i1", "u1", "i4", "i8", "u2", "u8", "?")),
    *(torch.zeros(1, dtype=kind) for kind in (torch.float16, torch.bfloat16, torch.uint8, torch.bool)),
]


@pytest.mark.parametrize("of", REAL, ids=lambda of: f"{type(of).__name__} {of.dtype}")
def test_real_and_whole_numbers_of_any_dtype_become_single_precision(of):
    x = np.arange(40)[:, None] % 2 + np.zeros((40, 2))
    given = torch.tensor(x).to(of.dtype) if isinstance(of, torch.Tensor) else x.astype(of.dtype)
    data = from_arrays(given, LABELS, standardize=False)
    assert data.x_train.dtype == torch.float32
    np.testing.assert_array_equal(data.x_train, x[rows_of(40)[0]])


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
def test_a_tensor_of_ids_stays_whole_and_is_never_scaled(dtype):
    data = from_arrays(torch.tensor(IDS, dtype=dtype), LABELS)
    assert (data.x_train.dtype, data.dtype) == (torch.int64, torch.float32)
    np.testing.assert_array_equal(data.x_test, IDS[rows_of(40)[1]])


def test_an_array_of_whole_numbers_is_a_table_unless_a_whole_dtype_or_an_embedding_says_ids():
    rows = rows_of(40)[0]
    scaled = StandardScaler().fit_transform(IDS[rows].astype(float))
    np.testing.assert_allclose(from_arrays(IDS, LABELS).x_train, scaled, atol=1e-6)
    looks_up = looking_up()
    for data in (
        from_arrays(IDS, LABELS, dtype=torch.int64),
        from_arrays(IDS.astype(float), LABELS, dtype=torch.int64),
        as_dataset((IDS, LABELS), looks_up),
        as_dataset((IDS.tolist(), LABELS), looks_up),
    ):
        assert data.x_train.dtype == torch.int64
        np.testing.assert_array_equal(data.x_train, IDS[rows])
    assert as_dataset((IDS + 0.5, LABELS), looks_up).x_train.dtype == torch.float32


def test_the_targets_of_ids_are_in_single_precision():
    data = from_arrays(torch.tensor(IDS), LABELS / 7, regression=True)
    assert data.y_train.dtype == torch.float32
    assert as_dataset(data) is data


def test_sparse_matrices_are_filled_out():
    x = (RNG.random((40, 6)) < 0.2) * 1.0
    dense = from_arrays(x, LABELS)
    sparse = pytest.importorskip("scipy.sparse")
    assert torch.equal(from_arrays(sparse.csr_matrix(x), LABELS).x_train, dense.x_train)


def test_a_column_of_labels_is_as_good_as_a_row():
    x = RNG.normal(size=(40, 2))
    assert torch.equal(from_arrays(x, LABELS[:, None]).y_train, from_arrays(x, LABELS).y_train)
    assert from_arrays(x, LABELS[:, None] / 3, regression=True).y_train.shape == (32,)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"dtype": torch.complex64}, TypeError, "dtype=torch.complex64: expected a torch.dtype of real"),
        (
            {"dtype": torch.bfloat16},
            TypeError,
            "expected a torch.dtype of real or whole numbers that NumPy has",
        ),
        ({"dtype": torch.bool}, TypeError, "dtype=torch.bool: expected a torch.dtype of real"),
        ({"dtype": np.float32}, TypeError, "expected a torch.dtype of real or whole numbers"),
        ({"dtype": torch.int64}, ValueError, "X holds 0.5: expected numbers that torch.int64 can hold"),
        ({"test": 3}, TypeError, "test is a int: expected a pair (X, y)"),
    ],
)
def test_bad_arguments(arguments, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        from_arrays(np.full((40, 2), 0.5), LABELS, **arguments)


def test_an_image_that_is_not_finite_is_found():
    x = np.zeros((40, 1, 2, 2))
    x[5, 0, 1, 0] = np.inf
    with pytest.raises(ValueError, match=re.escape("X[5, 0, 1, 0]=inf: expected finite numbers")):
        from_arrays(x, LABELS)


def test_a_masked_value_is_a_gap():
    x = np.ma.masked_array(np.zeros((40, 2)), mask=False)
    assert len(from_arrays(x, LABELS)) == 32
    x[7, 1] = np.ma.masked
    with pytest.raises(ValueError, match=re.escape("X[7, 1] is masked: expected a value")):
        from_arrays(x, LABELS)


def looking_up(rows=9):
    return nn.Sequential(nn.Embedding(rows, 4), nn.Flatten(), nn.Linear(28, 3))


def test_ids_train_a_table_of_vectors():
    assert np.isfinite(train((IDS, LABELS), model=looking_up(), lr=[0.1, 0.2], epochs=2).test_loss).all()


@pytest.mark.parametrize(("place", "odd"), [(0, 9), (39, 20), (17, -1)])
def test_an_id_that_the_table_does_not_have_is_found_before_training_wherever_it_is(place, odd):
    ids = IDS.copy()
    ids[place, 3] = odd
    low, high = ids.min(), ids.max()
    words = f"inputs of shape (samples, 7), whole numbers from {low} to {high}: index out of range"
    with pytest.raises(ValueError, match=re.escape(words)):
        train((ids, LABELS), model=looking_up())


@pytest.mark.parametrize(
    ("x", "words"), [(IMAGES, "(samples, 1, 4, 4), torch.float32"), (IDS, "torch.int64")]
)
def test_without_a_model_x_must_be_a_table(x, words):
    with pytest.raises(ValueError, match="model=None is a network for tables.*" + re.escape(words)):
        train((torch.as_tensor(x), LABELS))


# --- a split that is already made -------------------------------------------------------------------------


def split_parts(test=12):
    x = RNG.normal(5, 3, size=(40, 2, 3))
    return x[test:], LABELS[test:], x[:test], LABELS[:test]


@pytest.mark.parametrize("order", ["ours", "scikit-learn's", "two pairs", "a list"])
def test_a_split_stays_as_it_is_and_only_its_training_part_sets_the_scale(order):
    x, y, x_test, y_test = split_parts()
    given = {
        "ours": (x, y, x_test, y_test),
        "scikit-learn's": (x, x_test, y, y_test),
        "two pairs": ((x, y), (x_test, y_test)),
        "a list": [x, y, x_test, y_test],
    }
    data = as_dataset(given[order])
    scaler = StandardScaler().fit(x.reshape(28, -1))
    np.testing.assert_allclose(data.x_train.flatten(1), scaler.transform(x.reshape(28, -1)), atol=1e-5)
    np.testing.assert_allclose(data.x_test.flatten(1), scaler.transform(x_test.reshape(12, -1)), atol=1e-5)
    assert data.y_train.tolist() == y.tolist()
    assert data.y_test.tolist() == y_test.tolist()
    assert data.classes == ("0", "1", "2")


def test_the_order_of_train_test_split_is_that_of_train_test_split():
    x = RNG.normal(size=(40, 3))
    split = train_test_split(x, LABELS, test_size=0.2, random_state=0, stratify=LABELS)
    theirs, ours = as_dataset(split), as_dataset((x, LABELS))
    assert all(torch.equal(getattr(theirs, name), getattr(ours, name)) for name in ("x_test", "y_train"))


def test_a_class_may_be_rare_in_a_part_and_words_are_numbered_alike():
    x = np.arange(5.0)[:, None]
    data = from_arrays(x, list("abcab"), test=(x[:2], ["b", "a"]))
    assert data.classes == ("a", "b", "c")
    assert data.y_test.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({2: np.zeros((12, 3, 2))}, "X_test has samples of shape (3, 2): expected (2, 3), as in X_train"),
        ({3: LABELS[:11]}, "y_test has 11 values and X_test has 12 samples"),
        ({1: LABELS[:11]}, "y_train has 11 values and X_train has 28 samples"),
        ({3: ["a"] * 12}, "y_train and y_test hold int64, <U1: expected labels of one kind"),
        ({2: np.full((12, 2, 3), np.nan)}, "X_test[0, 0, 0]=nan: expected finite numbers"),
        ({2: np.zeros((0, 2, 3)), 3: []}, "X_test has shape (0, 2, 3)"),
    ],
)
def test_a_bad_split_says_which_part_is_wrong(change, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        train(tuple(change.get(k, part) for k, part in enumerate(split_parts())))


# --- torch ------------------------------------------------------------------------------------------------


class Read(TorchDataset):
    """Pairs of an image and a label of whatever kind; it counts how often each is asked for."""

    def __init__(self, x, y):
        self.x, self.y, self.asked = x, y, np.zeros(len(x), int)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, k):
        self.asked[k] += 1
        return self.x[k], self.y[k]


NAMES = ("bus", "cat", "dog")


@pytest.mark.parametrize(
    "made",
    [
        TensorDataset(IMAGES, torch.tensor(LABELS)),
        Read(IMAGES, LABELS.tolist()),
        Read(IMAGES.numpy(), torch.tensor(LABELS)),
        Subset(TensorDataset(IMAGES.repeat(2, 1, 1, 1), torch.tensor(LABELS).repeat(2)), list(range(40, 80))),
    ],
    ids=["TensorDataset", "numbers", "arrays", "Subset"],
)
def test_a_torch_dataset_is_its_samples_as_they_are(made):
    if isinstance(made, Subset):
        made.indices = [k % 40 + 40 * (k % 2) for k in range(40)]
    data, (rows, tested) = as_dataset(made), rows_of(40)
    assert torch.equal(data.x_train, IMAGES[rows])
    assert torch.equal(data.x_test, IMAGES[tested])
    assert data.y_test.tolist() == LABELS[tested].tolist()
    if isinstance(made, Read):
        assert made.asked.tolist() == [1] * 40


def test_a_pair_of_torch_datasets_is_a_split():
    data = as_dataset((TensorDataset(IMAGES, torch.tensor(LABELS)), Read(IMAGES[:9], LABELS[:9])))
    assert torch.equal(data.x_train, IMAGES)
    assert torch.equal(data.x_test, IMAGES[:9])


def test_real_targets_are_a_regression_and_ids_stay_ids():
    data = as_dataset(TensorDataset(torch.tensor(IDS), torch.tensor(LABELS).float()[:, None]))
    assert (data.outputs, data.classes, data.x_train.dtype) == (1, (), torch.int64)
    assert (
        data.y_test.tolist()
        == LABELS[train_test_split(np.arange(40), test_size=0.2, random_state=0)[1]].tolist()
    )


def test_classes_have_the_names_that_the_dataset_gives_them_also_through_a_subset():
    named = Read(IMAGES, LABELS)
    named.classes = list(NAMES)
    assert as_dataset(named).classes == NAMES
    two = as_dataset(Subset(named, [k for k in range(40) if LABELS[k]]))
    assert two.classes == ("cat", "dog")
    assert set(two.y_train.tolist()) == {0, 1}


class Endless(IterableDataset):
    def __iter__(self):
        return iter([])


TORCH_BAD = [
    (DataLoader(TensorDataset(IMAGES)), TypeError, "dataset is a DataLoader: expected the data in it"),
    ((DataLoader(TensorDataset(IMAGES)),) * 2, TypeError, "dataset is a DataLoader"),
    (Endless(), TypeError, "dataset is a Endless, whose samples have no number"),
    (TensorDataset(IMAGES), TypeError, "dataset[0] is a tuple of 1: expected a pair (x, y)"),
    (Read([{"x": 1}] * 4, [0, 1] * 2), TypeError, "dataset[0] has x of type dict: expected numbers"),
    (
        Read([[1.0]] * 3 + [[1.0, 2.0]], [0, 1] * 2),
        ValueError,
        "dataset[3] has x of shape (2,), dataset[0]",
    ),
    (Read(IMAGES[:0], []), ValueError, "dataset is empty"),
    (Read(IMAGES, RNG.normal(size=(40, 2))), ValueError, "y has shape (40, 2)"),
    (Read(torch.zeros(40), LABELS), ValueError, "X has shape (40,)"),
]


@pytest.mark.parametrize(("made", "kind", "words"), TORCH_BAD, ids=[bad[2] for bad in TORCH_BAD])
def test_what_cannot_be_read_says_so(made, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        train(made)


# --- scikit-learn -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_a_bunch_is_its_data_and_its_targets_names(name):
    bunch = getattr(datasets, f"load_{name}")()
    data, pair = as_dataset(bunch), from_arrays(bunch.data, bunch.target)
    assert torch.equal(data.x_train, pair.x_train)
    assert torch.equal(data.y_test, pair.y_test)
    assert data.classes == tuple(str(word) for word in bunch.target_names)


def test_a_bunch_with_real_targets_is_a_regression():
    bunch = datasets.load_diabetes()
    data = as_dataset(bunch)
    assert data.classes == ()
    assert torch.equal(data.y_train, from_arrays(bunch.data, bunch.target, regression=True).y_train)


def test_a_bunch_of_several_targets_is_refused():
    with pytest.raises(ValueError, match=re.escape("y has shape (20, 3)")):
        train(datasets.load_linnerud())


# --- what it says of itself -------------------------------------------------------------------------------


def test_a_dataset_says_in_words_what_it_holds():
    data = from_arrays(IMAGES, np.array(NAMES)[LABELS], name="street")
    assert repr(data) == (
        "street: 32 samples to train on and 8 to test, each (1, 4, 4) of float32; classes bus, cat, dog"
    )
    many = from_arrays(np.arange(60.0)[:, None], np.arange(60) % 12)
    assert repr(many).endswith("classes 0, 1, 10, 11, 2, 3, 4, 5, 6, 7, ...") or "7, 8, 9, ..." in repr(many)


def test_whole_numbers_pass_in_a_dataset_made_by_hand():
    x, y = torch.tensor(IDS), torch.tensor(LABELS)
    data = Dataset(x, y, x, y, classes=("a", "b", "c"))
    assert as_dataset(data) is data
    assert data.dtype == torch.float32
