"""What 05.2 says that chance could break: other starts, half and twice the training."""

from functools import cache
from unittest.mock import patch

import numpy as np
from robust import claim

from optlab import grid, train
from optlab.course.adaptive_methods import adaptive
from optlab.course.adaptive_methods.units import LRS, in_units


@cache
def fewest(seed, turn, kappa):
    """The steps of each rule at its own best rate, from a random start."""
    angle = np.random.default_rng(seed).uniform(0.2, 1.37) + np.pi / 2 * (seed % 4)
    start = (2.9 * np.cos(angle), 2.9 * np.sin(angle))
    here = {"lr": np.geomspace(0.03, 3, 41), "beta2": 0.99, "kappa": kappa, "turn": turn}
    with patch.object(adaptive, "START", start):
        runs = adaptive.paths({name: np.broadcast_to(value, 41) for name, value in here.items()})
    reached = {rule: runs.converged_at(rule) for rule in adaptive.RULES}
    return {rule: min(steps[steps >= 0], default=301) for rule, steps in reached.items()}


@claim(
    "05.2", "Own rates: turned by 45° AdaGrad and RMSProp need over 100 steps, at 0° under 60", lengths=(1,)
)
def lose_their_lead(seed, length):
    straight, turned = (fewest(seed, turn, 100.0) for turn in (0.0, 45.0))
    return all(turned[rule] > 100 and straight[rule] < 60 for rule in ("adagrad", "rmsprop"))


@claim("05.2", "Own rates: turned by 45° Adam loses under a third at κ = 100", lengths=(1,))
def adam_keeps(seed, length):
    return fewest(seed, 45.0, 100.0)["adam"] < 4 / 3 * fewest(seed, 0.0, 100.0)["adam"]


@cache
def best_in_unit(seed, length, unit):
    """The lowest training loss of each rule over the slider's rates, mean of three starts."""
    asked = grid(seed=range(3 * seed, 3 * seed + 3), lr=LRS)
    lowest = {}
    for rule in adaptive.RULES:
        last = train(in_units(unit), optimizer=rule, **asked, epochs=round(30 * length)).train_loss[:, -1]
        means = np.nan_to_num(last, nan=np.inf).reshape(3, -1).mean(0)
        lowest[rule] = (means.min(), LRS[means.argmin()])
    return lowest


@claim("05.2", "Petal length × 100: SGD ends worst")
def sgd_ends_worst(seed, length):
    other = best_in_unit(seed, length, 100.0)
    return max(other, key=lambda rule: other[rule][0]) == "sgd"


@claim("05.2", "Petal length × 100: SGD loses fourfold or more, Adam and AdamW more than SGD", lengths=(1,))
def who_loses(seed, length):
    one, other = (best_in_unit(seed, length, unit) for unit in (1.0, 100.0))
    sgd, *adams = (other[rule][0] / one[rule][0] for rule in ("sgd", "adam", "adamw"))
    return 4 < sgd < min(adams)


@claim("05.2", "At × 1 Adam's best rate is a fifth of SGD's or less")
def no_rate_is_fair(seed, length):
    one = best_in_unit(seed, length, 1.0)
    return one["adam"][1] <= one["sgd"][1] / 5
