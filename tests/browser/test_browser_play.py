"""What every lab can do, in a real JupyterLab: film, ghost, pins, goals, state, program; no kernel needed."""

import json
import os
import re
import signal

import numpy as np
import pytest
from lab_page import (
    ASLEEP,
    AXES_TRAINED,
    CANVAS,
    IMPORTS,
    box_of,
    display_frame,
    handle,
    open_lab,
    wait_for_slot,
    wait_for_text,
)

from optlab import iris_pair, train
from optlab.bench.jupyter_lab import Notebook
from optlab.course.worked_example.training_lab import IRIS_GOALS

pytestmark = pytest.mark.browser

# without the batch size, whose axis takes longer than all others together
GOALS = "lab = training_lab(data, hide=['batch_size'])\nlab"
FAR_TRAINED = """
lab.set(lr=1.0, delta=0.0)
axes = set(lab.grid.axes_through(lab.slot))
while not axes <= lab.figures[0].slots:
    time.sleep(0.02)
"""
# a path down to 0.1, and its loss; a golden star stands at the end of both
DESCENT = """
import numpy as np
from optlab.live.lab import Lab
from optlab.live.plots import Film, Plot
from optlab.live.source import Table
from optlab.params import Param
from optlab.record import Record

steps = np.arange(51)

def x(run):
    return run.settings["rate"][:, None] ** steps

def arrival(run):
    return np.argmax(x(run) < 0.1, axis=1)

def end(run):
    return x(run)[np.arange(len(run)), arrival(run)]

plane = Plot(film=Film("step"), xlim=(0, 1), ylim=(0, 1), xlabel="θ₁", ylabel="θ₂")
plane.path("path", lambda run: (x(run), x(run) ** 2), points=51)
plane.point("end", lambda run: (end(run), end(run) ** 2), "gold", "*", role="end", size=16, appears=arrival)
plane.title(lambda one: f"arrives in {arrival(one)[0]} steps")
losses = Plot(film=Film("step"), xlim=(0, 50), ylim=(0, 1), xlabel="step", ylabel="loss")
losses.line("gap", lambda run: x(run) / 2, "grey", x=steps, role="other", width=5)
losses.line("loss", x, "black", x=steps)
losses.point("end", lambda run: (arrival(run), end(run)), "gold", "*", role="end", size=16, appears=arrival)
losses.title(lambda one: f"arrives in {arrival(one)[0]} steps")
lab = Lab([Param("rate", "r", "rate", (0.5, 0.9, 0.95), 0.9)], Table(Record), [plane, losses])
lab
"""

TWENTY_FRAMES = """async () => {
    for (let k = 0; k < 20; k += 1) await new Promise(requestAnimationFrame);
}"""

GHOST_GONE = """() => [...document.querySelectorAll('.optlab-ghost')].every((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return getComputedStyle(canvas).opacity === "0" || !data.some(Boolean);
})"""

# Ink on a layer of every figure: how many pixels are not empty, and how far to the right they go (0 to 1).
INK = """(layer) => [...document.querySelectorAll(`.optlab-${layer}`)].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [count, right] = [0, 0];
    for (let i = 3; i < data.length; i += 4) {
        if (!data[i]) continue;
        count += 1;
        right = Math.max(right, ((i >> 2) % canvas.width) / canvas.width);
    }
    return { count, right, opacity: Number(getComputedStyle(canvas).opacity) };
})"""


def ink(notebook, layer):
    return notebook.page.evaluate(INK, layer)


def tool(notebook, words):
    return notebook.page.locator(f".optlab-toolbar button[title^='{words}']")


def scrubber(notebook):
    return notebook.page.locator(".optlab-scrubber")


def steps_shown(notebook):
    return notebook.page.evaluate(f"[...document.querySelectorAll('{CANVAS}')].map((c) => c.dataset.step)")


# the cells of the notebook that nearly all tests share
SHOW, AXES, ASLEEP_CELL, STATE, KERNEL, PASTED, FAR = range(1, 8)
CELLS = [
    IMPORTS,
    GOALS,
    AXES_TRAINED,
    ASLEEP,
    "print(lab.state)",
    "import os\nprint(os.getpid())",
    "print(training_lab(data, epochs=1, state=lab.state.partition('; at')[0]).settings == lab.settings)",
    FAR_TRAINED,
]


