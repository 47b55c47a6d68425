"""Look through a built site as a reader would, in a browser that reaches nothing else.

Every lab of a page is drawn, every slider moved from end to end, every film begun, every prediction answered
and every program opened. What does not work is said in words.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from optlab.bench.jupyter_lab import CHROMIUM_ARGS, find_chromium
from optlab.site.scripts import PACKAGES

__all__ = ["Found", "look_at", "look_through", "open_page", "served"]

PATIENCE = 60_000
"""Milliseconds for anything to appear on a busy machine."""

MOVE = (Path(__file__).parent / "js" / "move_all.js").read_text("utf-8")


AXE = "axe.run({ preload: false, resultTypes: ['violations'] }).then(({ violations }) => violations)"


@dataclass
class Found:
    """What there is on a page.

    Args:
        labs: how many labs.
        sliders: how many sliders were moved, and over how many `stops` in all.
        stops: see `sliders`.
        questions: how many predictions were answered.
        programs: how many programs were opened.
        films: how many films were begun.
        problems: what does not work, in words.
    """

    labs: int = 0
    sliders: int = 0
    stops: int = 0
    questions: int = 0
    programs: int = 0
    films: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """In one line."""
        plays = f"{self.labs} labs, {self.sliders} sliders over {self.stops} stops, {self.films} films"
        asks = f"{self.programs} programs, {self.questions} predictions"
        return f"{plays}, {asks}, {len(self.problems)} problems"


def look_through(out: Path, lessons: Sequence[str] = ()) -> Iterator[tuple[str, Found]]:
    """Look at every page of a site that has a lab.

    Args:
        out: the site's folder.
        lessons: names of lessons, to look at no others.

    Yields:
        Each page's path, and what was found.

    Raises:
        ValueError: if there is no Chromium.
    """
    path = find_chromium()
    if path is None:
        raise ValueError("there is no Chromium: install one, or set CHROMIUM to its path")
    pages = [page for page in sorted(out.rglob("*.html")) if "optlab-view" in page.read_text("utf-8")]
    with sync_playwright() as driver, served(out) as here:
        browser = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        for file in pages:
            if lessons and file.stem not in lessons:
                continue
            problems: list[str] = []
            page = open_page(browser, here, problems, viewport={"width": 1280, "height": 900})
            name = file.relative_to(out).as_posix()
            found = look_at(page, here + name)
            page.close()
            found.problems += problems
            yield name, found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve files as they are.

    Args:
        folder: of the files.

    Yields:
        The address, with a slash at its end.
    """
    files = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def open_page(browser: Any, here: str, problems: list[str], **options: Any) -> Any:
    """A page that reaches one place only; what it complains of or asks elsewhere is a problem.

    Args:
        browser: Playwright's.
        here: the place.
        problems: takes the problems.
        options: of the page.

    Returns:
        The page.
    """
    page = browser.new_page(**options)

    def elsewhere(route: Any) -> None:
        problems.append(f"a request to {route.request.url}")
        route.abort()

    page.route(lambda url: not url.startswith((here, "data:", "blob:")), elsewhere)
    page.on("pageerror", lambda error: problems.append(f"an error: {error}"))
    page.on("console", lambda said: problems.extend([said.text] * (said.type in ("error", "warning"))))
    page.on("response", lambda got: problems.extend([f"{got.status} for {got.url}"] * (got.status >= 400)))
    return page


def look_at(page: Any, url: str) -> Found:
    """Go through one page.

    Args:
        page: from `open_page`.
        url: where to go.

    Returns:
        What was found, and what does not work of it.
    """
    found = Found()
    page.goto(url)
    for view in page.locator(".optlab-view").all():
        view.scroll_into_view_if_needed()
        view.and_(page.locator("[data-state]")).wait_for(timeout=PATIENCE)
        if view.get_attribute("data-state") != "live":
            found.problems.append(f"{view.get_attribute('data-model')} is not alive")
            continue
        found.labs += 1
        _move_all(view, found)
        _begin_film(view, found)
        _open_program(view, found)
    for question in page.locator(".optlab-question").all():
        _answer(question, found)
    _listen(page, found)
    return found


def _listen(page: Any, found: Found) -> None:
    """What a screen reader, or an eye that needs contrast, would miss, in the light and in the dark."""
    page.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text("utf-8"))
    page.add_style_tag(content="* { transition: none !important; }")  # a colour on its way is none of ours
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        for rule in page.evaluate(AXE):
            if rule["impact"] in ("serious", "critical"):
                parts = [node["html"][:120] for node in rule["nodes"]]
                found.problems.append(f"in the {scheme}, {rule['help']}: {len(parts)} times, {parts[:3]}")


def _move_all(view: Any, found: Found) -> None:
    view.page.wait_for_function(FRAMES_ARE_THERE, arg=view.element_handle(), timeout=PATIENCE)
    for one in view.evaluate(MOVE):
        found.sliders += 1
        found.stops += one["stops"]
        if one["dead"]:
            found.problems.append(f"{one['name']}: nothing at its stops {one['dead']}")
        if one["stops"] > 1 and not one["changes"] and not one["faint"]:
            found.problems.append(
                f"{one['name']}: the picture is the same at all of its {one['stops']} stops"
            )


FRAMES_ARE_THERE = "(view) => view.dataset.frames === 'there'"


def _begin_film(view: Any, found: Found) -> None:
    scrubber = view.locator(".optlab-scrubber")
    if not scrubber.count():
        return
    scrubber.first.press("Home")
    first = scrubber.first.input_value()
    scrubber.first.press("ArrowRight")
    found.films += 1
    if scrubber.first.input_value() == first:
        found.problems.append("a film does not move")
    scrubber.first.press("End")


def _open_program(view: Any, found: Found) -> None:
    opener = view.get_by_text("as PyTorch", exact=True)
    if not opener.count():
        return
    opener.click()
    text = view.locator(".optlab-program pre").first
    text.wait_for(timeout=PATIENCE)
    found.programs += 1
    if not text.inner_text().strip() or view.locator(".optlab-program.optlab-waiting").count():
        found.problems.append("a program stays empty")
    opener.click()


def _answer(question: Any, found: Found) -> None:
    question.scroll_into_view_if_needed()
    question.locator("input[type=radio]").first.check(timeout=PATIENCE)
    question.get_by_role("button", name="lock in").click()
    decided = question.locator(".optlab-asking [role=status], .optlab-guess .optlab-tools").first
    decided.wait_for(timeout=PATIENCE)
    skip = question.get_by_text("skip the film")
    if skip.count() and skip.is_visible():
        skip.click()
    question.locator(".optlab-asking .optlab-right").wait_for(timeout=PATIENCE)
    found.questions += 1
    if not question.locator(".optlab-asking [role=status]").inner_text().strip():
        found.problems.append("a prediction gives no reason")
