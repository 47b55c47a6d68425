"""The contestants of the dragging race: what a notebook's cell holds, and what of its output changes.

All train section 4's network at the rate of the slider, by the same call; they differ in who draws.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONTESTANTS", "FAR", "SETUP", "TRAINED", "Contestant"]

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
