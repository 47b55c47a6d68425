"""The lab in a real JupyterLab, treated roughly: floods of events, re-runs, interrupts, reloads, restarts."""

import json

import numpy as np
import pytest
from lab_page import (
    AXES_TRAINED,
    CANVAS,
    IMPORTS,
    TIMED,
    box_of,
    handle,
    open_lab,
    wait_for_slot,
    wait_until_settled,
)

from optlab import iris_pair, train
from optlab.bench.key_presses import key_press_latency

pytestmark = pytest.mark.browser

# anywidget gives every model two seconds to load, and says this of one that was closed while it was loading
CLOSED_TOO_SOON = "[anywidget] Failed to initialize model."
HIDDEN = "hide=['delta', 'p', 'batch_size']"
LONG = f"lab = training_lab(data, epochs=1500, engine='autograd', {HIDDEN})\nlab"
"""A training of seconds: the compiled kernel would be done before anyone looks."""
SMALL = f"lab = training_lab(data, {HIDDEN})\nlab"
"""Two sliders, the learning rate's and the L2 penalty's: soon all of it is trained."""


@pytest.fixture
def errors():
    """Errors that the page has thrown, but for models closed too soon, once `watch(notebook)` was called."""
    thrown = []

    def note(error):
        if str(error) != CLOSED_TOO_SOON:
            thrown.append(str(error))

    def watch(notebook):
        notebook.page.on("pageerror", note)
        return thrown

    return watch


def slot_on_the_sliders(notebook, shape):
    """The slot that the handles say, counted by numpy; a slider that is hidden has one stop."""
    shape = [n for n in shape if n > 1]
    said = "[...document.querySelectorAll('.noUi-handle')].map((h) => Math.round(h.ariaValueNow))"
    return int(np.ravel_multi_index(notebook.page.evaluate(said), shape))


# Key events on handles, evenly spread over one second, with what the canvas showed in every display frame,
# until it has shown the setting on the sliders for thirty frames.
FLOOD = """
async ([css, moves, seconds, shape]) => {
  const handles = document.querySelectorAll(".optlab-control .noUi-handle");
  const canvas = document.querySelector(css);
  const seen = [];
  let watching = true;
  const look = () => {
    seen.push([performance.now(), Number(canvas.dataset.slot), canvas.matches(".optlab-waiting")]);
    if (watching) requestAnimationFrame(look);
  };
  look();
  const begun = performance.now();
  for (const [k, [handle, key]] of moves.entries()) {
    const due = begun + (1000 * seconds * k) / moves.length;
    while (performance.now() < due) await new Promise((done) => setTimeout(done, 1));
    handles[handle].dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
  const last = performance.now();
  const slot = shape.reduce((slot, n, k) => slot * n + Math.round(handles[k].ariaValueNow), 0);
  const settled = () => {
    const late = seen.slice(-30);
    return late[0][0] > last && late.every(([, shown, dimmed]) => shown === slot && !dimmed);
  };
  while (!settled() && performance.now() - last < 10000) await new Promise(requestAnimationFrame);
  watching = false;
  return { lasted: last - begun, seen: seen.map(([time, ...rest]) => [time - last, ...rest]) };
}
"""


def test_of_200_events_in_one_second_the_last_wins(open_notebook, report):
    words = "print(json.dumps([lab.slot, lab.settings, float(lab.result.train_loss[0, -1])]))"
    notebook = open_lab(open_notebook, AXES_TRAINED, words)
    shape, _ = box_of(notebook, 2)
    keys = np.random.default_rng(0).choice(["ArrowRight", "ArrowLeft"], 200).tolist()
    keys[-10:] = ["ArrowRight"] * 10
    moves = [[int(k), key] for k, key in zip(np.arange(200) % 5, keys, strict=True)]
    flood = notebook.page.evaluate(FLOOD, [CANVAS, moves, 1.0, shape])
    slot = slot_on_the_sliders(notebook, shape)
    came = next(ms for ms, shown, dimmed in flood["seen"] if ms > 0 and shown == slot and not dimmed)
    report(f"200 events in {flood['lasted']:.0f} ms: the last one's curves are there after {came:.0f} ms")
    assert came < flood["lasted"]  # it did not queue behind the 199 before it
    # once there, it stays
    assert {tuple(rest) for ms, *rest in flood["seen"] if ms > came} == {(slot, False)}

    wait_until_settled(notebook)
    notebook.run_cell(3)
    kernel_slot, settings, loss = json.loads(notebook.text(3))
    assert kernel_slot == slot
    assert loss == pytest.approx(float(train(iris_pair(), **settings).train_loss[0, -1]), rel=1e-5)
    words = notebook.page.locator(CANVAS).first.get_attribute("aria-label")
    assert f" to {loss:.3g}, test loss" in words


LEFT_OVER = """
from comm import get_comm_manager
from ipywidgets.widgets.widget import _instances
from matplotlib.figure import Figure
from optlab.live.pages import FramePage

def left_over():
    gc.collect()
    pages = sum(isinstance(widget, FramePage) for widget in _instances.values())  # by the clock
    shown = sum(len(figure.pages) for figure in lab.figures) if "lab" in globals() else 0
    return {
        "widgets": len(_instances) - pages,
        "comms": len(get_comm_manager().comms) - pages,
        "lost pages": pages - shown,
        "threads": sum(thread.name == "optlab-lab" for thread in threading.enumerate()),
        "figures": sum(type(thing) is Figure for thing in gc.get_objects()),
    }

before = left_over()
"""
QUICK = f"lab = training_lab(data, epochs=2, {HIDDEN})\nlab"
# all that the lab trains unasked is there, so that every run leaves the same behind
FILLED = """
while len(lab.figures[0].slots) < lab.grid.size:
    time.sleep(0.02)
last = None
while (now := left_over()) != last:  # the other figures' pages come after
    last = now
    time.sleep(0.1)
print(json.dumps(now))
"""


