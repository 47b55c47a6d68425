"""The page docs/your_own_data.md: its code runs in order, prints what it says, and does what it promises."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "your_own_data.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n((?: {4}[^\n]*\n)+))?", re.DOTALL)
"""A block of code, and the indented lines behind it, which are what it prints."""


@pytest.fixture(scope="module")
def page():
    """The names that the page's code makes; what it prints is compared on the way."""
    names = {}
    for code, said in BLOCK.findall(PAGE):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, names)
        assert out.getvalue() == re.sub("^ {4}", "", said, flags=re.MULTILINE)
    yield names
    names["lab"].close()


def test_every_block_of_code_is_run(page):
    assert len(BLOCK.findall(PAGE)) == PAGE.count("```") / 2
    assert "taken" in page


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
