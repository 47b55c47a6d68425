"""The dragging race: how long after a key press on a slider the picture has changed, in a real JupyterLab.

All contestants stand in one notebook, in one page of one browser, and take turns with one key press each. A
key press trains section 4's network at the slider's new rate with `optlab.train`, whoever draws it. Between
browser and server there is a network whose delay can be set; the page stays the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from optlab.bench.jupyter_lab import CHROMIUM_ARGS, JupyterLab, Notebook, find_chromium
from optlab.bench.key_presses import Presses, time_presses
from optlab.bench.rows import Row, Turn, missing
from optlab.bench.sliders import CONTESTANTS, FAR, SETUP, TRAINED, Contestant
from optlab.bench.slow_network import SlowNetwork

__all__ = ["DELAYS", "Page", "dragging_rows", "open_page"]

DELAYS = (0.0, 0.150)
"""Seconds from the browser to the server and back."""

TO_AND_FRO = ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")
"""From a rate of 0.1 to 0.32 and back: at each the curves are others, and on the picture."""

FAR_AWAY = ((4, "Home"), (1, "Home"), (2, "End"), (4, "End"), (1, "End"), (2, "Home"))
"""Where else a slider goes before the rate does: to a place that no axis through the default meets."""


class Page:
    """The notebook with all contestants that are installed, and the network it is reached by.

    Args:
        notebook: open in a browser.
        network: between browser and server.
        contestants: who is in it, each in a cell; `FAR` has the cell after theirs.

    Raises:
        RuntimeError: if a cell raises.
    """

    def __init__(self, notebook: Notebook, network: SlowNetwork, contestants: Sequence[Contestant]) -> None:
        self.notebook, self.network = notebook, network
        self.cells = {one: k for k, one in enumerate((*contestants, FAR), 1)}
        self.keys = {one: cycle(TO_AND_FRO) for one in self.cells}
        notebook.replace([SETUP, *(one.cell for one in self.cells), "far.close()", TRAINED])
        for k in (0, *(k for one, k in self.cells.items() if one is not FAR), len(self.cells) + 2):
            self.run(k)
        notebook.do("panel.content.widgets.forEach((cell, k) => { cell.node.id = `bench-${k}`; })")
        for one in contestants:
            self.bring_into_view(one)

    def bring_into_view(self, one: Contestant) -> None:
        """Scroll to a contestant: some draw nothing before they are seen."""
        self.notebook.do(f"panel.content.scrollToItem({self.cells[one]}, 'start')")
        self.notebook.page.wait_for_selector(self._picture(one), state="attached")

    def run(self, cell: int) -> None:
        """Run one cell."""
        self.notebook.run_cell(cell)
        raised = [one for one in self.notebook.outputs(cell) if one["output_type"] == "error"]
        if raised:
            raise RuntimeError(f"{raised[0]['ename']}: {raised[0]['evalue']}")

    def turn(self, one: Contestant, delay: float) -> Turn:
        """One key press; the milliseconds from there to the display frame that has other pixels.

        Args:
            one: whose slider.
            delay: seconds from the browser to the server and back.
        """

        def turn() -> float:
            self.network.delay = delay / 2
            self.notebook.wait_idle()
            return self._pressed(one, 0, next(self.keys[one])).shown[0]

        return turn

    def turn_outside(self, delay: float) -> Turn:
        """The same where the sliders have never been: beside all that a new lab trains by itself."""

        def turn() -> float:
            self.network.delay = delay / 2
            for far, key in FAR_AWAY:
                self.run(self.cells[FAR])
                self._trained()
                self.bring_into_view(FAR)
                self._handle(FAR, far).press(key)
                presses = self._pressed(FAR, 0, next(self.keys[FAR]))
                self.run(len(self.cells) + 1)
                # neither on the page nor on its way there
                if presses.dimmed == [True] and presses.shown[0] >= 1000 * delay:
                    return presses.shown[0]
            raise RuntimeError("the lab had trained every setting that was tried")

        return turn

    def _pressed(self, one: Contestant, slider: int, key: str) -> Presses:
        self.bring_into_view(one)
        moves = [(self._handle(one, slider), key)]
        presses = time_presses(moves, picture=self._picture(one), patience=20_000, whole=True)
        if not presses.shown:
            raise RuntimeError(f"a key press has not changed the picture of {one.name}")
        return presses

    def _handle(self, one: Contestant, slider: int) -> Any:
        return self.notebook.page.locator(f"#bench-{self.cells[one]} .noUi-handle").nth(slider)

    def _picture(self, one: Contestant) -> str:
        return f"#bench-{self.cells[one]} {one.picture}"

    def _trained(self) -> None:
        """Wait for the first whole curve of the lab that is new."""
        self.notebook.page.wait_for_selector(f"{self._picture(FAR)}[data-slot]:not(.optlab-waiting)")


def dragging_rows(page: Page, delays: Sequence[float] = DELAYS) -> list[Row]:
    """One row a contestant and delay; those that are not installed, too, so that they are missed.

    Args:
        page: where they all are.
        delays: seconds from the browser to the server and back.
    """
    return [row for delay in delays for row in _rows(page, delay)]


def _rows(page: Page, delay: float) -> Iterator[Row]:
    task = f"with {1e3 * delay:.0f} ms of network there and back" if delay else "as it is"
    where: dict[str, Any] = {"panel": "one key press on a slider", "series": task}
    for one in (*CONTESTANTS, FAR):
        turn = page.turn_outside(delay) if one is FAR else page.turn(one, delay)
        base = one is CONTESTANTS[0]
        yield Row("dragging", task, one.name, one.words, partial(_same, turn), one.needs, base=base, **where)


def _same(turn: Turn) -> Turn:
    return turn


@contextlib.contextmanager
def open_page(browser: Any = None) -> Iterator[Page]:
    """Start JupyterLab, a network and a browser, and show all contestants in a notebook.

    Args:
        browser: of Playwright's; one of its own when None.

    Raises:
        RuntimeError: if there is no browser to drive, saying what to install.
    """
    with contextlib.ExitStack() as stack:
        driven = browser or stack.enter_context(open_browser())
        folder = stack.enter_context(TemporaryDirectory())
        lab = JupyterLab(Path(folder))
        stack.callback(lab.close)
        network = stack.enter_context(SlowNetwork(lab.port))
        lab.door = network.port
        notebook = Notebook(driven.new_page(), lab, [""], name="bench.ipynb")
        stack.callback(notebook.close)
        notebook.resize(1280, 900)
        yield Page(notebook, network, [one for one in CONTESTANTS if not missing(one.needs)])


@contextlib.contextmanager
def open_browser() -> Iterator[Any]:
    """A Chromium without a window.

    Raises:
        RuntimeError: if there is none, or nothing to drive it with.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise RuntimeError("playwright not installed: pip install 'optlab-course[bench]'") from None
    with sync_playwright() as driver:
        try:
            chromium = driver.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        except Error:
            raise RuntimeError("no Chromium: install one, or set CHROMIUM to its path") from None
        yield chromium
        chromium.close()
