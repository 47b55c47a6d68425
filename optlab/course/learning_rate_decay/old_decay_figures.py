"""A falling rate: the rate itself, the loss that it leads to, and its two sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.lines import Line2D

from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, Panel, clean_axes, number
from optlab.course.common.old_paths import TOP
from optlab.course.learning_rate_decay.decay import Walks, best_constant, expected_loss
from optlab.course.learning_rate_decay.sums import Sums, limit, partial_sum, times_until

__all__ = ["RateOfSteps", "SumCurve", "WalkLoss"]

Best = Callable[[Walks, int], tuple[float, float]]


def best_of_row(walks: Walks, row: int) -> tuple[float, float]:
    """The best constant rate on a row's parabola, and the loss that it ends with."""
    return best_constant(walks.rates.shape[1], curvature=float(walks.settings["curvature"][row]))


class RateOfSteps(Panel):
    """The learning rate of every step on two log axes, where a power of t is a straight line.

    Args:
        steps: how many steps the axis holds.
        limits: the smallest and the largest rate on the axis.
        best: the best constant rate of a row, and its loss.
    """

    def __init__(self, steps: int, limits: tuple[float, float], best: Best = best_of_row) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        x, blank = np.arange(1, steps + 1), np.full(steps, np.nan)
        self._best = best
        (self.kept,) = ax.plot(x, blank, color=ORANGE, linestyle="-.", linewidth=1.4, label="α₀ kept")
        (self.constant,) = ax.plot(x, blank, color=GREEN, linestyle=":", linewidth=2, label="best constant")
        (self.rate,) = ax.plot(x, blank, color="black", linewidth=2.4, label="αₜ")
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(
            xlabel="step", ylabel="learning rate", xscale="log", yscale="log", xlim=(1, steps), ylim=limits
        )
        ax.legend(loc="lower left", frameon=False, fontsize=8.5)
        self.artists = (self.kept, self.constant, self.rate, self.text)
        self.fixed_x = (self.kept, self.constant, self.rate)
        self.grows = dict.fromkeys(self.fixed_x, 1)

    def show(self, result: Walks, row: int) -> str:
        """Draw one row's rates, and say what they add up to."""
        rates = result.rates[row]
        self.rate.set_ydata(rates)
        self.kept.set_ydata(np.full(len(rates), rates[0]))
        self.constant.set_ydata(np.full(len(rates), self._best(result, row)[0]))
        words = f"rate {number(rates[0])} → {number(rates[-1])}"
        added = f"so far Σα = {number(rates.sum())}, Σα² = {number((rates**2).sum())}"
        self.text.set_text(f"{words}\n{added}")
        return f"The {words.replace('→', 'to')}; {added}."


class WalkLoss(Panel):
    """The mean loss of many walks on two log axes: measured, by theory, and as constant rates would have it.

    Args:
        steps: how many steps the axis holds.
        limits: the smallest and the largest loss on the axis.
        best: the best constant rate of a row, and its loss.
    """

    def __init__(self, steps: int, limits: tuple[float, float], best: Best = best_of_row) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self._best = best
        x, blank = np.arange(1, steps + 1), np.full(steps, np.nan)

        def line(label: str, color: str, style: str, width: float) -> Line2D:
            return ax.plot(x, blank, color=color, linestyle=style, linewidth=width, label=label)[0]

        self.one = line("one walk", "#bbbbbb", "-", 0.8)
        self.kept = line("α₀ kept", ORANGE, "-.", 1.4)
        self.constant = line("best constant", GREEN, ":", 2)
        self.loss = line("mean of 512", "black", "-", 2.4)
        self.theory = line("theory", BLUE, "--", 1.6)
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="step", ylabel="loss", xscale="log", yscale="log", xlim=(1, steps), ylim=limits)
        ax.legend(loc="upper right", frameon=False, fontsize=8.5, ncols=2, columnspacing=1.2)
        self.fixed_x = (self.one, self.kept, self.constant, self.loss, self.theory)
        self.artists = (*self.fixed_x, self.text)
        self.grows = dict.fromkeys(self.fixed_x, 1)

    def show(self, result: Walks, row: int) -> str:
        """Draw one row, and hold its end against the best constant rate's."""
        h, rates = float(result.settings["curvature"][row]), result.rates[row]
        rate, to_beat = self._best(result, row)
        kept = np.stack([np.full(len(rates), rates[0]), np.full(len(rates), rate)])
        curves = (h * result.first[row] ** 2 / 2, *expected_loss(kept, curvature=h), result.loss[row])
        for line, curve in zip(self.fixed_x, (*curves, result.expected[row]), strict=True):
            line.set_ydata(np.where(np.isfinite(curve), curve, np.nan)[1:])
        words = _ended(result.loss[row], result.expected[row])
        against = _against(float(result.loss[row, -1]), to_beat)
        self.text.set_text(f"{words}\n{against}")
        return f"Mean loss {words}; {against}."


