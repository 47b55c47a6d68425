"""Look through a built site as a reader would, in a browser that reaches nothing else.

Every lab of a page is drawn, every slider moved from end to end, every film begun, every prediction answered
and every program opened; then the page is made as narrow as a phone, loaded anew and scrolled through. What
does not work is said in words.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import sync_playwright

from optlab.bench.jupyter_lab import CHROMIUM_ARGS, find_chromium
from optlab.site.compared import Compared, compare
from optlab.site.crowded import crowded
from optlab.site.drawn import DRAWN
from optlab.site.first_view import MOST_OF_A_VIEW, FirstView, first_view
from optlab.site.jumps import jumps
from optlab.site.scripts import PACKAGES
from optlab.site.served import open_page, served

__all__ = ["Found", "look_at", "look_through"]

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
        facts: how many were shown on a copy of their lab.
        questions: how many predictions were answered.
        programs: how many programs were opened.
        films: how many films were played to their end.
        moved: for each move of a slider the milliseconds from its key to the end of the frame that shows it.
        worked: of these the ones until everything was painted.
        view: what the page's first view took.
        compared: how many numbers were held to the kernel's.
        problems: what does not work, in words.
    """

    labs: int = 0
    sliders: int = 0
    stops: int = 0
    facts: int = 0
    questions: int = 0
    programs: int = 0
    films: int = 0
    moved: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    view: FirstView | None = None
    compared: Compared = field(default_factory=Compared)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """In one line."""
        plays = f"{self.labs} labs, {self.sliders} sliders over {self.stops} stops, {self.films} films"
        if self.moved:
            moved, worked = statistics.median(self.moved), statistics.median(self.worked)
            plays += f" (a stop is on the screen in {moved:.1f} ms, painted in {worked:.1f})"
        asks = f"{self.programs} programs, {self.facts} facts, {self.questions} predictions"
        words = f"{plays}, {asks}, {self.compared}, {len(self.problems)} problems"
        return f"{words}; {self.view}" if self.view else words


def look_through(
    out: Path, lessons: Sequence[str] = (), cache: Path | None = None
) -> Iterator[tuple[str, Found]]:
    """Look at every page of a site.

    Args:
        out: the site's folder.
        lessons: names of pages, to look at no others.
        cache: where the building has kept its results: numbers are held to them.

    Yields:
        Each page's path, and what was found.

    Raises:
        ValueError: if there is no Chromium.
    """
    path = find_chromium()
    if path is None:
        raise ValueError("there is no Chromium: install one, or set CHROMIUM to its path")
    pages = [page for page in sorted(out.rglob("*.html")) if "_static" not in page.parts]
    with sync_playwright() as driver, served(out) as here, served(out, packed=True) as packed:
        browser = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        for file in pages:
            if lessons and file.stem not in lessons:
                continue
            problems: list[str] = []
            page = open_page(browser, here, problems, viewport={"width": 1280, "height": 900})
            name = file.relative_to(out).as_posix()
            found = look_at(page, here + name, *_computed(cache, name))
            page.close()
            problems += jumps(browser, packed + name)
            found.view = first_view(browser, packed, name) if found.labs else None
            if found.view and found.view.own > MOST_OF_A_VIEW:
                problems.append(f"its first view weighs more than {MOST_OF_A_VIEW / 1e6:g} MB")
            found.problems += problems
            yield name, found


def _computed(cache: Path | None, name: str) -> list[Path]:
    """The file that a page's numbers are held to; none where it is no lesson's, or nothing has been kept."""
    page = Path(name)
    if cache is None or page.parent.name != "lessons":
        return []
    return list(cache.glob(f"{page.stem}-*/{DRAWN}"))


