"""A lab fills the room it has, from a narrow page to a stage over the whole window; nothing of it is cut."""

import numpy as np
import pytest
from lab_page import wait_for_text

pytestmark = pytest.mark.browser

LABS = """
import numpy as np
from optlab import Film, Goal, Lab, Param, Plot, Table
from optlab.record import Record

RATES = tuple(np.linspace(0.1, 1, 10).round(1))
RATE = Param("rate", "r", "learning rate", RATES, 0.5, marks=lambda: {"best": 0.3})
KIND = Param("kind", "", "update rule", ("plain", "with a long name"), "plain")
SIZE = Param("size", "B", "batch size", (1, 2, 4, 8, 16), 4, unit="samples")
GOALS = [
    Goal(f"a loss under {level} at the last step", lambda run: run.settings["rate"][0] < 0.3)
    for level in (0.1, 0.01)
]

def plot(k):
    one = Plot(film=Film("step"), xlabel="step", ylabel=f"loss {k}", ylim=(0, 1), legend="upper right")
    one.line("loss", lambda run: run.settings["rate"][:, None] ** np.arange(20), x=range(20))
    one.title(lambda run: f"rate {run.settings['rate'][0]}")
    return one

def lab(n):
    return Lab([RATE, KIND, SIZE][: n + 1], Table(Record), [plot(k) for k in range(n)], goals=GOALS)

labs = {n: lab(n) for n in (1, 2, 3, 4)}
"""
FILLER = "\n".join(12 * ["# what pushes the next cells off the page"])
SHOWN = {1: 1, 2: 2, 3: 15, 4: 16}
"""The cell that shows the lab with so many figures."""
GUESS = """
from optlab import checks
checks.predict("Rate 1: the loss …", ["falls", "stays"], lab=labs[1], before={"rate": 0.5},
               setting={"rate": 1.0}, answer="stays", because="1 to any power is 1.")
"""
CELLS = [
    *[LABS, "labs[1]", "labs[2]", *[FILLER] * 12, "labs[3]", "labs[4]", "print(labs[1].settings['rate'])"],
    GUESS,
]
PARTS = ".optlab-figure, .optlab-control, .optlab-entry, .optlab-goals li, .optlab-tools > *, .optlab-mark"
STAGE = "dialog.optlab-stage"

# The parts of a lab that stick out of it, or hold more than they show.
CUT = """(lab, parts) => {
    const box = lab.getBoundingClientRect();
    const out = [...lab.querySelectorAll(parts)].filter((part) => {
        const { left, right, width } = part.getBoundingClientRect();
        return width && (left < box.left - 1 || right > box.right + 1);
    });
    const holders = [lab, lab.parentElement, ...lab.children];
    const full = holders.filter((part) => part.scrollWidth > part.clientWidth + 1);
    return [...out, ...full].map((part) => part.className);
}"""
OUTSIDE = """(stage, parts) => [...stage.querySelectorAll(parts)].filter((part) => {
    const { left, right, top, bottom, width } = part.getBoundingClientRect();
    return width && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
}).map((part) => part.className)"""
# The figures whose buttons for the axes lie over a figure or over anything else that the lab shows.
COVERED = """(lab, parts) => [...lab.querySelectorAll(".optlab-figure")].filter((figure) => {
    const bar = figure.querySelector(".optlab-seen"), was = bar.hidden;
    bar.hidden = false;
    const { top, bottom, left, right } = bar.getBoundingClientRect();
    bar.hidden = was;
    const over = [...lab.querySelectorAll(parts)].some((part) => {
        const box = part.getBoundingClientRect();
        const beside = box.right <= left || box.left >= right;
        return box.width && !beside && box.top < bottom - 1 && box.bottom > top + 1;
    });
    return over || bottom === top;
}).length"""
AT_REST = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
COMPLETE = """(lab) => {
    const stage = document.querySelector("dialog.optlab-stage");
    const drawn = stage?.querySelectorAll(".optlab-figure canvas[data-slot]").length;
    const is = drawn === lab && stage.innerText.startsWith(`Lab ${lab} of 4`);
    return is && stage.querySelector("[data-sliders]");
}"""