def test_many_runs_of_its_cell_leave_one_lab_and_closing_it_none(open_notebook, errors):
    notebook = open_notebook(
        [IMPORTS + LEFT_OVER, QUICK, FILLED, "lab.close(); print(json.dumps([before, left_over()]))"],
        new=True,
    )
    thrown = errors(notebook)
    notebook.run_cell(0)
    after = {}
    for run in range(1, 9):
        notebook.run_cell(1)
        if run in (2, 8):
            notebook.run_cell(2)
            after[run] = json.loads(notebook.text(2))
    assert after[8] == after[2]
    assert (after[8]["threads"], after[8]["figures"]) == (1, 2)
    assert notebook.page.locator(CANVAS).count() == 2
    notebook.run_cell(3)
    before, closed = json.loads(notebook.text(3))
    assert closed == before
    assert thrown == []


def test_it_is_closed_in_the_middle_of_a_training(open_notebook, errors):
    whole = "optlab.train(data, epochs=1500, engine='autograd')"
    close = f"{TIMED}\nclosing = timed(lab.close)\nprint(closing / timed(lambda: {whole}))"
    threads = "print([t.name for t in threading.enumerate() if t.name == 'optlab-lab'])"
    notebook = open_lab(open_notebook, close, threads, SMALL, lab=LONG)
    thrown = errors(notebook)
    handle(notebook, 0).press("ArrowRight")
    notebook.page.wait_for_selector(f"{CANVAS}.optlab-waiting")
    notebook.run_cell(2)
    assert float(notebook.text(2)) < 1  # the rest of the training was not waited for
    notebook.run_cell(3)
    assert notebook.text(3).strip() == "[]"
    notebook.run_cell(4)  # and the next lab works
    assert key_press_latency(handle(notebook, -1), "ArrowRight", 1).repaints == 1
    assert thrown == []


def test_an_interrupt_leaves_the_lab_alive(open_notebook):
    notebook = open_lab(open_notebook, "print('begun')\ntime.sleep(600)", lab=SMALL)
    notebook.interrupt()  # while only the lab's own thread works
    notebook.start_cell(2)
    notebook.page.get_by_text("begun", exact=True).wait_for()
    notebook.interrupt()  # while a cell runs as well
    notebook.wait_idle()
    assert "KeyboardInterrupt" in notebook.text(2)
    for k in (0, 1, 0, 1):  # some are settings that nobody has trained before
        handle(notebook, k).press("ArrowRight")
        wait_until_settled(notebook)


def test_a_slider_moved_before_the_first_training_is_done(open_notebook):
    notebook = open_notebook([IMPORTS, LONG, "print(json.dumps(lab.grid.shape))", "print(lab.slot)"])
    notebook.run_cell(0)
    notebook.start_cell(1)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        handle(notebook, 0).press(key)  # as soon as there is a slider
    handle(notebook, 1).press("ArrowLeft")
    notebook.wait_idle()
    notebook.run_cell(2)
    slot = slot_on_the_sliders(notebook, json.loads(notebook.text(2)))
    wait_for_slot(notebook, slot)
    notebook.run_cell(3)
    assert notebook.text(3).strip() == str(slot)


PIXELS = """
(css) => [...document.querySelectorAll(css)].map((canvas) => canvas.toDataURL())
"""


# where sliders and figures stand in their lab, and what the lab says when its kernel is gone
PLACES = """
[...document.querySelectorAll(".optlab-lab .noUi-target, .optlab-lab canvas[role=img]")].map((part) => {
  const [own, lab] = [part, part.closest(".optlab-lab")].map((element) => element.getBoundingClientRect());
  return [own.left - lab.left, own.top - lab.top, own.width, own.height].map(Math.round);
})
"""
TOLD = 'getComputedStyle(document.querySelector(".optlab-lab"), "::after").content'


def test_a_reloaded_page_has_the_lab_and_a_restarted_kernel_a_new_one(open_notebook, errors):
    notebook = open_lab(open_notebook, AXES_TRAINED, lab=SMALL)
    thrown = errors(notebook)
    shape, _ = box_of(notebook, 2)
    handle(notebook, 0).press("ArrowRight")
    slot = slot_on_the_sliders(notebook, shape)
    wait_for_slot(notebook, slot)
    before = notebook.page.evaluate(PIXELS, CANVAS)

    notebook.save()
    notebook.open()
    wait_for_slot(notebook, slot)
    assert notebook.page.evaluate(PIXELS, CANVAS) == before
    assert key_press_latency(handle(notebook, 1), "ArrowRight", 3).repaints == 3

    places = notebook.page.evaluate(PLACES)
    notebook.restart_kernel()
    notebook.page.wait_for_function(f"{TOLD}.includes('The kernel was restarted')")
    assert notebook.page.evaluate(PLACES) == places  # no icon has pushed anything aside
    handle(notebook, 1).press("ArrowLeft")  # what is still on the page may be played with
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.run_cell(2)
    wait_until_settled(notebook)
    assert notebook.page.locator(CANVAS).count() == 2
    presses = key_press_latency(handle(notebook, 0), "ArrowRight", 3)
    assert (presses.repaints, sum(presses.dimmed)) == (3, 0)
    assert thrown == []
