"""LiveFigure in a real JupyterLab: what a key press does, and whether the canvas agrees with matplotlib."""

import base64
import io

import numpy as np
import pytest
from lab_page import display_frame
from matplotlib.image import imread

from optlab.bench.key_presses import key_press_latency

pytestmark = pytest.mark.browser

CANVAS = ".optlab-figure canvas[role=img]"

CURVES = """
import numpy as np, ipywidgets
from matplotlib.figure import Figure
from optlab import LiveFigure
from optlab.live.frames import Frames
from optlab.live.mark import Mark

x = np.arange(101)
figure = Figure(figsize=(8, 4), layout="constrained")
ax = figure.subplots()
ax.set(xlim=(0, 100), ylim=(0, 1), xlabel="epoch", ylabel="loss")
train, = ax.plot(x, np.ones(101), label="train")
test, = ax.plot(x, np.ones(101), "--", label="test")
ax.legend(loc="upper right")
live = LiveFigure(figure, [Mark(train, fixed_x=True), Mark(test, fixed_x=True)])
slider = ipywidgets.SelectionSlider(options=range(1, 65), description="rate")

def frame(rate):
    train.set_ydata(np.exp(-x * rate / 600))
    test.set_ydata(np.exp(-x * rate / 1200))
    live.label = f"training loss falls to {train.get_ydata()[-1]:.2g}"
    return live.capture()
"""
TRAINED = CURVES + "live.add(range(60), Frames.concat([frame(rate) for rate in range(1, 61)]))\n"
SHOWN = "live.steer([slider])\nipywidgets.VBox([slider, live])"


def wait_for_slot(notebook, slot):
    notebook.page.wait_for_selector(f"{CANVAS}[data-slot='{slot}']", timeout=10_000)


def handle(notebook):
    return notebook.page.locator(".noUi-handle").first


def composite(notebook):
    """Both canvases as one RGB array, at device pixels."""
    url = notebook.page.evaluate(
        """() => {
            const [back, front] = document.querySelectorAll(".optlab-back, .optlab-front");
            const both = new OffscreenCanvas(back.width, back.height);
            const context = both.getContext("2d");
            context.drawImage(back, 0, 0);
            context.drawImage(front, 0, 0);
            return both.convertToBlob().then((blob) => new Promise((done) => {
                const reader = new FileReader();
                reader.onload = () => done(reader.result);
                reader.readAsDataURL(blob);
            }));
        }"""
    )
    return rgb(base64.b64decode(url.split(",")[1]))


def rgb(png):
    return np.round(imread(io.BytesIO(png))[..., :3] * 255).astype(int)


def test_a_key_press_repaints_within_a_frame_kernel_idle_or_busy(open_notebook, capsys):
    notebook = open_notebook([TRAINED + SHOWN, "import time; time.sleep(600)", "print(slider.value)"])
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    idle = key_press_latency(handle(notebook), "ArrowRight", 20)
    notebook.start_cell(1)
    busy = key_press_latency(handle(notebook), "ArrowRight", 20)
    drag = key_press_latency(handle(notebook), "ArrowLeft", 20, gap=35)
    assert notebook.is_running(1)
    wait_for_slot(notebook, 20)
    notebook.interrupt()
    notebook.wait_idle()
    notebook.run_cell(2)
    with capsys.disabled():
        print(f"\nkernel idle: {idle}\nkernel busy: {busy}\nkernel busy, a drag: {drag}")  # noqa: T201
    assert notebook.text(2).strip() == "21"  # the kernel has heard of it all in the end
    frame = display_frame(notebook.page)
    for presses in (idle, busy, drag):
        assert (presses.pressed, presses.repaints) == (20, 20)
        assert np.median(presses.shown) < 5 * frame


