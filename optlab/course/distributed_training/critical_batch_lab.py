"""Lab: the batch size that pays, and how many workers it feeds."""

from typing import Any

import numpy as np

from optlab import Goal, Param, Plot, Table
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.distributed_training.critical_batch import (
    SIZES,
    TARGETS,
    WORKERS,
    Critical,
    critical_runs,
    steps_law,
    wall_time,
)
from optlab.live.plots import BLUE, GOLD, GREEN, GREY, ORANGE, PURPLE, number

TARGET = Param("target", "", "target loss", TARGETS, 0.25)
SIZE = Param("batch_size", "B", "batch size", SIZES, 512, unit="samples")
COUNT = Param("workers", "k", "workers", WORKERS, 64)

POWERS_OF_10 = (10, 100, 1000, 10_000)
FEW, SHORT, FAST = 2.5, 60, 40
GOALS = (
    Goal(
        "target loss 0.12: under 2.5 times the fewest steps and under 2.5 times the fewest samples",
        lambda run: max(over_least(run)) < FEW,
        where={"target": 0.12},
    ),
    Goal(
        "target loss 0.25, k = 16: a time under 60",
        lambda run: run.own(run.time)[0] < SHORT,
        where={"target": 0.25, "workers": 16},
    ),
    Goal(
        "a speed-up of over 40, against 1 worker at its best batch size",
        lambda run: gain(run, run.own(run.time))[0] > FAST,
    ),
)


@course_lab
def critical_batch_lab(record: Critical | None = None) -> Parts:
    """Steps, samples and time to a target loss, at every batch size: which one pays?

    Args:
        record: from `optlab.course.distributed_training.critical_batch.critical_runs`; run now if left out,
            which takes some seconds.

    Source:
        S. McCandlish et al., "An empirical model of large-batch training", 2018.
    """
    known = record or critical_runs()

    def derived(setting: dict[str, Any]) -> dict[str, Any]:
        run = known.select(**setting)
        return {"lr": float(run.own(run.lr)[0])}

    plots = [costs(), times(), scales(known)]
    return Parts((TARGET, SIZE, COUNT), Table(known), plots, GOALS, also=derived)


def over_least(run: Critical) -> tuple[float, float]:
    """The steps and the samples of one setting, over the fewest."""
    steps, samples = run.own(run.steps)[0], run.own(run.samples)[0]
    return steps / run.least[0, 0], samples / run.least[0, 1]


def gain(run: Critical, time: np.ndarray) -> np.ndarray:
    """How many times as fast as one worker at its best batch size, `(settings,)`."""
    return wall_time(run.steps, np.array(SIZES), np.array(1)).min(1) / time


def _ticks(plot: Plot, x: tuple[float, ...], y: tuple[float, ...]) -> None:
    """Name these places on two log axes, and no others."""
    plot.ax.set_xticks(x, [f"{tick:,g}" for tick in x])
    plot.ax.set_yticks(y, [f"{tick:,g}" for tick in y])
    plot.ax.set_xticks([], minor=True)
    plot.ax.set_yticks([], minor=True)


# ---------------------------------------------------------------- steps and samples


