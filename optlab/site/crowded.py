"""Whether a page has room for what is on it, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["WIDTHS", "crowded"]

WIDTHS = (1280, 360)
"""Of a window on a desk and on a phone, in pixels."""
CROWDED = (Path(__file__).parent / "js" / "crowded.js").read_text("utf-8")
TO_THE_TOP = """async () => {
    scrollTo({ top: 0, behavior: "instant" });
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
}"""


def crowded(page: Any) -> list[str]:
    """What is cut off, and what lies over something else.

    Args:
        page: Playwright's, with its labs drawn.

    Returns:
        Each in words, with the width of the window.
    """
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(TO_THE_TOP)
        found += [f"in a window of {width} px, {one}" for one in page.evaluate(CROWDED)]
    return found