@pytest.fixture(scope="module")
def trained(jupyter, browser):
    """The lab of section 4 with its axes trained; where its sliders stand by default."""
    notebook = Notebook(browser.new_page(), jupyter, CELLS, name="trained.ipynb")
    notebook.run_cell(0)
    notebook.run_cell(SHOW)
    yield notebook, *box_of(notebook, AXES)
    notebook.close()


@pytest.fixture
def awake(trained):
    """The same, put back to its start by hand: then what the page tells the kernel comes in order."""
    notebook, shape, default = trained
    notebook.resize(1280, 900)
    tool(notebook, "Back to the whole run").click()
    for unpin in notebook.page.locator(".optlab-legend button[aria-label^=Unpin]").all()[::-1]:
        unpin.click()
    notebook.page.get_by_text("reset all").click()
    wait_for_slot(notebook, np.ravel_multi_index(default, shape))
    return notebook, shape, default


@pytest.fixture
def asleep(awake):
    """The same, its kernel asleep."""
    notebook, *_ = awake
    notebook.start_cell(ASLEEP_CELL)
    yield awake
    assert notebook.is_running(ASLEEP_CELL)
    notebook.interrupt()
    notebook.wait_idle()


def wait_for_no_ghost(notebook):
    notebook.page.wait_for_function(GHOST_GONE, timeout=10_000)


# ---------------------------------------------------------------- the film


def test_the_film_is_scrubbed_by_keys_and_a_moving_slider_keeps_the_step(asleep):
    notebook, shape, default = asleep
    whole = ink(notebook, "front")
    scrubber(notebook).focus()
    notebook.page.keyboard.press("Home")
    for _ in range(12):
        notebook.page.keyboard.press("ArrowRight")
    assert steps_shown(notebook) == ["12", "12"]
    early = ink(notebook, "front")
    assert all(now["count"] < before["count"] for now, before in zip(early, whole, strict=True))
    label = notebook.page.locator(CANVAS).first.get_attribute("aria-label")
    loss = train(iris_pair(), lr=0.1, delta=0.1, l2=0.01).train_loss[0, 12]
    assert label.startswith(f"epoch 12: training loss {loss:.3g} · test loss ")

    handle(notebook, 0).press("ArrowRight")
    wait_for_slot(notebook, np.ravel_multi_index([default[0] + 1, *default[1:]], shape))
    assert steps_shown(notebook) == ["12", "12"]
    tool(notebook, "Back to the whole run").click()
    assert notebook.page.locator(".optlab-count").inner_text() == "100 / 100"
    assert "in 100 epochs" in notebook.page.locator(CANVAS).first.get_attribute("aria-label")


def test_space_plays_and_pauses_and_steps_go_one_by_one(asleep):
    notebook, *_ = asleep
    play, page = tool(notebook, "Play"), notebook.page
    scrubber(notebook).focus()
    page.keyboard.press(" ")
    page.wait_for_function(f"Math.abs(document.querySelector('{CANVAS}').dataset.step - 30) < 20")
    page.keyboard.press(" ")
    assert play.get_attribute("aria-pressed") == "false"
    stopped = steps_shown(notebook)
    page.evaluate(TWENTY_FRAMES)
    assert steps_shown(notebook) == stopped
    assert 10 < int(stopped[0]) < 100
    assert len(set(stopped)) == 1  # all figures together
    tool(notebook, "One epoch on").click()
    assert steps_shown(notebook)[0] == str(int(stopped[0]) + 1)
    play.press(" ")
    page.wait_for_function(f"document.querySelector('{CANVAS}').dataset.step === 'Infinity'")
    assert play.get_attribute("aria-pressed") == "false"  # it ends by itself, with the whole run


# How long after a key on the scrubber the pixels have changed, and the display frames that a film took.
SCRUB = """async ([css, n]) => {
    const canvas = document.querySelector(css);
    const scrubber = document.querySelector(".optlab-scrubber");
    const took = [];
    for (let k = 0; k < n; k += 1) {
        const before = canvas.toDataURL();
        const begun = performance.now();
        scrubber.value = 10 + k;
        scrubber.dispatchEvent(new Event("input"));
        took.push(canvas.toDataURL() === before ? Infinity : performance.now() - begun);
        await new Promise(requestAnimationFrame);
    }
    return took;
}"""


