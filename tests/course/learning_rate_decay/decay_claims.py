"""What 03.4 says that chance could break: other noise and other seeds, half and double the training."""

from functools import cache

import numpy as np
import torch
from robust import claim

from optlab.course.learning_rate_decay import fork as forking
from optlab.course.learning_rate_decay import race as racing
from optlab.course.learning_rate_decay.decay import walk
from optlab.engine.rules.schedules import power_decay


@cache
def ends(seed, length, lr, delta, p):
    """The mean loss of 512 walks at the end."""
    steps = round(400 * length)
    xi = torch.randn(steps, 512, generator=torch.Generator().manual_seed(1000 + seed)).double().numpy()
    rates = power_decay(torch.arange(steps).double(), lr=torch.tensor(lr).double(), delta=delta, p=p)
    return walk(rates.numpy(), xi).loss[0]


@claim("03.4", "p = 2 in place of 1 ends higher (over 1.5 times)")
def falling_faster_is_worse(seed, length):
    return ends(seed, length, 0.5, 1.0, 2.0)[-1] > 1.5 * ends(seed, length, 0.5, 1.0, 1.0)[-1]


@claim("03.4", "From α₀ = 3 the loss grows, then comes down below 1")
def survives_a_large_start(seed, length):
    loss = ends(seed, length, 3.0, 1.0, 1.0)
    return loss.max() > 4 * loss[0] and loss[-1] < 1


@claim("03.4", "p = 2 is a knife's edge: α₀ from 1 to 0.2 ends over 500 times as high; p = 1 ends lower")
def knifes_edge(seed, length):
    steep = ends(seed, length, 0.2, 1.0, 2.0)[-1] / ends(seed, length, 1.0, 1.0, 2.0)[-1]
    return steep > 500 and ends(seed, length, 0.2, 1.0, 1.0)[-1] < ends(seed, length, 1.0, 1.0, 1.0)[-1]


@cache
def tuned(length):
    """What each schedule is tuned to for this length, as entrants of a race."""
    runs = racing.race(round(racing.EPOCHS * length))
    return [(name, runs.shape[name], runs.best[name]) for name in runs.best]


@cache
def finish(seed, length):
    """Where each schedule ends on 16 seeds of its own, `{name: (seeds,)}`."""
    seeds = range(1000 + 16 * seed, 1016 + 16 * seed)
    gap, _, test = racing._run(tuned(length), seeds, round(racing.EPOCHS * length))
    names = [name for name, *_ in tuned(length)]
    return dict(zip(names, gap[:, :, -1], strict=True)), dict(zip(names, test, strict=True))


def wins(seed, length, one, other):
    found, _ = finish(seed, length)
    return int((found[one] < found[other]).sum())


FALLING = [name for name in racing.CANDIDATES if name not in ("constant", "warm-up", "plateau")]


@claim("03.4", "Each schedule that falls by time ends below the constant rate on 13 of 16 seeds or more")
def falling_wins(seed, length):
    return all(wins(seed, length, name, "constant") >= 13 for name in FALLING)


@claim("03.4", "The exponential is behind no other on more than 10 of 16 seeds")
def the_exponential_leads(seed, length):
    return all(wins(seed, length, name, "exponential") <= 10 for name in racing.CANDIDATES)


@claim("03.4", "Linear to 0 ends below the cosine on 11 of 16 seeds or more")
def the_line_beats_the_cosine(seed, length):
    return wins(seed, length, "linear to 0", "cosine") >= 11


@claim("03.4", "Warm-up is no help: within a third of the constant rate's mean gap")
def warm_up_is_no_help(seed, length):
    found, _ = finish(seed, length)
    return 2 / 3 < found["warm-up"].mean() / found["constant"].mean() < 1.5


@claim("03.4", "The mean test losses of all lie within 0.02")
def the_test_loss_hardly_knows(seed, length):
    means = [losses.mean() for losses in finish(seed, length)[1].values()]
    return np.ptp(means) < 0.02


@cache
def forked(seed, length):
    """The forks at α₀ = 0.1, over 10 epochs, on four seeds of their own."""
    setting = {"lr": 0.1, "fork": 10, "span": 10, "memory": 10}
    columns = {name: np.array([value]) for name, value in setting.items()}
    return forking.fork_runs(columns, round(60 * length), range(1000 + 4 * seed, 1004 + 4 * seed))


@claim("03.4", "At α₀ = 0.1 the loss stays where it is from epoch 10 to 60, while forks end half as high")
def a_flat_loss_hides_progress(seed, length):
    run = forked(seed, max(1.0, length))
    early, late = (run.ends[0, forking.FORKS.index(fork)] for fork in (10, 40))
    return 0.2 < late / early < 0.8 and run.kept[0, 40:61].mean() > 0.7 * run.kept[0, 10:31].mean()


@claim("03.4", "An average over 10 epochs lies at most 0.4 times as high as the weights, and above the river")
def an_average_comes_down(seed, length):
    run = forked(seed, max(1.0, length))
    return 1.3 * run.ends[0, -1] < run.averaged[0, -1] < 0.4 * run.kept[0, 40:].mean()
