"""Time what a key press does to a picture, inside the page."""

import contextlib
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# A look at the picture: the hash of a canvas's pixels, the address of an image that has been decoded, or the
# paths of a drawing. It is taken after all handlers of a key press have run, and in every display frame. What
# has changed before the first key goes down answers an earlier move, and is not noted.
RECORD = """
([selector, whole]) => {
  const look = () => {
    const element = document.querySelector(selector);
    if (!element || (whole && element.matches(".optlab-waiting"))) return null;
    if (element.tagName === "IMG") return element.complete ? element.src : null;
    if (element.tagName !== "CANVAS") {
      return [...element.querySelectorAll("path")].map((path) => path.getAttribute("d")).join();
    }
    const pixels = element.getContext("2d").getImageData(0, 0, element.width, element.height).data;
    return new Uint32Array(pixels.buffer).reduce((hash, pixel) => (Math.imul(hash, 31) + pixel) | 0, 7);
  };
  const record = { pressed: [], drawn: [], shown: [], frames: 0, dimmed: [] };
  let drawn = look();
  let shown = drawn;
  const check = (inFrame) => {
    const now = performance.now();
    const picture = look();
    if (picture === null) return;
    const answers = record.pressed.length > 0;
    if (answers && picture !== drawn) record.drawn.push(now);
    if (answers && inFrame && picture !== shown) record.shown.push(now);
    drawn = picture;
    if (inFrame) shown = picture;
  };
  const down = (event) => record.pressed.push(event.timeStamp);
  const after = () => {
    check(false);
    record.dimmed.push(document.querySelector(selector)?.classList.contains("optlab-waiting") ?? false);
  };
  const frame = () => {
    record.frames += 1;
    check(true);
    record.next = requestAnimationFrame(frame);
  };
  window.addEventListener("keydown", down, true);
  window.addEventListener("keydown", after);
  record.next = requestAnimationFrame(frame);
  record.stop = () => {
    cancelAnimationFrame(record.next);
    window.removeEventListener("keydown", down, true);
    window.removeEventListener("keydown", after);
    window.optlabRecord = null;
    return { pressed: record.pressed, drawn: record.drawn, shown: record.shown, dimmed: record.dimmed };
  };
  window.optlabRecord = record;
}
"""


@dataclass(frozen=True)
class Presses:
    """What key presses did to a picture; times in ms since the key went down.

    `drawn`: until the picture's pixels changed. `shown`: until the first display frame that has them, which
    is never earlier. `repaints`: how many different pictures were shown. `dimmed`: which presses met a
    setting that was not trained yet.
    """

    pressed: int
    drawn: list[float]
    shown: list[float]
    repaints: int
    dimmed: list[bool]

    @property
    def median(self) -> float:
        """Of `shown`, in ms; infinite when nothing was."""
        return statistics.median(self.shown or [math.inf])

    def __str__(self) -> str:
        """How many repaints, and how soon."""
        if not self.shown:
            return f"{self.pressed} key presses, no repaint"
        drawn, shown = statistics.median(self.drawn), self.median
        return (
            f"{self.pressed} key presses, {self.repaints} repaints; median {drawn:.1f} ms to changed pixels, "
            f"{shown:.1f} ms (worst {max(self.shown):.1f}) to the display frame that has them"
        )


def key_press_latency(slider: Any, key: str, n: int, **how: Any) -> Presses:
    """Press `key` n times on one slider; the rest as in `time_presses`."""
    return time_presses([(slider, key)] * n, **how)


def time_presses(
    moves: Sequence[tuple[Any, str]],
    picture: str = ".optlab-figure canvas[role=img]",
    gap: float | None = None,
    patience: float = 5000,
    whole: bool = False,
) -> Presses:
    """Press keys on sliders and time the picture, all inside the page.

    Args:
        moves: what takes the keyboard focus, a Playwright locator, and a key such as "ArrowRight", in turn.
        picture: CSS selector of a canvas, an image, or what holds a drawing.
        gap: milliseconds between two presses, whatever the picture does (a drag); by default each press waits
            for the picture to change (up to `patience` milliseconds).
        patience: milliseconds.
        whole: whether a picture that is still being made counts only when it is done.
    """
    page = moves[0][0].page
    focused = None
    page.evaluate(RECORD, [picture, whole])
    for k, (slider, key) in enumerate(moves):
        if slider is not focused:
            slider.focus()
            focused = slider
        page.keyboard.press(key)
        if gap is None:
            # the latest change, not the number of changes: a press may be answered by several
            wait_for(page, f"window.optlabRecord.shown.at(-1) >= window.optlabRecord.pressed[{k}]", patience)
        else:
            page.wait_for_timeout(gap)
    if gap is not None:
        page.wait_for_timeout(500)  # let late repaints arrive
    return presses_of(page.evaluate("window.optlabRecord.stop()"))


def back_and_forth(index: int, size: int, n: int) -> list[str]:
    """The keys for n steps on a slider of `size` stops, from stop `index` to its end, and back, and so on."""
    keys: list[str] = []
    step = 1
    for _ in range(n):
        if not 0 <= index + step < size:
            step = -step
        index += step
        keys.append("ArrowRight" if step > 0 else "ArrowLeft")
    return keys


def wait_for(page: Any, condition: str, patience: float) -> None:
    """Wait for a condition in the page; going on without it is for the numbers to tell."""
    from playwright.sync_api import TimeoutError as TooLate

    with contextlib.suppress(TooLate):
        page.wait_for_function(condition, timeout=patience)


def presses_of(record: dict[str, Any]) -> Presses:
    """What the page has recorded."""

    def delays(changes: list[float]) -> list[float]:
        first = [next((c - p for c in changes if c >= p), None) for p in record["pressed"]]
        return [delay for delay in first if delay is not None]

    return Presses(
        pressed=len(record["pressed"]),
        drawn=delays(record["drawn"]),
        shown=delays(record["shown"]),
        repaints=len(record["shown"]),
        dimmed=record["dimmed"],
    )
