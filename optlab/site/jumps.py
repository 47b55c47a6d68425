"""Whether what a reader looks at stays where it is, while a page loads and is scrolled through."""

from __future__ import annotations

from typing import Any

from optlab.site.crowded import WIDTHS

__all__ = ["jumps"]

HEIGHT = 900
MOST = 0.1
"""Of the cumulative layout shift, in fractions of the window: a page with less counts as good."""
NOTED = """window.optlabJumps = [];
new PerformanceObserver((list) => window.optlabJumps.push(...list.getEntries()))
    .observe({ type: "layout-shift", buffered: true });"""
JUMPED = """() => {
    const jumps = optlabJumps.filter((one) => !one.hadRecentInput).toSorted((a, b) => b.value - a.value);
    const node = jumps[0]?.sources[0]?.node;
    return [jumps.reduce((sum, { value }) => sum + value, 0), node?.outerHTML?.slice(0, 80) ?? ""];
}"""
AT_THE_END = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
SECONDS_A_SCREEN = 0.25
SECONDS_AT_THE_TOP = 1.0
MOST_SCREENS = 200


def jumps(browser: Any, url: str) -> list[str]:
    """How far things move by themselves on a page, on a desk and on a phone.

    Args:
        browser: Playwright's.
        url: of the page.

    Returns:
        In words, for each width of the window where it is too far.

    Source:
        Web Vitals, "Cumulative layout shift", https://web.dev/articles/cls.
    """
    found = ((width, *_moved(browser, url, width)) for width in WIDTHS)
    return [
        f"in a window of {width} px, things jump by {far:.2f} of it, most at {part!r}"
        for width, far, part in found
        if far > MOST
    ]


def _moved(browser: Any, url: str, width: int) -> tuple[float, str]:
    """The sum of all shifts, and what moved in the largest."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT})
    page.add_init_script(NOTED)
    page.goto(url)
    page.mouse.move(width / 2, HEIGHT / 2)
    page.wait_for_timeout(1000 * SECONDS_AT_THE_TOP)
    for _ in range(MOST_SCREENS):
        if page.evaluate(AT_THE_END):
            break
        page.mouse.wheel(0, 0.8 * HEIGHT)
        page.wait_for_timeout(1000 * SECONDS_A_SCREEN)
    far, part = page.evaluate(JUMPED)
    page.close()
    return far, part
