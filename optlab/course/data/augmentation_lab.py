"""Moved digits: accuracy over how far the training digits were moved, and what a network sees."""

from functools import cache
from typing import Any

import numpy as np
import torch

from optlab import Goal, Param, Plot, Table, each
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.data.augmentation import MOVES, SIZES, TEST_MOVES, augmented, moved
from optlab.engine.data.digits import digits
from optlab.live.plots import BLUE

SAMPLES = Param("samples", "n", "training digits", SIZES, default=200)
MOVE = Param("move", "", "training moves", MOVES, default=0.5, unit="pixels")
TEST_MOVE = Param("test_move", "", "test moves", TEST_MOVES, default=1.0, unit="pixels")
ACCURATE = 0.7
GOALS = (
    Goal(
        "n = 200, test moves 1 pixel: an accuracy over 70 %",
        lambda run: run.accuracy[0] > ACCURATE,
        where={"samples": 200, "test_move": 1.0},
    ),
    Goal(
        "moving the training digits costs 10 % of accuracy",
        lambda run: run.accuracy[0] < run.over_moves[0, 0] - 0.1,
    ),
)
ROWS, COLUMNS = 4, 6
"""Of digits on a sheet."""


@course_lab
def augmentation_lab() -> Parts:
    """Digits moved anew each time they are seen in training: accuracy on moved test digits.

    Source:
        The article, section 1: data augmentation.
    """
    plots = [accuracy(), sheet("move", "in training, anew each time"), sheet("test_move", "in the test")]
    return Parts([SAMPLES, MOVE, TEST_MOVE], Table(augmented), plots, GOALS)


def accuracy() -> Plot:
    """Accuracy on the test digits over how far the training digits were moved."""
    axes: dict[str, Any] = {"xlim": (-0.05, 2.05), "ylim": (0.2, 1), "legend": True}
    plot = Plot(xlabel="training digits moved by up to, pixels", ylabel="test accuracy", **axes)
    goal_lines(plot, ACCURATE)
    plot.line("this test", lambda r: r.over_moves, "black", x=MOVES, width=2.4, marker="o", markersize=5)
    unmoved = [0] * len(MOVES)
    plot.line(
        "without moving", lambda r: r.over_moves[:, unmoved], BLUE, "--", x=MOVES, role="theory", width=1.4
    )
    plot.steers(x="move")
    plot.here(lambda r: (r.settings["move"], r.accuracy))
    plot.title(
        lambda one: (
            f"accuracy {one.accuracy[0]:.1%}; without moving {one.over_moves[0, 0]:.1%}\n"
            f"best here: moved by up to {MOVES[int(one.over_moves[0].argmax())]:g}"
        )
    )
    return plot


def sheet(name: str, where: str) -> Plot:
    """A sheet of digits as a network gets to see them.

    Args:
        name: the slider that says how far they are moved, in pixels.
        where: what the sheet is, for its title.

    Returns:
        A plot of `Augmented`.
    """
    plot = Plot()
    plot.figure.subplots_adjust(left=0.05, right=0.95, bottom=0.05)
    plot.ax.set_axis_off()
    look: dict[str, Any] = {
        "cmap": "gray_r",
        "vmin": -0.5,
        "vmax": 0.5,
        "interpolation": "nearest",
        "aspect": "equal",
    }
    plot.image(each(lambda one: _digits(one.setting(0)[name])), (ROWS * 9, COLUMNS * 9), **look)
    plot.title(lambda one: f"{where}:\n{_how_far(one.setting(0)[name])}")
    return plot


@cache
def _digits(far: float) -> np.ndarray:
    """24 digits moved by up to so many pixels, with lines between them, `(ROWS · 9, COLUMNS · 9)`."""
    way = torch.rand(ROWS * COLUMNS, 2, generator=torch.Generator().manual_seed(1)) * 2 - 1
    images = moved(digits().x_train[: ROWS * COLUMNS], way * far).numpy().reshape(ROWS, COLUMNS, 8, 8)
    framed = np.pad(images, [(0, 0), (0, 0), (0, 1), (0, 1)], constant_values=-0.2)
    return framed.transpose(0, 2, 1, 3).reshape(ROWS * 9, COLUMNS * 9)


def _how_far(far: float) -> str:
    if not far:
        return "as they are"
    return "moved by up to 1 pixel" if far == 1 else f"moved by up to {far:g} pixels"
