"""The words of the front ends can be read in both themes of JupyterLab."""

import re

import pytest
from matplotlib.colors import to_rgb

from optlab.live.scripts import FOLDER

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DARK = '[data-jp-theme-light="false"] '
PAGE = {"light": "#ffffff", "dark": "#111111"}  # JupyterLab's own, behind an output
LEGIBLE = 4.5
"""The ratio that WCAG asks of small letters."""


def rules():
    """The selector of each rule that says a colour but no background of its own, and that colour."""
    for file in sorted((FOLDER.parent / "css").glob("*.css")):
        for selectors, body in RULE.findall(COMMENT.sub("", file.read_text("utf-8"))):
            color = re.search(r"(?:^|[;\s])color: (#\w+)", body)
            if color and "background" not in body and "badge" not in selectors:
                yield from ((selector.strip(), color[1]) for selector in selectors.split(","))


def luminance(color):
    """The relative luminance of WCAG 2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """How many times as bright the brighter of two colours is."""
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_the_most_there_is():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("theme", "page"), PAGE.items())
def test_words_stand_out_from_the_page(theme, page):
    own = [(s, c) for s, c in rules() if "::before" not in s]  # of a map's dots
    assert len(own) >= 6
    dark = {selector.removeprefix(DARK): color for selector, color in own if selector.startswith(DARK)}
    for selector, color in own:
        if not selector.startswith(DARK):
            shown = dark.get(selector, color) if theme == "dark" else color
            assert contrast(shown, page) >= LEGIBLE, (selector, shown)
