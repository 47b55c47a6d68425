"""What 05.4 says that chance could break: other seeds, half and twice the training."""

from functools import cache

import numpy as np
from robust import claim

from optlab import MLP, train
from optlab.course.new_algorithms import rate_transfer
from optlab.course.new_algorithms.rivals import BATCH_SIZE, BUDGET, COST, NAMES, WIDTHS, few_digits

OWN = {"momentum": 0.032, "adamw": 0.01, "lion": 0.003, "muon": 0.03, "sam": 0.1, "schedule_free": 1.0}
"""The rates that the notebook tunes for the test loss."""


@cache
def last(seed, length, rule, lr, seeds=4):
    """The last training and test losses of some seeds."""
    asked = {"epochs": round(BUDGET * length) // COST.get(rule, 1), "batch_size": BATCH_SIZE}
    fresh = 200 + seeds * seed + np.arange(seeds)
    run = train(few_digits(), model=MLP(WIDTHS), optimizer=rule, lr=lr, seed=fresh, **asked)
    return np.nan_to_num([run.train_loss[:, -1], run.test_loss[:, -1]], nan=np.inf)


@claim("05.4", "At the notebook's rates AdamW has the lowest test loss on 15 seeds of 20", lengths=(1,))
def adamw_leads(seed, length):
    tests = {rule: last(seed, length, rule, lr, 20)[1] for rule, lr in OWN.items()}
    adamw = tests.pop("adamw")
    return (adamw < np.min(list(tests.values()), axis=0)).sum() >= 15


@claim("05.4", "All at 0.003: Lion has the lowest training loss on each of four seeds")
def lion_by_rate(seed, length):
    names = ("lion", *(set(NAMES.values()) - {"lion"}))
    lion, *others = (last(seed, length, rule, 0.003)[0] for rule in names)
    return (lion < np.min(others, axis=0)).all()


@claim("05.4", "All at 3: schedule-free SGD has the lowest training loss on 18 of 20 seeds", lengths=(1,))
def schedule_free_by_rate(seed, length):
    names = ("schedule_free", *(set(NAMES.values()) - {"schedule_free"}))
    free, *others = (last(seed, length, rule, 3.0, 20)[0] for rule in names)
    return (free < np.min(others, axis=0)).sum() >= 18


# ---------------------------------------------------------------- the rate and the width


@cache
def transfer(seed, length):
    """The trainings of all widths at all rates, on three seeds of their own."""
    seeds = range(1000 + 3 * seed, 1003 + 3 * seed)
    return rate_transfer.transfer_runs(round(rate_transfer.STEPS * length), seeds)


def of(seed, length, name):
    """The widest network at the best rate of the narrowest, in one parametrisation."""
    runs = transfer(seed, length)
    narrow = runs.select(parametrisation=name, width=16, power=-4).best[0, 0]
    return runs.select(parametrisation=name, width=256, power=int(narrow))


@claim("05.4", "Standard: the best rate of 256 units is a quarter of that of 16 units or less")
def the_valley_walks(seed, length):
    best = of(seed, length, "standard").best[0]
    return best[-1] <= best[0] - 2


@claim("05.4", "μP: the best rate of every width is within a factor of 2 of that of 16 units")
def the_valley_stays(seed, length):
    best = of(seed, length, "μP").best[0]
    return abs(best - best[0]).max() <= 1


@claim("05.4", "The best rate of 16 units costs 256 units over ten times the loss; under μP not twice")
def the_rate_transfers(seed, length):
    standard, mup = (of(seed, length, name).lost[0, -1] for name in ("standard", "μP"))
    return standard > 10 and mup < 2


@claim("05.4", "At a small rate layers fed by wider ones move twice as far or more; under μP they do not")
def wider_layers_move_farther(seed, length):
    runs = transfer(seed, length)
    moved = [runs.select(parametrisation=p, width=16, power=-5).moved[0] for p in ("standard", "μP")]
    standard, mup = (far[1:, -1] / far[1:, 0] for far in moved)
    return standard.min() > 2 and 0.5 < mup.min() < mup.max() < 2