def _ended(loss: np.ndarray, expected: np.ndarray) -> str:
    if not loss[-1] < 1e6:
        return "diverged"
    return f"after {len(loss) - 1} steps {number(loss[-1])} (theory {number(expected[-1])})"


def _against(loss: float, to_beat: float) -> str:
    if loss < to_beat:
        return f"★ the best constant rate ends at {number(to_beat)}: beaten {to_beat / loss:.1f} times"
    return f"the best constant rate ends at {number(to_beat)}: not beaten"


class SumCurve(Panel):
    """One of the two sums against the number of steps: added up, by theory far beyond, and its limit.

    Args:
        kind: `"rate"` for Σα or `"square"` for Σα².
        times: after how many steps the sums are known, `(times,)`.
        far: to how many steps theory is drawn.
        limits: the smallest and the largest sum on the axis.
        goal: for Σα, the distance to go; None draws none.
    """

    def __init__(
        self,
        kind: str,
        times: np.ndarray,
        far: float,
        limits: tuple[float, float],
        goal: float | None = None,
    ) -> None:
        self.figure, ax = clean_axes()
        self.figure.subplots_adjust(top=TOP)
        self.kind, self.goal, self.limits = kind, goal, limits
        self.far = np.unique(np.geomspace(1, far, 97).round())
        self.sign = {"rate": "Σα", "square": "Σα²"}[kind]
        walkers = {"rate": "400 walkers: mean distance", "square": "400 walkers: variance"}[kind]
        if goal is not None:
            ax.axhline(goal, color=GREEN, linewidth=1, linestyle=(0, (1, 2)))
            ax.text(1.3, goal * 1.15, f"{goal:g} away", color=GREEN, fontsize=8.5)
        (self.limit,) = ax.plot([1, far], [np.nan] * 2, color=ORANGE, linestyle=":", label="its limit")
        (self.added,) = ax.plot(
            times, np.full(len(times), np.nan), color="black", linewidth=2.4, label="added up"
        )
        (self.theory,) = ax.plot(self.far, np.full(len(self.far), np.nan), "--", color=BLUE, label="theory")
        (self.walkers,) = ax.plot(
            times[::4], np.full(len(times[::4]), np.nan), "o", color=GREY, markersize=3.5, label=walkers
        )
        (self.star,) = ax.plot(
            [np.nan], [np.nan], "*", color="gold", markeredgecolor="black", markersize=14, label="_arrived"
        )
        self.text = ax.text(0, 1.02, "", transform=ax.transAxes, fontsize=9, va="bottom")
        ax.set(xlabel="steps", ylabel=self.sign, xscale="log", yscale="log", xlim=(1, far), ylim=limits)
        ax.legend(loc="lower right", frameon=False, fontsize=8.5)
        self.fixed_x = (self.limit, self.added, self.theory, self.walkers)
        self.artists = (*self.fixed_x, self.star, self.text)

    def show(self, result: Sums, row: int) -> str:
        """Draw one row, and say whether the sum has a limit."""
        lr, delta, p = (float(result.settings[name][row]) for name in ("lr", "delta", "p"))
        scale, q = (lr, p / 2) if self.kind == "rate" else (lr**2, p)
        end = scale * limit(q, delta)
        self.limit.set_ydata([end if np.isfinite(end) else np.nan] * 2)
        self.added.set_ydata(getattr(result, self.kind)[row])
        self.theory.set_ydata(scale * partial_sum(self.far, q, delta))
        self.walkers.set_ydata((result.mean if self.kind == "rate" else result.variance)[row, ::4])
        words = self._growth(scale, q, delta)
        arrival = self._arrival(scale, q, delta)
        self.text.set_text(f"{words}\n{arrival}" if arrival else words)
        return f"{words}. {arrival}".strip()

    def _growth(self, scale: float, q: float, delta: float) -> str:
        """How the sum goes on for ever."""
        if q > 1:
            return f"{self.sign} has a limit: {number(scale * limit(q, delta))}"
        if q == 1:
            more = scale / delta * np.log(10)
            return f"{self.sign} has no limit: + {number(more)} for 10 × the steps"
        return f"{self.sign} has no limit: × {number(10 ** (1 - q))} for 10 × the steps"

    def _arrival(self, scale: float, q: float, delta: float) -> str:
        """When the sum comes to the goal."""
        self.star.set_data([np.nan], [np.nan])
        if self.goal is None:
            return ""
        steps = times_until(self.goal / scale, q, delta)
        if not np.isfinite(steps):
            return f"{self.goal:g} away is never reached"
        self.star.set_data([steps], [self.goal])
        return f"★ {self.goal:g} away is reached after {_many(steps)} steps"


def _many(steps: float) -> str:
    """A number of steps as people say it.

    Example:
        >>> _many(115.0), _many(2.72e8), _many(1e40)
        ('115', '272 million', '1e+40')
    """
    for size, name in ((1e12, ""), (1e9, " billion"), (1e6, " million")):
        if steps >= size:
            return f"{steps / size:.3g}{name}" if name else f"{steps:.0e}"
    return f"{steps:,.0f}"
