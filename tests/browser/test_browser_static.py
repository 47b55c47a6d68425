"""The worked example as a static page: no kernel, no server but one for files, and its curves still move."""

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path

import nbformat
import numpy as np
import pytest
from lab_cells import lab_cells
from lab_page import display_frame
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from traitlets.config import Config

from optlab import iris_pair, train
from optlab.bench.key_presses import back_and_forth, time_presses
from optlab.course.labs import training_lab
from optlab.course.worked_example.training_lab import IRIS_GOALS

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser

PACKAGES = Path(__file__).parents[1] / "js" / "node_modules"
ANYWIDGET = Path(sys.prefix) / "share" / "jupyter" / "nbextensions" / "anywidget" / "index.js"
SCRIPTS = {
    "require.js": PACKAGES / "requirejs" / "require.js",
    "embed-amd.js": PACKAGES / "@jupyter-widgets" / "html-manager" / "dist" / "embed-amd.js",
    "anywidget.js": ANYWIDGET,
}
EXPORTER = {
    "require_js_url": "require.js",
    "widget_renderer_url": "embed-amd.js",
    "mathjax_url": "",
    "jquery_url": "",
}
CANVAS = ".widget-vbox:has(.optlab-control) .optlab-figure canvas[role=img]"  # of the first lab on the page

CANVASES = 4  # two labs, two figures each: views are made in any order, and what is first is known at the end
ALL_SHOWN = """(n) => {
    const canvases = [...document.querySelectorAll(".optlab-figure canvas[role=img]")];
    return canvases.length === n && canvases.every((canvas) => canvas.dataset.slot);
}"""

# All that one slider of the worked example's lab reaches by itself is trained, and sent to the page.
TRAINED = """
import time
own_lab.close()  # it would go on training beside this one
lab.reset()
while not set(lab.grid.axes_through(lab.grid.default)) <= lab.figures[0].slots:
    time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    """The worked example's labs, run and exported with their state, and the scripts that they need."""
    if not all(script.is_file() for script in SCRIPTS.values()):
        pytest.skip("no browser scripts for the static page: npm ci --prefix tests/js")
    folder = tmp_path_factory.mktemp("static")
    for name, script in SCRIPTS.items():
        shutil.copy(script, folder / name)
    sources = [*lab_cells(ROOT / "notebooks" / "04_worked_example.ipynb"), TRAINED]
    # within one cell: nbclient passes over what a lab's thread sends between two
    cell = nbformat.v4.new_code_cell(
        "\n".join(f"get_ipython().run_cell({source!r}).raise_error()" for source in sources)
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=300, kernel_name="python3", store_widget_state=True).execute()
    html, _ = HTMLExporter(config=Config(HTMLExporter=EXPORTER)).from_notebook_node(notebook)
    (folder / "index.html").write_text(html, encoding="utf-8")
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that prints nothing."""

    def log_message(self, *words):
        pass


@pytest.fixture
def page(page_folder, browser):
    """The exported page, with every request that leaves this machine refused."""
    files = functools.partial(Quiet, directory=page_folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}/"
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.route(lambda url: not url.startswith((here, "data:", "blob:")), lambda route: route.abort())
        page.goto(here + "index.html")
        page.wait_for_function(ALL_SHOWN, arg=CANVASES, timeout=60_000)
        yield page
        page.close()
        server.shutdown()


def test_the_curves_move_with_no_kernel_running(page, report):
    lab = training_lab(iris_pair(), epochs=1)
    shape, default = lab.grid.shape, lab.grid.indices(lab.grid.default)
    lab.close()
    slider = page.locator(".optlab-control .noUi-handle").first
    keys = back_and_forth(default[0], shape[0], 20)
    presses = time_presses([(slider, key) for key in keys], picture=CANVAS)
    report(f"static page, no kernel: {presses}")
    assert (presses.pressed, presses.repaints, sum(presses.dimmed)) == (20, 20, 0)
    assert presses.median < 5 * display_frame(page)

    gone = keys.count("ArrowRight") - keys.count("ArrowLeft")
    slot = int(np.ravel_multi_index((default[0] + gone, *default[1:]), shape))
    page.wait_for_selector(f"{CANVAS}[data-slot='{slot}']")
    loss = train(iris_pair(), **lab.grid.setting(slot)).train_loss[0, -1]
    assert f" to {loss:.3g}, test loss" in page.locator(CANVAS).first.get_attribute("aria-label")


def test_film_pins_and_goals_work_with_no_kernel_running(page):
    lab, lamp = page.locator(".widget-vbox:has(.optlab-control)").first, ".optlab-goals .optlab-reached"
    goals = lab.locator(".optlab-goals li")
    assert goals.count() == len(IRIS_GOALS)
    assert lab.locator(lamp).count() == 0
    lab.locator("button[title^='Pin this run']").press("Enter")
    lab.locator(".optlab-control .noUi-handle").first.press("ArrowRight")
    assert lab.locator(".optlab-legend li").inner_text().strip() == "1\nα₀ = 0.1"  # what it differs in
    scrubber = lab.locator(".optlab-scrubber")
    scrubber.press("Home")
    scrubber.press("ArrowRight")
    assert page.locator(CANVAS).first.get_attribute("aria-label").startswith("epoch 1: training loss ")
    lab.get_by_text("reset all").click()
    assert scrubber.input_value() == scrubber.get_attribute("max")
    assert lab.locator(".optlab-entry").first.input_value() == "0.1"
    lab.locator("button[title^='Undo']").click()
    assert (scrubber.input_value(), lab.locator(".optlab-entry").first.input_value()) == ("1", "0.18")
    with page.expect_download() as download:
        lab.locator("button[title^='Save what']").click()
        lab.get_by_text("Numbers (CSV)").click()
    assert download.value.path().read_text("utf-8").count("pin 1") > 1
    lab.get_by_text("as PyTorch").click()
    lab.get_by_text("is busy or gone").wait_for()


def test_the_stage_needs_no_kernel(page):
    opener = page.locator(".optlab-opener").first
    opener.click()
    stage = page.locator("dialog.optlab-stage")
    stage.locator("canvas[data-slot]").nth(1).wait_for()
    page.wait_for_function("document.querySelector('dialog.optlab-stage [data-sliders] .noUi-handle:focus')")
    wide = sum(figure.bounding_box()["width"] for figure in stage.locator(".optlab-figure").all())
    assert wide > 0.9 * 1280
    slot = stage.locator("canvas[data-slot]").first.get_attribute("data-slot")
    page.keyboard.press("ArrowRight")
    assert stage.locator("canvas[data-slot]").first.get_attribute("data-slot") != slot
    words = stage.locator(".optlab-stage-words")
    assert words.inner_text().startswith("Lab 1 of ")
    page.keyboard.press("n")
    page.wait_for_function("document.querySelector('.optlab-stage-words').innerText.startsWith('Lab 2 of ')")
    page.keyboard.press("Escape")
    stage.wait_for(state="detached")
