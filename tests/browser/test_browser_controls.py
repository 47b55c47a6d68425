"""A lab's controls, in a real JupyterLab: they are the browser's own, whether the kernel is busy or gone."""

import csv
import io

import numpy as np
import pytest
from lab_page import ASLEEP, CANVAS, handle, wait_for_slot, wait_for_text

from optlab.bench.jupyter_lab import Notebook

pytestmark = pytest.mark.browser

LAB = """
import time
import numpy as np
from optlab import Film, Lab, Param, Plot, Record, Table

steps = np.arange(51)

def my_lab(state=""):
    plot = Plot(film=Film("step"), xlim=(0, 50), ylim=(0, 2), xlabel="step", ylabel="loss")
    plot.line("loss", lambda r: r.settings["rate"][:, None] ** (steps / 50), "black", x=steps)
    plot.line("half", lambda r: 0 * r.settings["rate"][:, None] + steps / 100, "grey", x=steps, role="other")
    plot.title(lambda one: f"rate {one.settings['rate'][0]}")
    rate = Param("rate", "r", "learning rate", (0.001, 0.01, 0.1, 1.0), 0.01, unit="/epoch")
    turn = Param("turn", "φ", "angle", (-30, 0, 30, 60), 0, unit="°", applies=lambda kind: kind == "tilted")
    kind = Param("kind", "", "kind", ("plain", "tilted"), "plain")
    return Lab([rate, turn, kind], Table(Record), [plot], state=state, name="my_lab")

lab = my_lab()
"""
SHOW, SLEEP, STATE = range(1, 4)
CELLS = [LAB, "lab", ASLEEP, "print(lab.state)", "1 + 1"]
RATES, TURNS, KINDS = (0.001, 0.01, 0.1, 1.0), (-30, 0, 30, 60), ("plain", "tilted")
DEFAULT = (0.01, 0, "plain")


def slot_of(rate, turn, kind):
    indices = [RATES.index(rate), TURNS.index(turn), KINDS.index(kind)]
    return int(np.ravel_multi_index(indices, (4, 4, 2)))


@pytest.fixture(scope="module")
def shared(jupyter, browser):
    notebook = Notebook(browser.new_page(), jupyter, CELLS, name="controls.ipynb")
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.run_cell(0)
    notebook.run_cell(SHOW)
    notebook.page.wait_for_selector(".optlab-entry")
    shown(notebook, *DEFAULT)
    yield notebook
    notebook.close()


@pytest.fixture
def notebook(shared):
    """The lab at its defaults, nothing pinned."""
    tool(shared, "All sliders").click()
    for unpin in shared.page.locator("[aria-label^='Unpin 1']").all():
        unpin.click()
    shown(shared, *DEFAULT)
    return shared


def tool(notebook, words):
    return notebook.page.locator(f".optlab-lab button[title^='{words}']")


def entry(notebook, k):
    return notebook.page.locator(".optlab-entry").nth(k)


def shown(notebook, rate, turn, kind):
    """Wait until the figure shows a setting, and check what stands beside the sliders."""
    wait_for_slot(notebook, slot_of(rate, turn, kind), figures=1)
    texts = [f"{rate:g} /epoch", f"{turn} °".replace("-", "−")]
    assert [entry(notebook, k).input_value() for k in (0, 1)] == texts
    assert [handle(notebook, k).get_attribute("aria-valuetext") for k in (0, 1)] == texts


def test_sliders_have_names_and_values_for_the_ear_and_one_that_does_nothing_says_so(notebook):
    names = [handle(notebook, k).get_attribute("aria-label") for k in (0, 1)]
    assert names == ["learning rate r", "angle φ"]
    handle(notebook, 0).press("ArrowRight")
    shown(notebook, 0.1, 0, "plain")
    assert handle(notebook, 1).get_attribute("aria-description") == "Makes no difference at this setting"
    assert notebook.page.locator(".optlab-idle").count() == 1
    notebook.page.locator(".optlab-control select").select_option("tilted")
    shown(notebook, 0.1, 0, "tilted")
    assert handle(notebook, 1).get_attribute("aria-description") == ""
    assert notebook.page.locator(".optlab-idle").count() == 0


def test_a_typed_number_goes_to_the_nearest_stop_and_what_is_none_goes_away(notebook):
    said = notebook.page.locator(".optlab-spoken")

    def type_in(k, text, key="Enter"):
        entry(notebook, k).click()  # it is marked: what is typed takes its place
        notebook.page.keyboard.type(text)
        notebook.page.keyboard.press(key)

    type_in(0, "0.05")
    shown(notebook, 0.1, 0, "plain")  # half way from 0.01 to 0.1, by ratio, is 0.032
    assert said.inner_text() == "the stop nearest to 0.05: 0.1 /epoch"
    type_in(0, "dd", "Tab")  # in a notebook "d d" deletes a cell
    shown(notebook, 0.1, 0, "plain")
    assert said.inner_text() == "“dd” is no number: still 0.1 /epoch"
    type_in(1, "−25")
    shown(notebook, 0.1, -30, "plain")
    type_in(1, "44", "Escape")
    shown(notebook, 0.1, -30, "plain")
    notebook.page.keyboard.press("ArrowUp")
    shown(notebook, 0.1, 0, "plain")
    tool(notebook, "learning rate r: back to 0.01 /epoch").click()
    shown(notebook, *DEFAULT)
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)


