"""The gradients of random batches: as a cloud around the full gradient, and their noise against the law."""

from __future__ import annotations

from typing import Any

import numpy as np

from optlab.course.batch_gradient_descent.gradients import BATCHES, DRAWS, gradients_after
from optlab.course.common.old_panel import BLUE, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP
from optlab.engine.analysis.sampling_noise import ellipse

__all__ = ["GradientCloud", "NoiseLaw"]

SHOWN = 256
"""Dots in the cloud."""
WRONG = "#f7d9c4"


class GradientCloud(Panel):
    """256 random batches: the gradient of each, seen along the full gradient and across it.

    All is in lengths of the full gradient, so that it ends at 1. What lies left of 0 points the wrong way.
    """

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        blank = np.full(SHOWN, np.nan)
        ax.axvspan(-6, 0, facecolor=WRONG, edgecolor="white", hatch="///", zorder=0)
        ax.text(-4.8, -4.2, "uphill", fontsize=9, color="#7a3b10")
        (self.dots,) = ax.plot(blank, blank, ".", color=BLUE, markersize=5, alpha=0.7, label="256 batches")
        (self.ring,) = ax.plot(blank[:73], blank[:73], "--", color="black", linewidth=1.4)
        self.ring.set_label("95% by theory")
        ax.annotate("", (1, 0), (0, 0), arrowprops={"arrowstyle": "-|>", "color": ORANGE, "lw": 2.5})
        (self.full,) = ax.plot([1], [0], "X", color=ORANGE, markersize=9, label="full gradient")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(
            xlabel="along the full gradient (its length = 1)", ylabel="across", xlim=(-5, 7), ylim=(-4.5, 4.5)
        )
        ax.legend(loc="upper right", fontsize=8.5, framealpha=0.9)
        self.artists = (self.dots, self.ring, self.full, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw one row, and count the batches that point downhill."""
        size, draw, at = _setting(result, row)
        length = np.linalg.norm(at.full)
        self.dots.set_data(*(at.clouds[DRAWS.index(draw), size - 1, :SHOWN] / length).T)
        self.ring.set_data(*ellipse([1, 0], at.spread(size, draw) / length**2).T)
        times = np.sqrt(at.noise[DRAWS.index(draw), size - 1]) / length
        words = f"noise {number(times if times > 1e-9 else 0)} times as long as the full gradient"
        right = f"{at.downhill(size, draw):.0%} of {BATCHES} batches point downhill"
        self.text.set_text(f"{words}\n{right}")
        return f"B = {size}: {words}; {right}."


class NoiseLaw(Panel):
    """The variance of a batch's gradient against the batch size, measured and by the law."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        n = len(gradients_after(0).samples)
        sizes = np.arange(1, n + 1)
        blank = np.full(n, np.nan)
        (self.plain,) = ax.plot(sizes, blank, ":", color=GREY, linewidth=1.6, label="σ²/B")
        (self.seen,) = ax.plot(sizes, blank, ".", color=BLUE, markersize=7, alpha=0.6, label="measured")
        (self.law,) = ax.plot(sizes, blank, "--", color="black", linewidth=1.4, label="law of this draw")
        (self.here,) = ax.plot([np.nan], [np.nan], "o", color=ORANGE, markersize=10)
        self.here.set(markeredgecolor="black", label="you are here")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="batch size B", ylabel="variance of the gradient", xscale="log", yscale="log")
        ax.set(xlim=(0.9, 95), ylim=(1e-5, 30))
        ticks = (1, 2, 4, 8, 16, 32, 64)
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.set_xticks([], minor=True)
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.fixed_x = (self.plain, self.seen, self.law)
        self.artists = (*self.fixed_x, self.here, self.text)

    def show(self, result: Any, row: int) -> str:
        """Draw one row."""
        size, draw, at = _setting(result, row)
        seen, law = at.noise[DRAWS.index(draw)], at.law(draw)
        self.plain.set_ydata(at.variance / np.arange(1, len(law) + 1))
        self.law.set_ydata(np.where(law > 0, law, np.nan))
        self.seen.set_ydata(np.where(law > 0, seen, np.nan))  # of all samples at once only rounding is left
        value = seen[size - 1] if law[size - 1] > 0 else 0.0
        self.here.set_data([size], [value or np.nan])
        words = f"B = {size}: variance {number(value)}, law {number(law[size - 1])}"
        self.text.set_text(f"{words}\nσ²/B alone: {number(at.variance / size)}")
        return f"{words}."


def _setting(result: Any, row: int) -> Any:
    """A row's batch size, its way to draw, and the gradients at its point."""
    settings = result.settings
    return (
        int(settings["batch_size"][row]),
        str(settings["draw"][row]),
        gradients_after(int(settings["epoch"][row])),
    )
