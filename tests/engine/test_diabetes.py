"""The diabetes data: every patient once, standardised by the training patients."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_diabetes

from optlab.engine.data.diabetes import diabetes

DATA = diabetes()
WIDE = diabetes(products=True)


@pytest.mark.parametrize("data", [DATA, WIDE])
def test_the_training_patients_are_standardised_and_the_others_on_their_scale(data):
    np.testing.assert_allclose(data.x.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(0), 1)
    x = load_diabetes().data
    bmi = np.concatenate([data.x, data.x_validation, data.x_test])[:, 2]
    assert np.corrcoef(np.sort(bmi), np.sort(x[:, 2]))[0, 1] == pytest.approx(1)  # every patient, once


def test_a_product_is_of_the_two_features_that_it_names():
    x, _ = load_diabetes(return_X_y=True)
    k = WIDE.names.index("bmi·s5")
    raw = x[:, 2] * x[:, 8]
    order = np.random.default_rng(0).permutation(len(x))[:100]
    assert np.corrcoef(raw[order], WIDE.x[:, k])[0, 1] == pytest.approx(1)
    assert "sex·sex" not in WIDE.names


def test_the_error_is_that_of_its_part():
    w = np.linspace(-1, 1, 10)
    for part, x, y in (("training", DATA.x, DATA.y), ("test", DATA.x_test, DATA.y_test)):
        expected = torch.nn.functional.mse_loss(torch.tensor(x @ w), torch.tensor(y)).item()
        assert DATA.error(w, part) == pytest.approx(expected)
    with pytest.raises(ValueError, match="part='exam'"):
        DATA.error(w, "exam")


@pytest.mark.parametrize("wrong", [{"samples": 10}, {"samples": 301}, {"seed": -1}])
def test_a_split_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        diabetes(**wrong)
