"""What 03.3 says that chance could break: other random men in every step, half and double the steps."""

from functools import cache

import numpy as np
from robust import claim

from optlab.course.stochastic_gradient_descent.order import ORDERS
from optlab.course.stochastic_gradient_descent.sampling import sample_order, walk
from optlab.course.stochastic_gradient_descent.seeds import START
from optlab.course.stochastic_gradient_descent.theory import best_possible_gap
from optlab.engine.analysis.least_squares import fitness_club

CLUB, MEN = fitness_club(), 20


@cache
def gaps(seed, lr, steps, order="with replacement", *, average=False):
    """The optimality gap of 256 walks that no lab shows, at half of the steps and at their end."""
    drawn = sample_order(order, MEN, steps, range(1000 * (seed + 1), 1000 * (seed + 1) + 256))
    found = walk(CLUB, drawn, np.full((1, steps), lr), START, [steps // 2, steps])
    return CLUB.gap((found.averages if average else found.points)[0]).T


@claim("03.3", "Half the rate, about half the mean gap at rest (0.35 to 0.65)", lengths=(1, 2))
def half_the_rate_half_the_floor(seed, length):
    steps = round(200 * length)
    return 0.35 < gaps(seed, 0.05, steps)[-1].mean() / gaps(seed, 0.1, steps)[-1].mean() < 0.65


@claim("03.3", "α = 0.8: the cloud settles (its median moves less than threefold), its mean is over 5 × that")
def settles_without_a_mean(seed, length):
    early, late = gaps(seed, 0.8, round(200 * length))
    medians = np.median(early), np.median(late)
    return max(medians) < 3 * min(medians) and late.mean() > 5 * medians[1]


@claim("03.3", "α = 1.0: the cloud flies apart, its median grows tenfold", lengths=(1, 2))
def flies_apart(seed, length):
    early, late = gaps(seed, 1.0, round(200 * length))
    return np.median(late) > 10 * np.median(early)


@claim("03.3", "After one look at each man SGD at α = 0.1 is at less than half the gap of one full step")
def the_first_steps_are_a_bargain(seed, length):
    lr = 2 / sum(CLUB.curvatures)
    step = CLUB.gap(np.array(START) - lr * CLUB.hessian @ (np.array(START) - CLUB.solution))
    return gaps(seed, 0.1, MEN)[-1].mean() < step / 2


@claim("03.3", "The average at α = 0.15 ends at 1.0 to 1.6 times the best possible")
def the_average_is_near_the_best(seed, length):
    steps = round(2000 * length)
    ratio = gaps(seed, 0.15, steps, average=True)[-1].mean() / best_possible_gap(CLUB, steps)
    return 1.0 < ratio < 1.6


@claim("03.3", "α = 0.02: reshuffled ends at less than a tenth of drawing with replacement", lengths=(1, 2))
def shuffling_pays(seed, length):
    steps = round(100 * length) * MEN
    drawn, shuffled = (gaps(seed, 0.02, steps, order)[-1].mean() for order in list(ORDERS)[:2])
    return shuffled < drawn / 10


@claim("03.3", "α = 0.3: shuffling no longer helps, by a third at most")
def shuffling_no_longer_helps(seed, length):
    steps = round(100 * length) * MEN
    drawn, shuffled = (gaps(seed, 0.3, steps, order)[-1].mean() for order in list(ORDERS)[:2])
    return shuffled > 2 / 3 * drawn


@claim("03.3", "At rest the gap grows like α (drawn), α³ (reshuffled), α² (one shuffle)", lengths=(1, 2))
def the_powers_of_the_gap_at_rest(seed, length):
    steps, rates = round(100 * length) * MEN, (0.012, 0.03)
    ends = np.array([[gaps(seed, lr, steps, order)[-1].mean() for order in ORDERS] for lr in rates])
    powers = np.log(ends[1] / ends[0]) / np.log(rates[1] / rates[0])
    return bool((abs(powers - [1, 3, 2]) < 0.4).all())
