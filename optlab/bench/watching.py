"""The watching race: what it costs a kernel to show the losses after every epoch.

Each turn trains section 4's network with the same plain loop in one Jupyter kernel. Its cost is the time that
the kernel's process computes (of all its threads: a message takes another), the making of the figure and its
last picture too, divided by the epochs.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from optlab import iris_pair
from optlab.bench.kernel import Kernel
from optlab.bench.loops import Problem, nobody, plain_loop
from optlab.bench.rows import Row, Turn

__all__ = ["IMPORTS", "WATCHES", "kernel_time", "watching_rows"]

IMPORTS = "%matplotlib inline\nimport optlab.bench.watching"

Watch = Callable[[int, list[float]], Any]

CURVES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


@contextlib.contextmanager
def nothing(epochs: int) -> Iterator[Watch]:
    """Watch nothing."""
    yield nobody


@contextlib.contextmanager
def livelossplot(epochs: int) -> Iterator[Watch]:
    """PlotLosses: update and send, its figure of the losses drawn anew."""
    from livelossplot import PlotLosses
    from livelossplot.outputs import MatplotlibPlot

    plot = PlotLosses(outputs=[MatplotlibPlot(max_cols=1, figsize=(6, 4))])

    def watch(epoch: int, values: list[float]) -> None:
        plot.update({"loss": values[0], "val_loss": values[1]})
        plot.send()

    yield watch


@contextlib.contextmanager
def animator(epochs: int) -> Iterator[Watch]:
    """As in Dive into Deep Learning: clear the axes, plot, display the figure, clear the output."""
    import matplotlib.pyplot as plt
    from IPython.display import clear_output, display

    figure, axes = plt.subplots(figsize=(3.5, 2.5))
    losses: list[list[float]] = [[], []]

    def watch(epoch: int, values: list[float]) -> None:
        axes.cla()
        for name, curve, value in zip(CURVES, losses, values, strict=False):
            curve.append(value)
            axes.plot(range(1, epoch + 1), curve, label=name)
        axes.set(xlabel="epoch", xlim=(1, epochs), ylim=(0, 1))
        axes.legend()
        axes.grid()
        display(figure)
        clear_output(wait=True)

    yield watch
    plt.close(figure)


@contextlib.contextmanager
def fastprogress(epochs: int) -> Iterator[Watch]:
    """A master_bar, and its update_graph after every epoch."""
    from fastprogress.fastprogress import NBMasterBar

    bar = NBMasterBar(range(epochs))
    steps = iter(bar)
    next(steps)
    losses: list[list[float]] = [[], []]

    def watch(epoch: int, values: list[float]) -> None:
        for curve, value in zip(losses, values, strict=False):
            curve.append(value)
        x = list(range(1, epoch + 1))
        bar.update_graph([[x, curve] for curve in losses], [1, epochs], [0, 1])
        next(steps, None)

    yield watch


@contextlib.contextmanager
def ipympl(epochs: int) -> Iterator[Watch]:
    """Two lines of a live figure get new data; the canvas draws and sends what has changed."""
    import matplotlib.pyplot as plt
    from IPython.display import display

    before = plt.get_backend()
    plt.switch_backend("module://ipympl.backend_nbagg")
    with plt.ioff():
        figure = plt.figure(figsize=(6, 4))
    plt.switch_backend(before)
    canvas: Any = figure.canvas
    axes = figure.add_subplot(xlabel="epoch", xlim=(1, epochs), ylim=(0, 1))
    lines = [axes.plot([], [], label=name)[0] for name in CURVES[:2]]
    axes.legend()
    display(canvas)
    canvas.syncing_data_url = False  # as with a page that listens: what changed is sent, and nothing else

    def watch(epoch: int, values: list[float]) -> None:
        for line, value in zip(lines, values, strict=False):
            x, y = line.get_data()
            line.set_data(np.append(x, epoch), np.append(y, value))
        canvas.draw()

    yield watch
    canvas.close()


@contextlib.contextmanager
def optlab(epochs: int) -> Iterator[Watch]:
    """LivePlot, told of every epoch; it sends at most 30 pictures a second."""
    from optlab.course.common.live_plot import LivePlot
    from optlab.engine.training.callbacks import EpochRecord
    from optlab.engine.training.history import CURVES as ALL

    plot = LivePlot()
    settings = {"lr": np.array([0.05])}

    def watch(epoch: int, values: list[float]) -> None:
        curves = dict.fromkeys(ALL, np.zeros(1, np.float32))
        curves |= {name: np.array([value], np.float32) for name, value in zip(CURVES, values, strict=True)}
        plot.on_epoch_end(EpochRecord(epoch, epochs, settings, curves, settings["lr"]))

    watch(0, [0.7, 0.7, 0.5, 0.5])
    yield watch
    plot.on_train_end(plot.history)
    plot.close()


WATCHES: dict[str, tuple[Callable[[int], Any], tuple[str, ...]]] = {
    "nothing": (nothing, ()),
    "livelossplot": (livelossplot, ("livelossplot",)),
    "D2L-style animator": (animator, ()),
    "fastprogress": (fastprogress, ("fastprogress",)),
    "ipympl": (ipympl, ("ipympl",)),
    "optlab, LivePlot": (optlab, ()),
}


def kernel_time(name: str, epochs: int) -> float:
    """Train and watch, in this process; milliseconds of computing an epoch.

    Args:
        name: a key of `WATCHES`.
        epochs: how long to train.
    """
    problem = Problem(iris_pair(), (4, 16, 2), 16, epochs)
    began = time.process_time()
    with WATCHES[name][0](epochs) as watch:
        plain_loop(problem, watch)
    return 1e3 * (time.process_time() - began) / epochs


def watching_rows(kernel: Kernel, epochs: int) -> list[Row]:
    """One row a watch, all in one kernel.

    Args:
        kernel: where they train.
        epochs: of each turn.
    """

    def ready(name: str) -> Callable[[], Turn]:
        code = f"optlab.bench.watching.kernel_time({name!r}, {epochs})"
        return lambda: lambda: float(kernel.value(code))

    return [
        Row(
            "watching",
            f"iris 4-16-2, batch 16, {epochs} epochs",
            name,
            (watch.__doc__ or "").strip().rstrip("."),
            ready(name),
            needs,
            base=name == "nothing",
        )
        for name, (watch, needs) in WATCHES.items()
    ]
