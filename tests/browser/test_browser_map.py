"""A lab's map in a real JupyterLab: a click moves the sliders and the dot, the kernel busy or not."""

import pytest
from lab_page import ASLEEP, open_lab, wait_for_slot, wait_for_text

pytestmark = pytest.mark.browser

LAB = """
import numpy as np
from optlab.live.lab import Lab
from optlab.live.maps import Map
from optlab.live.plots import Plot
from optlab.live.source import Table
from optlab.params import Param
from optlab.record import Record

sizes = {"a": 6, "b": 5, "c": 3}
params = [Param(name, name, f"slider {name}", tuple(range(n)), 0) for name, n in sizes.items()]
plot = Plot(ylim=(0, 6), xlabel="x", ylabel="y")
plot.line("a", lambda r: r.settings["a"][:, None] + np.zeros(2), x=np.arange(2))
height = Map("height", lambda r: 1.0 + (r.settings["a"] - 4) ** 2 + r.settings["b"], over=("a", "b"))
lab = Lab(params, Table(Record), [plot], maps=[height])
lab
"""
MAP = ".optlab-map canvas >> nth=0"

# Where the dot is on the canvas: the middle of all that is white, as its ring is and nothing else.
DOT = """(canvas) => {
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [count, x, y] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
        if (data[i] < 250 || data[i + 1] < 250 || data[i + 2] < 250 || data[i + 3] < 250) continue;
        count += 1;
        x += (i / 4) % width;
        y += Math.floor(i / 4 / width);
    }
    return [x / count / width * canvas.clientWidth, y / count / height * canvas.clientHeight];
}"""


def cell_middle(area, column, row):
    """The middle of a cell of 6 by 5, in pixels from the canvas's corner."""
    left, top, width, height = area
    return left + (column + 0.5) * width / 6, top + height - (row + 0.5) * height / 5


def test_a_click_on_the_map_moves_the_sliders_and_the_dot_though_the_kernel_is_asleep(open_notebook):
    notebook = open_lab(open_notebook, ASLEEP, "print(lab.settings)", lab=LAB)
    page = notebook.page
    canvas = page.locator(MAP)
    page.wait_for_selector(".optlab-map canvas[data-known='90']")
    notebook.start_cell(2)
    box = canvas.bounding_box()
    area = (66, 8, box["width"] - 66 - 58, box["height"] - 8 - 46)

    def dot():
        page.evaluate("() => new Promise(requestAnimationFrame)")
        return canvas.evaluate(DOT)

    assert dot() == pytest.approx(cell_middle(area, 0, 0), abs=2)
    x, y = cell_middle(area, 3, 2)
    page.mouse.move(box["x"] + x, box["y"] + y)
    assert page.locator(".optlab-map .optlab-tip").first.inner_text() == "a = 3, b = 2\nheight 4"
    page.mouse.click(box["x"] + x, box["y"] + y)
    wait_for_slot(notebook, 3 * 15 + 2 * 3, figures=1)
    page.mouse.move(1, 1)
    assert dot() == pytest.approx((x, y), abs=2)
    canvas.press("ArrowRight")
    canvas.press("ArrowDown")
    wait_for_slot(notebook, 4 * 15 + 1 * 3, figures=1)
    assert dot() == pytest.approx(cell_middle(area, 4, 1), abs=2)
    assert "Sliders at a = 4, b = 1: height 2" in canvas.get_attribute("aria-label")
    notebook.interrupt()
    notebook.wait_idle()
    wait_for_text(notebook, 3, "{'a': 4, 'b': 1, 'c': 0}")
