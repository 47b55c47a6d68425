"""Moved digits: accuracy over how far the training digits were moved, and what a network sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from optlab.course.background.augmentation import MOVES, SIZES, TEST_MOVES, Augmented, augmented, moved
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.engine.data.digits import digits
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["augmentation_lab"]

PROGRAM = Program(Path(__file__).with_name("augmentation_program.py"))
SAMPLES = Param("samples", "n", "training digits", SIZES, default=200)
MOVE = Param("move", "", "training moves", MOVES, default=0.0, unit="pixels")
TEST_MOVE = Param("test_move", "", "test moves", TEST_MOVES, default=1.0, unit="pixels")


AUGMENTATION_GOALS = (
    Goal(
        "200 digits, tested on moved ones (1 pixel): over 70 % right",
        lambda run: (
            run.settings["samples"][0] == 200 and run.settings["test_move"][0] == 1 and run.accuracy[0] > 0.7
        ),
    ),
    Goal(
        "moving the training digits costs 10 % of the answers",
        lambda run: run.accuracy[0] < run.over_moves[0, 0] - 0.1,
    ),
)


def augmentation_lab(**options: Any) -> Lab:
    """Digits moved anew each time they are seen in training: accuracy on moved test digits.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `samples`, `move` and `test_move`; its results are `Augmented`.

    Source:
        The article, section 1: data augmentation.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Augmented:
        return augmented(settings)

    sheets = [
        DigitSheet(*_sheet("move", "in training, anew each time")),
        DigitSheet(*_sheet("test_move", "in the test")),
    ]
    curve = Lines(
        MOVES,
        [Series("this test", "black", "-", 2.4, "o"), Series("without moving", BLUE, "--", 1.4)],
        _moved_accuracy,
        legend="lower right",
        xlabel="training digits moved by up to, pixels",
        ylabel="test accuracy",
        xlim=(-0.05, 2.05),
        ylim=(0, 1.02),
    )
    given: dict[str, Any] = {
        "goals": AUGMENTATION_GOALS,
        "program": PROGRAM,
    }
    return Lab((SAMPLES, MOVE, TEST_MOVE), run, [curve, *sheets], **(given | options))


def _sheet(name: str, where: str) -> tuple[Any, Any]:
    """24 digits as they are moved; and the title of the sheet."""
    way = torch.rand(24, 2, generator=torch.Generator().manual_seed(1)) * 2 - 1

    def images(run: Augmented, row: int) -> np.ndarray:
        return moved(digits().x_train[:24], way * float(run.settings[name][row])).numpy()

    def title(run: Augmented, row: int) -> str:
        far = float(run.settings[name][row])
        moved = "moved by up to 1 pixel" if far == 1 else f"moved by up to {far:g} pixels"
        return f"{where}:\n" + (moved if far else "as they are")

    return images, title


def _moved_accuracy(run: Augmented, row: int) -> Drawn:
    right, move = run.over_moves[row], float(run.settings["move"][row])
    here = float(run.accuracy[row])
    best = MOVES[int(right.argmax())]
    title = f"{here:.1%} right; without moving {right[0]:.1%}\nbest here: moved by up to {best:g}"
    return Drawn([right, np.full(len(MOVES), right[0])], title, (move, here))


class DigitSheet(Panel):
    """A sheet of digits as a network gets to see them.

    Args:
        sheet: `sheet(result, row)` gives the images, `(rows · columns, 64)`, ink from −0.5 to 0.5.
        rows: how many rows of images.
        columns: how many columns.
        title: `title(result, row)`, above the sheet.
    """

    def __init__(
        self,
        sheet: Callable[[Any, int], np.ndarray],
        title: Callable[[Any, int], str],
        rows: int = 4,
        columns: int = 6,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(left=0.05, right=0.95, bottom=0.05, top=TOP)
        self._sheet, self._title, self._shape = sheet, title, (rows, columns)
        ax.set_axis_off()
        self.image = ax.imshow(
            np.zeros((rows * 9, columns * 9)), cmap="gray_r", vmin=-0.5, vmax=0.5, interpolation="nearest"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        self.artists = (self.image, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw the sheet of one row."""
        rows, columns = self._shape
        images = np.pad(
            self._sheet(result, row).reshape(rows, columns, 8, 8), [(0, 0), (0, 0), (0, 1), (0, 1)]
        )
        images[:, :, 8, :] = images[:, :, :, 8] = -0.2
        self.image.set_array(images.transpose(0, 2, 1, 3).reshape(rows * 9, columns * 9))
        title = self._title(result, row)
        self.text.set_text(title)
        return title.replace("\n", "; ")
