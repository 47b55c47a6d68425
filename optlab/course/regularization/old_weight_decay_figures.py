"""A walk of two weights over a bowl, and the two weights step by step, with the end that theory expects."""

from __future__ import annotations

import numpy as np
import torch

from optlab.course.common.old_panel import BLUE, GREY, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import DEPTH
from optlab.course.regularization.weight_decay import MINIMUM, Decay, bowl

__all__ = ["BowlWalk", "TwoWeights"]


class BowlWalk(Panel):
    """The walk over the contours of J₁, theory's end, and under AdamW the box that it cannot leave.

    Args:
        steps: the steps of a walk.
        box: left, right, bottom and top of the picture.
    """

    def __init__(self, steps: int, box: tuple[float, float, float, float]) -> None:
        self.figure, ax = clean_axes()
        ax.grid(visible=False)
        x, y = np.meshgrid(np.linspace(*box[:2], 120), np.linspace(*box[2:], 90))
        height = np.sqrt(bowl(torch.as_tensor(np.stack([x, y], -1))).numpy())  # the root: even contours
        ax.contourf(x, y, height, 14, cmap=DEPTH, zorder=0)
        ax.contour(x, y, height, 14, colors="white", linewidths=0.6, zorder=0.5)
        ax.plot(*MINIMUM, "+", color="black", markersize=11, markeredgewidth=1.8)
        ax.annotate("least J₁", MINIMUM, (6, 6), textcoords="offset points", fontsize=9)
        blank = np.full(steps + 1, np.nan)
        (self.box,) = ax.plot([np.nan] * 5, [np.nan] * 5, "--", color="black", linewidth=1.6, label="_box")
        (self.path,) = ax.plot(
            blank, blank, "o-", color=ORANGE, linewidth=1.2, markersize=2.5, label="the two weights"
        )
        (self.end,) = ax.plot(
            [np.nan], [np.nan], "D", color="none", markeredgecolor="black", markersize=12, label="theory"
        )
        (self.last,) = ax.plot(
            [np.nan], [np.nan], "o", color=ORANGE, markeredgecolor="black", markersize=7, label="last step"
        )
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="θ₁", ylabel="θ₂", xlim=box[:2], ylim=box[2:])
        self.artists = (self.box, self.path, self.end, self.last, self.text)
        self.grows = {self.path: 0}

    def show(self, result: Decay, row: int) -> str:
        """Draw one walk."""
        path, end = result.path[row], result.end[row]
        self.path.set_data(*path.T)
        self.last.set_data(*path[-1:].T)
        self.end.set_data(*end[:, None])
        boxed = result.settings["rule"][row] == "AdamW"
        side = 1 / (2 * float(result.settings["l2"][row])) if boxed else np.nan
        self.box.set_data(side * np.array([-1, 1, 1, -1, -1]), side * np.array([-1, -1, 1, 1, -1]))
        where = f"the box |θ| ≤ 1/(2λ) = {side:.3g}" if boxed else "least J₁ + λΣθ²"
        self.text.set_text(f"◇ theory: {where}")
        return (
            f"The walk ends at ({path[-1, 0]:.2f}, {path[-1, 1]:.2f}); theory: ({end[0]:.2f}, {end[1]:.2f})."
        )


class TwoWeights(Panel):
    """The two weights after every step, and where theory expects each to end.

    Args:
        steps: the steps of a walk.
        limits: the smallest and the largest weight on the axis.
    """

    def __init__(self, steps: int, limits: tuple[float, float]) -> None:
        self.figure, ax = clean_axes()
        x, blank = np.arange(steps + 1), np.full(steps + 1, np.nan)
        for k, label in enumerate(("least J₁", "_least")):
            ax.axhline(MINIMUM[k], color=GREY, linewidth=1, linestyle=":", label=label)
        looks = ((BLUE, "-"), (ORANGE, "-."))
        self.weights = [
            ax.plot(x, blank, style, color=color, linewidth=2, label=name)[0]
            for (color, style), name in zip(looks, ("θ₁", "θ₂"), strict=True)
        ]
        self.ends = [
            ax.plot([0, steps], [np.nan] * 2, "--", color=color, linewidth=1.1, label=name)[0]
            for (color, _), name in zip(looks, ("theory", "_theory"), strict=True)
        ]
        self.text = ax.text(0.02, 1.03, "", transform=ax.transAxes, fontsize=9)
        ax.set(xlabel="step", ylabel="weight", xlim=(0, steps), ylim=limits)
        ax.legend(loc="lower right", frameon=False, fontsize=9, ncols=4, columnspacing=1.2)
        self.artists = (*self.weights, *self.ends, self.text)
        self.fixed_x = (*self.weights, *self.ends)
        self.grows = dict.fromkeys(self.weights, 0)

    def show(self, result: Decay, row: int) -> str:
        """Draw one walk's weights."""
        path, end = result.path[row], result.end[row]
        for k in range(2):
            self.weights[k].set_ydata(path[:, k])
            self.ends[k].set_ydata([end[k]] * 2)
        words = f"ends at ({path[-1, 0]:.3f}, {path[-1, 1]:.3f}) · theory ({end[0]:.3f}, {end[1]:.3f})"
        self.text.set_text(words)
        return f"The walk {words}."
