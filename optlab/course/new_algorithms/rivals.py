"""Four new update rules against two old ones: each at its own rate, on twenty seeds, judged by two losses.

All get the same number of *gradients*: SAM takes two a step, so it takes half as many steps.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optlab import MLP, Dataset, Record, from_arrays, grid, shared, train
from optlab.engine.systems.threads import threads
from optlab.engine.validation import one_of
from optlab.params import log_values

NAMES = {
    "momentum SGD": "momentum",
    "AdamW": "adamw",
    "Lion": "lion",
    "Muon": "muon",
    "SAM": "sam",
    "schedule-free SGD": "schedule_free",
}
"""The update rules, with their names in the library."""

COST = {"sam": 2}
"""Gradients a step, where there are more than one."""

BUDGET = 16
"""Epochs of a rule that takes one gradient a step."""

BATCH_SIZE = 50
WIDTHS = (64, 16, 10)
JUDGES = ("training loss", "test loss")
RATES = ("each its own", "0.003", "0.03", "3")
"""The learning rates of the race: each rule at its tuned rate, or all at a common one."""

TUNING, FRESH = range(3), range(100, 120)
FACTORS = np.array(log_values(0.01, 100, 2))
"""The rates that each rule is tuned over, as multiples of a usual rate for it."""

CENTERS = {"momentum": 0.1, "adamw": 0.01, "lion": 0.003, "muon": 0.03, "sam": 0.1, "schedule_free": 1.0}


@cache
def few_digits() -> Dataset:
    """300 handwritten digits of 8 × 8 pixels for training, and 500 others for testing.

    Example:
        >>> len(few_digits()), len(few_digits().x_test), few_digits().features
        (300, 500, 64)

    Source:
        E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI, 1998; in scikit-learn.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415  (here, so that importing stays quick)

    x, y = load_digits(return_X_y=True)
    return from_arrays(x[:800], y[:800], test_fraction=0.625, name="digits")


@dataclass(frozen=True)
class Rivals(Record):
    """The race, in every way it can be run.

    Args:
        settings: `judge`, `rates` and `rule`, each `(settings,)`.
        lr: the learning rates, `(settings, rules)`, rules in the order of `NAMES`.
        curves: the judge's loss on twenty seeds, `(settings, rules, seeds, epochs + 1)`, in epochs of
            gradients; NaN where a rule has not completed an epoch of its own, inf where a run diverged.
        tried: the last loss at every rate of the tuning, mean over its seeds, `(settings, rules, rates)`.
        grid: these rates, `(rules, rates)`.
    """

    lr: np.ndarray
    curves: np.ndarray
    tried: np.ndarray
    grid: np.ndarray = shared()

    @property
    def ends(self) -> np.ndarray:
        """The last losses, `(settings, rules, seeds)`."""
        return self.curves[..., -1]


@threads(1)
def rivals(budget: int = BUDGET) -> Rivals:
    """Tune every rule on three seeds over nine rates, for each judge; then race on twenty other seeds.

    Args:
        budget: epochs of a rule that takes one gradient a step; even.

    Returns:
        The race, some 900 trainings; the rule varies fastest, then the rates.

    Source:
        R. Schmidt, F. Schneider and P. Hennig, "Descending through a crowded valley", ICML 2021: fifteen
        optimisers, tuned alike, and no winner over all tasks.
    """
    rules = list(NAMES.values())
    rates = np.array([[float(f"{CENTERS[rule] * f:.2g}") for f in FACTORS] for rule in rules])
    tuning = [_curves(rule, rates[k], TUNING, budget)[..., -1].mean(2) for k, rule in enumerate(rules)]
    tried = np.stack(tuning, axis=1)
    own = np.take_along_axis(np.broadcast_to(rates, tried.shape), tried.argmin(2)[..., None], 2)[..., 0]
    common = np.array([float(name) for name in RATES[1:]])
    lr = np.concatenate([own, np.repeat(common, len(rules)).reshape(len(common), -1)])
    runs = np.stack([_curves(rule, lr[:, k], FRESH, budget) for k, rule in enumerate(rules)], axis=2)
    rows = [(judge, judge if way == 0 else way + 1) for judge in range(2) for way in range(len(RATES))]
    judge, row = np.repeat(rows, len(rules), axis=0).T
    settings = grid(judge=JUDGES, rates=RATES, rule=list(NAMES))
    return Rivals(settings, lr[row], runs[judge, row], tried[judge], rates)


@threads(1)
def tuned_finer(name: str, budget: int = BUDGET) -> tuple[float, np.ndarray]:
    """Tune a rule again by test loss, on nine rates a third apart around the best, and run it again.

    Args:
        name: one of `NAMES`.
        budget: epochs of a rule that takes one gradient a step; even.

    Returns:
        The rate, and the last test loss of each of the twenty runs, `(seeds,)`.

    Raises:
        ValueError: if `name` is not one of `NAMES`.
    """
    one_of("name", name, NAMES)
    rule = NAMES[name]
    best = _tuned(rule, CENTERS[rule] * FACTORS, budget)
    lr = _tuned(rule, best * np.geomspace(FACTORS[3], FACTORS[5], 9), budget)
    return lr, _curves(rule, np.array([lr]), FRESH, budget)[1, 0, :, -1]


def _tuned(rule: str, rates: np.ndarray, budget: int) -> float:
    """The rate with the lowest last test loss, mean over the seeds of the tuning."""
    return float(rates[_curves(rule, rates, TUNING, budget)[1, ..., -1].mean(1).argmin()])


def _curves(rule: str, rates: np.ndarray, seeds: range, budget: int) -> np.ndarray:
    """A rule's losses by each judge, `(judges, rates, seeds, budget + 1)`."""
    cost = COST.get(rule, 1)
    settings: dict[str, Any] = grid(lr=rates, seed=seeds)
    options: dict[str, Any] = {"epochs": budget // cost, "batch_size": BATCH_SIZE}
    history = train(few_digits(), model=MLP(WIDTHS), optimizer=rule, **settings, **options)
    curves = np.full((2, len(rates), len(seeds), budget + 1), np.nan)
    for judge, losses in enumerate((history.train_loss, history.test_loss)):
        finite = np.nan_to_num(losses, nan=np.inf)
        curves[judge, ..., ::cost] = finite.reshape(len(rates), len(seeds), -1)
    return curves


def ahead(ends: Any) -> np.ndarray:
    """Which rule is clear of which other: even its worst seed is better than the other's best.

    Args:
        ends: the last losses, `(rules, seeds)`.

    Returns:
        `(rules, rules)`, True where the row's rule is clear of the column's.

    Example:
        >>> ahead([[1.0, 2.0], [1.5, 3.0], [4.0, 5.0]]).tolist()
        [[False, False, True], [False, False, True], [False, False, False]]
    """
    ends = np.asarray(ends)
    return ends.max(1)[:, None] < ends.min(1)[None]


def verdict(ends: Any) -> str:
    """Which rule is clear of all others, if any is.

    Args:
        ends: the last losses of each of `NAMES`, `(rules, seeds)`.

    Returns:
        Half a sentence.

    Example:
        >>> verdict(np.arange(12.0).reshape(6, 2)), verdict(np.ones((6, 2)))
        ('momentum SGD is clear of all others', 'the ranges overlap: compare seed by seed')
    """
    beaten = ahead(ends).sum(1)
    if beaten.max() == len(beaten) - 1:
        return f"{list(NAMES)[int(beaten.argmax())]} is clear of all others"
    return "the ranges overlap: compare seed by seed"
