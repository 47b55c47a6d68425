"""How momentum behaves at every learning rate and every β: a map, and where the sliders stand on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab.course.common.old_panel import GREY, ORANGE, Panel, clean_axes
from optlab.course.common.old_paths import TOP
from optlab.course.gradient_descent.momentum import phase
from optlab.engine.analysis.follow import Descent
from optlab.engine.analysis.quadratic import best_momentum, largest_rate, worst_factor

__all__ = ["PhaseDiagram"]

SPEED = LinearSegmentedColormap.from_list("speed", ["#0f7f60", "#bfe3d4", "#ffffff"])
LEVELS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
COLORS = SPEED(np.linspace(0, 1, len(LEVELS) - 1))


class PhaseDiagram(Panel):
    """The share of the distance that a step leaves, over α and β: dark is fast.

    Args:
        kappas: the condition numbers, one background each.
        lrs: the smallest and the largest α.
        top: the largest β.
    """

    def __init__(self, kappas: Sequence[float], lrs: tuple[float, float], top: float) -> None:
        self.figure, self.ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.ax.grid(visible=False)
        self.kappas = list(kappas)
        self._layers = [self._map(kappa, lrs, top) for kappa in kappas]
        self.scenes = [lambda k=k: self._show_map(k) for k in range(len(self.kappas))]  # type: ignore[misc]
        (self.dot,) = self.ax.plot(
            [np.nan], [np.nan], "o", color=ORANGE, markeredgecolor="black", markersize=10, label="_here"
        )
        self.text = self.ax.text(0, 1.02, "", transform=self.ax.transAxes, fontsize=9, va="bottom")
        self.ax.set(xlabel="learning rate α", ylabel="momentum β", xscale="log", xlim=lrs, ylim=(0, top))
        self.artists = (self.dot, self.text)

    def show(self, result: Descent, row: int) -> str:
        """Move the dot to the row's α and β."""
        kappa, lr, momentum = (float(result.settings[name][row]) for name in ("kappa", "lr", "momentum"))
        self.dot.set_data([lr], [momentum])
        left = float(worst_factor(1.0, kappa, lr, momentum))
        words = f"● {phase(kappa, lr, momentum)}: a step leaves {left:.3f} of the distance"
        self.text.set_text(words)
        return f"Here the heavy ball {words[2:]}."

    def scene(self, result: Descent, row: int) -> int:
        """The map of this row's κ."""
        return self.kappas.index(float(result.settings["kappa"][row]))

    def _map(self, kappa: float, lrs: tuple[float, float], top: float) -> list:
        """The map's fields, borders, names and best point, not yet visible."""
        lr, momentum = np.geomspace(*lrs, 240), np.linspace(0, top, 180)
        left = worst_factor(1.0, kappa, lr, momentum[:, None])
        ax, root = self.ax, np.sqrt(momentum)
        fill = ax.contourf(lr, momentum, left, LEVELS, colors=COLORS, zorder=0)
        lines = ax.contour(lr, momentum, left, LEVELS[1:-1], colors=GREY, linewidths=0.4, zorder=0.5)
        numbers = ax.clabel(lines, LEVELS[4:-2:2], fontsize=7, colors="black")
        lost = ax.contourf(lr, momentum, left, [1, 1e9], colors=["#f7d9c4"], hatches=["///"], zorder=0)
        borders = [
            *ax.plot(largest_rate(kappa, momentum), momentum, color=ORANGE, linewidth=2),
            *ax.plot((1 - root) ** 2, momentum, color="black", linewidth=1.2, linestyle="--"),
            *ax.plot((1 + root) ** 2 / kappa, momentum, color="black", linewidth=1.2, linestyle=":"),
        ]
        best = ax.plot(*best_momentum(1.0, kappa), "*", color="gold", markeredgecolor="black", markersize=13)
        return [fill, lines, *numbers, lost, *borders, *best, *self._names(kappa, lrs, top)]

    def _names(self, kappa: float, lrs: tuple[float, float], top: float) -> list:
        """The fields' names, each inside its field."""
        lr, momentum = best_momentum(1.0, kappa)
        places = {
            "diverges": (np.sqrt(2 / kappa * lrs[1]), 0.08),
            "creeps": (np.sqrt(lrs[0] * lr), momentum / 2.5),
            "swings": (lr / 1.6, (momentum + top) / 2),
        }
        return [
            self.ax.text(
                x,
                y,
                name,
                fontsize=10,
                style="italic",
                ha="center",
                va="center",
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5},
            )
            for name, (x, y) in places.items()
        ]

    def _show_map(self, shown: int) -> None:
        for k, layer in enumerate(self._layers):
            for artist in layer:
                artist.set_visible(k == shown)
