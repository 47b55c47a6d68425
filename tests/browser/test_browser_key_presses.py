"""What a key press did to a picture is told apart from what happened before it went down."""

import pytest

from optlab.bench.key_presses import time_presses

pytestmark = pytest.mark.browser

LATE = 200
"""Milliseconds from a key press to its answer: the answer to what was before it is there long since."""

PAGE = """
<canvas width="8" height="8"></canvas><button></button>
<script>
  const canvas = document.querySelector("canvas");
  const frame = () => new Promise(requestAnimationFrame);
  const paint = async (...colors) => {
    for (const color of colors) {
      canvas.getContext("2d").fillStyle = color;
      canvas.getContext("2d").fillRect(0, 0, 8, 8);
      for (let k = 0; k < 3; k += 1) await frame(); // the last of them comes after the frame that shows it
    }
  };
  const answers = { a: () => paint("red", "green"), b: () => setTimeout(() => paint("blue"), %d) };
  window.addEventListener("keydown", (event) => (window.answered = answers[event.key]()));
</script>
"""


class Slider:
    """Takes the focus, and then waits for some JavaScript."""

    def __init__(self, page, before="null"):
        self.page, self.before = page, before

    def focus(self):
        """As a locator does."""
        self.page.focus("button")
        self.page.evaluate(self.before)


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_content(PAGE % LATE)
    yield page
    page.close()


def test_a_late_answer_to_an_earlier_move_is_none_to_a_key_press(page):
    presses = time_presses([(Slider(page, "paint('yellow')"), "b")], picture="canvas")
    assert (presses.pressed, presses.repaints, len(presses.shown)) == (1, 1, 1)
    assert presses.shown[0] >= LATE


def test_each_press_waits_for_its_own_answer_though_an_earlier_one_had_two(page):
    moves = [(Slider(page), "a"), (Slider(page, "window.answered"), "b")]
    presses = time_presses(moves, picture="canvas")
    assert (presses.pressed, presses.repaints, len(presses.shown)) == (2, 3, 2)
    assert presses.shown[1] >= LATE