def test_scrubbing_repaints_before_the_next_frame(asleep, report):
    notebook, *_ = asleep
    notebook.page.evaluate(SCRUB, [CANVAS, 5])
    took = notebook.page.evaluate(SCRUB, [CANVAS, 30])
    report(f"scrubbing: {np.median(took):.1f} ms to changed pixels (worst {max(took):.1f})")
    assert max(took) < np.inf  # the pixels have changed before control goes back to the browser
    assert np.median(took) < 5 * display_frame(notebook.page)


def test_path_and_curves_grow_together_and_end_marks_wait_for_their_step(open_notebook):
    notebook = open_lab(open_notebook, lab=DESCENT)
    wait_for_slot(notebook, 1)
    star = "#ffd700"  # matplotlib's gold

    def stars():
        count = """([css, color]) => [...document.querySelectorAll(css)].map((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
            let count = 0;
            for (let i = 0; i < data.length; i += 4)
                count += data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255;
            return count;
        })"""
        return [n > 5 for n in notebook.page.evaluate(count, [CANVAS, star])]

    assert stars() == [True, True]
    scrubber(notebook).focus()
    notebook.page.keyboard.press("Home")
    label = notebook.page.locator(CANVAS).nth(1).get_attribute("aria-label")
    assert label == "step 0: loss 1 · gap 0.5"  # the main line first, however thin
    for step in range(1, 23):
        notebook.page.keyboard.press("ArrowRight")
        if step in (5, 21):
            assert stars() == [False, False], step
    assert stars() == [True, True]  # step 22: 0.9²² is the first power below 0.1


# ---------------------------------------------------------------- ghost and pins


def test_the_run_before_stays_as_a_ghost_for_a_while(asleep):
    notebook, *_ = asleep
    wait_for_no_ghost(notebook)
    assert [layer["opacity"] * layer["count"] for layer in ink(notebook, "ghost")] == [0, 0]
    solid = ink(notebook, "front")
    handle(notebook, 0).press("ArrowRight")
    handle(notebook, 0).press("ArrowRight")
    ghost = ink(notebook, "ghost")
    assert all(0 < layer["count"] < whole["count"] for layer, whole in zip(ghost, solid, strict=True))
    assert {layer["opacity"] for layer in ghost} == {0.35}
    wait_for_no_ghost(notebook)


# the next thing that is drawn takes longer than a slider has to rest for another movement to begin
ONE_SLOW_DRAWING = """() => {
  const canvas = CanvasRenderingContext2D.prototype;
  const quick = canvas.clearRect;
  canvas.clearRect = function (...where) {
    canvas.clearRect = quick;
    for (const begun = performance.now(); performance.now() - begun < 1500; );
    return quick.apply(this, where);
  };
}"""


def test_the_figures_of_a_lab_agree_on_where_a_movement_began_though_one_draws_slowly(asleep):
    notebook, *_ = asleep
    ghosts = []
    for before in ("() => {}", ONE_SLOW_DRAWING):
        wait_for_no_ghost(notebook)
        notebook.page.evaluate(before)
        for _ in range(3):
            handle(notebook, 0).press("ArrowRight")
        ghosts.append([layer["count"] for layer in ink(notebook, "ghost")])
        for _ in range(3):
            handle(notebook, 0).press("ArrowLeft")
    assert ghosts[0] == ghosts[1]
    assert all(ghosts[0])


def test_a_run_is_pinned_named_and_unpinned_from_the_keyboard(asleep):
    notebook, *_ = asleep
    page, pin = notebook.page, tool(notebook, "Pin this run")
    legend = page.locator(".optlab-legend li:has(.optlab-badge)")
    handle(notebook, 3).press("Home")
    pin.press("Enter")
    assert pin.count() == 0  # the button now says "Unpin"
    handle(notebook, 3).press("End")
    assert [text.strip() for text in legend.all_inner_texts()] == ["1\nλ = 0"]
    handle(notebook, 0).press("ArrowRight")
    assert all(layer["count"] > 0 for layer in ink(notebook, "pins"))
    assert [text.strip() for text in legend.all_inner_texts()] == ["1\nα₀ = 0.1, λ = 0"]  # unlike the screen

    tool(notebook, "Pin this run").press("Enter")
    assert len(legend.all_inner_texts()) == 2
    page.locator("button[aria-label^='Unpin 1: '][aria-label$='λ = 0']").press("Enter")
    assert [text.split()[0] for text in legend.all_inner_texts()] == ["2"]  # a pin keeps its number
    page.locator("button[aria-label^='Unpin 2']").press(" ")
    assert legend.count() == 0
    assert [layer["count"] for layer in ink(notebook, "pins")] == [0, 0]


