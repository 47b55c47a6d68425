"""The page docs/your_own_network.md: its code runs in order, prints what it says, and keeps its promises."""

import numpy as np
import pytest
from page_code import run_page

from optlab import train


@pytest.fixture(scope="module")
def page():
    names = run_page("your_own_network")
    yield names
    names["lab"].close()
    names["quantity"].close()


def test_the_network_learns(page):
    assert len(page["history"]) == 3
    assert page["history"].test_accuracy[:, -1].max() > 0.85


def test_a_row_is_the_run_alone_and_the_module_stays_as_it_is(page):
    net = page["Reader"]()
    both = train(page["walks"], model=net, optimizer="adam", lr=[0.003, 0.03], epochs=3)
    alone = train(page["walks"], model=net, optimizer="adam", lr=0.03, epochs=3)
    np.testing.assert_allclose(both.test_loss[1], alone.test_loss[0], atol=1e-5)


def test_its_lab_has_five_sliders(page):
    assert [c.param.name for c in page["lab"].controls] == ["lr", "delta", "p", "batch_size", "l2"]


def test_it_trains_where_it_is_told_to(page):
    assert np.isfinite(page["on_it"].train_loss).all()
