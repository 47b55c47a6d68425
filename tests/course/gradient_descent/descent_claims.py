"""What 03.1 says of its one start, from other starts: there is no chance in it but this."""

import numpy as np
from robust import claim

from optlab.course.gradient_descent.descent import ravine_descent


def descended(seed, length, lr, kappa, **rule):
    """One run from a start of its own, between 20° and 75°."""
    angle = np.random.default_rng(seed).uniform(20, 75)
    settings = {"lr": np.array([lr]), "kappa": np.array([kappa]), "angle": np.array([angle])}
    return ravine_descent(settings, steps=round(100 * length), **rule)


@claim("03.1", "α = 0.16: κ = 5 and κ = 10 converge at the same step, κ = 11.5 later, κ = 20 diverges")
def walls_matter_past_the_best_rate(seed, length):
    five, ten, more = (descended(seed, length, 0.16, kappa).reached_at[0] for kappa in (5.0, 10.0, 11.5))
    return five == ten < more and descended(seed, length, 0.16, 20.0).diverged_at[0] > 0


@claim("03.1", "κ = 100 at its best rate does not arrive in 100 or 200 steps, κ = 10 does in 38 or so")
def the_wait_grows_with_kappa(seed, length):
    slow, fast = descended(seed, length, 0.018, 100.0), descended(seed, length, 0.18, 10.0)
    return slow.reached_at[0] < 0 and 34 <= fast.reached_at[0] <= 42


@claim("03.1", "κ = 30, α = 0.063: β = 0.96 ends over 100 times as high as β = 0", lengths=(0.5, 1))
def too_much_momentum(seed, length):
    heavy = descended(seed, length, 0.063, 30.0, optimizer="momentum", momentum=0.96)
    plain = descended(seed, length, 0.063, 30.0)
    return heavy.loss[0, -1] > 100 * plain.loss[0, -1]
