"""Every lab of every notebook in a real JupyterLab: sliders, film and scrubber repaint within a frame."""

import json
from pathlib import Path
from statistics import median

import pytest
from lab_cells import lab_cells
from lab_page import CANVAS, display_frame

from optlab.course.notebooks import VIEW

pytestmark = pytest.mark.browser

TESTS = Path(__file__).parents[1]
NOTEBOOKS = sorted((TESTS.parent / "notebooks").glob("*.ipynb"))
STILL = {"Adam's memory β₂", "step taken"}
"""Sliders without effect at their lab's defaults: plain SGD has no β₂, an L2 penalty no soft threshold."""

# The notebooks' own tests measure and train; here it is about what the page does with it.
STAND_IN = f"import sys; sys.path.append({str(TESTS)!r}); import made_up; made_up.stand_in()"

# What the keys below reach is trained, in every lab there is, and sent to the browser: next to each slider's
# default, and the last choice of each menu.
ALL_TRAINED = """
import json, time

open_labs = [
    value
    for name, value in list(globals().items())
    if hasattr(value, "figures") and hasattr(value, "grid") and name[0] != "_"
]
for a_lab in open_labs:
    a_lab.reset()
for a_lab in open_labs:
    box = a_lab.grid
    here = box.indices(box.default)
    near = {
        box.slot([*here[:axis], k, *here[axis + 1 :]])
        for axis, n in enumerate(box.shape)
        for k in (max(here[axis] - 1, 0), min(here[axis] + 1, n - 1), 0, n - 1)
        if abs(k - here[axis]) == 1 or not isinstance(box.params[axis].values[0], (int, float))
    }
    own = next(figure for figure in a_lab.figures if not figure.shares)  # has a frame for each setting
    late = time.monotonic() + 60
    while not near <= own.slots:
        assert time.monotonic() < late, a_lab.name
        time.sleep(0.02)
print(json.dumps(len(open_labs)))
"""

# Moves every slider of one cell's lab to and fro, scrubs and plays its film. Times are those of all handlers,
# in ms; by then the pixels must have changed, to those of a setting that is trained: else the time is null.
PLAY = """async ([css, cell]) => {
    const frame = () => new Promise(requestAnimationFrame);
    const canvases = (lab) => [...lab.querySelectorAll(css)];
    const sum = (canvas) => {  // a PNG of every canvas would take longer than all else here
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Uint32Array(data.buffer).reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 0);
    };
    const pixels = (lab) => canvases(lab).map(sum).join();
    const waiting = (lab) => canvases(lab).some((canvas) => canvas.matches(".optlab-waiting"));
    const timed = async (lab, act) => {
        const before = pixels(lab);
        const begun = performance.now();
        act();
        const took = performance.now() - begun;
        const drawn = pixels(lab) !== before && !waiting(lab);
        await frame();
        return drawn ? took : null;
    };
    const set = (input, value, event) => () => {
        input.value = value;
        input.dispatchEvent(new Event(event, { bubbles: true }));
    };
    const press = (handle, key) => () => {
        handle.focus();
        handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    };
    const toAndFro = (control) => {
        const [list, handle] = ["select", ".noUi-handle"].map((one) => control.querySelector(one));
        if (list) {
            const [here, end] = [list.value, list.options.length - 1];
            const away = list.options[list.selectedIndex === end ? 0 : end].value;
            return [set(list, away, "change"), set(list, here, "change")];
        }
        const keys = ["ArrowRight", "ArrowLeft"];
        const atEnd = handle.getAttribute("aria-valuenow") === handle.getAttribute("aria-valuemax");
        return (atEnd ? keys.reverse() : keys).map((key) => press(handle, key));
    };
    const arrive = async (lab, act) => {  // what the kernel has sent may still be on its way into the page
        act();
        const late = performance.now() + 20_000;
        while (waiting(lab) && performance.now() < late) await frame();
    };
    const slide = async (lab, control) => {
        const took = [];
        for (const act of toAndFro(control)) await arrive(lab, act);
        for (const act of Array(3).fill(toAndFro(control)).flat()) took.push(await timed(lab, act));
        return took;
    };
    const scrub = async (lab, scrubber) => {
        const took = [];
        for (let k = 1; k <= 6; k += 1) {
            took.push(await timed(lab, set(scrubber, Math.round((scrubber.max * k) / 8), "input")));
        }
        return took;
    };
    const play = async (lab, scrubber) => {
        const draws = () => canvases(lab).map((canvas) => Number(canvas.dataset.draws));
        const button = lab.querySelector(".optlab-tools button");
        set(scrubber, 0, "input")();
        button.click();
        await frame();
        const [before, first] = [draws(), Number(scrubber.value)];
        for (let k = 0; k < 30; k += 1) await frame();
        const drawn = draws().map((n, k) => n - before[k]);
        const steps = Number(scrubber.value) - first;
        button.click();
        return { steps, drawn: Math.min(...drawn) };
    };
    const lab = window.jupyterapp.shell.currentWidget.content.widgets[cell].node;
    const result = { sliders: {}, scrub: [], play: null };
    for (const control of lab.querySelectorAll(".optlab-control")) {
        result.sliders[control.querySelector("label").textContent] = await slide(lab, control);
    }
    const scrubber = lab.querySelector(".optlab-scrubber");
    if (scrubber) {
        result.scrub = await scrub(lab, scrubber);
        result.play = await play(lab, scrubber);
    }
    return result;
}"""


