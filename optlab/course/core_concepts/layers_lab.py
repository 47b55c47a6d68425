"""The lab of weight initialisation: signals through a deep network that has not been trained."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.core_concepts.layers import ACTIVATIONS, DEPTH, Signals, he_std, layers, xavier_std
from optlab.live.plots import BLUE, GREEN, ORANGE

SMALL = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.0707, 0.085, 0.1)
LARGE = (0.12, 0.141, 0.17, 0.2, 0.24, 0.3, 0.4, 0.5, 0.7, 1.0)


def marked_stds(width: int, activation: str) -> dict[str, float]:
    """What theory marks on the slider of σ: He's for ReLU, Xavier's for tanh."""
    if activation == "relu":
        return {"He": float(he_std(width))}
    return {"Xavier": float(xavier_std(width, width))}


PARAMS = (
    Param("std", "σ", "size of weights", SMALL + LARGE, 0.05, marks=marked_stds),
    Param("activation", "", "activation", tuple(ACTIVATIONS), "relu"),
    Param("width", "n", "units a layer", (50, 200), 200),
)


BAND = 0.1, 10.0
"""Sizes within a factor of ten of 1 are healthy."""


def healthy(run: Signals) -> bool:
    """Whether every size of the first setting is in the band."""
    sizes = np.concatenate([run.activation[0], run.gradient[0]])
    return bool((sizes > BAND[0]).all() and (sizes < BAND[1]).all())


def healthy_with_either(run: Signals) -> bool:
    """Whether every size is in the band with this activation, and with every other one."""
    others = (layers(run.settings | {"activation": np.array([name])}) for name in ACTIVATIONS)
    return healthy(run) and all(healthy(other) for other in others)


GOALS = (
    Goal(
        "relu, n = 200: both curves in the green band",
        where={"activation": "relu", "width": 200},
        reached=healthy,
    ),
    Goal(
        "n = 50: a σ that keeps both curves in the band under relu and under tanh",
        where={"width": 50},
        reached=healthy_with_either,
    ),
)


@course_lab
def layers_lab() -> Parts:
    """The size of activations and gradients, layer by layer, for one size of the initial weights.

    Source:
        The article, section 2: weight initialisation. Papers: see `optlab.course.core_concepts.layers`.
    """
    plots = [
        sizes("activation", BLUE, -1, "after the last layer", "activations travel this way →"),
        sizes("gradient", ORANGE, 0, "at the first layer", "← gradients travel this way"),
    ]
    return Parts(PARAMS, Table(layers), plots, GOALS)


def sizes(what: str, color: str, end: int, place: str, way: str) -> Plot:
    """The size of activations or gradients over the layers, on a log axis.

    Args:
        what: `"activation"` or `"gradient"`, a field of `Signals`.
        color: of the measured line.
        end: the layer where the signal arrives, 0 or -1.
        place: the same in words.
        way: which way the signal travels, in words.
    """
    look: dict[str, Any] = {"xlim": (0, DEPTH), "yscale": "log", "ylim": (1e-12, 1e12)}
    look["yticks"] = 10.0 ** np.arange(-12, 13, 4)
    plot = Plot(legend=True, xlabel=f"layer   ({way})", **look)
    plot.ax.set_ylabel(f"size of the {what}", labelpad=1)
    plot.ax.axhspan(*BAND, color=GREEN, alpha=0.15, linewidth=0)
    plot.ax.text(DEPTH / 2, 12, "healthy", color=GREEN, fontsize=8.5, ha="center", va="bottom")
    x, theory = np.arange(DEPTH + 1), "theory, very wide layers"
    plot.line("measured", lambda r: getattr(r, what), color, x=x, width=1.6, marker="o", markersize=4)
    plot.line(theory, lambda r: getattr(r, f"expected_{what}"), "black", "--", x=x, role="theory", width=1.4)

    def arrival(one: Signals) -> tuple[str, str]:
        size, expected = (getattr(one, name)[0, end] for name in (what, f"expected_{what}"))
        return verdict(size), f"{what} {place}: {size:.0e} (theory {expected:.0e})"

    plot.title(lambda one: "\n".join(arrival(one)))
    plot.words(lambda one: "The size of the {1}: {0}.".format(*arrival(one)))
    return plot


def verdict(size: float) -> str:
    """What has become of a signal that began with size 1."""
    if size < 1e-3:
        return "vanishes"
    return "explodes" if size > 1e3 else "arrives"
