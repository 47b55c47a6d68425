"""Pictures of section 1: a matrix that is being pruned, digits as a network sees them, a bowl from above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab.course.background.pruning import PIXELS, WIDTH, Pruned
from optlab.course.common.old_panel import BLUE, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP

__all__ = ["BowlFromAbove", "DigitSheet", "MatrixPicture"]

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


class BowlFromAbove(Panel):
    """A line of equal loss along the flattest and the steepest direction: a circle is easy, a needle hard."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._angle = np.linspace(0, 2 * np.pi, 241)
        blank = np.full(241, np.nan)
        ax.plot(
            np.cos(self._angle), np.sin(self._angle), color=GREY, linestyle=":", linewidth=1.2, label="κ = 1"
        )
        (self.ring,) = ax.plot(blank, blank, color=BLUE, linewidth=2.4, label="equal loss")
        (self.least,) = ax.plot(
            [0], [0], "+", color=ORANGE, markersize=11, markeredgewidth=2.5, label="the least"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="flattest direction", ylabel="steepest direction", xlim=(-1.2, 2.4), ylim=(-1.1, 1.1))
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)
        self.artists = (self.ring, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw one row's bowl; the flattest direction is as long as the axis."""
        condition = float(result.condition[row])
        self.ring.set_data(np.cos(self._angle), np.sin(self._angle) / condition**0.5)
        words = f"condition number κ = {number(condition)}"
        shape = f"{number(condition**0.5)} × as long as wide"
        self.text.set_text(f"{words}\nthe bowl is {shape}")
        return f"{words}; the bowl is {shape}."