@pytest.fixture
def notebook(open_notebook):
    """The labs, each in its cell, with the whole width of the page."""
    opened = open_notebook(CELLS, width=1920, height=1080)
    was_open = not opened.page.evaluate("window.jupyterapp.shell.leftCollapsed")
    if was_open:
        opened.do("window.jupyterapp.shell.collapseLeft()")
    opened.run_all()
    yield opened
    if was_open:
        opened.do("window.jupyterapp.shell.expandLeft()")


def the_lab(notebook, n):
    """The lab with n figures, scrolled to."""
    notebook.do(f"panel.content.scrollToItem({SHOWN[n]}, 'start')")
    lab = notebook.page.locator(f".jp-Notebook .optlab-lab:has(.optlab-figures-{n})")
    lab.locator("canvas[data-slot]").nth(n - 1).wait_for()
    lab.locator(".optlab-opener").wait_for()
    notebook.page.evaluate(AT_REST)
    return lab


# Where everything stands that is pressed, and the sliders: nothing of it may move under the hand.
PRESSED = """(stage) => [...stage.querySelectorAll(
    ".optlab-tools > *, .optlab-stage-bar > button, .noUi-target, .optlab-entry, .optlab-to-default"
)].map((part) => Object.values(part.getBoundingClientRect().toJSON()))"""


def test_on_the_stage_nothing_moves_under_the_hand_and_a_guess_is_put_to_the_room(notebook):
    page, press = notebook.page, notebook.page.keyboard.press
    stage = page.locator(STAGE)
    the_lab(notebook, 1).locator(".optlab-opener").click()
    page.wait_for_function(COMPLETE, arg=1)
    press("PageDown")
    page.wait_for_function(COMPLETE, arg=2)
    page.evaluate(AT_REST)
    before, play = stage.evaluate(PRESSED), stage.locator(".optlab-play")
    press("Space")
    stage.locator(".optlab-play[aria-pressed=true]").wait_for()
    assert np.abs(np.subtract(stage.evaluate(PRESSED), before)).max() < 1
    press("Space")
    assert play.get_attribute("aria-pressed") == "false"
    for _ in range(3):  # pinned three times on the way to the goals
        stage.get_by_title("Pin this run").click()
        stage.locator(".noUi-handle").first.focus()
        press("ArrowLeft")
    stage.locator(".optlab-goals .optlab-noted").first.wait_for()
    stage.locator(".optlab-legend li").nth(2).wait_for()
    page.evaluate(AT_REST)
    assert np.abs(np.subtract(stage.evaluate(PRESSED), before)).max() < 1

    press("m")
    page.get_by_text("this lab has no map").first.wait_for()
    press("?")
    assert stage.get_by_text("Space: play the film").is_visible()
    press("Escape")  # closes the list, not the stage
    assert not stage.get_by_text("Space: play the film").is_visible()

    press("PageUp")
    page.wait_for_function(COMPLETE, arg=1)
    press("g")
    stage.get_by_text("Rate 1: the loss …").wait_for()
    stage.get_by_label("falls").click()
    stage.get_by_role("button", name="lock in").click()
    stage.get_by_text("✔ stays (right)").wait_for()  # when its film has been seen
    assert stage.get_by_text("1 to any power is 1.").is_visible()
    assert stage.locator(".optlab-replay canvas[role=img]").get_attribute("data-slot") == "1"
    press("g")  # though the button that was pressed is disabled, and has the focus no longer
    page.wait_for_function(COMPLETE, arg=1)
    press("g")
    stage.get_by_text("show in the lab").click()
    stage.locator("[data-sliders] canvas[aria-label^='rate 1.0']").wait_for()
    press("Escape")
    stage.wait_for(state="detached")


def boxes(lab, part):
    """The boxes of all parts of a kind, as dicts of x, y, width and height."""
    return [one.bounding_box() for one in lab.locator(part).all()]


