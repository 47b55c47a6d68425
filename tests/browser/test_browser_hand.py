"""The picture answers the hand: starts are dragged, maps and marks are clicked, the kernel busy or not."""

import json

import numpy as np
import pytest
from lab_page import ASLEEP, CANVAS, handle, open_lab, wait_for_text

from optlab.course.gradient_descent import descent_lab, momentum_lab
from optlab.engine.analysis.surfaces import start_at
from optlab.params import Grid

pytestmark = pytest.mark.browser

DESCENT = "from optlab.course import labs\nlab = labs.descent_lab()\nlab"
MOMENTUM = "ball = labs.momentum_lab()\nball"
PLACES = 'print(json.dumps([x.figures[0].backgrounds[0]["axes"][0] for x in (lab, ball)]))'
SAID = "print(lab.settings, ball.settings)"
GRID = Grid((descent_lab.ALPHA, descent_lab.KAPPA, descent_lab.ANGLE))
BALL = Grid((momentum_lab.ALPHA, momentum_lab.BETA, momentum_lab.RAVINES))


def on_page(canvas, axes, x, y):
    """Where a point in data is on the page."""
    page, (left, bottom, width, height) = canvas.bounding_box(), axes["box"]
    across, up = (
        np.interp(*((np.log10(value), np.log10(ends)) if log else (value, ends)), (0, 1))
        for value, ends, log in ((x, axes["xlim"], axes["xlog"]), (y, axes["ylim"], axes["ylog"]))
    )
    return (
        page["x"] + page["width"] * (left + across * width),
        page["y"] + page["height"] * (1 - bottom - up * height),
    )


def shown_in_the_next_frame(canvas):
    """The slot that a figure shows once the next display frame has begun, and whether it is a dimmed one."""
    return canvas.evaluate(
        """(canvas) => new Promise((done) => requestAnimationFrame(() =>
            done([Number(canvas.dataset.slot), canvas.matches(".optlab-waiting")])))"""
    )


def slot_of(grid, **values):
    return grid.slot([param.index(values.get(param.name, param.default)) for param in grid.params])


def test_the_start_is_dragged_and_the_map_and_a_star_are_clicked_though_the_kernel_is_asleep(open_notebook):
    cells = [MOMENTUM, f"import json\n{PLACES}", ASLEEP, SAID]
    notebook = open_lab(open_notebook, *cells, lab=DESCENT, height=1400)
    page = notebook.page
    notebook.run_cell(2)
    notebook.run_cell(3)
    ravine, plane = json.loads(notebook.text(3))
    page.wait_for_function("css => document.querySelectorAll(css)[2]?.dataset.slot", arg=CANVAS)
    notebook.start_cell(4)
    path, phases = (page.locator(CANVAS).nth(k) for k in (0, 2))

    # the start goes along its circle; every stop is there in the next display frame, and on its slider
    path.scroll_into_view_if_needed()
    page.mouse.move(*on_page(path, ravine, *start_at(60.0)[0]))
    assert path.evaluate("canvas => getComputedStyle(canvas).cursor") == "grab"
    page.mouse.down()
    angle = page.locator(".optlab-control").nth(2)
    for degrees in (45.0, 30.0, 15.0, 0.0, 90.0):
        page.mouse.move(*on_page(path, ravine, *1.07 * start_at(degrees)[0]))
        assert shown_in_the_next_frame(path) == [slot_of(GRID, angle=degrees), False]
        assert angle.locator(".optlab-entry").input_value() == f"{degrees:g} °"
    page.mouse.up()
    page.mouse.move(*on_page(path, ravine, *start_at(0.0)[0]))  # it has been let go
    assert shown_in_the_next_frame(path)[0] == slot_of(GRID, angle=90.0)

    # under the slider of α a star says "best"
    page.locator(".optlab-control").nth(0).locator(".optlab-tick-label").click()
    best = min(descent_lab.ALPHA.values, key=lambda lr: abs(np.log(lr * 11 / 2)))  # 2/(μ + L) at κ = 10
    assert shown_in_the_next_frame(path) == [slot_of(GRID, angle=90.0, lr=best), False]

    phases.scroll_into_view_if_needed()
    page.mouse.click(*on_page(phases, plane, 0.101, 0.59))
    assert shown_in_the_next_frame(phases) == [slot_of(BALL, lr=0.1, momentum=0.6), False]

    notebook.interrupt()
    notebook.wait_idle()
    wait_for_text(
        notebook,
        5,
        f"{{'lr': {best}, 'kappa': 10.0, 'angle': 90.0}} {{'lr': 0.1, 'momentum': 0.6, 'kappa': 30.0}}",
    )


SLOW = """
import threading
import numpy as np
from optlab import Film, Lab, Lazy, Param, Plot, Record
from optlab.live import background

background.PATIENCE = 0.1
gates, steps = {1.0: threading.Event(), 0.18: threading.Event()}, np.arange(101)

def run(settings, job):
    loss = settings["lr"][:, None] * 0.98**steps
    while not gates[settings["lr"][0]].wait(0.05) and not job.stopped():
        job.show(Record(settings | {"loss": np.where(steps < 12, loss, np.nan)}))
    return Record(settings | {"loss": loss})

plot = Plot(film=Film("epoch"), xlabel="epoch", ylabel="loss", ylim=(0, 1.1))
plot.line("loss", lambda r: r.settings["loss"], x=steps)
plot.title(lambda one: f"ends at {one.settings['loss'][0, -1]:.3f}")
lab = Lab([Param("lr", "α₀", "rate", (0.18, 1.0), 1.0)], Lazy(run, chunk=1), [plot])
lab
"""

# What has been written on the canvas above a figure since this was called.
WRITTEN = """(canvas) => {
    const context = canvas.parentElement.querySelector(".optlab-badges").getContext("2d");
    const write = context.fillText.bind(context);
    window.written = [];
    context.fillText = (words, ...where) => { window.written.push(words); write(words, ...where); };
}"""


def test_what_is_in_training_says_so_and_how_far_it_is(open_notebook):
    notebook = open_lab(open_notebook, "gates[1.0].set()", "gates[0.18].set()", lab=SLOW)
    page, canvas = notebook.page, notebook.page.locator(CANVAS)
    count = page.locator(".optlab-count span").first
    page.wait_for_function("css => document.querySelector(css).ariaLabel.includes('epoch 11')", arg=CANVAS)
    assert canvas.get_attribute("aria-label") == "training: epoch 11 of 100"  # it is there before its run
    assert count.inner_text() == "11"
    notebook.run_cell(2)
    page.wait_for_function("css => document.querySelector(css).ariaLabel === 'ends at 0.133'", arg=CANVAS)
    assert count.inner_text() == "100"
    canvas.evaluate(WRITTEN)
    handle(notebook, 0).press("ArrowLeft")
    page.wait_for_function("() => window.written.includes('training α₀ = 0.18: epoch 11 of 100')")
    assert "ends at 0.133" not in canvas.get_attribute("aria-label")
    assert count.inner_text() == "11"
    notebook.run_cell(3)
    page.wait_for_function("css => document.querySelector(css).ariaLabel === 'ends at 0.024'", arg=CANVAS)
    assert count.inner_text() == "100"