def test_a_reset_while_a_cell_runs_is_done_at_once_and_never_again(notebook):
    notebook.start_cell(SLEEP)
    handle(notebook, 0).press("End")
    handle(notebook, 1).press("ArrowRight")
    scrubber = notebook.page.locator(".optlab-scrubber")
    scrubber.press("Home")
    tool(notebook, "All sliders").click()
    shown(notebook, *DEFAULT)
    assert scrubber.input_value() == "50"  # the whole run
    handle(notebook, 1).press("End")
    shown(notebook, 0.01, 60, "plain")
    assert notebook.is_running(SLEEP)
    notebook.interrupt()
    notebook.wait_idle()
    wait_for_text(notebook, STATE, "turn=60")
    shown(notebook, 0.01, 60, "plain")
    notebook.page.keyboard.press("Control+z")  # the focus is on no part of the lab
    shown(notebook, 0.01, 60, "plain")
    handle(notebook, 1).focus()
    for expected in [(0.01, 0), (1.0, 30), (1.0, 0), (0.01, 0)]:
        notebook.page.keyboard.press("Control+z")
        shown(notebook, *expected, "plain")
        if expected == (1.0, 30):
            assert scrubber.input_value() == "0"  # the reset had moved the film
    for _ in range(3):
        notebook.page.keyboard.press("Control+Shift+Z")
    shown(notebook, *DEFAULT)


def test_one_drag_is_one_step_back_and_the_notebooks_own_undo_is_not_called(notebook):
    page = notebook.page
    grip = handle(notebook, 0).bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for way in (60, 120, 200, 1000):
        page.mouse.move(x + way, y)
    page.mouse.up()
    shown(notebook, 1.0, 0, "plain")
    page.locator(".jp-Cell").last.locator(".jp-InputPrompt").click()
    for _ in range(2):
        page.keyboard.press("d")  # the last cell is deleted
    page.wait_for_function(f"document.querySelectorAll('.jp-Notebook .jp-Cell').length < {len(CELLS)}")
    tool(notebook, "Undo").focus()
    page.keyboard.press("Control+z")
    shown(notebook, *DEFAULT)
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS) - 1


def test_what_is_saved_are_the_numbers_on_the_screen_pins_included(notebook):
    page = notebook.page
    tool(notebook, "Pin this run").click()
    handle(notebook, 0).press("End")
    shown(notebook, 1.0, 0, "plain")
    name, table = saved(notebook, "Numbers (CSV)")
    assert name == "my_lab rate=1.csv"
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8"))))
    settings = {"shown": "r = 1, φ = 0, kind plain", "pin 1": "r = 0.01, φ = 0, kind plain"}
    found = {}
    for row in rows:
        assert (row["figure"], row["x axis"], row["setting"]) == ("1", "step", settings[row["run"]])
        found.setdefault((row["run"], row["line"]), []).append((float(row["x"]), float(row["y"])))
    steps = np.arange(51)
    expected = {
        ("shown", "loss"): np.ones(51),
        ("shown", "half"): steps / 100,
        ("pin 1", "loss"): 0.01 ** (steps / 50),
    }
    assert found.keys() == expected.keys()
    for key, y in expected.items():
        np.testing.assert_allclose(np.array(found[key]).T, [steps, y], rtol=5e-5)

    name, picture = saved(notebook, "Picture (PNG)")
    assert (name, picture[:8]) == ("my_lab rate=1.png", b"\x89PNG\r\n\x1a\n")
    name, drawing = saved(notebook, "Drawing (SVG)")
    assert name == "my_lab rate=1.svg"
    parsed = """(text) => {
        const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
        const counts = ["image", "path[stroke='#000000']"].map((css) => svg.querySelectorAll(css).length);
        return [svg.nodeName, ...counts, [...svg.querySelectorAll("text")].map((text) => text.textContent)];
    }"""
    root, pictures, curves, words = page.evaluate(parsed, drawing.decode("utf-8"))
    assert (root, pictures, curves) == ("svg", 1, 1)
    assert {"rate 1.0", "r = 1, φ = 0, kind plain", "1: r = 0.01"} <= set(words)


def saved(notebook, words):
    """The name and the bytes of what one choice of the menu downloads."""
    tool(notebook, "Save what is shown").click()
    with notebook.page.expect_download() as download:
        notebook.page.get_by_role("button", name=words).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_all_of_it_works_after_the_kernel_was_restarted(notebook):
    page = notebook.page
    notebook.restart_kernel()
    page.wait_for_selector(".jupyter-widgets-disconnected.optlab-lab")
    handle(notebook, 0).press("End")
    tool(notebook, "Pin this run").click()
    handle(notebook, 1).press("End")
    shown(notebook, 1.0, 60, "plain")
    tool(notebook, "angle φ: back").click()
    shown(notebook, 1.0, 0, "plain")
    tool(notebook, "Undo").click()
    shown(notebook, 1.0, 60, "plain")
    tool(notebook, "All sliders").click()
    shown(notebook, *DEFAULT)
    badges = page.locator(".optlab-legend .optlab-badge")
    assert badges.all_inner_texts() == ["1"]  # a reset takes no pin away
    for _ in range(2):
        tool(notebook, "Undo").click()
    shown(notebook, 1.0, 0, "plain")
    tool(notebook, "Undo").click()
    assert badges.count() == 0
    for _ in range(2):
        tool(notebook, "Do it again").click()
    tool(notebook, "Copy this lab").click()
    page.locator(".optlab-said").get_by_text("copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == 'my_lab(state="rate=1, turn=60; pin rate=1")'
    assert len(page.locator(f"{CANVAS}.optlab-waiting").all()) == 0
