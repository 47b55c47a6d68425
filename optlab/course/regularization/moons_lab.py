"""The lab of section 3.5: a network on two moons, for every λ."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.regularization.moons import (
    EPOCHS,
    LIMITS,
    NEAR_ZERO,
    PIXELS,
    STOPS,
    STRENGTHS,
    Fits,
    fit_all,
    moons,
)
from optlab.course.regularization.strength_axis import places, strength_axis
from optlab.engine.models.penalties import KINDS
from optlab.live.plots import BLUE, GOLD, GREEN, GREY, ORANGE, PURPLE, number

STRENGTH = Param("strength", "λ", "strength", STRENGTHS, default=0.0)
KIND = Param("kind", "J₂", "penalty", tuple(KINDS), default="L2")
SAMPLES = Param("samples", "n", "training points", (30, 60, 120), default=30)
TEST = Param("test", "", "test points", ("sealed", "opened"), default="sealed")

TESTED, VALIDATED = 0.35, 0.40
"""Losses to get below."""
GOALS = (
    Goal(
        "L2, n = 30: a test loss under 0.35, once the test points are opened",
        where={"kind": "L2", "samples": 30, "test": "opened"},
        reached=lambda run: run.test_loss[0] < TESTED,
    ),
    Goal(
        "n = 30: 248 of the 256 weights practically 0, and a validation loss under 0.40",
        where={"samples": 30},
        reached=lambda run: run.zeros[0] >= 248 and run.validation_loss[0, -1] < VALIDATED,
    ),
)

TOP = 1.2
"""The largest loss on an axis."""

FILM = Film("epoch")
WITHOUT_TEST = ("strength", "kind", "samples")
"""What the network depends on: opening the test points does not train it anew."""

CERTAINTY = LinearSegmentedColormap.from_list(
    "certainty",
    [(0, "#5aa0d0"), (0.499, "#d9eaf5"), (0.5, "white"), (0.501, "#fbe3d3"), (1, "#e58a4e")],
)
"""Blue for the first class and orange for the second, the stronger the surer; white where they meet."""


@course_lab
def moons_lab() -> Parts:
    """Regularisation on two moons: boundary, losses, validation curve and weights of a network, for every λ.

    Source:
        The article, section 3.5.
    """
    plots = [boundary(), validation_curve(), losses(), weight_sizes()]
    return Parts((STRENGTH, KIND, SAMPLES, TEST), Table(fit_all), plots, GOALS)


def boundary() -> Plot:
    """What the network answers everywhere; large the points it learnt from, small those for validation."""
    axes: dict[str, Any] = {"xlabel": "x₁", "ylabel": "x₂", "xlim": LIMITS[:2], "ylim": LIMITS[2:]}
    plot = Plot(film=FILM, title_lines=1, depends_on=WITHOUT_TEST, **axes)
    look: dict[str, Any] = {"extent": LIMITS, "origin": "lower", "interpolation": "bilinear"}
    plot.image(lambda run: run.fields, PIXELS, at=STOPS, cmap=CERTAINTY, vmin=0, vmax=100, **look)
    data, _ = moons(max(SAMPLES.values))
    classes: list[dict[str, Any]] = [{"marker": "o", "c": BLUE}, {"marker": "^", "c": ORANGE}]
    for k, color in enumerate(classes):
        unseen = data.x_test[data.y_test == k].numpy()
        plot.scatter(_always(unseen), len(unseen), s=7, alpha=0.6, zorder=2, **color)
    for k, color in enumerate(classes):
        own = data.y_train.numpy() == k
        values = _the_first(data.x_train.numpy()[own], own.cumsum())
        plot.scatter(values, own.sum(), s=34, edgecolors="white", linewidths=0.7, zorder=3, **color)
    accuracies = "accuracy: {:.0%} on the large points, {:.0%} on the small"
    plot.title(
        lambda one: accuracies.format(*one.accuracy[0]),
        lambda one: [accuracies.format(*both) for both in one.accuracies[0]],
        at=STOPS,
    )
    plot.words(lambda one: "Training accuracy {:.0%}, validation accuracy {:.0%}.".format(*one.accuracy[0]))
    return plot


def _always(points: np.ndarray) -> Callable[[Fits], np.ndarray]:
    return lambda _: points


def _the_first(points: np.ndarray, counts: np.ndarray) -> Callable[[Fits], np.ndarray]:
    """As many of the points of one class as there are among the training points of each setting."""

    def values(run: Fits) -> np.ndarray:
        known = np.arange(len(points)) < counts[run.settings["samples"] - 1][:, None]
        return np.where(known[..., None], points, np.nan)

    return values


def losses() -> Plot:
    """Training and validation loss after every epoch, and the test loss at the end once it may be seen."""
    axes: dict[str, Any] = {"xlabel": "epoch", "ylabel": "loss", "xlim": (0, EPOCHS), "ylim": (0, TOP)}
    plot = Plot(film=Film("epoch"), title_lines=1, legend=True, **axes)
    x = np.arange(EPOCHS + 1)
    goal_lines(plot, VALIDATED, TESTED)
    plot.line("training loss", lambda run: run.train_loss, BLUE, x=x)
    plot.line("validation loss", lambda run: run.validation_loss, ORANGE, "--", x=x)
    plot.point(
        "test loss",
        lambda run: (EPOCHS, np.where(_opened(run), run.test_loss, np.nan)),
        GOLD,
        "*",
        size=14,
        role="end",
        named=True,
        appears=lambda run: np.full(len(run), EPOCHS),
        clip_on=False,
    )
    plot.title(_losses_at_the_end)
    plot.words(
        lambda one: (
            f"Training loss ends at {number(one.train_loss[0, -1])}, "
            f"validation loss at {number(one.validation_loss[0, -1])}."
        )
    )
    return plot


def _opened(run: Fits) -> np.ndarray:
    """Which settings may see the test points."""
    return run.settings["test"] == "opened"


def _losses_at_the_end(one: Fits) -> str:
    words = f"training {one.train_loss[0, -1]:.3f} · validation {one.validation_loss[0, -1]:.3f}"
    return words + (f" · test {one.test_loss[0]:.3f}" if _opened(one)[0] else "")


def validation_curve() -> Plot:
    """The losses at the end over every λ, where the slider stands, and the smallest validation loss."""
    plot = Plot(title_lines=1, legend=True, ylabel="final loss", ylim=(0, TOP))
    x = strength_axis(plot.ax, STRENGTHS)
    look: dict[str, Any] = {"x": x, "width": 1.8, "markersize": 4}
    plot.line("training", lambda run: run.curves[:, 0], BLUE, "-", marker="o", **look)
    plot.line("validation", lambda run: run.curves[:, 1], ORANGE, "--", marker="s", **look)
    plot.line(
        "test",
        lambda run: np.where(_opened(run)[:, None], run.curves[:, 2], np.nan),
        GREEN,
        "-.",
        marker="^",
        **look,
    )
    plot.upright(lambda run: places(run.settings["strength"], STRENGTHS))
    plot.point(
        "best",
        lambda run: (x[_best(run)], run.curves[:, 1].min(axis=1)),
        "none",
        size=12,
        role="main",
        markeredgewidth=1.6,
    )
    plot.handle(["strength"], lambda at: (places(at["strength"], STRENGTHS), np.nan))
    plot.title(_best_in_words)
    plot.words(
        lambda one: (
            f"The slider is at λ = {number(one.settings['strength'][0])}; "
            f"validation loss is smallest at {number(STRENGTHS[_best(one)[0]])}."
        )
    )
    return plot


def _best(run: Fits) -> np.ndarray:
    """Which λ has the smallest validation loss, `(settings,)`."""
    return run.curves[:, 1].argmin(axis=1)


def _best_in_words(one: Fits) -> str:
    best = _best(one)[0]
    words = f"◯ smallest validation loss: λ = {number(STRENGTHS[best])}"
    return words + (f", test {one.curves[0, 2, best]:.3f}" if _opened(one)[0] else "")


def weight_sizes() -> Plot:
    """The size of every weight, largest first."""
    low, high, n = 1e-4, 10.0, 256
    axes: dict[str, Any] = {"xlabel": "weights, largest first", "xlim": (0, n + 1)}
    look: dict[str, Any] = {"yscale": "log", "ylim": (low, high), "depends_on": WITHOUT_TEST}
    plot = Plot(film=FILM, title_lines=1, ylabel="magnitude |w|", **look, **axes)
    plot.ax.axhspan(low, NEAR_ZERO, color=GREY, alpha=0.15, linewidth=0)
    # above the band: it is full of points where the penalty is strong
    plot.ax.text(n * 0.02, NEAR_ZERO * 1.2, "below: practically 0", color=GREY, fontsize=8.5, va="bottom")
    plot.line(
        "magnitude",
        lambda run: run.sizes,
        PURPLE,
        "",
        x=np.arange(1, n + 1),
        at=STOPS,
        marker="o",
        markersize=3.5,
    )
    plot.title(_zeros_in_words, _zeros_at_each_stop, at=STOPS)
    plot.words(lambda one: f"{_zeros_in_words(one).capitalize()}.")
    return plot


def _zeros_in_words(one: Fits) -> str:
    return _zeros_at_each_stop(one)[-1]


def _zeros_at_each_stop(one: Fits) -> list[str]:
    norms, zeros = one.weight_norm[0, list(STOPS)], (one.sizes[0] < NEAR_ZERO).sum(axis=1)
    count = one.sizes.shape[2]
    return [
        f"weight norm {norm:.2f} · {none} of {count} weights practically 0"
        for norm, none in zip(norms, zeros, strict=True)
    ]
