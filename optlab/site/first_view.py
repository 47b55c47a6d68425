"""A page over a slow line: what is fetched, and how long it takes, until its first lab can be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["MOST_OF_A_VIEW", "FirstView", "first_view"]

MOST_OF_A_VIEW = 1_300_000
"""Bytes, beside what all pages share."""
LINE = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
"""10 Mbit/s, as Chromium's protocol has it."""
PATIENCE = 60_000
"""Milliseconds, on a busy machine."""
LAB = ".optlab-view"
WHEN_IT_MOVES = """new MutationObserver((_, watch) => {
    const lab = document.querySelector(".optlab-view");
    if (!lab) return;
    if (!window.optlabScrolled) lab.scrollIntoView({ block: "center" });
    window.optlabScrolled = true;
    if (!lab.dataset.frames) return;
    window.optlabMoves = performance.now();
    watch.disconnect();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-frames"] });"""
"""A reader scrolls to the first lab as soon as it is there, and waits until its first slider moves it."""
FETCHED = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= window.optlabMoves)
    .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""
TEXT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass
class FirstView:
    """What a reader waits for.

    Args:
        own: bytes of the page and of what lies beside it for its lab, compressed.
        shared: bytes that all pages share, and that a browser has after the first.
        text: seconds until the text is there.
        lab: seconds until the first slider of the first lab moves it, to the next stops at least.
    """

    own: int = 0
    shared: int = 0
    text: float = 0.0
    lab: float = 0.0

    def __str__(self) -> str:
        """In a few words."""
        much = f"{self.own / 1e6:.2f} MB and {self.shared / 1e6:.2f} shared"
        return f"at 10 Mbit/s text after {self.text:.1f} s, first lab after {self.lab:.1f} s ({much})"


def first_view(browser: Any, here: str, name: str) -> FirstView | None:
    """Open a page that nothing is known of, at 10 Mbit/s.

    Args:
        browser: Playwright's.
        here: where the site is served, compressed.
        name: the page.

    Returns:
        What it took; None where there is no lab.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.add_init_script(WHEN_IT_MOVES)
    page.goto(here + name)
    found = None
    if page.locator(LAB).count():
        page.wait_for_function("window.optlabMoves", timeout=PATIENCE)
        seconds = page.evaluate(f"[{TEXT}, window.optlabMoves].map((one) => one / 1000)")
        found = _weighed(page.evaluate(FETCHED), here, *seconds)
    context.close()
    return found


def _weighed(files: list[tuple[str, int]], here: str, text: float, lab: float) -> FirstView:
    own = [
        size for url, size in files if url.removeprefix(here).startswith(("lessons/", "labs/", "_images/"))
    ]
    return FirstView(sum(own), sum(size for _, size in files) - sum(own), text, lab)