def test_a_lab_grows_with_its_page_and_on_a_narrow_one_nothing_is_cut(notebook):
    heights = {}
    for n in SHOWN:
        lab = the_lab(notebook, n)
        figures, [sliders], whole = (
            boxes(lab, ".optlab-figure"),
            boxes(lab, ".optlab-sliders"),
            lab.bounding_box(),
        )
        heights[n] = len({box["y"] for box in figures})
        assert whole["width"] > 1500
        assert whole["height"] < 1000
        if n == 1:  # neither half is empty
            assert figures[0]["y"] == pytest.approx(sliders["y"], abs=2)
            assert figures[0]["width"] + sliders["width"] > 0.9 * whole["width"]
        else:
            assert sum(box["width"] for box in figures) / heights[n] > 0.6 * whole["width"]
    assert heights == {1: 1, 2: 1, 3: 1, 4: 2}

    notebook.resize(1100, 900)  # no room for three whose letters can be read
    three = boxes(the_lab(notebook, 3), ".optlab-figure")
    assert len({box["y"] for box in three}) == 2
    assert min(box["width"] for box in three) > 350

    for width in (800, 480):
        notebook.resize(width, 900)
        for n in SHOWN:
            assert the_lab(notebook, n).evaluate(CUT, PARTS) == []
            assert the_lab(notebook, n).evaluate(COVERED, PARTS) == 0
    lab = the_lab(notebook, 4)
    lab.locator(".optlab-figure").last.evaluate("(figure) => figure.scrollIntoView({ block: 'end' })")
    figures, [sliders] = boxes(lab, ".optlab-figure"), boxes(lab, ".optlab-sliders")
    assert len({box["y"] for box in figures}) == 4
    assert figures[0]["y"] < 0  # far above, and the sliders have come along
    assert 0 <= sliders["y"] <= figures[-1]["y"] - sliders["height"]
    assert figures[-1]["y"] + figures[-1]["height"] <= 900


def test_the_stage(notebook):
    page, press = notebook.page, notebook.page.keyboard.press
    stage, first = page.locator(STAGE), the_lab(notebook, 1)

    def shows(lab):
        page.wait_for_function(COMPLETE, arg=lab)
        page.evaluate(AT_REST)

    opener = first.locator(".optlab-opener")
    assert opener.get_attribute("aria-pressed") == "false"
    opener.click()
    shows(1)
    assert stage.locator(".optlab-opener").get_attribute("aria-pressed") == "true"
    for (width, height, scale), key in {
        (1366, 768, 1): "PageDown",
        (1920, 1080, 1): "n",
        (960, 540, 2): "n",
    }.items():
        notebook.resize(width, height, scale)
        for lab in (1, 2, 3, 4):  # the last two have never been on the page
            shows(lab)
            assert stage.evaluate(OUTSIDE, f"{PARTS}, .optlab-seen") == []
            assert stage.evaluate(COVERED, PARTS) == 0
            assert (
                sum(box["width"] * box["height"] for box in boxes(stage, ".optlab-figure"))
                > 0.37 * width * height
            )
            press(key)
        for _ in range(3):
            press("PageUp")
    shows(1)

    shown, hidden = stage.locator("canvas[role=img]"), first.locator("canvas[role=img]")
    painted, handle = hidden.get_attribute("data-draws"), stage.locator(".noUi-handle").first
    assert handle.evaluate("(here) => here === document.activeElement")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 300, y, steps=4)
    page.mouse.up()
    assert shown.get_attribute("aria-label").startswith("rate 0.1")
    assert hidden.get_attribute("data-draws") == painted  # what nobody sees is not painted
    for _ in range(20):
        press("Tab")
        assert page.evaluate(
            "['BODY', null].includes(document.activeElement?.tagName) || "
            f"Boolean(document.activeElement.closest('{STAGE}'))"
        )

    press("PageDown")
    press("n")
    shows(3)
    press("Escape")
    stage.wait_for(state="detached")
    assert hidden.get_attribute("aria-label").startswith("rate 0.1")
    third = page.locator(".jp-Notebook .optlab-lab:has(.optlab-figures-3)")
    third.locator(".optlab-opener:focus").wait_for()
    press("f")
    shows(3)
    press("f")
    stage.wait_for(state="detached")
    wait_for_text(notebook, 17, "0.1")
