"""What 01.2 says that chance could break."""

from functools import cache

import torch
from robust import claim

from optlab.course.data.augmentation import MOVES, TEST_MOVES, accuracies, networks
from optlab.course.data.augmentation import STEPS as MOVED_STEPS
from optlab.course.data.imbalance import STEPS, fit, recalls, weights_for


def found(seed, remedy, steps, count=16):
    """The recall of the eights and that of the others, with these eights to learn from."""
    return recalls(fit(weights_for(count, remedy, seed)[None], steps))[:, 0]


@claim("01.2", "Without a remedy 200 steps find hardly an eight (under 5 %)")
def no_eights_early(seed, length):
    return found(seed, "none", round(200 * length))[0] < 0.05


@claim("01.2", "4000 steps find between a quarter and three quarters of them", lengths=(1.0, 2.0))
def eights_late(seed, length):
    return 0.25 < found(seed, "none", round(STEPS[-1] * length))[0] < 0.75


@claim("01.2", "Class weights find over half of the eights in 200 steps, and fewer as training goes on")
def weights_are_fast(seed, length):
    early, late = (found(seed, "class weights", round(steps * length))[0] for steps in (200, 4000))
    return early > 0.5 and late < early


@claim("01.2", "Weighting and repeating come to the same: recalls within five points")
def weighting_is_repeating(seed, length):
    pair = [found(seed, remedy, round(200 * length)) for remedy in ("class weights", "repeat eights")]
    return torch.allclose(*pair, atol=0.05)


@claim("01.2", "Dropping the others mistakes over a tenth of them for eights, more than weighting does")
def dropping_costs(seed, length):
    dropped, weighted = (
        found(seed, name, round(200 * length))[1] for name in ("drop others", "class weights")
    )
    return dropped < 0.9 and dropped < weighted - 0.1


@cache
def moved_accuracy(samples, seed, length):
    """Test accuracies `(TEST_MOVES, MOVES)`, mean over three networks, as in the lab."""
    return accuracies(networks(samples, range(10 * seed, 10 * seed + 3), round(MOVED_STEPS * length)))


def accurate(samples, move, test_move, seed, length):
    return moved_accuracy(samples, seed, length)[TEST_MOVES.index(test_move), MOVES.index(move)]


@claim("01.2", "Tested on moved digits, moving 200 digits helps more than having 800 that stay in place")
def moves_help(seed, length):
    return accurate(200, 1.0, 1.0, seed, length) > accurate(800, 0.0, 1.0, seed, length)


@claim("01.2", "Tested in place, moves of up to two pixels cost over a twentieth of the accuracy")
def large_moves_harm(seed, length):
    return accurate(200, 2.0, 0.0, seed, length) < accurate(200, 0.0, 0.0, seed, length) - 0.05


@claim("01.2", "Tested in place, moves of up to a pixel cost accuracy")
def moves_cost(seed, length):
    return accurate(200, 1.0, 0.0, seed, length) < accurate(200, 0.0, 0.0, seed, length)


@claim("01.2", "Tested in place, 1000 steps: 0.75 pixels gain accuracy", lengths=(1.0,), at_least=0.8)
def small_moves_gain_late(seed, length):
    late = length * 1000 / MOVED_STEPS
    return accurate(200, 0.75, 0.0, seed, late) > accurate(200, 0.0, 0.0, seed, late)


@claim("01.2", "In place 800 digits are better than 200, and 200 than 50, the first step being the larger")
def more_digits_help_less_and_less(seed, length):
    few, some, many = (accurate(samples, 0.0, 0.0, seed, length) for samples in (50, 200, 800))
    return some - few > many - some > 0
