"""What the kernel repeats late, once its cell has ended, changes nothing on the page."""

import pytest
from lab_page import CANVAS

pytestmark = pytest.mark.browser

LAB = "import time\nfrom optlab import labs\nlab = labs.descent_lab()\nlab"
STEP_NEAR = f"step => Math.abs(document.querySelector('{CANVAS}').dataset.step - step) < 8"


def test_a_film_plays_on_when_the_kernel_wakes(open_notebook):
    notebook = open_notebook([LAB, "time.sleep(2.5)"])
    notebook.run_cell(0)
    page = notebook.page
    page.wait_for_timeout(1000)  # nothing else is on its way to the kernel
    notebook.start_cell(1)
    page.locator(".optlab-scrubber").focus()
    page.keyboard.press("Home")  # the kernel is told, and repeats it when it wakes: in the middle of the film
    page.keyboard.press(" ")
    for step in (10, 20, 70, 80, 90):
        page.wait_for_function(STEP_NEAR, arg=step)
    page.wait_for_function(f"document.querySelector('{CANVAS}').dataset.step === 'Infinity'")
    notebook.wait_idle()