def look_at(page: Any, url: str, computed: Path | None = None) -> Found:
    """Go through one page.

    Args:
        page: from `open_page`.
        url: where to go.
        computed: what its numbers are held to, see `drawn`; None: to nothing.

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
        if view.locator(".optlab-fact").count():
            _show_fact(view, found)
            continue
        found.labs += 1
        _move_all(view, found)
        _play_film(view, found)
        _open_program(view, found)
    for question in page.locator(".optlab-question").all():
        _answer(question, found)
    if computed is not None:
        found.compared = compare(page, computed, found.problems)
    _listen(page, found)
    found.problems += crowded(page)
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
        found.moved += one["took"]
        found.worked += one["worked"]
        if one["dead"]:
            found.problems.append(f"{one['name']}: nothing at its stops {one['dead']}")
        if one["stops"] > 1 and not one["changes"] and not one["faint"]:
            found.problems.append(
                f"{one['name']}: the picture is the same at all of its {one['stops']} stops"
            )


FRAMES_ARE_THERE = "(view) => view.dataset.frames === 'there'"


def _play_film(view: Any, found: Found) -> None:
    scrubber = view.locator(".optlab-scrubber")
    if not scrubber.count():
        return
    steps = view.evaluate(PLAY)
    found.films += 1
    if len(steps) < 3 or steps[-1] != scrubber.first.get_attribute("max"):
        found.problems.append(f"a film has shown {steps}, and no more")


PLAY = """async (view) => {
    const [play, scrubber] = [view.querySelector(".optlab-play"), view.querySelector(".optlab-scrubber")];
    const steps = [scrubber.value];
    play.click();
    for (let frames = 0; frames < 3000 && play.ariaPressed === "true"; frames += 1) {
        await new Promise(requestAnimationFrame);
        if (scrubber.value !== steps.at(-1)) steps.push(scrubber.value);
    }
    return steps;
}"""


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
    question.locator("input[type=radio]").first.wait_for(timeout=PATIENCE)
    drawn = "optlab-sketched" in (question.get_attribute("class") or "") and _draw(question)
    question.locator("input[type=radio]").first.check(timeout=PATIENCE)
    question.get_by_role("button", name="lock in").click()
    decided = question.locator(".optlab-asking [role=status], .optlab-guess .optlab-tools").first
    decided.wait_for(timeout=PATIENCE)
    skip = question.get_by_text("skip the film")
    if skip.count():
        skip.first.evaluate(
            "(skip) => skip.hidden || skip.click()"
        )  # a film of no length has nothing to skip
    question.locator(".optlab-asking .optlab-right").wait_for(timeout=PATIENCE)
    found.questions += 1
    words = question.locator(".optlab-asking [role=status]").inner_text()
    if not words.strip() or (drawn and "Your sketch" not in words):
        found.problems.append(f"a prediction, {'sketched' if drawn else 'chosen'}, says {words!r}")


def _show_fact(view: Any, found: Found) -> None:
    """Unfold a fact's copy of its lab; its figures have to be drawn."""
    view.locator(".optlab-fact").click()
    try:
        view.page.wait_for_function(FIGURES_ARE_THERE, arg=view.element_handle(), timeout=PATIENCE)
        found.facts += 1
    except NotInTime:
        found.problems.append(f"“{view.locator('.optlab-fact').inner_text()}” shows nothing")
    view.locator(".optlab-fact").click()


def _draw(question: Any) -> bool:
    """Draw a line across the middle of a question's picture."""
    canvas = question.locator("canvas.optlab-sketch.optlab-open")
    canvas.wait_for(timeout=PATIENCE)
    canvas.scroll_into_view_if_needed()
    question.page.wait_for_function(PICTURE_IS_THERE, arg=question.element_handle(), timeout=PATIENCE)
    box, mouse = canvas.bounding_box(), question.page.mouse
    height = box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.2, height)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.8, height, steps=4)
    mouse.up()
    return True


FIGURES_ARE_THERE = """(view) => {
    const canvases = [...view.querySelectorAll(".optlab-figure canvas[role=img]")];
    return canvases.length > 0 && canvases.every(({ dataset, width }) => dataset.slot && width > 0);
}"""
PICTURE_IS_THERE = "(box) => box.querySelector('.optlab-figure canvas[role=img]')?.dataset.slot !== undefined"
