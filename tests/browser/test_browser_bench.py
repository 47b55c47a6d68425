"""The dragging races of `optlab bench`: a press is timed to its own picture, over any network."""

import pytest

from optlab.bench.dragging import open_page
from optlab.bench.rows import missing
from optlab.bench.sliders import CONTESTANTS, FAR

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = 3.0
"""Seconds there and back: whoever asks the kernel cannot be faster, whoever does not is not that slow."""


@pytest.fixture(scope="module")
def page(browser):
    """Everything that is installed, in one notebook."""
    with open_page(browser) as one:
        yield one


@pytest.mark.parametrize(
    "one", [one for one in CONTESTANTS if not missing(one.needs)], ids=lambda one: one.name
)
def test_who_asks_the_kernel_waits_for_the_network(one, page):
    asks = not one.name.startswith("optlab")
    assert (page.turn(one, LONG)() >= 1000 * LONG) is asks
    assert page.turn(one, 0.0)() > 0


def test_a_setting_that_is_not_trained_comes_and_its_lab_is_closed(page):
    assert page.turn_outside(0.0)() > 0
    page.notebook.page.wait_for_selector(f"#bench-{page.cells[FAR]} .optlab-control", state="detached")
