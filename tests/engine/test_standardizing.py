"""Standardising against scikit-learn's scaler, and where rounding would otherwise become a signal."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from optlab import from_arrays, train
from optlab.live.plots import number

CLASSES = np.arange(60) % 2


def column(seed=0, samples=60):
    return np.random.default_rng(seed).normal(size=samples)


def scaled(*columns, dtype=torch.float64, **options):
    return from_arrays(np.column_stack(columns), CLASSES, dtype=dtype, **options)


def by_scikit_learn(*columns):
    """Both parts as scikit-learn scales them, knowing the training part only."""
    raw = scaled(*columns, standardize=False)
    scaler = StandardScaler().fit(raw.x_train.numpy())
    return scaler.transform(raw.x_train.numpy()), scaler.transform(raw.x_test.numpy())


CONSTANTS = {
    "a tenth": np.full(60, 0.1),
    "one third, huge": np.full(60, 1e15 / 3),
    "tiny": np.full(60, 1e-300 / 3),
    "zero": np.zeros(60),
    "a sum in another order": np.where(np.arange(60) % 3, 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1),
    "an offset that leaves no digit": 1e17 + column(),
}


@pytest.mark.parametrize("values", CONSTANTS.values(), ids=CONSTANTS)
def test_a_constant_becomes_zero_whatever_rounding_says(values):
    data = scaled(column(), values)
    assert (data.x_train[:, 1] == 0).all()
    assert (data.x_test[:, 1] == 0).all()
    if np.abs(values).max() < 1e9:  # beyond, scikit-learn leaves the last bits standing
        np.testing.assert_allclose(data.x_train, by_scikit_learn(column(), values)[0], atol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, torch.float32])
def test_a_constant_in_single_precision_is_one_too(kind):
    """What is one to rounding in 32 bits is many steps apart in 64."""
    values = np.where(np.arange(60) % 3, np.float32(0.1), np.nextafter(np.float32(0.1), np.float32(1)))
    table = np.column_stack([column(), values]).astype(np.float32)
    data = from_arrays(table if kind is np.float32 else torch.tensor(table), CLASSES)
    assert (data.x_train[:, 1] == 0).all()


@pytest.mark.parametrize("value", [0.3, -5.0, 1e6])
def test_a_rare_value_that_only_the_test_part_has_is_not_blown_up(value):
    values, raw = np.full(60, 0.1), scaled(np.arange(60.0), standardize=False)
    values[int(raw.x_test[0, 0])] = value
    data = scaled(column(), values)
    assert data.x_test[0, 1] == pytest.approx(value - 0.1)
    np.testing.assert_allclose(data.x_test, by_scikit_learn(column(), values)[1], rtol=1e-9, atol=1e-9)


def test_training_does_not_see_a_constant():
    with_it = train(scaled(column(), np.full(60, 0.1)), lr=0.1, epochs=20, seed=[0, 1, 2])
    assert np.nanmax(with_it.test_loss) < 1.5


@pytest.mark.parametrize(("offset", "spread"), [(0, 1), (1e9, 1.0), (-1e6, 1e-3), (5, 1e200), (0, 1e-200)])
def test_a_real_column_stays_one_however_far_or_small(offset, spread):
    values = offset + spread * column()
    exact = [
        float(v) for v in values
    ]  # the oracle: 80-bit numbers, units in which nothing under- or overflows
    raw = scaled(np.arange(60.0), standardize=False).x_train[:, 0].long().numpy()
    part = np.array([exact[k] for k in raw], np.longdouble) / np.longdouble(spread)
    right = (part - part.mean()) / part.std()
    np.testing.assert_allclose(scaled(values).x_train[:, 0], right.astype(float), rtol=1e-6, atol=1e-6)


@given(
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=20, max_size=20),
    st.sampled_from([1.0, 1e-3, 1e5]),
    st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_any_column_is_scaled_as_scikit_learn_scales_it(values, unit, seed):
    table, labels = np.array(values)[:, None] * unit, np.arange(20) % 2
    ours = from_arrays(table, labels, seed=seed, dtype=torch.float64)
    raw = from_arrays(table, labels, seed=seed, dtype=torch.float64, standardize=False)
    scaler = StandardScaler().fit(raw.x_train)
    for mine, part in ((ours.x_train, raw.x_train), (ours.x_test, raw.x_test)):
        theirs = scaler.transform(part)
        np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=1e-6 * max(1, np.abs(theirs).max()))


def test_an_image_is_scaled_pixel_by_pixel():
    images = np.random.default_rng(0).integers(0, 255, size=(60, 2, 3, 4)).astype(np.uint8)
    images[:, 0, 0, 0] = 7
    ours = from_arrays(images, CLASSES, dtype=torch.float64)
    flat = from_arrays(images.reshape(60, -1), CLASSES, dtype=torch.float64, standardize=False)
    theirs = StandardScaler().fit(flat.x_train).transform(flat.x_test)
    np.testing.assert_allclose(ours.x_test.flatten(1), theirs, rtol=1e-9, atol=1e-9)


def test_what_single_precision_cannot_hold_is_refused():
    with pytest.raises(ValueError, match=r"X holds 1e\+39: expected numbers that torch.float32 can hold"):
        scaled(np.full(60, 1e39), dtype=torch.float32, standardize=False)
    with pytest.raises(ValueError, match="y holds 1e"):
        from_arrays(column()[:, None], np.full(60, 1e39), regression=True, standardize=False)
    assert scaled(1e39 * column(), dtype=torch.float32).x_train.isfinite().all()


TARGETS = {"prices": 3e5 + 1e5 * column(1), "far": 1e9 + column(1), "tiny": 1e-20 * column(1)}


@pytest.mark.parametrize("y", TARGETS.values(), ids=TARGETS)
def test_the_target_of_a_regression_is_scaled_by_its_training_part_and_comes_back(y):
    table = np.column_stack([np.arange(60.0), column()])
    data = from_arrays(table, y, regression=True, dtype=torch.float64)
    raw = from_arrays(table, y, regression=True, dtype=torch.float64, standardize=False)
    rows = [part[:, 0].long().numpy() for part in (raw.x_train, raw.x_test)]
    scaler = StandardScaler().fit(y[rows[0], None])
    for part, row in zip((data.y_train, data.y_test), rows, strict=True):
        np.testing.assert_allclose(part, scaler.transform(y[row, None])[:, 0], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(data.in_units(part[:, None].requires_grad_()), y[row], rtol=1e-12)
    assert raw.in_units(raw.y_test).tolist() == y[rows[1]].tolist()
    assert str(data).endswith(f"standard deviation {number(scaler.scale_[0])}")


def test_other_samples_are_scaled_as_the_training_samples_were():
    table = np.column_stack([np.arange(60.0), 1e5 + 3 * column(), np.full(60, 7.0)])
    data = from_arrays(table, CLASSES, dtype=torch.float64)
    raw = from_arrays(table, CLASSES, dtype=torch.float64, standardize=False)
    np.testing.assert_array_equal(data.inputs(raw.x_test), data.x_test)
    np.testing.assert_array_equal(raw.inputs(raw.x_test.tolist()), raw.x_test)
    new = [[3.0, 1e5, 8.0], [-3.0, 0.0, 7.0]]
    theirs = StandardScaler().fit(raw.x_train).transform(new)
    np.testing.assert_allclose(data.inputs(new), theirs)
    with pytest.raises(ValueError, match=r"X has samples of shape \(2,\): expected \(3,\), as in x_train"):
        data.inputs([[1.0, 2.0]])
