"""A network on two moons: its decision boundary, its losses, the validation curve over λ, its weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, Panel, clean_axes, number
from optlab.course.regularization.moons import NEAR_ZERO, Fits
from optlab.course.regularization.strength_axis import place, strength_axis
from optlab.engine.data.dataset import Dataset

__all__ = ["Boundary", "MoonLosses", "ValidationCurve", "WeightSizes"]

CERTAINTY = LinearSegmentedColormap.from_list(
    "certainty",
    [(0, "#5aa0d0"), (0.499, "#d9eaf5"), (0.5, "white"), (0.501, "#fbe3d3"), (1, "#e58a4e")],
)
"""Blue for the first class and orange for the second, the stronger the surer; white where they meet."""


class Boundary(Panel):
    """What the network answers everywhere; large the points it learnt from, small those it did not.

    Args:
        box: left, right, bottom and top of the picture.
        shape: rows and columns of the picture.
        data: for each number of samples the training points and, as its test part, the validation points.
    """

    def __init__(
        self,
        box: tuple[float, float, float, float],
        shape: tuple[int, int],
        data: dict[int, Dataset],
    ) -> None:
        self.figure, ax = clean_axes()
        self._data, most = data, max(data)
        ax.grid(visible=False)
        self.image = ax.imshow(
            np.full(shape, 0.5),
            cmap=CERTAINTY,
            vmin=0,
            vmax=1,
            extent=box,
            origin="lower",
            aspect="auto",
            interpolation="bilinear",
        )
        blank = np.full(most, np.nan)
        others = next(iter(data.values()))
        self.others = [
            ax.scatter(x, y, s=7, marker=m, c=color, alpha=0.6, zorder=2)
            for k, m, color in ((0, "o", BLUE), (1, "^", ORANGE))
            for x, y in [others.x_test[others.y_test == k].T]
        ]
        self.points = [
            ax.scatter(blank, blank, s=34, marker=m, c=color, edgecolors="white", linewidths=0.7, zorder=3)
            for m, color in (("o", BLUE), ("^", ORANGE))
        ]
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="x₁", ylabel="x₂", xlim=box[:2], ylim=box[2:])
        self.artists = (self.image, *self.others, *self.points, self.text)

    def show(self, result: Fits, row: int) -> str:
        """Draw one network."""
        data = self._data[int(result.settings["samples"][row])]
        self.image.set_array(result.field[row])
        for label, scatter in enumerate(self.points):
            scatter.set_offsets(data.x_train[data.y_train == label].numpy())
        seen, unseen = result.accuracy[row]
        self.text.set_text(f"right: {seen:.0%} of the large points, {unseen:.0%} of the small")
        return (
            f"{seen:.0%} of the training points are on the right side, {unseen:.0%} of the validation points."
        )


class MoonLosses(Panel):
    """Training and validation loss after every epoch, and the test loss at the end once it may be seen.

    Args:
        epochs: how many epochs the axis holds.
        top: the largest loss on the axis.
    """

    def __init__(self, epochs: int, top: float) -> None:
        self.figure, ax = clean_axes()
        x, blank = np.arange(epochs + 1), np.full(epochs + 1, np.nan)
        (self.train,) = ax.plot(x, blank, color=BLUE, linewidth=2, label="training loss")
        (self.validation,) = ax.plot(
            x, blank, color=ORANGE, linewidth=2, linestyle="--", label="validation loss"
        )
        (self.star,) = ax.plot(
            [np.nan], [np.nan], "*", color="gold", markeredgecolor="black", markersize=14, label="test loss"
        )
        self.star.set_clip_on(False)
        self.top = top
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="epoch", ylabel="loss", xlim=(0, epochs), ylim=(0, top))
        ax.legend(loc="upper left", frameon=False, fontsize=9)
        self.artists = (self.train, self.validation, self.star, self.text)
        self.fixed_x = (self.train, self.validation)
        self.grows = {self.train: 0, self.validation: 0}

    def show(self, result: Fits, row: int) -> str:
        """Draw one training."""
        train, validation = result.train_loss[row], result.validation_loss[row]
        self.train.set_ydata(train)
        self.validation.set_ydata(validation)
        test = result.test_loss[row] if opened(result, row) else np.nan
        self.star.set_data([len(train) - 1], [min(test, self.top)])
        words = f"training {train[-1]:.3f} · validation {validation[-1]:.3f}"
        self.text.set_text(words + (f" · test {test:.3f}" if opened(result, row) else ""))
        return f"Training loss ends at {number(train[-1])}, validation loss at {number(validation[-1])}."


def opened(result: Fits, row: int) -> bool:
    """Whether a setting may see the test points."""
    return "test" in result.settings and result.settings["test"][row] == "opened"


class ValidationCurve(Panel):
    """Loss at the end over every λ at once, and where the slider stands.

    Args:
        strengths: every λ of the axis.
        top: the largest loss on the axis.
    """

    def __init__(self, strengths: Sequence[float], top: float) -> None:
        self.figure, ax = clean_axes()
        self.strengths, self.top = strengths, top
        x = strength_axis(ax, strengths)
        blank = np.full(len(x), np.nan)
        looks = (("training", BLUE, "o-"), ("validation", ORANGE, "s--"), ("test", GREEN, "^-."))
        self.lines = [
            ax.plot(x, blank, style, color=color, linewidth=1.8, markersize=4, label=name)[0]
            for name, color, style in looks
        ]
        (self.here,) = ax.plot([np.nan] * 2, [0, top], color="black", linewidth=1.2, label="_here")
        (self.best,) = ax.plot(
            [np.nan],
            [np.nan],
            "o",
            color="none",
            markeredgecolor="black",
            markersize=12,
            markeredgewidth=1.6,
            label="_best",
        )
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(ylabel="loss at the end", ylim=(0, top))
        ax.legend(loc="upper center", frameon=False, fontsize=9, ncols=3, columnspacing=1.2)
        self.artists = (*self.lines, self.here, self.best, self.text)
        self.fixed_x = tuple(self.lines)

    def show(self, result: Fits, row: int) -> str:
        """Draw the curves of this row's penalty and samples, and mark its λ."""
        curves, strength = result.curves[row], float(result.settings["strength"][row])
        seen = opened(result, row)
        for line, curve in zip(self.lines, curves, strict=False):
            line.set_ydata(curve)
        if not seen:
            self.lines[2].set_ydata(np.full(len(self.strengths), np.nan))
        self.here.set_xdata([place(strength, self.strengths)] * 2)
        best = int(np.nanargmin(curves[1]))
        least = self.strengths[best]
        self.best.set_data([place(least, self.strengths)], [min(curves[1, best], self.top)])
        words = f"validation is least at λ = {number(least)} ◯"
        self.text.set_text(words + (f": test {curves[2, best]:.3f}" if seen else ""))
        return f"The slider stands at λ = {number(strength)}; validation loss is least at {number(least)}."


