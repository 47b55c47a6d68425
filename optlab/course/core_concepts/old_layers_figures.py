"""How large a signal is after each layer of a deep network, measured and by theory."""

from __future__ import annotations

import numpy as np

from optlab.course.common.old_panel import BLUE, GREEN, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.course.core_concepts.layers import Signals

__all__ = ["LayerSizes"]

LIMITS = (1e-12, 1e12)


class LayerSizes(Panel):
    """The root mean square of activations or gradients over the layers, on a log axis.

    Args:
        depth: how many layers.
        backward: whether to show gradients, which travel from the last layer to the first.
    """

    def __init__(self, depth: int, *, backward: bool = False) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.backward, x, blank = backward, np.arange(depth + 1), np.full(depth + 1, np.nan)
        ax.axhspan(0.1, 10, color=GREEN, alpha=0.15, linewidth=0)
        ax.text(depth / 2, 12, "healthy", color=GREEN, fontsize=8.5, ha="center", va="bottom")
        color = ORANGE if backward else BLUE
        (self.measured,) = ax.plot(x, blank, "o-", color=color, markersize=4, linewidth=1.6, label="measured")
        (self.expected,) = ax.plot(
            x, blank, "--", color="black", linewidth=1.4, label="theory, very wide layers"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        what = "gradient" if backward else "activation"
        way = "← gradients travel this way" if backward else "activations travel this way →"
        ax.set(xlabel=f"layer   ({way})", xlim=(0, depth), yscale="log", ylim=LIMITS)
        ax.set_yticks(10.0 ** np.arange(-12, 13, 4))
        ax.set_ylabel(f"size of the {what}", labelpad=1)
        ax.legend(
            loc="upper right" if backward else "upper left",
            frameon=False,
            fontsize=8.5,
            ncols=2,
            columnspacing=1.2,
        )
        self.artists = self.measured, self.expected, self.text
        self.fixed_x = self.measured, self.expected

    def show(self, result: Signals, row: int) -> str:
        """Draw one row."""
        measured, expected = (
            (result.gradient[row], result.expected_gradient[row])
            if self.backward
            else (result.activation[row], result.expected_activation[row])
        )
        self.measured.set_ydata(measured)
        self.expected.set_ydata(expected)
        end = 0 if self.backward else -1
        layer = "at the first layer" if self.backward else "after the last layer"
        what = "gradient" if self.backward else "activation"
        words = f"{what} {layer}: {measured[end]:.0e} (theory {expected[end]:.0e})"
        self.text.set_text(f"{_verdict(measured[end])}\n{words}")
        return f"The size of the {words}: {_verdict(measured[end])}."


def _verdict(size: float) -> str:
    """What has become of a signal that began with size 1."""
    if size < 1e-3:
        return "vanishes"
    return "explodes" if size > 1e3 else "arrives"
