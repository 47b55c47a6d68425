"""A fact's runs unfold where the fact stands, without the kernel; the lab's sliders stay."""

import pytest
from lab_page import ASLEEP

pytestmark = pytest.mark.browser

LAB = """
import time
from optlab import labs
from optlab.course import checks
lab = labs.descent_lab()
lab
"""
FACT = "checks.show_me(lab, before={'lr': 0.18}, lr=0.22)"
SHOWN = ".optlab-replay .optlab-replay-figures canvas[role=img]"


def test_a_fact_unfolds_and_plays_while_the_kernel_sleeps(open_notebook):
    notebook = open_notebook([LAB, FACT, ASLEEP])
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.start_cell(2)
    page = notebook.page
    lab = page.locator(".optlab-lab canvas[role=img]").first
    before = lab.get_attribute("data-slot")
    figures = page.locator(SHOWN)
    assert not figures.first.is_visible()

    button = page.get_by_role("button", name="show me: α = 0.18, then α = 0.22")
    button.press("Enter")
    figures.first.wait_for(state="visible")
    assert button.get_attribute("aria-expanded") == "true"
    page.wait_for_function(f"document.querySelector('{SHOWN}').dataset.slot === '1'")  # it plays the last run
    page.wait_for_function(f"document.querySelector('{SHOWN}').dataset.step === 'Infinity'")
    assert lab.get_attribute("data-slot") == before
    page.get_by_role("button", name="α = 0.18", exact=True).click()
    assert figures.first.get_attribute("data-slot") == "0"

    button.click()
    assert not figures.first.is_visible()
    notebook.interrupt()
    notebook.wait_idle()
