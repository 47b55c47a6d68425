"""The dragging race: how long after a key press on a slider the picture has changed, in a real JupyterLab.

All contestants stand in one notebook, in one page of one browser, and take turns with one key press each. A
key press trains section 4's network at the slider's new rate with `optlab.train`, whoever draws it. Between
browser and server there is a network whose delay can be set; the page stays the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from optlab.bench.jupyter_lab import CHROMIUM_ARGS, JupyterLab, Notebook, find_chromium
from optlab.bench.key_presses import Presses, time_presses
from optlab.bench.rows import Row, Turn, missing
from optlab.bench.slow_network import SlowNetwork

__all__ = ["CONTESTANTS", "DELAYS", "Contestant", "Page", "dragging_rows", "open_page"]

DELAYS = (0.0, 0.150)
"""Seconds from the browser to the server and back."""

TO_AND_FRO = ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")
"""From a rate of 0.1 to 0.32 and back: at each the curves are others, and on the picture."""

FAR_AWAY = ((4, "Home"), (1, "Home"), (2, "End"), (4, "End"), (1, "End"), (2, "Home"))
"""Where else a slider goes before the rate does: to a place that no axis through the default meets."""

SETUP = """
%matplotlib inline
import ipywidgets, itertools, numpy as np
import matplotlib.pyplot as plt
import optlab
from IPython.display import display
from optlab.course.labs import training_lab
from optlab.params import LR

data, epochs, seeds = optlab.iris_pair(), np.arange(101), itertools.count(1)

def losses(lr):
    history = optlab.train(data, lr=lr, l2=0.01, engine="compiled")
    return history.train_loss[0], history.test_loss[0]

losses(0.1)  # the first time on a machine it is compiled

def slider():
    return ipywidgets.SelectionSlider(options=LR.values, value=LR.default, description="lr")

def show(update, picture):
    rate = slider()
    rate.observe(lambda change: update(change.new), "value")
    display(ipywidgets.VBox([rate, picture]))
"""

INTERACT = """
def curves(lr):
    figure, axes = plt.subplots(figsize=(6, 4))
    for loss, name in zip(losses(lr), ("training loss", "test loss")):
        axes.plot(epochs, loss, label=name)
    axes.set(xlabel="epoch", ylim=(0, 1.2))
    axes.legend()
    plt.show()

ipywidgets.interact(curves, lr=slider());
"""

IPYMPL = """
from matplotlib._pylab_helpers import Gcf
%matplotlib widget
with plt.ioff():
    figure = plt.figure(figsize=(6, 4))
%matplotlib inline
Gcf.figs.pop(figure.number)  # the inline figure above closes all that pyplot knows
axes = figure.add_subplot(xlabel="epoch", ylim=(0, 1.2))
lines = [axes.plot(epochs, 0 * epochs, label=name)[0] for name in ("training loss", "test loss")]
axes.legend()

def update_ipympl(lr):
    for line, loss in zip(lines, losses(lr)):
        line.set_ydata(loss)
    figure.canvas.draw()

show(update_ipympl, figure.canvas)
"""

PLOTLY = """
import plotly.graph_objects as go

names = ("training loss", "test loss")
chart = go.FigureWidget([go.Scatter(x=epochs, y=0 * epochs, name=name) for name in names])
chart.update_layout(width=600, height=400, yaxis_range=(0, 1.2), xaxis_title="epoch")

def update_plotly(lr):
    with chart.batch_update():
        for line, loss in zip(chart.data, losses(lr)):
            line.y = loss

show(update_plotly, chart)
"""

BQPLOT = """
import bqplot

scales = {"x": bqplot.LinearScale(), "y": bqplot.LinearScale(min=0, max=1.2)}
line = bqplot.Lines(x=epochs, y=[0 * epochs] * 2, scales=scales, labels=["training loss", "test loss"])
axes = [bqplot.Axis(scale=scales["x"], label="epoch"), bqplot.Axis(scale=scales["y"], orientation="vertical")]
drawing = bqplot.Figure(marks=[line], axes=axes, animation_duration=0)

def update_bqplot(lr):
    line.y = np.array(losses(lr))

show(update_bqplot, drawing)
"""

INSIDE = """
lab = training_lab(data, hide=["delta", "p", "batch_size", "l2"])
lab
"""

OUTSIDE = """
far = training_lab(data, seed=next(seeds))  # what earlier ones have trained is of no use to it
far
"""

TRAINED = """
import time
while not set(range(lab.grid.size)) <= lab.figures[0].slots:
    time.sleep(0.02)
"""


@dataclass(frozen=True)
class Contestant:
    """One way to let a slider change a picture.

    Args:
        name: of the row.
        words: what it does.
        cell: what the notebook's cell holds.
        picture: CSS selector of the picture in the cell's output.
        needs: modules of other projects.
    """

    name: str
    words: str
    cell: str
    picture: str
    needs: tuple[str, ...] = ()


CANVAS = ".optlab-figure canvas[role=img]"
CONTESTANTS = (
    Contestant("interact", "ipywidgets.interact; plt.plot and plt.show, an inline figure", INTERACT, "img"),
    Contestant(
        "ipympl",
        "set_ydata and canvas.draw of a live matplotlib figure",
        IPYMPL,
        ".jupyter-matplotlib canvas",
        needs=("ipympl",),
    ),
    Contestant(
        "plotly",
        "FigureWidget, both lines in one batch_update",
        PLOTLY,
        ".scatterlayer",
        needs=("plotly",),
    ),
    Contestant("bqplot", "Lines.y, no animation", BQPLOT, ".svg-figure", needs=("bqplot",)),
    Contestant("optlab, inside the table", "training_lab where all settings are trained", INSIDE, CANVAS),
)
FAR = Contestant(
    "optlab, outside the table",
    "training_lab, new for each turn, at a setting it has not trained: until the whole curve is there",
    OUTSIDE,
    CANVAS,
)


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
                self._pressed(FAR, far, key)
                presses = self._pressed(FAR, 0, next(self.keys[FAR]))
                self.run(len(self.cells) + 1)
                if presses.dimmed == [True]:  # it had to be trained
                    return presses.shown[0]
            raise RuntimeError("the lab had trained every setting that was tried")

        return turn

    def _pressed(self, one: Contestant, slider: int, key: str) -> Presses:
        page, picture = self.notebook.page, self._picture(one)
        self.bring_into_view(one)
        handle = page.locator(f"#bench-{self.cells[one]} .noUi-handle").nth(slider)
        presses = time_presses([(handle, key)], picture=picture, patience=20_000, whole=True)
        if not presses.shown:
            raise RuntimeError(f"a key press has not changed the picture of {one.name}")
        return presses

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
def open_page() -> Iterator[Page]:
    """Start JupyterLab, a network and a browser, and show all contestants in a notebook.

    Raises:
        RuntimeError: if there is no browser to drive, saying what to install.
    """
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(open_browser())
        folder = stack.enter_context(TemporaryDirectory())
        lab = JupyterLab(Path(folder))
        stack.callback(lab.close)
        network = stack.enter_context(SlowNetwork(lab.port))
        lab.door = network.port
        notebook = Notebook(browser.new_page(), lab, [""], name="bench.ipynb")
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
        raise RuntimeError("playwright not installed: pip install 'optlab[bench]'") from None
    with sync_playwright() as driver:
        try:
            chromium = driver.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        except Error:
            raise RuntimeError("no Chromium: install one, or set CHROMIUM to its path") from None
        yield chromium
        chromium.close()
