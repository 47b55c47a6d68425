"""Lab: the learning rate that survives a wider network."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.new_algorithms.rate_transfer import (
    EARLY,
    LAYERS,
    PARAMETRISATIONS,
    POWERS,
    STEPS,
    WIDTHS,
    Transfer,
    transfer_runs,
)
from optlab.live.plots import BLUE, GOLD, GREEN, GREY, ORANGE, PURPLE, nth, number

PARAMETRISATION = Param("parametrisation", "", "parametrisation", PARAMETRISATIONS, PARAMETRISATIONS[0])
WIDTH = Param("width", "n", "width", WIDTHS, 128, unit="units")
POWER = Param("power", "log₂ α", "rate", POWERS, -4)

LOW, COMPROMISE, TRANSFERS = 0.01, 5.0, 1.5
GOALS = (
    Goal(
        "standard, n = 256: a training loss under 0.01 at the end",
        lambda run: run.end[0] < LOW,
        where={"parametrisation": "standard", "width": 256},
    ),
    Goal(
        "standard: a rate at which no width ends more than 5 times as high as at its own best",
        lambda run: run.lost[0].max() < COMPROMISE,
        where={"parametrisation": "standard"},
    ),
    Goal(
        "μP: a rate at which no width ends more than 1.5 times as high as at its own best",
        lambda run: run.lost[0].max() < TRANSFERS,
        where={"parametrisation": "μP"},
    ),
)

COLORS = ("#8cc5e3", "#3f9fd0", BLUE, "#00507d", "black")
STYLES: tuple[Any, ...] = (":", "-.", "--", (0, (5, 1)), "-")
MARKERS = "osD^v"
LOSSES: dict[str, Any] = {"yscale": "log", "ylim": (0.002, 4)}
TICKS = [0.01, 0.1, 1]


@course_lab
def rate_transfer_lab(record: Transfer | None = None) -> Parts:
    """Adam at every rate, in networks of five widths: does the best rate stay where it is?

    Args:
        record: from `optlab.course.new_algorithms.rate_transfer.transfer_runs`; run now if left out, which
            takes some seconds.

    Source:
        G. Yang et al., "Tensor programs V: tuning large neural networks via zero-shot hyperparameter
        transfer", 2022.
    """
    known = record or transfer_runs()
    return Parts((PARAMETRISATION, WIDTH, POWER), Table(known), [valleys(), losses(), moves()], GOALS)


def valleys() -> Plot:
    """The training loss at the end against the rate, one curve a width; a star at its lowest point."""
    plot = Plot(legend=True, xlabel="log₂ of the learning rate", ylabel="training loss at the end", **LOSSES)
    plot.ax.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    plot.upright(lambda run: run.settings["power"], GREY, linewidth=1)
    looks = zip(WIDTHS, COLORS, STYLES, MARKERS, strict=True)
    for k, (width, color, style, marker) in enumerate(looks):
        look: dict[str, Any] = {"marker": marker, "markersize": 4, "width": 1.6, "role": "plain"}
        plot.line(f"n = {width}", nth(lambda run: run.ends, k), color, style, x=POWERS, **look)
    star: dict[str, Any] = {"marker": "*", "markersize": 13, "markeredgecolor": "black", "zorder": 4}
    plot.path("lowest", _lowest, GOLD, "", points=len(WIDTHS), role="plain", **star)
    plot.here(lambda run: (run.settings["power"], run.end), size=8)
    plot.steers(x="power")
    plot.title(lambda one: f"{_walk(one)}\n{_here(one)}")
    ends_in_words(plot)
    return plot


def _lowest(run: Transfer) -> tuple[np.ndarray, np.ndarray]:
    return run.best, run.ends.min(2)


def _walk(one: Transfer) -> str:
    best, name = one.best[0], one.settings["parametrisation"][0]
    if len(set(best)) == 1:
        return f"{name}: ★ the best rate is {power_of_2(best[0])} at every width"
    return f"{name}: ★ the best rate falls from {power_of_2(best[0])} to {power_of_2(best[-1])}"


def power_of_2(power: int) -> str:
    """A power of 2 in words that a figure can show, such as `"2⁻⁴"`."""
    return "2" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _here(one: Transfer) -> str:
    rate = power_of_2(one.settings["power"][0])
    return f"n = {one.settings['width'][0]} at {rate}: {number(one.end[0])}, {_against_best(one)}"


def _against_best(one: Transfer) -> str:
    lost = one.lost[0, one.row[0]]
    return "its best" if lost == 1 else f"{number(lost)} times its best"


def losses() -> Plot:
    """The loss on the way, at this rate and at the best one of this width."""
    axes: dict[str, Any] = {"xlabel": "step", "ylabel": "loss of the batch", "xlim": (0, STEPS)}
    plot = Plot(film=Film("step"), legend=True, **axes, **LOSSES)
    plot.ax.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    x = np.arange(STEPS)
    plot.line("best rate", lambda run: run.best_loss, ORANGE, "--", x=x, role="other")
    plot.line("this rate", lambda run: run.loss, "black", x=x)
    plot.title(lambda one: f"n = {one.settings['width'][0]}\n{_both_rates(one)}")
    ends_in_words(plot)
    return plot


def _both_rates(one: Transfer) -> str:
    best = one.best[0, one.row[0]]
    return f"this rate {power_of_2(one.settings['power'][0])}, the best {power_of_2(best)}"


def moves() -> Plot:
    """How far the first steps move each layer, in multiples of how far they do in the narrowest network."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "ylim": (0.2, 40)}
    plot = Plot(legend=True, xlabel="width n", ylabel="change, n = 16 being 1", **axes)
    plot.ax.set_xticks(WIDTHS, [str(width) for width in WIDTHS])
    plot.ax.set_xticks([], minor=True)
    plot.ax.set_yticks([0.3, 1, 3, 10, 30], ["0.3", "1", "3", "10", "30"])
    plot.ax.set_yticks([], minor=True)
    looks = zip(LAYERS, (GREY, BLUE, GREEN, PURPLE), (":", "-.", "--", "-"), MARKERS, strict=False)
    for k, (layer, color, style, marker) in enumerate(looks):
        look: dict[str, Any] = {"marker": marker, "markersize": 4, "role": "plain"}
        plot.line(layer, nth(relative, k), color, style, x=WIDTHS, **look)
    plot.steers(x="width")
    plot.upright(lambda run: run.settings["width"], GREY, linewidth=1)
    plot.title(_moved_in_words)
    ends_in_words(plot)
    return plot


def relative(run: Transfer) -> np.ndarray:
    """How far each layer moves against the narrowest network's, `(settings, layers, widths)`."""
    return run.moved / run.moved[..., :1]


def _moved_in_words(one: Transfer) -> str:
    far = relative(one)[0, -1, one.row[0]]
    rate = power_of_2(one.settings["power"][0])
    return (
        f"what {EARLY} steps at {rate} change in each layer:\n"
        f"n = {one.settings['width'][0]}: output {number(far)} times as far as at n = 16"
    )
