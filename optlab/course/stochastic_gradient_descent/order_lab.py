"""The lab of the order of the samples: drawn, reshuffled every epoch, or shuffled once."""

from functools import partial
from typing import Any

import numpy as np

from optlab import Film, Goal, Param, Plot, Table
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.making import Parts, course_lab
from optlab.course.stochastic_gradient_descent.gap_plots import ends_in_words, gap_plot
from optlab.course.stochastic_gradient_descent.order import Orders, orders
from optlab.course.stochastic_gradient_descent.reshuffling import reshuffled_gap
from optlab.course.stochastic_gradient_descent.sampling import ORDERS
from optlab.course.stochastic_gradient_descent.seeds import EPOCH_STOPS, EPOCHS, GOAL, RATES
from optlab.course.stochastic_gradient_descent.theory import largest_noisy_rate
from optlab.engine.analysis.least_squares import fitness_club
from optlab.live.plots import BLUE, GREEN, GREY, ORANGE, number

FILM, AFTER, LIMITS = Film("epoch", first=1), EPOCHS[1:], (1e-6, 1e3)
LOOKS = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."))
ALPHA = Param("lr", "α", "learning rate", RATES, default=0.03)

CLOSE = 1e-4


def _shuffling_is_no_help(run: Orders) -> bool:
    drawn, reshuffled, _ = run.gap[0, :, -1]
    return bool(drawn < reshuffled < run.gap[0, 1, 0])


GOALS = (
    Goal("under 0.0001 at epoch 100, in one of the orders", lambda run: run.gap[0, :, -1].min() < CLOSE),
    Goal("under 0.001 at epoch 100, with replacement (possible?)", lambda run: run.gap[0, 0, -1] < GOAL),
    Goal("an α that learns, and at which shuffling no longer helps", _shuffling_is_no_help),
)


@course_lab
def order_lab(record: Orders | None = None) -> Parts:
    """Samples drawn with replacement, reshuffled every epoch, or shuffled once.

    Args:
        record: the gaps at each of the `RATES`; computed if left out.

    Source:
        L. Bottou, "Curiously fast convergence of some stochastic gradient descent algorithms", 2009;
        K. Mishchenko, A. Khaled and P. Richtárik, "Random reshuffling", 2020.
    """
    record = record or orders()
    return Parts([ALPHA], Table(record), [over_epochs(), over_rates(record)], GOALS)


def over_epochs() -> Plot:
    """The gap of every order, epoch by epoch."""
    plot = gap_plot(FILM, "epoch", (1, EPOCHS[-1]), LIMITS, xscale="log", empty="every order diverges")
    goal_lines(plot, CLOSE)
    for k, (name, (color, style)) in enumerate(zip(ORDERS, LOOKS, strict=True)):
        plot.line(name, partial(_curve, k), color, style, x=AFTER)
    theory: dict[str, Any] = {"x": AFTER, "role": "theory", "width": 1.4}
    plot.line("theory, with repl.", lambda run: run.expected[:, 1:], "black", ":", **theory)
    plot.title(_closer)
    plot.words(lambda one: ends_in_words(list(ORDERS), one.gap[0, :, -1]))
    return plot


def _closer(one: Orders) -> str:
    drawn, reshuffled, _ = one.gap[0, :, -1]
    if not np.isfinite([drawn, reshuffled]).all() or min(drawn, reshuffled) > 1e6:
        return f"after {EPOCHS[-1]} epochs\nevery order diverges: α is too large"
    words = f"{drawn / reshuffled:.0f} times closer" if drawn / reshuffled > 1.5 else "no closer"
    gaps = f"with replacement {number(drawn)}, reshuffled {number(reshuffled)}"
    return f"epoch {EPOCHS[-1]}: {gaps}\nreshuffled comes {words}"


def _curve(order: int, run: Orders) -> np.ndarray:
    return run.gap[:, order, 1:]


def over_rates(record: Orders) -> Plot:
    """The gap of every order over the whole α axis; a line where the slider is, a triangle at the best α."""
    rates, diverged, at = np.array(RATES), largest_noisy_rate(fitness_club()), EPOCH_STOPS.tolist()
    axes: dict[str, Any] = {"xscale": "log", "legend": True}
    plot = gap_plot(FILM, "learning rate α", (RATES[0], RATES[-1]), LIMITS, **axes)
    plot.ax.axvspan(diverged, RATES[-1], facecolor="#f7d9c4", edgecolor="white", hatch="///", zorder=0)
    plot.steers(x="lr")
    plot.upright(lambda run: run.settings["lr"], GREY, linewidth=1)
    gaps, expected = record.gap.T[EPOCH_STOPS], record.expected.T[EPOCH_STOPS]  # an epoch, all rates
    for k, (name, (color, style)) in enumerate(zip(ORDERS, LOOKS, strict=True)):
        plot.line(name, gaps[:, k], color, style, x=rates, at=at, role="other")
        lowest = np.nanargmin(gaps[:, k], axis=-1)
        best = rates[lowest][None, :, None], gaps[np.arange(len(at)), k, lowest][None, :, None]
        plot.point(f"best α, {name}", partial(_same, best), color, "v", role="other", size=6, at=at)
    look: dict[str, Any] = {"x": rates, "role": "theory", "width": 1.4}
    plot.line("theory, with repl.", expected, "black", ":", at=at, **look)
    plot.line("theory, reshuffled", _small_rates(rates), "black", (0, (1, 1, 5, 1)), **look)
    words = _best_rates(record)
    plot.title(lambda _: f"after {EPOCHS[-1]} epochs, for every α\n{words}")
    plot.words(lambda _: f"Over all learning rates: after {EPOCHS[-1]} epochs, for every α. {words}")
    return plot


def _same(values: Any, _: Orders) -> Any:
    """What does not depend on the slider."""
    return values


def _best_rates(record: Orders) -> str:
    best = [number(RATES[int(np.nanargmin(record.gap[:, k, -1]))]) for k in (0, 1)]
    return f"best α: {best[0]} with replacement, {best[1]} reshuffled"


def _small_rates(rates: np.ndarray) -> np.ndarray:
    """Theory's gap of reshuffling; NaN where α is too large for it."""
    club = fitness_club()
    return np.where(rates * len(club) * club.curvatures[-1] < 2, reshuffled_gap(club, rates), np.nan)
