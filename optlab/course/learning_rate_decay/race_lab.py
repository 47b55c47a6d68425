"""The race of schedules: pick one, turn its rate, and see where all of them ended."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.curves import rate_curve
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.learning_rate_decay.race import CANDIDATES, LRS, Entry, Race
from optlab.course.learning_rate_decay.race import race as run_race
from optlab.live.plots import BLUE, GREEN, ORANGE, number

HALF = 0.003
GOALS = (Goal("beat the best constant rate by half: under 0.003", lambda run: _mean_end(run)[0] < HALF),)

GAP = "optimality gap"
LIMITS = (8e-4, 1.2)
SHAPES = {
    "delta": "δ {:g}",
    "gamma": "γ {:g}",
    "every": "every {:g} epochs",
    "rise": "rise {:.0%}",
    "fall": "fall {:.0%}",
    "over": "over {:g} epochs",
    "factor": "factor {:g}",
    "patience": "patience {:g}",
}
"""How the shape of a schedule is written; what is not written is part of its name."""


@course_lab
def race_lab(race: Race | None = None) -> Parts:
    """Eleven schedules on the network of section 4, each at eight initial rates.

    Args:
        race: what was run; run now, in a few seconds, when left out.

    Source:
        The article, section 3.4. The schedules' sources are in `optlab.engine.rules.schedules`.
    """
    race = race or run_race()
    best, epochs, shape = race.best["constant"], race.tuned.lr.shape[1], race.shape
    rates = tuple(LRS.tolist())
    params = (
        Param("schedule", "", "schedule", tuple(CANDIDATES), "decay p = 1"),
        Param("lr", "α₀", "initial rate", rates, best, marks=lambda: {"best constant": best}),
    )
    plots = [finish(race), tuning(race), rate_curve(epochs, low=1e-4, high=3), seed_curves(race)]
    return Parts(
        params,
        Table(race.tuned),
        plots,
        GOALS,
        also=lambda at: {"shape": shape[at["schedule"]], "epochs": epochs},
    )


def _mean_end(run: Entry) -> np.ndarray:
    """The optimality gap at the end, mean over the seeds, `(settings,)`; NaN if one of them diverged."""
    return run.gap[:, :, -1].mean(1)


def seed_curves(race: Race) -> Plot:
    """The optimality gap epoch by epoch: each seed, their mean, and the best constant rate."""
    _, seeds, points = race.tuned.gap.shape
    x, constant = np.arange(points), race.at_best("constant").gap[0].mean(0)
    axes: dict[str, Any] = {"xlabel": "epoch", "xlim": (0, points - 1), "yscale": "log", "ylim": LIMITS}
    plot = Plot(film=Film("epoch"), legend=True, ylabel=GAP, **axes)
    plot.ax.plot(x, constant, color=GREEN, linestyle=":", linewidth=2, label="best constant rate")
    goal_lines(plot, HALF)
    for k in range(seeds):
        _draw_seed(plot, k, x, f"{seeds} seeds")
    plot.line("their mean", lambda run: run.gap.mean(1), "black", x=x, width=2.4)

    def against(one: Entry) -> str:
        star = "★ " if _mean_end(one)[0] < constant[-1] else ""
        return f"{star}best constant rate: {number(constant[-1])}"

    plot.title(lambda one: f"{_end(one)}\n{against(one)}")
    plot.words(lambda one: f"At the end: {_end(one)}; {against(one)}.")
    return plot


def _draw_seed(plot: Plot, k: int, x: np.ndarray, label: str) -> None:
    """One seed; the first stands for all of them in the legend."""
    look: dict[str, Any] = {"role": "other", "width": 0.9, "named": k == 0}
    plot.line(label, lambda run: run.gap[:, k], "#aaaaaa", x=x, **look)


def _end(one: Entry) -> str:
    end = _mean_end(one)[0]
    return f"optimality gap {number(end)}" if np.isfinite(end) else "a seed diverged"


def tuning(race: Race) -> Plot:
    """Where a schedule ends, over all initial rates, beside the constant rate."""
    ends = {name: _mean_end(race.of(name)) for name in race.best}
    axes: dict[str, Any] = {"xscale": "log", "xlim": (LRS[0] / 1.2, LRS[-1] * 1.2), "yscale": "log"}
    plot = Plot(legend=True, xlabel="initial rate α₀", ylabel=GAP, ylim=LIMITS, **axes)
    plot.ax.plot(LRS, ends["constant"], color=GREEN, linestyle=":", linewidth=2, label="constant")
    look: dict[str, Any] = {"marker": "o", "markersize": 4, "width": 1.5}
    plot.line("this schedule", lambda run: [ends[name] for name in run.settings["schedule"]], x=LRS, **look)
    plot.steers(x="lr")
    plot.here(lambda run: (run.settings["lr"], _mean_end(run)), named=True, clip_on=True)

    def tuned(one: Entry) -> str:
        name = one.setting(0)["schedule"]
        return f"{name}: best at α₀ = {number(race.best[name])}{_shape(race.shape[name])}"

    plot.title(lambda one: f"at the end, after {one.gap.shape[2] - 1} epochs\n{tuned(one)}")
    plot.words(lambda one: f"For {tuned(one)}.")
    return plot


def _shape(shape: dict[str, float]) -> str:
    """The shape that a schedule was tuned to, in words.

    Example:
        >>> _shape({"gamma": 0.5, "every": 5.0})
        ', γ 0.5, every 5 epochs'
    """
    return "".join(f", {SHAPES[name].format(value)}" for name, value in shape.items() if name in SHAPES)


def finish(race: Race) -> Plot:
    """Where every schedule ended, each in its own best rate and shape, on seeds that it was not tuned on."""
    names, ticks = list(race.fresh), (0.001, 0.002, 0.005, 0.01, 0.02)
    axes: dict[str, Any] = {"xscale": "log", "xlim": (1e-3, 3e-2), "ylim": (len(names) - 0.5, -0.5)}
    plot = Plot(xlabel=GAP, **axes)
    plot.figure.subplots_adjust(left=0.22)
    for row, ends in enumerate(race.fresh.values()):
        plot.ax.plot(ends, np.full(len(ends), row), "o", color=BLUE, alpha=0.35, markersize=4)
        plot.ax.plot(ends.mean(), row, "|", color="black", markersize=15, markeredgewidth=2.5)
    plot.ax.axvline(race.fresh["constant"].mean(), color=GREEN, linestyle=":", linewidth=2)
    plot.ax.set_yticks(range(len(names)), names)
    plot.ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    plot.ax.set_xticks([], minor=True)

    def pointer(run: Entry) -> tuple[float, list[int]]:
        return 1e-3, [names.index(name) for name in run.settings["schedule"]]

    plot.handle(["schedule"], lambda at: (np.nan, [names.index(name) for name in at["schedule"]]))
    plot.point("this schedule", pointer, ORANGE, ">", role="here", size=9, clip_on=False)

    def place(one: Entry) -> str:
        name = one.setting(0)["schedule"]
        ends = race.fresh[name]
        return f"{name}: {number(ends.mean())} on {len(ends)} new seeds"

    def wins(one: Entry) -> str:
        return _wins(race.fresh[one.setting(0)["schedule"]], race.fresh["constant"])

    plot.title(lambda one: f"{place(one)}\n{wins(one)}")
    plot.words(lambda one: f"{place(one)}, {wins(one)}.")
    return plot


def _wins(ends: np.ndarray, constant: np.ndarray) -> str:
    if np.array_equal(ends, constant):
        return "the one to beat"
    return f"lower than the constant rate on {(ends < constant).sum()} of {len(ends)}"
