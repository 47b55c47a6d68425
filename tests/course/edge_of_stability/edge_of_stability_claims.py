"""What 05.5 says that chance could break: other starts, twice the training."""

from functools import cache

import numpy as np
from robust import claim

from optlab import grid
from optlab.course.edge_of_stability.adam_edge import BETA1S, adam_edge
from optlab.course.edge_of_stability.adam_edge import LRS as ADAM_LRS
from optlab.course.edge_of_stability.catapult import runs
from optlab.course.edge_of_stability.edge import LRS as EDGE_RATES
from optlab.course.edge_of_stability.edge import STEPS as EDGE_STEPS
from optlab.course.edge_of_stability.edge import edge


@cache
def at_the_edge(seed, length):
    return edge(grid(lr=EDGE_RATES, seed=[100 + seed]), steps=round(EDGE_STEPS * length))


@claim("05.5", "At every rate the sharpness ends within 15 % of 2/α", lengths=(1, 2))
def swings_about_the_edge(seed, length):
    return (abs(at_the_edge(seed, length).level - 1) < 0.15).all()


@claim("05.5", "At every rate the loss ends at a third of the first or less", lengths=(1, 2))
def and_yet_it_falls(seed, length):
    loss = at_the_edge(seed, length).loss
    return (np.median(loss[:, -100:], axis=1) < loss[:, 0] / 3).all()


@claim("05.5", "α = 0.18: the loss rises in over a tenth of the steps", lengths=(1, 2))
def rises(seed, length):
    return (np.diff(at_the_edge(seed, length).loss[-1]) > 0).mean() > 0.1


@cache
def thrown(seed, length, network):
    """Losses and eigenvalues at five rates, from starts that the lab does not have."""
    return runs(network, 1000 + seed, (0.5, 1.9, 3.0, 3.8, 5.0), round(40 * length))[:2]


@claim(
    "05.5",
    "Linear: under 2/λ₀ the loss keeps below its start, at 3/λ₀ it grows and comes down, at 5/λ₀ diverges",
)
def lazy_catapult_divergent(seed, length):
    loss = thrown(seed, length, "linear")[0]
    rises = loss.max(1) > 1.2 * loss[:, 0]
    return not rises[:2].any() and rises[2] and loss[2, -1] < 0.24 and np.isnan(loss[4, -1])


@claim("05.5", "Linear: α = 3/λ₀ ends at a sharpness under 0.3 λ₀, α = 0.5/λ₀ over 0.7 λ₀")
def flatter_after_a_catapult(seed, length):
    sharpness = thrown(seed, length, "linear")[1][:, -1, 0]
    return sharpness[2] < 0.3 and sharpness[0] > 0.7


@claim("05.5", "ReLU: α = 3/λ₀ ends flatter and at a lower loss than α = 0.5/λ₀, within 45 % of 2/α")
def relu_lands_at_the_edge(seed, length):
    loss, values = thrown(seed, length, "ReLU")
    sharpness = values[:, -1, 0]
    return sharpness[2] < sharpness[0] and loss[2, -1] < loss[0, -1] and abs(sharpness[2] * 3 / 2 - 1) < 0.45


@cache
def adams(seed, length):
    return adam_edge(grid(lr=ADAM_LRS, beta1=BETA1S, seed=[100 + seed]), steps=round(2000 * length))


@claim(
    "05.5",
    "Adam: the preconditioned sharpness ends within 20 % of its edge at every rate and β₁",
    lengths=(1, 2),
)
def adam_has_an_edge(seed, length):
    return (abs(adams(seed, length).level - 1) < 0.2).all()


@claim("05.5", "Adam: the sharpness itself ends at less than half of 2/α", lengths=(1, 2))
def far_below_the_edge_of_gradient_descent(seed, length):
    return (adams(seed, length).plain[:, -1] < 1).all()
