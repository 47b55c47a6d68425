"""A trained network with more and more removed: its matrix, its accuracy, its time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab.course.background.pruning import AMOUNTS, PIXELS, WAYS, WIDTH, Pruned, pruned
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["pruning_lab"]

PROGRAM = Program(Path(__file__).with_name("pruning_program.py"))
MS = 1e3

WAY = Param("way", "", "remove the", WAYS, WAYS[0])
AMOUNT = Param("amount", "", "share removed", AMOUNTS, default=0.8)
PRUNING_GOALS = (
    Goal(
        "remove half of the weights, lose less than 1 % of the answers",
        lambda run: run.settings["amount"][0] >= 0.5 and run.accuracy[0] > pruned().accuracy[0] - 0.01,
    ),
    Goal(
        "half of the time, and still 90 % right",
        lambda run: run.seconds[0] < pruned().seconds[0] / 2 and run.accuracy[0] > 0.9,
    ),
)
BY_WAY = (
    Series(WAYS[0], BLUE, "-", marker="o", size=4),
    Series(WAYS[1], GREY, ":", marker="x", size=4),
    Series(WAYS[2], GREEN, "--", marker="s", size=4),
)


def pruning_lab(**options: Any) -> Lab:
    """A trained network with more and more removed: its matrix, its accuracy, and its measured time.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `way` and `amount`; its results are `Pruned`.

    Source:
        The article, section 1: pruning of the network structure.
    """
    known = pruned()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Pruned:
        return known.find(settings)

    lines = [(series, known.select(way=series.label)) for series in BY_WAY]
    axes: dict[str, Any] = {"xlabel": "share removed", "xlim": (-0.02, 1.0)}
    accuracy = Lines(
        [],
        [],
        _accuracy_of_pruned,
        still=[(s, AMOUNTS, r.accuracy) for s, r in lines],
        legend="lower left",
        ylabel="test accuracy",
        ylim=(0, 1.02),
        **axes,
    )
    time = Lines(
        [],
        [],
        _time_of_pruned,
        still=[(s, AMOUNTS, r.seconds * MS) for s, r in lines],
        legend="lower left",
        ylabel="time for 599 digits, ms",
        ylim=(0, known.seconds.max() * MS * 1.25),
        **axes,
    )
    given: dict[str, Any] = {
        "goals": PRUNING_GOALS,
        "program": PROGRAM,
    }
    return Lab((WAY, AMOUNT), run, [MatrixPicture(), accuracy, time], **(given | options))


def _accuracy_of_pruned(run: Pruned, row: int) -> Drawn:
    amount, right = float(run.settings["amount"][row]), float(run.accuracy[row])
    title = f"{amount:.0%} of the {str(run.settings['way'][row]).split()[1]} removed: {right:.1%} right"
    return Drawn([], f"{title}\nwhole network: {pruned().accuracy[0]:.1%}", (amount, right))


def _time_of_pruned(run: Pruned, row: int) -> Drawn:
    share = run.seconds[row] / pruned().seconds[0]
    title = f"measured: {share:.0%} of the whole network's time"
    left = run.parameters[row] / pruned().parameters[0]
    here = float(run.settings["amount"][row]), float(run.seconds[row]) * MS
    return Drawn([], f"{title}\nparameters that are not 0: {left:.0%}", here)


FILLED = LinearSegmentedColormap.from_list("filled", ["#eeeeee", BLUE]).with_extremes(bad="white")


class MatrixPicture(Panel):
    """The middle matrix of a pruned network: blue where weights are, pale where they are 0."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        ax.grid(visible=False)
        self.image = ax.imshow(
            np.zeros((PIXELS, PIXELS)),
            cmap=FILLED,
            vmin=0,
            vmax=1,
            extent=(0, WIDTH, WIDTH, 0),
            interpolation="nearest",
            aspect="auto",
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="from neuron", ylabel="to neuron")
        self.artists = (self.image, self.text)

    def show(self, result: Pruned, row: int) -> str:
        """Draw one network's matrix, and say what is left."""
        picture = result.picture[row]
        self.image.set_array(np.ma.masked_invalid(picture))
        side = round(float(np.isfinite(picture).mean()) ** 0.5 * WIDTH)
        left = f"{int(result.parameters[row]):,} parameters are not 0"
        shape = "the matrix is as large as ever" if side == WIDTH else "the matrix is smaller"
        self.text.set_text(f"{left}\n{shape}")
        return f"{left}; {shape}."
