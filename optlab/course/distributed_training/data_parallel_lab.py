"""Lab: where two workers are faster than one."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.distributed_training.cluster import run_cluster
from optlab.course.distributed_training.data_parallel import BATCHES, WIDTHS, StepTimes
from optlab.live.plots import BLUE, GREEN, ORANGE, bars, nth

WIDTH = Param("width", "", "hidden units", WIDTHS, default=WIDTHS[0])
BATCH = Param("batch", "B", "batch size", BATCHES, default=BATCHES[0])

GOALS = (
    Goal(
        "1024 hidden units: two workers are faster than one",
        lambda run: run.speedup[0] > 1,
        where={"width": 1024},
    ),
)


@course_lab
def data_parallel_lab(record: StepTimes | None = None) -> Parts:
    """A step's time on one worker and on two, against width and batch size, measured beforehand.

    Args:
        record: `run_cluster().steps`, of `distributed_training.cluster`; measured now if left out.

    Source:
        J. Dean et al., "Large scale distributed deep networks", 2012.
    """
    known = record or run_cluster().steps
    return Parts((WIDTH, BATCH), Table(known), [step_bars(known), speedups(known)], GOALS)


def step_bars(known: StepTimes) -> Plot:
    """How long a step takes one worker and two, and what two spend it on."""

    def milliseconds(run: StepTimes) -> np.ndarray:
        alone, half, mean = 1e3 * run.seconds.T
        return np.stack([alone, half + mean, half, mean], axis=1)

    def title(one: StepTimes) -> str:
        alone, both = milliseconds(one)[0, :2]
        faster = alone / both
        words = f"{faster:.2g} times as fast" if faster > 1 else f"{1 / faster:.2g} times slower"
        here = one.setting(0)
        return f"{here['width']} hidden units, batch of {here['batch']}\ntwo are {words}"

    shown = milliseconds(known)
    return bars(
        ["one worker", "two workers", "… their halves", "… the mean"],
        milliseconds,
        lambda one: [f"{value:.3g} ms" for value in milliseconds(one)[0]],
        title,
        limits=(shown.min() / 3, 3 * shown.max()),
        xlabel="milliseconds a step",
    )


def speedups(known: StepTimes) -> Plot:
    """How many times as fast two workers are, over the batch size, for each width."""
    axes: dict[str, Any] = {"xlabel": "batch size", "ylabel": "times as fast as one"}
    limits: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (12, 1400)}
    limits["ylim"] = min(0.1, known.speedup.min() / 1.3), max(4, known.speedup.max() * 1.3)
    plot = Plot(legend=True, **axes, **limits)
    plot.ax.axhline(1, color="black", linestyle=":", linewidth=1.2)
    table = known.speedup.reshape(1, len(WIDTHS), len(BATCHES))
    looks = zip(WIDTHS, (BLUE, ORANGE, GREEN), ("-", "--", "-."), "os^", strict=True)
    for k, (width, color, style, marker) in enumerate(looks):
        look: dict[str, Any] = {"x": BATCHES, "role": "theory", "marker": marker, "markersize": 5}
        plot.line(f"{width} hidden units", nth(lambda _: table, k), color, style, **look)
    plot.steers(x="batch")
    plot.here(lambda run: (run.settings["batch"], run.speedup))
    best, worst = known.speedup.max(), known.speedup.min()
    words = f"at best {best:.2g} times as fast, at worst {worst:.2g}"
    more = "; above 2 the machine was busy" if best > 2.2 else ""
    plot.title(lambda _: f"above 1, two workers pay{more}\n{words}")
    for ticks, values in ((plot.ax.set_xticks, BATCHES), (plot.ax.set_yticks, (0.1, 0.2, 0.5, 1, 2, 4, 8))):
        ticks(values, [f"{value:g}" for value in values])
        ticks([], minor=True)
    return plot