def costs() -> Plot:
    """Steps and samples to the target against the batch size, the law, and where it was predicted to bend."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.9, 1140), "ylim": (2, 40_000)}
    plot = Plot(legend=True, xlabel="batch size", ylabel="steps and samples to the target", **axes)
    _ticks(plot, SIZES[::2], POWERS_OF_10)
    x = np.array(SIZES)
    law: dict[str, Any] = {"x": x, "role": "theory", "width": 1.3, "named": False}
    plot.line("law, steps", lambda run: steps_law(x, run.least), BLUE, "--", **law)
    plot.line("law, samples", lambda run: x * steps_law(x, run.least), ORANGE, "--", **law)
    dots: dict[str, Any] = {"x": x, "role": "plain", "markersize": 5}
    plot.line("samples", lambda run: run.samples, ORANGE, "", marker="s", **dots)
    plot.line("steps", lambda run: run.steps, BLUE, "", marker="o", **dots)
    line: dict[str, Any] = {"role": "theory", "linewidth": 1.6}
    plot.upright(lambda run: run.measured, "black", ":", label="critical, measured", **line)
    plot.upright(lambda run: run.predicted, GREEN, "-.", label="predicted", **line)
    look: dict[str, Any] = {"role": "here", "size": 8, "zorder": 5}
    for name, values in (("steps", "steps"), ("samples", "samples")):
        plot.point(f"{name} here", _at_size(values), GOLD, **look)
    plot.steers(x="batch_size")
    plot.title(lambda one: f"{_counts(one)}\n{_critical(one)}")
    plot.words(lambda one: f"{_counts(one)}; {_critical(one)}.")
    return plot


def _at_size(name: str) -> Any:
    return lambda run: (run.settings["batch_size"], run.own(getattr(run, name)))


def _counts(one: Critical) -> str:
    steps, samples = one.own(one.steps)[0], one.own(one.samples)[0]
    counts = f"{number(steps)} steps, {number(samples)} samples"
    return f"B = {one.settings['batch_size'][0]}: {counts}, at best α = {number(one.own(one.lr)[0])}"


def _critical(one: Critical) -> str:
    return f"critical batch size: measured {one.measured[0]:.0f}, predicted {one.predicted[0]:.0f}"


# ---------------------------------------------------------------- time


def times() -> Plot:
    """The time to the target against the batch size, for every number of workers."""
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (0.9, 1140), "ylim": (4, 40_000)}
    plot = Plot(legend=True, xlabel="batch size", ylabel="time, one sample's gradient = 1", **axes)
    _ticks(plot, SIZES[::2], POWERS_OF_10)
    x = np.array(SIZES)
    pale: dict[str, Any] = {"x": x, "role": "plain", "width": 1.1}
    for k in WORKERS:
        plot.line("1, 4, 16, 64, 256 workers", _time_of(k), "#b5b5b5", named=k == WORKERS[0], **pale)
    plot.line("these workers", lambda run: run.time, PURPLE, x=x, marker="o", markersize=4)
    star: dict[str, Any] = {"role": "end", "size": 14, "zorder": 4}
    plot.point("fastest", _fastest, GOLD, "*", **star)
    plot.upright(lambda run: run.measured, "black", ":", label="critical, measured", role="theory")
    plot.here(lambda run: (run.settings["batch_size"], run.own(run.time)), size=8)
    plot.steers(x="batch_size")
    plot.title(lambda one: f"{_fastest_in_words(one)}\n{_gain_in_words(one)}")
    plot.words(lambda one: f"{_fastest_in_words(one)}; {_gain_in_words(one)}.")
    return plot


def _time_of(workers: int) -> Any:
    return lambda run: wall_time(run.steps, np.array(SIZES), np.array(workers))


def _fastest(run: Critical) -> tuple[np.ndarray, np.ndarray]:
    return np.array(SIZES)[run.time.argmin(1)], run.time.min(1)


def _workers(one: Critical) -> str:
    count = one.settings["workers"][0]
    return f"{count} worker{'' if count == 1 else 's'}"


def _fastest_in_words(one: Critical) -> str:
    (size,), (time,) = _fastest(one)
    return f"{_workers(one)}: ★ fastest at B = {size}, time {number(time)}"


def _gain_in_words(one: Critical) -> str:
    size, time = one.settings["batch_size"][0], one.own(one.time)
    speed_up = number(gain(one, time)[0])
    return f"B = {size}: time {number(time[0])}, speed-up over 1 worker {speed_up}"


# ---------------------------------------------------------------- the noise scale


def scales(known: Critical) -> Plot:
    """The noise scale while the loss falls, its mean so far, and the critical batch size of every target."""
    loss, noise = known.way.T
    axes: dict[str, Any] = {"xscale": "log", "yscale": "log", "xlim": (2.0, 0.07), "ylim": (20, 2000)}
    plot = Plot(legend=True, xlabel="loss", ylabel="batch size", **axes)
    _ticks(plot, (2, 1, 0.5, 0.25, 0.12, 0.08), (30, 100, 300, 1000))
    plot.line("noise scale", noise, "#b5b5b5", x=loss, role="theory", width=1.2)
    plot.line("predicted: its mean so far", known.way_mean, GREEN, "-.", x=loss, role="theory")
    plot.line("measured", known.all_measured, "black", "", x=TARGETS, role="theory", marker="o", markersize=5)
    plot.here(lambda run: (run.settings["target"], run.measured), size=9)
    plot.upright(lambda run: run.settings["target"], GREY, linewidth=1)
    plot.steers(x="target")
    plot.title(_scales_in_words)
    ends_in_words(plot)
    return plot


def _scales_in_words(one: Critical) -> str:
    off = one.predicted[0] / one.measured[0]
    times = f"predicted {number(off)} times as large as measured"
    return f"to a loss of {one.settings['target'][0]:g}: critical batch size {one.measured[0]:.0f},\n{times}"