class WeightSizes(Panel):
    """The size of every weight, largest first, on a log axis; and the norm of them all.

    Args:
        weights: how many there are.
        limits: the smallest and the largest size on the axis.
    """

    def __init__(self, weights: int, limits: tuple[float, float]) -> None:
        self.figure, ax = clean_axes()
        self.least = limits[0]
        ax.axhspan(limits[0], NEAR_ZERO, color=GREY, alpha=0.15, linewidth=0)
        ax.text(weights * 0.02, NEAR_ZERO / 1.3, "as good as 0", color=GREY, fontsize=8.5, va="top")
        (self.sizes,) = ax.plot(
            np.arange(1, weights + 1), np.full(weights, np.nan), "o", color=PURPLE, markersize=3.5
        )
        self.sizes.set_label("size of the weight")
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="weights, the largest first", ylabel="size |w|", xlim=(0, weights + 1), yscale="log")
        ax.set_ylim(limits)
        self.artists, self.fixed_x = (self.sizes, self.text), (self.sizes,)

    def show(self, result: Fits, row: int) -> str:
        """Draw one network's weights; those below the axis stand on its floor."""
        sizes = np.sort(np.abs(result.weights[row]))[::-1]
        self.sizes.set_ydata(np.maximum(sizes, self.least * 1.15))
        norm, zeros = result.weight_norm[row, -1], int(result.zeros[row])
        words = f"weight norm {norm:.2f} · {zeros} of {len(sizes)} weights as good as 0"
        self.text.set_text(words)
        return f"{words.capitalize()}."
