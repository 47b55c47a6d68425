"""The two sums of the article's decay, Σα and Σα²: added up, in closed form, and to infinity.

With α_t = α₀ (1 + δt)^(−p/2), Σα adds up powers p/2 and Σα² powers p. A sum of (1 + δt)^(−q) has a limit
exactly when q is above 1.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import Record, shared
from optlab.course.learning_rate_decay.steps import decayed_rates, noise

STEPS = 10_000
WALKERS = 400
TIMES = np.unique(np.geomspace(1, STEPS, 81).round().astype(int))
"""The steps after which `sums_lab` looks."""

HEAD = 32
"""So many terms are added one by one; the Euler-Maclaurin formula gives the rest."""


def partial_sum(n: Any, q: float, delta: float) -> Any:
    """The sum of (1 + δt)^(−q) over t = 0 … n − 1, without adding it up.

    Args:
        n: how many terms, 0 or above, a number or an array.
        q: the exponent, 0 or above.
        delta: δ, above 0.

    Returns:
        The sum, in the shape of `n`, to 8 digits at least.

    Example:
        >>> float(partial_sum(1_000_000, q=1.0, delta=1.0).round(6)), float(np.log(1e6).round(6))
        (14.392727, 13.815511)

    Source:
        The Euler-Maclaurin formula to its third term; the difference to ln n is Euler's constant 0.577216.
    """
    n = np.asarray(n, dtype=np.float64)
    head = np.concatenate([[0.0], np.cumsum((1 + delta * np.arange(HEAD)) ** -q)])
    first, last = 1.0 + delta * HEAD, 1.0 + delta * np.maximum(n, HEAD)
    rest = _area(first, last, q, delta) + _ends(first, q, delta) - _ends(last, q, delta)
    return np.where(n <= HEAD, head[np.minimum(n, HEAD).astype(int)], head[-1] + rest)


def limit(q: float, delta: float) -> float:
    """The sum of (1 + δt)^(−q) over all t: finite when q is above 1.

    Args:
        q: the exponent.
        delta: δ, above 0.

    Returns:
        The limit, or inf.

    Example:
        >>> limit(1.0, delta=1.0), round(limit(2.0, delta=1.0), 6), round(np.pi**2 / 6, 6)
        (inf, 1.644934, 1.644934)
    """
    if q <= 1:
        return float("inf")
    first = 1.0 + delta * HEAD
    tail = first ** (1 - q) / (delta * (q - 1)) + _ends(first, q, delta)
    return float(((1 + delta * np.arange(HEAD)) ** -q).sum() + tail)


def _area(first: float, last: Any, q: float, delta: float) -> Any:
    """The integral of (1 + δt)^(−q), from and to these values of 1 + δt."""
    if q == 1:
        return np.log(last / first) / delta
    return (last ** (1 - q) - first ** (1 - q)) / (delta * (1 - q))


def _ends(at: Any, q: float, delta: float) -> Any:
    """What the formula adds for one end: half the term, and a twelfth of its slope."""
    return at**-q / 2 + q * delta * at ** (-q - 1) / 12


def marked_exponents() -> dict[str, Any]:
    """What theory marks on the slider of p: above which each of the two sums has a limit."""
    return {"Σα² finite above": 1.0, "Σα finite above": (2.0, np.inf)}


@cache
def times_until(goal: float, q: float, delta: float) -> float:
    """How many terms it takes until the sum of (1 + δt)^(−q) reaches a goal.

    Args:
        goal: the sum to reach, above 0.
        q: the exponent.
        delta: δ, above 0.

    Returns:
        The number of terms, to six digits (to one term below 10⁵); inf if no number is enough.

    Example:
        >>> times_until(14.392726, q=1.0, delta=1.0), times_until(1.7, q=2.0, delta=1.0)
        (1000000.0, inf)
    """
    if goal >= limit(q, delta):
        return float("inf")
    low, high = 0.0, 1.0
    while partial_sum(high, q, delta) < goal and high < 1e300:
        low, high = high, high * 2
    while high - low > max(1.0, 1e-6 * high):
        middle = np.floor((low + high) / 2)
        low, high = (middle, high) if partial_sum(middle, q, delta) < goal else (low, middle)
    return float(high)


@dataclass(frozen=True)
class Sums(Record):
    """Both sums for each setting; column *k* is after `times[k]` steps.

    Args:
        settings: `lr`, `delta` and `p`.
        rate: Σα, added up term by term, `(settings, times)`.
        square: Σα², likewise.
        mean: how far walkers have come on average who go α_t (1 + ξ_t) at each step, `(settings, times)`.
        variance: the variance of their places, `(settings, times)`.
        times: after how many steps, `(times,)`; the same for all settings.
    """

    rate: np.ndarray
    square: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    times: np.ndarray = shared()


def run(settings: dict[str, np.ndarray]) -> Sums:
    """What `sums_lab` shows of some settings: 10 000 rates added up, and 400 walkers.

    Args:
        settings: `lr`, `delta` and `p`, each `(settings,)`.

    Returns:
        The record.

    Source:
        H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    return sums(decayed_rates(settings, STEPS), noise(STEPS, WALKERS), TIMES, settings)


def sums(rates: np.ndarray, xi: np.ndarray, times: Any, settings: dict[str, np.ndarray]) -> Sums:
    """Add the rates up, and send walkers down a slope of 1 with them.

    On a slope of 1 with noise of size 1 a walker goes α_t (1 + ξ_t) in step t. So the mean of all walkers
    measures Σα, and their variance Σα².

    Args:
        rates: α_t, `(settings, steps)`.
        xi: standard normal noise, `(steps, walkers)`.
        times: the steps after which to look, ascending, none beyond the number of steps.
        settings: what to note of each setting.

    Returns:
        The record.

    Example:
        >>> sums(np.array([[1.0, 0.5, 0.25]]), np.zeros((3, 2)), [1, 3], {}).rate
        array([[1.  , 1.75]])
    """
    times = np.asarray(times)
    spans = list(zip([0, *times[:-1]], times, strict=True))
    places = np.cumsum([rates[:, a:b].sum(1)[:, None] + rates[:, a:b] @ xi[a:b] for a, b in spans], axis=0)
    return Sums(
        settings,
        np.cumsum(rates, axis=1)[:, times - 1],
        np.cumsum(rates**2, axis=1)[:, times - 1],
        places.mean(2).T,
        places.var(2).T,
        times,
    )
