"""The slope of a curve by a finite step, and how wrong it is at every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.lines import Line2D

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.course.core_concepts.difference import (
    DTYPES,
    Slopes,
    best_step,
    derivatives,
    rounding,
    sure,
    truncation,
)

__all__ = ["SlopeErrors", "Tangent"]

COLORS = {"float32": ORANGE, "float64": BLUE}
STYLES = {"float32": "-", "float64": "-."}


class Tangent(Panel):
    """A loss with its tangent, which has autograd's slope, and the line through two points h apart."""

    def __init__(self) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.ends = np.array([-3.0, 5.0])
        x = np.linspace(-3, 5, 120)
        ax.plot(x, derivatives(x)[0], color="black", linewidth=2)
        (self.tangent,) = ax.plot(self.ends, self.ends, "--", color=GREEN, linewidth=2, label="autograd")
        (self.secant,) = ax.plot(self.ends, self.ends, color=ORANGE, linewidth=2.4, label="finite difference")
        (self.points,) = ax.plot(
            [np.nan] * 2,
            [np.nan] * 2,
            "o",
            color=ORANGE,
            markeredgecolor="black",
            markersize=8,
            label="_points",
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="θ", ylabel="J(θ)", xlim=tuple(self.ends), ylim=(-0.6, 3.2))
        ax.legend(loc="upper right", frameon=False, fontsize=8.5)
        self.artists = (self.tangent, self.secant, self.points, self.text)
        self.fixed_x = (self.tangent, self.secant)

    def show(self, result: Slopes, row: int) -> str:
        """Draw one row's two lines."""
        theta, h = (float(result.settings[name][row]) for name in ("theta", "h"))
        true, slope = float(result.autograd[row]), float(result.slope[row])
        left = theta - h if result.settings["method"][row] == "central" else theta
        heights = sure(torch.tensor([theta, left, theta + h], dtype=torch.float64)).tolist()
        self.tangent.set_ydata(heights[0] + true * (self.ends - theta))
        self.secant.set_ydata(heights[1] + slope * (self.ends - left))
        self.points.set_data([left, theta + h], heights[1:])
        self.text.set_text(f"autograd's slope      {true:+.12f}\nfinite difference     {slope:+.12f}")
        return f"At θ = {theta:g} autograd says {true:.6f}, the difference with h = {h:g} says {slope:.6f}."


class SlopeErrors(Panel):
    """The error of the slope over all steps, with 24 and with 53 binary digits, and theory's two lines.

    Args:
        steps: the h on the axis, ascending.
    """

    def __init__(self, steps: Sequence[float]) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.steps = np.asarray(steps)
        blank = np.full(len(steps), np.nan)

        def line(color: str, style: str, width: float, label: str, marker: str = "") -> Line2D:
            return ax.plot(
                self.steps,
                blank,
                style,
                marker=marker,
                markersize=3,
                color=color,
                linewidth=width,
                label=label,
            )[0]

        self.errors = {name: line(COLORS[name], STYLES[name], 1.6, name, "o") for name in DTYPES}
        self.bounds = {name: line(COLORS[name], ":", 1.6, f"_rounding, {name}") for name in DTYPES}
        self.long = line(GREY, "--", 1.6, "_too long")
        (self.dot,) = ax.plot([np.nan], [np.nan], "o", color="gold", markeredgecolor="black", markersize=11)
        self.dot.set_label("_here")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.plot([], [], ":", color=GREY, label="theory: rounding, ε/h")
        ax.plot([], [], "--", color=GREY, label="theory: step too long")
        ax.set(xlabel="step h", ylabel="error of the slope", xscale="log", yscale="log")
        ax.set(xlim=(self.steps[0], self.steps[-1]), ylim=(1e-13, 1e2))
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        lines = (*self.bounds.values(), self.long, *self.errors.values())
        self.artists, self.fixed_x = (*lines, self.dot, self.text), lines

    def show(self, result: Slopes, row: int) -> str:
        """Draw one row's two curves, theory's lines, and where h stands."""
        theta, h, method, dtype = (result.settings[name][row] for name in ("theta", "h", "method", "dtype"))
        for k, name in enumerate(DTYPES):
            self.errors[name].set_ydata(np.maximum(result.errors[row, k], 1e-17))
            self.bounds[name].set_ydata(rounding(theta, self.steps, method, name))
        self.long.set_ydata(truncation(theta, self.steps, method))
        error = abs(float(result.slope[row] - result.autograd[row]))
        self.dot.set_data([h], [max(error, 1e-17)])
        best = float(best_step(theta, method, dtype))
        words = f"{dtype}, h = {h:g}: the slope is wrong by {error:.1e}"
        self.text.set_text(f"{words}\ntheory: h = {best:.1e} is best")
        return f"In {words}. Theory: h = {best:.1e} is best."
