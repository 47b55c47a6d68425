"""Lab: a race of four new update rules and two old ones."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.in_words import ends_in_words
from optlab.course.common.making import Parts, course_lab
from optlab.course.new_algorithms.rivals import BUDGET, COST, JUDGES, NAMES, RATES, Rivals, rivals, verdict
from optlab.live.plots import BLUE, GREEN, ORANGE, PURPLE, nth, number

JUDGE = Param("judge", "", "judge", JUDGES, JUDGES[0])
AT = Param("rates", "", "rates", RATES, "0.03")
RULE = Param("rule", "", "look at", tuple(NAMES), "schedule-free SGD")
"""The rule that the common rate of the opening suits least: its own best lies a hundred times higher."""

COLORS = ("black", BLUE, ORANGE, GREEN, PURPLE, "#8a6d00")
STYLES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
LOOKS = tuple(zip(range(len(NAMES)), NAMES, COLORS, STYLES, strict=True))

SHORT = {"momentum SGD": "momentum", "schedule-free SGD": "schedule-free"}
"""What stands at the ends of curves, where it is not the whole name."""

LOSS: dict[str, Any] = {"ylabel": "loss", "yscale": "log"}
Limits = dict[str, tuple[float, float]]
ENDS: Limits = {"training loss": (5e-5, 20), "test loss": (0.1, 20)}
"""For each judge the limits of the last losses on their axis."""


def _wins(name: str) -> Any:
    return lambda run: verdict(run.ends[0]).startswith(name)


GOALS = (
    Goal("find a rate at which Lion is clear of all", _wins("Lion")),
    Goal("… and one at which schedule-free SGD is", _wins("schedule-free")),
    Goal(
        "fair, each its own, by test loss: look at the rule with the lowest median",
        lambda run: looked_at(run) == [int(np.median(run.ends[0], axis=1).argmin())],
        where={"rates": RATES[0], "judge": "test loss"},
    ),
)


@course_lab
def rivals_lab(record: Rivals | None = None) -> Parts:
    """Four new rules and two old ones: at one common rate, or each at its own tuned one.

    Args:
        record: from `new_algorithms.rivals.rivals`; run now if left out, which takes half a minute.

    Source:
        R. Schmidt, F. Schneider and P. Hennig, "Descending through a crowded valley", ICML 2021.
    """
    known = record or rivals()

    def derived(setting: dict[str, Any]) -> dict[str, Any]:
        run = known.select(**setting)
        cost = COST.get(NAMES[setting["rule"]], 1)
        return {"lr": float(run.lr[0, looked_at(run)[0]]), "epochs": BUDGET // cost}

    plots = [last_losses(known.ends.shape[2]), medians(known.curves.shape[3]), tuning(known)]
    return Parts((JUDGE, AT, RULE), Table(known), plots, GOALS, also=derived)


def looked_at(run: Rivals) -> list[int]:
    """Which of the rules each setting looks at."""
    return [list(NAMES).index(rule) for rule in run.settings["rule"]]


def limits_by_judge(plot: Plot, axis: str, limits: Limits) -> None:
    """Give an axis its own limits for each judge."""

    def draw(judge: str) -> None:
        plot.ax.set(**{axis: limits[judge]})

    plot.background(JUDGES, lambda run: run.settings["judge"], draw)


# ---------------------------------------------------------------- the ends


def last_losses(seeds: int) -> Plot:
    """Where every rule ended on every seed: a dot a seed, a bar over all, a line at the median."""
    plot = Plot(xlabel="last loss", xscale="log", ylim=(len(NAMES) - 0.5, -0.5))
    plot.figure.subplots_adjust(left=0.31)
    plot.ax.set_yticks(range(len(NAMES)), list(NAMES))
    bar: dict[str, Any] = {"width": 9, "alpha": 0.25, "solid_capstyle": "butt", "points": 2}
    dots: dict[str, Any] = {
        "marker": "o",
        "markersize": 3,
        "alpha": 0.6,
        "points": seeds,
        "style": "",
        "named": True,
    }
    tick: dict[str, Any] = {"marker": "|", "markersize": 17, "markeredgewidth": 2.5, "points": len(NAMES)}
    for k, name, color, _ in LOOKS:
        plot.path(f"all seeds of {name}", _range_in_row(k), color, role="plain", **bar)
    for k, name, color, _ in LOOKS:
        plot.path(name, _in_row(k, np.linspace(-0.22, 0.22, seeds)), color, role="plain", **dots)
    plot.path("medians", lambda run: (np.median(shown(run), axis=2), range(len(NAMES))), style="", **tick)
    (here,) = plot.ax.plot([0], [np.nan], ">", color="black", markersize=8, clip_on=False, label="_here")
    here.set_transform(plot.ax.get_yaxis_transform())
    plot.mark(here, lambda run: (0, looked_at(run)), role="here", named=False)
    plot.handle(["rule"], lambda at: (np.nan, [list(NAMES).index(rule) for rule in at["rule"]]))
    limits_by_judge(plot, "xlim", ENDS)
    plot.title(lambda one: f"{one.settings['judge'][0]}, {seeds} seeds\n{verdict(one.ends[0])}")
    plot.words(_spreads)
    return plot


def shown(run: Rivals) -> np.ndarray:
    """The last losses in order, `(settings, rules, seeds)`."""
    return np.sort(run.ends)


def _in_row(rule: int, beside: Any, seeds: Any = slice(None)) -> Any:
    """The last losses of some seeds, in the row of their rule."""
    return lambda run: (shown(run)[:, rule, seeds], rule + beside + np.zeros_like(shown(run)[0, rule, seeds]))


def _range_in_row(rule: int) -> Any:
    """From the lowest to the highest; a loss of 0, which has no place on the axis, lies beyond its edge."""
    return lambda run: (np.maximum(shown(run)[:, rule, [0, -1]], 1e-12), rule + np.zeros(2))


def _spreads(one: Rivals) -> str:
    ends = zip(NAMES, shown(one)[0], strict=True)
    spreads = [f"{name} {number(own[0])} to {number(own[-1])}" for name, own in ends]
    return f"{verdict(one.ends[0])}. {', '.join(spreads)}"


# ---------------------------------------------------------------- the way, and the tuning


def medians(points: int) -> Plot:
    """The median of every rule on the way; the rule that is looked at is underlaid in grey."""

    def chosen(run: Rivals) -> np.ndarray:
        return middle(run)[np.arange(len(run)), looked_at(run)]

    def title(one: Rivals) -> str:
        (k,) = looked_at(one)
        words = f"α = {one.lr[0, k]:g}, ends at {number(chosen(one)[0, -1])}"
        return f"medians of {one.curves.shape[2]} seeds\n{one.settings['rule'][0]}: {words}"

    axes: dict[str, Any] = {"xlabel": "epoch of gradients", "xlim": (0, points - 1), **LOSS}
    plot = Plot(film=Film("epoch"), legend=True, **axes)
    x = np.arange(points)
    plot.line("the one you look at", chosen, "#999999", x=x, width=6)
    for k, name, color, style in LOOKS:
        plot.line(name, nth(middle, k), color, style, x=x, role="other", ending=SHORT.get(name, name))
    limits_by_judge(plot, "ylim", {"training loss": (5e-5, 1e4), "test loss": (0.1, 30)})
    plot.title(title)
    ends_in_words(plot)
    return plot


def middle(run: Rivals) -> np.ndarray:
    """The medians over the seeds, `(settings, rules, epochs + 1)`."""
    return np.apply_along_axis(_filled, -1, np.median(run.curves, axis=2))


def _filled(curve: np.ndarray) -> np.ndarray:
    """A curve with its gaps bridged in proportion."""
    known = np.flatnonzero(~np.isnan(curve))
    return np.exp(np.interp(np.arange(len(curve)), known, np.log(curve[known])))


def tuning(known: Rivals) -> Plot:
    """How every rule was tuned: its last loss at every rate, on three other seeds."""

    def title(one: Rivals) -> str:
        own = one.settings["rates"][0] == RATES[0]
        where = "each rule races at its lowest point" if own else "all race at the dotted line"
        return f"the tuning, three other seeds:\n{where}"

    def rate(run: Rivals) -> list[float]:
        return [np.nan if rates == RATES[0] else float(rates) for rates in run.settings["rates"]]

    limits: dict[str, Any] = {"xscale": "log", "xlim": (known.grid.min(), known.grid.max())}
    plot = Plot(xlabel="learning rate", **limits, **LOSS)
    look: dict[str, Any] = {"role": "theory", "marker": "o", "markersize": 4}
    for k, name, color, style in LOOKS:
        plot.line(name, nth(lambda run: run.tried, k), color, style, x=known.grid[k], **look)
    plot.handle(["rates"], lambda at: ([float(r) if r != RATES[0] else np.inf for r in at["rates"]], np.nan))
    plot.upright(rate, style=(0, (1, 2)), linewidth=1)
    limits_by_judge(plot, "ylim", {"training loss": (5e-5, 30), "test loss": (0.1, 30)})
    plot.title(title)
    ends_in_words(plot)
    return plot
