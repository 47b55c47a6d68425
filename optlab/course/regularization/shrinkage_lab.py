"""The lab of section 3.5 in which theory knows the end: linear least squares with L2, L1 or both."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist

from optlab import Goal, Param, Plot, Table
from optlab.course.common.making import Parts, course_lab
from optlab.course.regularization.shrinkage import Shrinkage, all_zero_from, elastic_net, shrinkage
from optlab.course.regularization.strength_axis import places, strength_axis
from optlab.engine.data.diabetes import diabetes
from optlab.engine.models.penalties import KINDS, split
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, number
from optlab.params import log_values


def all_zero_mark(kind: str) -> dict[str, float]:
    """A mark on the slider of λ where all weights have become 0; none for L2, where they never do."""
    strength = all_zero_from(diabetes(), kind)
    return {"all 0 from": strength} if np.isfinite(strength) else {}


STRENGTHS = (0.0, *log_values(1e-3, 1, 4), 1.8)
STRENGTH = Param("strength", "λ", "strength", STRENGTHS, 0.1, marks=all_zero_mark)
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L1")
STEP = Param("step", "", "step taken", ("gradient", "soft threshold"), default="gradient")

GOALS = (
    Goal(
        "three weights exactly 0, and a validation error under 0.545",
        lambda run: (run.weights[0] == 0).sum() >= 3 and run.errors[0, 1] < 0.545,
    ),
)

LOOKS = [(color, style) for style in ("-", "--", ":") for color in (BLUE, ORANGE, GREEN, PURPLE)]
"""A colour and a style of its own for each of up to twelve features."""


@course_lab
def shrinkage_lab() -> Parts:
    """Least squares on the diabetes data with a penalty: descent's weights on theory's lines, for every λ.

    Source:
        The article, section 3.5; A. Hoerl and R. Kennard, 1970; R. Tibshirani, 1996; H. Zou and T. Hastie,
        2005.
    """
    return Parts((STRENGTH, KIND, STEP), Table(shrinkage), [weight_paths(), named_weights()], GOALS)


def weight_paths() -> Plot:
    """Theory's weights over all λ, one line a feature, and the weights that descent has reached at this λ."""
    data = diabetes()
    paths = {kind: elastic_net(data, *split([kind] * len(STRENGTHS), STRENGTHS)) for kind in KINDS}
    reach = 1.12 * max(np.abs(path).max() for path in paths.values())
    plot = Plot(title_lines=1, legend=True, ylabel="weight", ylim=(-reach, reach))
    x = strength_axis(plot.ax, STRENGTHS)
    plot.ax.axhline(0, color="black", linewidth=0.8)

    def lines(kind: str) -> list[Artist]:
        return [
            plot.ax.plot(x, w, color=color, linestyle=style, linewidth=1.5)[0]
            for w, (color, style) in zip(paths[kind].T, LOOKS, strict=False)
        ]

    plot.background(list(KINDS), lambda run: run.settings["kind"], lines)
    for name, (color, style) in zip(data.names, LOOKS, strict=False):  # for the legend, whatever is shown
        plot.ax.plot([], [], color=color, linestyle=style, linewidth=1.5, label=name)
    plot.upright(lambda run: places(run.settings["strength"], STRENGTHS), GREY, zorder=2.5)
    plot.path(
        "by descent",
        lambda run: (_repeated(places(run.settings["strength"], STRENGTHS), 10), run.weights),
        "black",
        "",
        points=10,
        named=True,
        marker="o",
        markersize=5,
    )
    plot.handle(["strength"], lambda at: (places(at["strength"], STRENGTHS), np.nan))
    plot.title(_apart)
    plot.words(
        lambda one: (
            f"At λ = {number(one.settings['strength'][0])} descent and theory differ by at most "
            f"{_distance(one):.1e}."
        )
    )
    return plot


def _repeated(column: np.ndarray, times: int) -> np.ndarray:
    return np.repeat(column[:, None], times, axis=1)


def _distance(one: Shrinkage) -> float:
    """How far descent and theory are apart at most; below 1e-9 there is nothing but rounding."""
    return max(np.abs(one.weights - one.theory).max(), 1e-9)


def _apart(one: Shrinkage) -> str:
    far = _distance(one)
    return (
        f"lines: theory, dots: descent · largest difference {f'{far:.3f}' if far >= 5e-4 else f'{far:.0e}'}"
    )


def named_weights() -> Plot:
    """Each weight by its name: where descent has brought it, how far it still moves, where theory puts it."""
    names, reach = diabetes().names, 0.55
    rows = np.arange(len(names))[::-1]
    axes: dict[str, Any] = {"xlabel": "weight", "xlim": (-reach, reach), "ylim": (-0.7, len(names) - 0.3)}
    plot = Plot(title_lines=1, legend=True, **axes)
    plot.ax.axvline(0, color="black", linewidth=0.8)
    plot.ax.set_yticks(rows, names)
    _add_bars(plot, rows)
    dot: dict[str, Any] = {"points": len(names), "named": True, "marker": "o"}
    hollow = {"markeredgecolor": BLUE, "markersize": 8}
    stroke = {"marker": "|", "markersize": 15, "markeredgewidth": 1.6}
    plot.path(
        "descent", lambda run: (_where(run.weights != 0, run.weights), rows), BLUE, "", markersize=6, **dot
    )
    plot.path("exactly 0", lambda run: (_where(run.weights == 0, 0), rows), "white", "", **(dot | hollow))
    plot.path("theory", lambda run: (run.theory, rows), "black", "", role="theory", **(dot | stroke))
    plot.title(lambda one: f"{_zeros(one)} · validation error {one.errors[0, 1]:.3f}")
    plot.words(lambda one: f"{_zeros(one)}; the weights still move by {np.max(one.high - one.low):.1e}.")
    return plot


def _where(shown: np.ndarray, values: Any) -> np.ndarray:
    return np.where(shown, values, np.nan)


def _add_bars(plot: Plot, rows: np.ndarray) -> None:
    """A thin bar from 0 to each weight, and a broad one over the range of its last steps."""
    y = np.stack([rows, rows, np.full(len(rows), np.nan)], axis=1).ravel()
    plot.path("weight", lambda run: (_bars(0, run.weights), y), BLUE, points=len(y), width=2.4)
    broad: dict[str, Any] = {"width": 7, "alpha": 0.55, "solid_capstyle": "butt"}
    plot.path(
        "last 50 steps",
        lambda run: (_bars(run.low, run.high), y),
        ORANGE,
        points=len(y),
        role="other",
        named=True,
        **broad,
    )


def _bars(start: Any, end: np.ndarray) -> np.ndarray:
    """The x of bars, with a gap after each, `(settings, 3 * bars)`."""
    return np.stack(np.broadcast_arrays(start, end, np.nan), axis=2).reshape(len(end), -1)


def _zeros(one: Shrinkage) -> str:
    zeros, expected = (one.weights == 0).sum(), (one.theory == 0).sum()
    return f"{zeros} of {one.weights.shape[1]} exactly 0 · theory: {expected}"
