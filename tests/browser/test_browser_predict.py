"""A guess in a real JupyterLab: sketched with the mouse, locked in, and answered where it was asked."""

import os
import signal
from contextlib import contextmanager

import pytest
from lab_page import CANVAS, IMPORTS

pytestmark = pytest.mark.browser

GUESS = """
from optlab import checks, labs
lab = labs.first_lab()
checks.predict(
    "α₀ goes up *tenfold*. The test loss is …", ["much higher", "about the same", "lower"],
    lab=lab, before={"lr": 0.1}, setting={"lr": 1.0}, sketch="test loss",
    answer="much higher", because="It becomes ever surer of the one answer that is wrong.",
)
"""
BOX = ".optlab-guess"
# the points of the sketch that stand on the page, in its own colour
DRAWN = """(css) => {
    const canvas = document.querySelector(css);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let k = 0; k < data.length; k += 4) {
        drawn += data[k + 3] > 200 && data[k] === 95 && data[k + 1] === 75;
    }
    return drawn;
}"""


# The steps that a picture shows from now on.
WATCH = """(canvas) => {
    window.stepsSeen = [];
    const note = () => window.stepsSeen.push(canvas.dataset.step);
    new MutationObserver(note).observe(canvas, { attributes: true, attributeFilter: ["data-step"] });
}"""


@pytest.fixture
def guess(open_notebook):
    notebook = open_notebook([f"{IMPORTS}\nimport os; print(os.getpid())", GUESS], width=1280, height=800)
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.page.wait_for_selector(f"{BOX} {CANVAS}[data-slot='0']")
    notebook.page.kernel = int(notebook.text(0))
    return notebook.page


@contextmanager
def stopped(process):
    """A process that does nothing any more, for a while."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def drag(page, *fractions):
    """Draw over the sketch's canvas, from place to place, in fractions of it."""
    box = page.locator(f"{BOX} .optlab-sketch").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_a_guess_is_sketched_locked_in_and_answered_where_it_was_asked(guess):
    page, box = guess, guess.locator(BOX)
    assert box.locator("em").inner_text() == "tenfold"
    assert page.evaluate(DRAWN, f"{BOX} .optlab-sketch") == 0
    page.locator(f"{BOX} .optlab-sketch").scroll_into_view_if_needed()
    drag(page, (0.2, 0.3), (0.5, 0.8), (0.9, 0.8))
    page.wait_for_function(f"({DRAWN})('{BOX} .optlab-sketch') > 100")
    assert page.locator(f"{BOX} {CANVAS}").get_attribute("data-slot") == "0"  # the run before, no other

    box.get_by_text("lower", exact=True).click()
    box.get_by_text("lock in").click()

    # the film plays in the guess's own box, over the sketch, in sight; nothing is told before its end
    running = f"document.querySelector('{BOX} {CANVAS}[data-slot=\"1\"]')?.dataset.step"
    asked = "document.querySelector('.optlab-guess input:disabled')"
    page.wait_for_function(f"{running} > 5 && {running} < 100 && {asked}")
    texts = box.inner_text()
    if page.evaluate(f"{running} < 95"):  # it is still on its way
        assert "you said “lower”; now the run decides" in texts
        assert "(right)" not in texts
    assert page.evaluate(DRAWN, f"{BOX} .optlab-sketch") > 100
    here = page.locator(f"{BOX} {CANVAS}").bounding_box()
    assert here["y"] >= 0
    assert here["y"] + here["height"] <= 800
    with stopped(page.kernel):  # the page says itself what came out
        box.get_by_text("✔ much higher (right)").wait_for(timeout=20_000)
        assert page.evaluate(running) == "Infinity"
        assert box.get_by_text("✘ lower (your guess)").is_visible()
        told = box.locator("[role=status]").filter(has_text="not this time").inner_text()
        assert "It becomes ever surer of the one answer that is wrong." in told
        assert "Your sketch is too high here and too low there" in told
        assert box.locator("[aria-pressed=true]").inner_text() == "α₀ = 1: the answer"
    box.get_by_text("show in the lab").wait_for()
    box.get_by_text("α₀ = 0.1: before").click()
    page.wait_for_selector(f"{BOX} {CANVAS}[data-slot='0']")
    assert box.get_by_text("skip the film").is_hidden()
    assert box.get_by_text("show in the lab").is_visible()


def test_a_sketch_takes_the_keyboard_and_can_be_wiped_and_who_wants_no_motion_sees_no_film(guess):
    page, sketch = guess, f"{BOX} .optlab-sketch"
    page.locator(sketch).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_function(f"({DRAWN})('{sketch}') > 20")
    assert page.locator(f"{BOX} .optlab-sketch-words").inner_text().startswith("epoch 10: ")
    page.keyboard.press("Delete")
    page.wait_for_function(f"({DRAWN})('{sketch}') === 0")

    page.emulate_media(reduced_motion="reduce")
    page.locator(f"{BOX} {CANVAS}").evaluate(WATCH)
    page.locator(BOX).get_by_text("lower", exact=True).click()
    page.locator(BOX).get_by_text("lock in").press("Enter")
    page.locator(BOX).get_by_text("✔ much higher (right)").wait_for()
    assert page.evaluate("document.activeElement.innerText").startswith("✘ not this time: you said “lower”")
    page.keyboard.press("Shift+Tab")  # the film's own buttons are next to it
    assert page.locator(f"{BOX} :focus").count() == 1
    assert set(page.evaluate("stepsSeen")) == {"Infinity"}
    page.emulate_media(reduced_motion="no-preference")