def test_a_pinned_curve_grows_with_the_film(asleep):
    notebook, *_ = asleep
    tool(notebook, "Pin this run").click()
    handle(notebook, 0).press("ArrowRight")
    whole = ink(notebook, "pins")
    scrubber(notebook).focus()
    notebook.page.keyboard.press("Home")
    for _ in range(20):
        notebook.page.keyboard.press("ArrowRight")
    assert all(
        now["right"] < 0.5 < before["right"] for now, before in zip(ink(notebook, "pins"), whole, strict=True)
    )


# ---------------------------------------------------------------- goals, state, program


def test_a_goal_lights_up_without_the_kernel(awake):
    notebook, *_ = awake
    notebook.run_cell(FAR)
    lit = notebook.page.locator(".optlab-reached")
    lit.wait_for()
    assert lit.all_inner_texts() == [f"✔ Goal: {IRIS_GOALS[0].text}"]
    notebook.start_cell(ASLEEP_CELL)
    handle(notebook, 3).press("Home")
    assert lit.count() == 0
    assert notebook.page.locator(".optlab-goals li").first.inner_text().startswith("○ Goal:")
    for _ in range(5):  # from λ = 0 to 0.01
        handle(notebook, 3).press("ArrowRight")
    lit.wait_for()
    assert notebook.is_running(ASLEEP_CELL)
    notebook.interrupt()
    notebook.wait_idle()


def test_the_state_in_the_browser_is_the_kernels_and_can_be_copied(awake):
    notebook, *_ = awake
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tool(notebook, "Pin this run").click()
    handle(notebook, 0).press("ArrowRight")
    handle(notebook, 3).press("Home")
    scrubber(notebook).focus()
    notebook.page.keyboard.press("ArrowLeft")
    tool(notebook, "Copy this lab").click()
    said = notebook.page.locator(".optlab-said").get_by_text("copied")
    said.wait_for()
    seen = """(part) => {
        const { left, top, right, bottom } = part.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        part.style.pointerEvents = "auto"; // else nothing is hit
        return inside && document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === part;
    }"""
    assert said.evaluate(seen)  # within the window, and nothing covers it or cuts it off
    copied = notebook.page.evaluate("navigator.clipboard.readText()")
    state = "lr=0.18, l2=0; pin; at 99"
    assert copied == (
        f"from optlab import labs; labs.training_lab(dataset=data, hide=['batch_size'], state=\"{state}\")"
    )
    wait_for_text(notebook, STATE, state)
    notebook.run_cell(PASTED)
    assert notebook.text(PASTED).strip() == "True"


def test_pins_and_step_outlive_a_reload(awake):
    notebook, *_ = awake
    tool(notebook, "Pin this run").click()
    handle(notebook, 0).press("ArrowRight")
    scrubber(notebook).focus()
    notebook.page.keyboard.press("Home")
    wait_for_text(notebook, STATE, "lr=0.18; pin; at 0")
    notebook.save()
    notebook.open()
    notebook.page.wait_for_selector(f"{CANVAS}[data-step='0']")
    (pin,) = notebook.page.locator(".optlab-legend li").all_inner_texts()
    assert pin.strip() == "1\nα₀ = 0.1"