# Every kind of living artist, styles that are easy to get wrong, gaps, and data beyond the axes: theory
# may leave them without a note, whose letters are of another font here. No marker is on their edge.
ZOO = """
import numpy as np
from matplotlib.figure import Figure
from optlab import LiveFigure
from optlab.live.mark import Mark

x = np.arange(1.0, 41)
figure = Figure(figsize=(8, 6))
(a, b), (c, d) = figure.subplots(2, 2)
a.set(xlim=(0, 41), ylim=(-1.2, 1.2))
waves = a.plot(x, np.sin(x / 5), "-.", x, np.cos(x / 5), "--o", lw=2.5, ms=7, alpha=0.6, mec="k")
b.set(xscale="log", xlim=(1, 50))
b.set_yscale("log", nonpositive="mask")
b.set_ylim(1e-4, 1)
falls = b.plot(x, np.exp(-x / 4), "r", x, np.where(x % 10 == 0, -1, 3 / x**2), "g^:", mfc="none", ms=9)
c.set(xlim=(0, 10), ylim=(10.5, 0))
stairs = [c.plot(x, x + k, drawstyle=f"steps-{s}", lw=1.2)[0] for k, s in enumerate(("pre", "mid", "post"))]
rule = c.axvline(6.5, color="k", ls=(0, (5, 2, 1, 2)))
scatter = c.scatter([1, 3, 8], [8, 9, 2.5], s=[30, 90, 150], c=["C0", "C1", "C2"], marker="s", edgecolors="k")
u, v = np.meshgrid(np.linspace(-2, 2, 40), np.linspace(-1, 1, 20))
field = d.imshow(u * v, extent=(-2, 2, -1, 1), origin="lower", cmap="RdBu", interpolation="bilinear")
note = d.text(0, 0.5, "first line\\nsecond one", ha="center", va="center", fontsize=14, zorder=9)
artists = [*waves, *falls, *stairs, rule, scatter, field, note]
live = LiveFigure(figure, [Mark(one, role="theory") for one in artists])
"""


def near(mask, radius):
    """Whether a pixel is at most `radius` from one in the mask."""
    grown = mask.copy()
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            grown |= np.roll(mask, (dy, dx), (0, 1))
    return grown


def test_the_canvas_shows_what_matplotlib_would_draw(open_notebook):
    notebook = open_notebook([ZOO + "live"], scale=2)
    notebook.run_cell(0)
    wait_for_slot(notebook, -1)
    ours = composite(notebook)

    here = {}
    exec(ZOO, here)
    live = here["live"]
    theirs, empty = rgb(live.png(pixel_ratio=2)), rgb(live.backgrounds[0]["background"])
    assert ours.shape == theirs.shape == (1200, 1600, 3)
    inked, ours_inked = (np.abs(picture - empty).max(axis=2) > 100 for picture in (theirs, ours))
    assert inked.mean() > 0.02  # there is something to compare
    # every living pixel within 1.5 CSS pixels of where matplotlib has one, and the other way round
    assert (ours_inked & ~near(inked, 3)).sum() < 50
    assert (inked & ~near(ours_inked, 3)).sum() < 50
    assert np.abs(ours - theirs).mean() < 1.0  # of 255


def test_an_untrained_position_dims_the_picture_until_its_frame_comes(open_notebook):
    notebook = open_notebook(
        [TRAINED + SHOWN, "live.push(frame(61), slot=60)", "live.add([61], frame(62))", "slider.index = 59"]
    )
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    waiting = notebook.page.locator(f"{CANVAS}.optlab-waiting")
    notebook.run_cell(3)
    wait_for_slot(notebook, 59)
    for cell, slot in ((1, 60), (2, 61)):
        handle(notebook).press("ArrowRight")
        waiting.wait_for(timeout=5000)
        notebook.run_cell(cell)
        wait_for_slot(notebook, slot)
        assert waiting.count() == 0


def test_a_reloaded_page_has_every_frame(open_notebook):
    notebook = open_notebook([TRAINED + SHOWN])
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    notebook.save()
    notebook.open()
    wait_for_slot(notebook, 0)
    assert key_press_latency(handle(notebook), "ArrowRight", 5).repaints == 5
    wait_for_slot(notebook, 5)


