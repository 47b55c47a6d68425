"""The lab in a page: cells that the browser tests and the benchmark run, and what they wait for."""

import json
import time

import numpy as np

# ---------------------------------------------------------------- cells

IMPORTS = """
import gc, json, threading, time
import optlab
from optlab.course.labs import training_lab

data = optlab.iris_pair()
"""

LAB = "lab = training_lab(data)\nlab"

# all that one slider can reach by itself is trained, and sent to the browser
AXES_TRAINED = """
axes = set(lab.grid.axes_through(lab.grid.default))
while not axes <= lab.figures[0].slots:
    time.sleep(0.02)
print(json.dumps({"shape": lab.grid.shape, "default": lab.grid.indices(lab.grid.default)}))
"""

COMPUTING = """
end = time.time() + 600
while time.time() < end:
    sum(range(1000))
"""

ASLEEP = "time.sleep(600)"

TIMED = """
def timed(do):  # in ms
    begun = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - begun)
"""

# one training by autograd, batch after batch: what a setting costs whoever has no lab
OWN_LOOP = f"{TIMED}\nprint(timed(lambda: optlab.train(data, engine='autograd')))"

# what most notebooks do: train and plot anew for every position of the slider
INTERACT = """
%matplotlib inline
import ipywidgets
import matplotlib.pyplot as plt
from optlab.params import LR

def curves(lr):
    history = optlab.train(data, lr=lr, delta=0.1, p=1.0, batch_size=16, l2=0.01)
    figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.2))
    axes[0].plot(history.train_loss[0], label="training loss")
    axes[0].plot(history.test_loss[0], "--", label="test loss")
    axes[0].set(xlabel="epoch", ylabel="loss", ylim=(0, 1.2))
    axes[0].legend()
    axes[1].semilogy(history.lr[0])
    axes[1].set(xlabel="epoch", ylabel="learning rate", ylim=(1e-4, 20))
    plt.show()

ipywidgets.interact(curves, lr=ipywidgets.SelectionSlider(options=LR.values, value=LR.default));
"""

# What LivePlot costs, in the kernel's own time (of all its threads): a training with it less one without,
# apart from building the figure before the first epoch and storing its picture after the last.
LIVE_PLOT = """
from statistics import mean, median
from optlab.course.common.live_plot import LivePlot

class Timed(LivePlot):
    def on_epoch_end(self, record):
        wall, cpu = time.perf_counter(), time.process_time()
        super().on_epoch_end(record)
        if record.epoch == 0:
            self.once = time.process_time() - cpu
        else:
            inside.append(1000 * (time.perf_counter() - wall))

    def on_train_end(self, history):
        cpu = time.process_time()
        super().on_train_end(history)
        self.once += time.process_time() - cpu

def seconds(*callbacks):
    begun = time.process_time()
    optlab.train(data, lr=0.1, callbacks=callbacks)
    return time.process_time() - begun

def redraw(plot):  # what an inline figure and clear_output do at every epoch
    begun = time.process_time()
    plot.figure.png()
    return time.process_time() - begun

inside, watched, once, epoch, redrawn = [], [], [], [], []
for _ in range(5):  # other programs can only make a run longer, so the shortest of each are compared
    plot = Timed()
    epoch.append(10 * seconds())  # ms each of 100 epochs
    watched.append(10 * (seconds(plot) - plot.once))
    once.append(1000 * plot.once)
    redrawn.append(1000 * redraw(plot))
print(json.dumps({"epochs": len(inside), "inside": mean(inside), "added": min(watched) - min(epoch),
                  "once": median(once), "epoch": min(epoch), "redrawn": median(redrawn)}))
"""

# ---------------------------------------------------------------- the page

CANVAS = ".optlab-figure canvas[role=img]"


FRAMES = """async (n) => {
    const gaps = [];
    for (let before = performance.now(), now; gaps.length < n; before = now) {
        await new Promise(requestAnimationFrame);
        now = performance.now();
        gaps.push(now - before);
    }
    return gaps;
}"""


def display_frame(page):
    """How long a display frame takes while nothing is drawn, in ms: what a repaint is held against."""
    return float(np.median(page.evaluate(FRAMES, 20)))


def open_lab(open_notebook, *cells, lab=LAB, **window):
    """A notebook with the lab in its cell 1, run and shown; `cells` are the cells after it."""
    notebook = open_notebook([IMPORTS, lab, *cells], **window)
    notebook.run_cell(0)
    notebook.run_cell(1)
    notebook.page.wait_for_selector(f"{CANVAS}[data-slot]")
    return notebook


def wait_for_text(notebook, cell, text, seconds=20):
    """Run a cell until it prints a text: the cell may overtake what the page has told the kernel."""
    deadline = time.monotonic() + seconds
    while True:
        notebook.run_cell(cell)
        if notebook.text(cell).strip() == text or time.monotonic() > deadline:
            assert notebook.text(cell).strip() == text
            return


def handle(notebook, k):
    """What takes the keyboard focus on slider k."""
    return notebook.page.locator(".optlab-control .noUi-handle").nth(k)


def box_of(notebook, cell):
    """Run `AXES_TRAINED` and return how many stops each slider has, and where it stands by default."""
    notebook.run_cell(cell)
    box = json.loads(notebook.text(cell))
    wait_for_slot(notebook, np.ravel_multi_index(box["default"], box["shape"]))
    return box["shape"], box["default"]


def wait_for_slot(notebook, slot, figures=2, patience=20_000):
    """Wait until every figure shows a slot, not dimmed."""
    shown = """([css, slot, n]) => [...document.querySelectorAll(css)].filter((canvas) =>
        canvas.dataset.slot === String(slot) && !canvas.matches(".optlab-waiting")).length === n"""
    notebook.page.wait_for_function(shown, arg=[CANVAS, int(slot), figures], timeout=patience)


def wait_until_settled(notebook, patience=20_000):
    """Wait until the picture is the whole training of where the sliders stand."""
    done = """(css) => !document.querySelector(`${css}.optlab-waiting`)
        && /100 epochs|diverged/.test(document.querySelector(css)?.ariaLabel)"""
    notebook.page.wait_for_function(done, arg=CANVAS, timeout=patience)
