"""What 05.1 says that chance could break: other seeds, half and twice the training."""

from functools import cache

import numpy as np
from robust import claim

from optlab.course.formats_and_compilers import precision


@cache
def formats(seed, length):
    return precision.train_in_formats(seed, round(precision.EPOCHS * length))


def fallen(seed, length, kind, lr):
    """How far the loss falls, against float64, and the share of lost updates."""
    run, exact = (formats(seed, length).select(kind=one, lr=lr) for one in (kind, "float64"))
    return np.ptp(run.loss[0, [0, -1]]) / np.ptp(exact.loss[0, [0, -1]]), run.lost[0]


@claim("05.1", "bfloat16 at α = 0.1: as far as float64, though 4 updates in 10 are lost", lengths=(1, 2))
def large_steps_get_through(seed, length):
    far, lost = fallen(seed, length, "bfloat16", 0.1)
    return far > 0.8 and lost > 0.4


@claim("05.1", "bfloat16 at α = 0.001 falls less than half as far, with nine in ten updates lost")
def small_steps_vanish(seed, length):
    far, lost = fallen(seed, length, "bfloat16", 0.001)
    return far < 0.5 and lost > 0.9


@claim("05.1", "Weights in float32 train like float64 at every rate")
def mixed_precision(seed, length):
    found = formats(seed, length)
    kinds = ("bfloat16, weights in float32", "float64")
    mixed, exact = (found.loss[found.settings["kind"] == kind, -1] for kind in kinds)
    return np.allclose(mixed, exact, rtol=0, atol=0.003)
