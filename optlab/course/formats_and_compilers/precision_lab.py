"""Lab: section 4's network in four number formats."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.formats_and_compilers.precision import EPOCHS, KINDS, RATES, InFormats, train_in_formats
from optlab.live.plots import BLUE, GREEN, ORANGE, PURPLE, nth, number

KIND = Param("kind", "", "format", tuple(KINDS), default="bfloat16")
RATE = Param("lr", "α", "learning rate", RATES, default=0.001)

LEARNT, LOW = 0.62, 0.04
"""Losses to get below."""
GOALS = (
    Goal("α = 0.001: a loss under 0.62", lambda run: run.loss[0, -1] < LEARNT, where={"lr": 0.001}),
    Goal(
        "bfloat16: a loss under 0.04, though three updates in ten are lost",
        lambda run: run.loss[0, -1] < LOW and run.lost[0] > 0.3,
        where={"kind": "bfloat16"},
    ),
)


@course_lab
def precision_lab(record: InFormats | None = None) -> Parts:
    """The network of section 4 in four number formats: its loss, and the updates that rounding loses.

    Args:
        record: from `formats_and_compilers.precision.train_in_formats`; trained now if left out.

    Source:
        P. Micikevicius et al., "Mixed precision training", 2018.
    """
    known = record or train_in_formats()
    plots = [losses(known), lost_updates(known)]
    return Parts((KIND, RATE), Table(known), plots, GOALS)


def losses(known: InFormats) -> Plot:
    """Training loss over the epochs in one format, with float64 beside it."""

    def exact(run: InFormats) -> np.ndarray:
        return known.find(run.settings | {"kind": np.full(len(run), "float64")}).loss

    def title(one: InFormats) -> str:
        ends = f"loss {number(one.loss[0, -1])}, float64 {number(exact(one)[0, -1])}"
        return f"{one.settings['kind'][0]}: {ends}\n{one.lost[0]:.0%} of the updates changed nothing"

    axes: dict[str, Any] = {"xlabel": "epoch", "ylabel": "training loss", "yscale": "log"}
    plot = Plot(film=Film("epoch"), legend=True, xlim=(0, EPOCHS), ylim=(0.02, 1), **axes)
    epochs = np.arange(EPOCHS + 1)
    goal_lines(plot, LOW, LEARNT)
    plot.line("this format", lambda run: run.loss, x=epochs, width=3)
    plot.line("float64", exact, BLUE, "--", x=epochs, width=1.6, role="other")
    plot.title(title)
    return plot


def lost_updates(known: InFormats) -> Plot:
    """The percentage of lost updates over the learning rate, for every format."""
    lost = 100 * known.lost.reshape(1, len(KINDS), len(RATES))

    def title(one: InFormats) -> str:
        here = one.setting(0)
        return f"α = {here['lr']:g}\n{here['kind']}: {100 * one.lost[0]:.0f} % of updates lost"

    axes: dict[str, Any] = {"xlabel": "learning rate α", "xscale": "log", "xlim": (7e-4, 1.4)}
    plot = Plot(legend=True, ylabel="updates that change nothing, %", ylim=(-4, 104), **axes)
    colors, styles = (BLUE, GREEN, ORANGE, PURPLE), ("--", ":", "-", "-.")
    for k, (kind, color, style, marker) in enumerate(zip(KINDS, colors, styles, "os^D", strict=True)):
        look: dict[str, Any] = {"x": RATES, "role": "theory", "marker": marker, "markersize": 5}
        plot.line(kind, nth(lambda _: lost, k), color, style, **look)
    plot.steers(x="lr")
    plot.here(lambda run: (run.settings["lr"], 100 * run.lost))
    plot.title(title)
    return plot
