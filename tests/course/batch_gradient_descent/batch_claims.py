"""What 03.2 says that chance could break: other starts and orders of the flowers, other lengths."""

from functools import cache

import numpy as np
from robust import claim

from optlab import grid, iris_pair, train
from optlab.course.batch_gradient_descent.batch import GOAL, first_below
from optlab.course.batch_gradient_descent.scaling import curves_apart
from optlab.course.batch_gradient_descent.trained import EPOCHS, SIZES

RATES = (0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 2.0)


@cache
def curve(seed, length, size, lr):
    """The training loss of one run."""
    epochs = round(EPOCHS * length)
    return train(iris_pair(), batch_size=size, lr=lr, epochs=epochs, seed=seed).train_loss[0]


@cache
def epochs_to_goal(seed, length, lr):
    """Epochs until each batch size first reaches the goal; inf: never."""
    settings = grid(batch_size=SIZES, lr=[lr])
    loss = train(iris_pair(), epochs=round(EPOCHS * length), seed=seed, **settings).train_loss
    return np.nan_to_num(first_below(loss, GOAL), nan=np.inf)


def winner(spent):
    return SIZES[int(np.argmin(spent))] if np.isfinite(spent).any() else 0


UPDATES = np.ceil(80 / np.array(SIZES))


@claim("03.2", "α = 0.05: B = 1 wins by epochs; B = 16 and more do not arrive in 20", lengths=(0.5, 1.0))
def small_batches_win_at_a_small_rate(seed, length):
    found = epochs_to_goal(seed, length, 0.05)
    return winner(found) == 1 and np.isinf(found[3:]).all()


@claim("03.2", "α = 1: B = 4 or 8 wins by epochs, B = 80 (nearly) by updates", lengths=(1, 2))
def at_a_large_rate(seed, length):
    found = epochs_to_goal(seed, length, 1.0)
    updates = found * UPDATES
    return winner(found) in (4, 8) and updates[5] < 1.1 * np.min(updates)


@claim("03.2", "α = 1: by time (c = 0.03) B = 4, 8 or 16 wins", lengths=(1, 2))
def by_time_something_in_between(seed, length):
    return winner(epochs_to_goal(seed, length, 1.0) * (UPDATES + 0.03 * 80)) in (4, 8, 16)


@claim("03.2", "α = 1: B = 16, 32 and 80 need the same updates within a third", lengths=(1, 2))
def beyond_some_size_nothing_is_gained(seed, length):
    updates = (epochs_to_goal(seed, length, 1.0) * UPDATES)[3:]
    return np.isfinite(updates).all() and updates.max() < 4 / 3 * updates.min()


@claim("03.2", "α = 2: B = 16 needs over 1.2 times the updates of B = 80")
def at_twice_the_rate_it_pays_again(seed, length):
    updates = (epochs_to_goal(seed, length, 2.0) * UPDATES)[3:]
    return updates[0] > 1.2 * updates[2]


def apart(seed, length, base, size):
    return float(curves_apart(curve(seed, length, size, base * size), curve(seed, length, 1, base)))


@claim("03.2", "α₁ = 0.03: the linear rule keeps B = 8, 32 and 80 within a factor 1.2 of B = 1")
def the_rule_holds(seed, length):
    return max(apart(seed, length, 0.03, size) for size in (8, 32, 80)) < 1.2


@claim("03.2", "α₁ B over 2.5 times 2/L: the curves are over a factor 2 apart, or diverge")
def the_rule_breaks(seed, length):
    return not any(apart(seed, length, base, size) < 2 for base, size in ((0.1, 80), (0.3, 32), (0.3, 80)))


@claim("03.2", "Without the rule B = 80 at α₁ = 0.03 is over a factor 2 behind")
def without_the_rule(seed, length):
    return curves_apart(curve(seed, length, 80, 0.03), curve(seed, length, 1, 0.03)) > 2