def test_the_program_follows_the_sliders_and_says_when_the_kernel_does_not_answer(awake):
    notebook, *_ = awake
    notebook.run_cell(KERNEL)
    kernel, page = int(notebook.text(KERNEL)), notebook.page
    page.get_by_text("as PyTorch").press("Enter")
    code = page.locator(".optlab-program pre")
    code.get_by_text("lr = 0.1\n").wait_for()
    handle(notebook, 0).press("ArrowRight")
    code.get_by_text("lr = 0.18\n").wait_for()
    os.kill(kernel, signal.SIGSTOP)
    try:
        handle(notebook, 0).press("ArrowRight")
        page.get_by_text("is busy or gone").wait_for()
        assert page.locator(".optlab-program.optlab-waiting").count() == 1  # the old one, dimmed
    finally:
        os.kill(kernel, signal.SIGCONT)
    code.get_by_text("lr = 0.32\n").wait_for()
    assert page.locator(".optlab-program.optlab-waiting").count() == 0
    assert page.get_by_text("is busy or gone").count() == 0
    page.get_by_text("as PyTorch").press("Enter")


def test_the_program_runs_here_and_its_dots_lie_on_the_curves(awake):
    notebook, *_ = awake
    page = notebook.page
    page.get_by_text("as PyTorch").press("Enter")
    page.locator(".optlab-program pre").first.get_by_text("l2 = ").wait_for()
    handle(notebook, 0).press("Home")
    page.get_by_text("run it here").click()
    page.locator(".optlab-run-said", has_text=re.compile("^63 dots")).wait_for(
        timeout=120_000
    )  # torch is loaded
    assert "more than 1 %" not in page.locator(".optlab-run-said").inner_text()
    assert "epoch 100  learning rate" in page.locator(".optlab-printed").inner_text()
    counts = "[...document.querySelectorAll('.optlab-figure')].map((box) => box.dataset.dots)"
    inked = """[...document.querySelectorAll('.optlab-badges')].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const isEdge = (red, k) => k % 4 === 0 && red === 0xb5 && data[k + 1] === 0 && data[k + 2] === 0x7d;
        return data.some(isEdge);
    })"""
    assert page.evaluate(counts) == ["42", "21"]
    assert page.evaluate(inked) == [True, True]
    page.get_by_text("as a cell below").click()
    notebooks = "jupyterapp.shell.currentWidget.content"
    source = f"{notebooks}.widgets[2].model.sharedModel.getSource()"
    page.wait_for_function(f"{source}.includes('# Settings: change them here.')")
    page.evaluate("jupyterapp.commands.execute('notebook:delete-cell')")
    handle(notebook, 0).press("ArrowRight")  # they are of another setting
    assert page.evaluate(counts) == ["0", "0"]
    assert page.evaluate(inked) == [False, False]
    assert page.locator(".optlab-printed").count() == 1
    assert not page.locator(".optlab-printed").is_visible()
    page.get_by_text("as PyTorch").press("Enter")


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize("width", [1280, 800])
def test_every_button_can_be_seen_named_and_tabbed_to(awake, width):
    notebook, *_ = awake
    notebook.resize(width, 900)
    page = notebook.page
    cut = """() => {
        const area = document.querySelector(".optlab-toolbar").closest(".jp-OutputArea-output");
        const output = area.getBoundingClientRect();
        return [...document.querySelectorAll(".optlab-tools > *")].filter((part) => {
            const { left, right, width } = part.getBoundingClientRect();
            const shown = getComputedStyle(part).display !== "none";
            return shown && (left < output.left || right > output.right || width < 20);
        }).map((part) => part.outerHTML);
    }"""
    assert page.evaluate(cut) == []
    rows = "new Set([...document.querySelectorAll('.optlab-tools > button')].map((b) => b.offsetTop)).size"
    assert page.evaluate(rows) <= (1 if width == 1280 else 2)
    tool(notebook, "Play").focus()
    seen = []
    for _ in range(10):
        seen.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText"))
        page.keyboard.press("Tab")
    assert all(seen)
    assert len(set(seen)) == 10


def test_nothing_above_the_toolbar_moves_when_it_is_used(awake):
    notebook, *_ = awake
    places = """JSON.stringify([...document.querySelectorAll('.optlab-figure, .optlab-tools')].map(
        (part) => [part.offsetTop, part.offsetHeight]))"""
    before = json.loads(notebook.page.evaluate(places))
    tool(notebook, "Pin this run").click()
    handle(notebook, 0).press("ArrowRight")
    scrubber(notebook).focus()
    notebook.page.keyboard.press("Home")
    notebook.page.get_by_text("as PyTorch").click()
    assert json.loads(notebook.page.evaluate(places)) == before