def test_words_for_the_ear_and_values_under_the_pointer(open_notebook):
    notebook = open_notebook([TRAINED + SHOWN], height=1100)
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    handle(notebook).press("End")
    handle(notebook).press("Home")
    wait_for_slot(notebook, 0)
    canvas = notebook.page.locator(CANVAS)
    assert canvas.get_attribute("aria-label") == f"training loss falls to {np.exp(-1 / 6):.2g}"
    canvas.hover(position={"x": 425, "y": 200})
    tip = notebook.page.locator(".optlab-tip")
    epoch, train, test = (line.split(": ") for line in tip.inner_text().split("\n"))
    assert (epoch[0], train[0], test[0]) == ("epoch", "train", "test")
    assert float(train[1]) == pytest.approx(np.exp(-float(epoch[1]) / 600), rel=1e-3)
    assert float(test[1]) == pytest.approx(np.exp(-float(epoch[1]) / 1200), rel=1e-3)
    notebook.page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_a_frame_brings_its_own_scene(open_notebook):
    source = """
from matplotlib.figure import Figure
from optlab import LiveFigure
figure = Figure(figsize=(3, 2))
ax = figure.subplots()
dot, = ax.plot([0.5], [0.5], "ko")
live = LiveFigure(figure, [dot], scenes=[lambda c=c: figure.set_facecolor(c) for c in ("red", "blue")])
live"""
    notebook = open_notebook([source, "live.scene = 1; live.push()"])
    notebook.run_cell(0)
    wait_for_slot(notebook, -1)
    assert composite(notebook)[2, 2].tolist() == [255, 0, 0]
    notebook.run_cell(1)
    notebook.page.wait_for_function(f"document.querySelector({CANVAS!r}).dataset.draws > 1")
    assert composite(notebook)[2, 2].tolist() == [0, 0, 255]


RECORD_HEIGHTS = """() => {
    window.heights = new Set();
    const note = () => {
        const height = document.querySelector(".optlab-figure")?.clientHeight;
        if (height) window.heights.add(height);
        requestAnimationFrame(note);
    };
    note();
}"""


@pytest.mark.parametrize("width", [1280, 800])
def test_it_fits_the_window_and_its_height_never_jumps(open_notebook, width):
    notebook = open_notebook([TRAINED + SHOWN], width=width)
    notebook.page.evaluate(RECORD_HEIGHTS)
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    handle(notebook).press("ArrowRight")
    wait_for_slot(notebook, 1)
    box = notebook.page.evaluate(
        """() => {
            const shown = document.querySelector(".optlab-figure");
            const figure = shown.getBoundingClientRect();
            const output = shown.closest(".jp-OutputArea-output").getBoundingClientRect();
            const [left, right] = [figure.left - output.left, output.right - figure.right];
            return { left, right, aspect: figure.width / figure.height, heights: [...window.heights] };
        }"""
    )
    assert box["left"] >= 0
    assert box["right"] >= 0
    assert box["aspect"] == pytest.approx(2, rel=0.01)
    assert len(box["heights"]) == 1


def test_a_narrow_page_gets_a_layout_of_its_own(open_notebook):
    notebook = open_notebook([TRAINED + SHOWN, "print(live.room, figure.get_figwidth())"], width=800)
    notebook.run_cell(0)
    wait_for_slot(notebook, 0)
    shown = notebook.page.evaluate("document.querySelector('.optlab-figure').clientWidth")
    assert shown < 500
    draws = "document.querySelector('.optlab-figure canvas[role=img]').dataset.draws"
    notebook.page.wait_for_function(f"{draws} > 1")
    notebook.page.wait_for_timeout(500)
    notebook.run_cell(1)
    room, inches = map(float, notebook.text(1).split())
    assert room == round(shown / 0.8)
    assert inches == 8  # the author's figure is as it was