def in_words(name, took):
    seen = [ms for ms in took if ms is not None]
    return f"{name}: median {median(seen):.1f} ms (worst {max(seen):.1f})" if seen else f"{name}: nothing"


def shows_lab(notebook, cell):
    """Whether a cell shows a lab: only these are live and have a picture too."""
    return any(
        len({VIEW, "image/png"} & set(output.get("data", ()))) == 2 for output in notebook.outputs(cell)
    )


def play(notebook, cell):
    """Bring a cell's lab into view, and play it."""
    notebook.do(f"panel.content.scrollToItem({cell}, 'start')")
    drawn = """([css, cell]) => {
        const lab = window.jupyterapp.shell.currentWidget.content.widgets[cell].node;
        const all = [...lab.querySelectorAll(css)];
        return lab.querySelector(".optlab-toolbar") && all.length && all.every((one) => one.dataset.slot);
    }"""
    notebook.page.wait_for_function(drawn, arg=[CANVAS, cell])
    return notebook.page.evaluate(PLAY, [CANVAS, cell])


def all_in_words(lab):
    words = in_words("sliders", [ms for took in lab["sliders"].values() for ms in took])
    if not lab["play"]:
        return words
    film = f"film: {lab['play']['drawn']} redraws in 30 frames, for {lab['play']['steps']} steps"
    return f"{words}; {in_words('scrubbing', lab['scrub'])}; {film}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_sliders_scrubber_and_film_of_every_lab_repaint_within_a_frame(path, open_notebook, report):
    cells = [STAND_IN, *lab_cells(path), ALL_TRAINED]
    notebook = open_notebook(cells)
    notebook.run_all()
    played = [play(notebook, k) for k in range(len(cells)) if shows_lab(notebook, k)]
    assert len(played) == json.loads(notebook.text(len(cells) - 1)) > 0
    report(*(f"{path.stem}, lab {k}: {all_in_words(lab)}" for k, lab in enumerate(played, 1)))
    frame = display_frame(notebook.page)
    for lab in played:
        for name, took in [*lab["sliders"].items(), ("scrubber", lab["scrub"])]:
            assert name in STILL or None not in took, name
            assert median([ms for ms in took if ms is not None] or [0]) < 5 * frame, name
        if lab["play"]:
            assert lab["play"]["drawn"] > min(lab["play"]["steps"], 30) / 2
