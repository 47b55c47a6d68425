"""The noise of a batch: the gradients of random batches at one point, and their variance against the law."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table, each
from optlab.course.batch_gradient_descent.gradients import BATCHES, DRAWS
from optlab.course.batch_gradient_descent.noise import SHOWN, Noise, run
from optlab.course.batch_gradient_descent.trained import SAMPLES
from optlab.course.common.making import Parts, course_lab
from optlab.engine.analysis.sampling_noise import ellipse
from optlab.live.plots import BLUE, GREY, ORANGE, number

SIZE = Param("batch_size", "B", "batch size", (1, 2, 4, 8, 16, 32, 64, 72, 80), 8, unit="samples")
EPOCH = Param("epoch", "t", "after training", (0, 1, 3, 10, 30, 100), default=3, unit="epochs")
DRAW = Param("draw", "", "batches", DRAWS, DRAWS[0])


LIMITS = (-5.0, 7.0), (-4.5, 4.5)
"""What the picture of the batches shows, in lengths of the full gradient."""

HARDLY = 0.05
"""Of the full gradient: a batch's gradient that is shorter moves nothing."""


def _silent(run: Noise) -> bool:
    return run.measured[0] < 1e-12


GOALS = (
    Goal(
        "t = 30 epochs: 9 in 10 batches point downhill",
        lambda run: run.downhill[0] >= 0.9,
        where={"epoch": 30},
    ),
    Goal("without replacement: no noise at all", _silent, where={"draw": "without replacement"}),
    Goal("with replacement: no noise at all (possible?)", _silent, where={"draw": "with replacement"}),
)


@course_lab
def noise_lab() -> Parts:
    """The gradients of 2048 random batches at one point, and their variance against the law.

    Source:
        The article, section 3.2; W. G. Cochran, "Sampling techniques", 1977, section 2.5.
    """
    return Parts((SIZE, EPOCH, DRAW), Table(run), [cloud(), variances()], GOALS)


def cloud() -> Plot:
    """The gradients of 256 random batches, along the full gradient and across it.

    All is in lengths of the full gradient, so that it ends at 1. What lies left of 0 points uphill.
    """
    axes: dict[str, Any] = {"xlabel": "along the full gradient (its length = 1)", "ylabel": "across"}
    plot = Plot(legend=True, xlim=LIMITS[0], ylim=LIMITS[1], **axes)
    plot.ax.axvspan(-6, 0, facecolor="#f7d9c4", edgecolor="white", hatch="///", zorder=0)
    plot.ax.text(-4.8, -4.2, "uphill", fontsize=9, color="#7a3b10")
    plot.ax.annotate("", (1, 0), (0, 0), arrowprops={"arrowstyle": "-|>", "color": ORANGE, "lw": 2.5})
    plot.path(
        f"{SHOWN} batches",
        lambda run: run.cloud / run.length[:, None, None],
        BLUE,
        "",
        points=SHOWN,
        named=True,
        marker=".",
        markersize=5,
        alpha=0.7,
    )
    plot.path("95% by theory", each(_ring), "black", "--", points=73, role="theory", width=1.4, named=True)
    plot.point(
        "full gradient",
        lambda _: (1.0, 0.0),
        ORANGE,
        "X",
        role="theory",
        size=9,
        named=True,
        markeredgecolor=ORANGE,
    )
    plot.title(_noise_and_direction)
    plot.words(lambda one: f"B = {one.setting(0)['batch_size']}: {plot.said(one)}.")
    return plot


def _noise_and_direction(one: Noise) -> str:
    times = np.sqrt(one.measured[0]) / one.length[0]
    long = number(times if times > 1e-9 else 0)
    words = f"noise {long} × the full gradient, its ellipse outside"
    if _ring_is_seen(one):
        words = f"noise {long} times as long as the full gradient"
    return f"{words}\n{one.downhill[0]:.0%} of {BATCHES} batches point downhill{_hardly(one)}"


def _hardly(one: Noise) -> str:
    """A batch of samples that are all fitted has a direction, but no length to speak of."""
    reach = float(np.median(np.linalg.norm(one.cloud[0], axis=-1)) / one.length[0])
    return ", half just barely" if reach < HARDLY else ""


def _ring_is_seen(one: Noise) -> bool:
    """Whether the ellipse comes into the picture; it may lie around all of it."""
    x, y = _ring(one, points=2000).T
    (left, right), (bottom, top) = LIMITS
    return bool(((left < x) & (x < right) & (bottom < y) & (y < top)).any())


def _ring(one: Noise, points: int = 73) -> np.ndarray:
    """The ellipse around 95% of the batches by theory, in lengths of the full gradient."""
    return ellipse([1, 0], one.spread[0] / one.length[0] ** 2, points)


def variances() -> Plot:
    """The variance of a batch's gradient against the batch size, measured and by the law."""
    sizes, ticks = np.arange(1, SAMPLES + 1), (1, 2, 4, 8, 16, 32, 64)
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.9, 95), "ylim": (1e-5, 30)}
    plot = Plot(legend=True, xlabel="batch size B", ylabel="variance of the gradient", **axes)
    plot.ax.set_xticks(ticks, [str(tick) for tick in ticks])
    plot.ax.set_xticks([], minor=True)
    theory: dict[str, Any] = {"x": sizes, "role": "theory"}
    plot.line("σ²/B", lambda run: run.variance[:, None] / sizes, GREY, ":", width=1.6, **theory)
    look: dict[str, Any] = {"marker": ".", "markersize": 7, "alpha": 0.6}
    plot.line("measured", lambda run: _noisy(run, run.by_size), BLUE, "", x=sizes, **look)
    plot.line(
        "law of this draw", lambda run: _noisy(run, run.law_by_size), "black", "--", width=1.4, **theory
    )
    plot.here(
        lambda run: (run.settings["batch_size"], np.where(run.law > 0, run.measured, np.nan)), named=True
    )
    plot.steers(x="batch_size")
    plot.title(_measured_and_law)
    plot.words(lambda one: f"{_measured_and_law(one).partition(chr(10))[0]}.")
    return plot


def _noisy(run: Noise, by_size: np.ndarray) -> np.ndarray:
    """Without the batch of all samples, where only rounding is left."""
    return np.where(run.law_by_size > 0, by_size, np.nan)


def _measured_and_law(one: Noise) -> str:
    size, law = one.setting(0)["batch_size"], one.law[0]
    measured = one.measured[0] if law > 0 else 0.0
    words = f"B = {size}: variance {number(measured)}, law {number(law)}"
    return f"{words}\nσ²/B alone: {number(one.variance[0] / size)}"
