"""The lab of batch and stochastic gradient descent: all petals a step, or some."""

from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.common.surface_plots import contours
from optlab.course.core_concepts.line import LIMITS, curvatures, least_squares, optimality_gap, petals
from optlab.course.core_concepts.two_ways import EPOCHS, SAMPLES, TwoWays, two_ways
from optlab.course.core_concepts.walk import last_tenth
from optlab.course.core_concepts.walk_plots import two_losses
from optlab.engine.analysis.quadratic import largest_rate
from optlab.live.plots import BLUE, ORANGE

RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.38, 0.4, 0.45)
LOOKS = np.arange(EPOCHS * SAMPLES + 1)
STEP = "flower"
"""What a step of the film is called: after it, one more has been looked at."""


def marked_rate() -> dict[str, Any]:
    """What theory marks on the slider of α: where a descent over all petals diverges."""
    return {"diverges above": (largest_rate(curvatures(petals()[0])[1]), np.inf)}


PARAMS = (
    Param("lr", "α", "learning rate", RATES, 0.05, marks=marked_rate),
    Param("batch_size", "B", "flowers per step", (1, 2, 4, 5, 10, SAMPLES), 1),
    Param("seed", "", "random order", tuple(range(6)), 0),
)

ALL_AT_ONCE, ONE = 1e-3, 6e-3
"""The optimality gaps to get below."""
GOALS = (
    Goal("blue under 0.001 over the last tenth", lambda run: last_tenth(run.other_loss)[0] < ALL_AT_ONCE),
    Goal(
        "B = 1: orange under 0.006 over the last tenth",
        where={"batch_size": 1},
        reached=lambda run: last_tenth(run.loss)[0] < ONE,
    ),
)


@course_lab
def two_ways_lab() -> Parts:
    """Two descents from one start: all petals a step, and some of them a step, at equal cost.

    Source:
        The article, sections 2, 3.2 and 3.3.
    """
    return Parts(PARAMS, Table(two_ways), [two_paths(), losses()], GOALS)


def _names(one: TwoWays) -> tuple[str, str]:
    size = one.settings["batch_size"][0]
    return f"{size} per step" if size > 1 else "one per step", "all at once"


def two_paths() -> Plot:
    """Both paths over the contours of their surface."""
    x, y = petals()
    plot = Plot(film=Film(STEP), xlabel="θ₁", ylabel="θ₂", xlim=LIMITS[:2], ylim=LIMITS[2:])
    plot.ax.grid(visible=False)
    contours(plot.ax, optimality_gap(x, y), LIMITS, least_squares(x, y).tolist())
    plot.path("path", lambda run: run.path, ORANGE, points=len(LOOKS), width=1)
    dots: dict[str, Any] = {"marker": "o", "markersize": 3.5}
    plot.path("other", lambda run: run.other, BLUE, "--", points=len(LOOKS), role="other", width=1.8, **dots)
    plot.point("start", lambda run: run.path[:, 0], "white", role="plain")
    last: dict[str, Any] = {"role": "end", "appears": lambda _: LOOKS[-1]}
    plot.point("end", lambda run: run.path[:, -1], ORANGE, "s", **last)
    plot.point("other end", lambda run: run.other[:, -1], BLUE, "D", **last)
    plot.title(lambda one: "start ○   ends: ■ {}   ◆ {}".format(*_names(one)))
    plot.words(_paths_in_words)
    return plot


def _paths_in_words(one: TwoWays) -> str:
    x, y = one.path[0, 0]
    return f"Two paths from ({x:.1f}, {y:.1f}): {', and '.join(_names(one))}."


def losses() -> Plot:
    """The optimality gaps of both, and theory's of the one over all petals."""
    lines = "B per step", "all at once"
    plot = two_losses(LOOKS, "flowers looked at", (1e-7, 1e2), _names, legend=True, lines=lines, step=STEP)
    goal_lines(plot, ONE, ALL_AT_ONCE)
    look: dict[str, Any] = {"x": LOOKS, "role": "theory", "width": 1.2}
    plot.line("theory", lambda run: run.expected, "black", ":", **look)
    return plot
