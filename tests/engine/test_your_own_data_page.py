"""The page docs/your_own_data.md: its code runs in order, prints what it says, and does what it promises."""

import numpy as np
import pytest
from page_code import run_page


@pytest.fixture(scope="module")
def page():
    names = run_page("your_own_data")
    yield names
    names["lab"].close()


def test_the_cnn_learns_and_its_lab_has_five_sliders(page):
    history = page["history"]
    assert len(history) == 3
    assert history.test_accuracy[:, -1].max() > 0.8
    assert [control.param.name for control in page["lab"].controls] == [
        "lr",
        "delta",
        "p",
        "batch_size",
        "l2",
    ]


def test_words_are_learnt_by_their_ids(page):
    assert page["learnt"].train_accuracy[0, -1] > 0.9


def test_both_orders_of_a_split_are_the_same_training(page):
    np.testing.assert_array_equal(page["by_parts"].test_loss, page["at_once"].test_loss)
    assert np.isfinite(page["taken"].test_loss).all()
