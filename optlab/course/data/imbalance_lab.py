"""A few eights among other digits: recall and accuracy over the steps, with three remedies and without."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Goal, Lazy, Param, Plot
from optlab.course.common.making import Parts, course_lab
from optlab.course.data.imbalance import COUNTS, OTHERS, REMEDIES, STEPS, Screened, screen, screened
from optlab.live.plots import BLUE, ORANGE

EIGHTS = Param("count", "", "eights", COUNTS, default=16)
REMEDY = Param("remedy", "", "remedy", REMEDIES, "none")
LENGTH = Param("steps", "", "training", STEPS, 200, unit="steps")
GOALS = (
    Goal("99 % accuracy, and not one eight found", lambda run: run.accuracy[0] > 0.99 and run.found[0] == 0),
    Goal(
        "16 eights: find three quarters of them in the test, and leave over 90 % of the others alone",
        lambda run: run.found[0] > 0.75 and run.spared[0] > 0.9,
        where={"count": 16},
    ),
    Goal(
        "16 eights: find a third of them, and leave over 99.5 % of the others alone",
        lambda run: run.found[0] > 1 / 3 and run.spared[0] > 0.995,
        where={"count": 16},
    ),
)
LOOKS: dict[str, tuple[str, str, str, str, float]] = {
    "eights found": ("found", ORANGE, "-", "o", 2.4),
    "others left alone": ("spared", BLUE, "--", "s", 2.0),
    "accuracy": ("accuracy", "black", ":", "x", 1.6),
}


@course_lab
def imbalance_lab() -> Parts:
    """A few eights among many others: which are found, how soon, and what weighting and resampling change.

    Source:
        The article, section 1: optimisation of the data's distribution.
    """
    plots = [over_counts(), over_remedies()]
    source = Lazy(lambda settings, _: screen(settings), cost=lambda settings: settings["steps"])
    return Parts([EIGHTS, REMEDY, LENGTH], source, plots, GOALS)


def over_counts() -> Plot:
    """Both recalls and the accuracy with one remedy, over the number of eights."""
    axes: dict[str, Any] = {"xlim": (3.4, 75), "ylim": (-0.03, 1.05)}
    plot = Plot(xlabel=f"eights to learn from (and {OTHERS} others)", ylabel="fraction", xscale="log", **axes)
    plot.ax.set_xticks(COUNTS, [str(count) for count in COUNTS])
    plot.ax.set_xticks([], minor=True)
    for label, (field, color, style, marker, width) in LOOKS.items():
        values = partial(_with_the_same, "remedy", field)
        look: dict[str, Any] = {"marker": marker, "markersize": 5, "role": _role(label)}
        plot.line(label, values, color, style, x=COUNTS, width=width, **look)
    plot.steers(x="count")
    plot.here(lambda r: (r.settings["count"], r.found))
    plot.title(_said)
    return plot


def over_remedies() -> Plot:
    """The same at one number of eights, remedy by remedy."""
    axes: dict[str, Any] = {"xlim": (-0.5, 3.5), "ylim": (-0.03, 1.05), "legend": True}
    plot, places = Plot(ylabel="fraction", **axes), range(len(REMEDIES))
    plot.ax.set_xticks(places, [name.replace(" ", "\n") for name in REMEDIES])
    for label, (field, color, _, marker, _) in LOOKS.items():
        values = partial(_with_the_same, "count", field)
        look: dict[str, Any] = {"marker": marker, "markersize": 11, "role": _role(label)}
        plot.line(label, values, color, "", x=places, **look)
    plot.handle(["remedy"], lambda at: ([REMEDIES.index(name) for name in at["remedy"]], np.nan))
    plot.here(lambda r: ([REMEDIES.index(name) for name in r.settings["remedy"]], r.found))
    plot.title(
        lambda one: (
            f"the four remedies at {one.setting(0)['count']} eights, {one.setting(0)['steps']} steps\n"
            f"(one eight in {1 + OTHERS / one.setting(0)['count']:.0f} digits)"
        )
    )
    return plot


def _with_the_same(slider: str, field: str, runs: Screened) -> np.ndarray:
    """A field for all settings that share the steps and this slider's value with a run, `(runs, others)`."""
    pairs = zip(runs.settings[slider].tolist(), runs.settings["steps"].tolist(), strict=True)
    return np.stack([getattr(screened(steps).select(**{slider: value}), field) for value, steps in pairs])


def _role(label: str) -> Any:
    return "main" if label == "eights found" else "other"


def _said(one: Screened) -> str:
    count, remedy, steps = one.setting(0).values()
    tried = "no remedy" if remedy == "none" else remedy
    first = f"{count} eights, {tried}, {steps} steps: accuracy {one.accuracy[0]:.1%}"
    return f"{first}\neights found {one.found[0]:.0%}, others left alone {one.spared[0]:.0%}"
