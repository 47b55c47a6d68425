"""What 05.6 says that chance could break: other starts, other digits and features."""

from functools import cache
from warnings import catch_warnings, simplefilter

import numpy as np
from robust import claim

from optlab.course.open_questions.boundary import other_starts
from optlab.course.open_questions.double_descent import DRAWS, FEATURES, L2S, NOISES, STEPS, medians


@claim("05.6", "Two weights with tanh: the boundary is rough wherever the picture has one", lengths=(1,))
def rough(seed, length):
    with catch_warnings():
        simplefilter("ignore")  # of pictures without a boundary
        found = other_starts("2 weights, tanh", range(50 + 2 * seed, 52 + 2 * seed))
    return (np.isnan(found) | (found > 1.1)).all()


@claim(
    "05.6", "Six weights without tanh: whether it is rough depends on the start", lengths=(1,), at_least=0.2
)
def rough_without_tanh(seed, length):
    return (other_starts("6 weights, no tanh", range(50 + seed, 51 + seed)) > 1.1).all()


@cache
def errors(seed, samples, noise=0.1):
    """Test errors, the median of nine draws that the lab does not have, `(features, l2s, stops)`."""
    return medians(samples, 1000 + DRAWS * seed)[NOISES.index(noise), 0]


def of(seed, length):
    """The errors with half or twice the digits, and where features are as many."""
    samples = round(100 * length)
    return errors(seed, samples), FEATURES.index(samples)


@claim("05.6", "With λ = 0 the test error where N = n is over 20 times that of fewer and of 1000 features")
def a_peak(seed, length):
    found, at = of(seed, length)
    plain = found[:, 0, -1]
    return plain[at] > 20 * max(plain[:at].min(), plain[-1])


@claim("05.6", "With the best λ for each width, more features are never over 5 % worse")
def no_peak_with_the_best_penalty(seed, length):
    best = of(seed, length)[0][:, :, -1].min(1)
    return all(best[k + 1 :].max() < 1.05 * best[k] for k in range(len(best) - 1))


@claim("05.6", "λ = 0.003 takes the peak away: N = n is better than half as many, and worse than 1000")
def one_penalty_is_enough(seed, length):
    found, at = of(seed, length)
    plain = found[:, L2S.index(3e-3), -1]
    half = plain[max(k for k in range(at) if 2 * FEATURES[k] <= FEATURES[at])]
    return half > plain[at] > plain[-1]


@claim("05.6", "Where N = n, descent stopped after 100 steps is within 10 % of the best λ")
def stopping_is_as_good(seed, length):
    found, at = of(seed, length)
    return 0.9 < found[at, 0, STEPS.index(100)] / found[at, :, -1].min() < 1.1


@claim(
    "05.6",
    "100 features: with 100 digits the error is over ten times that with 50, and with 200",
    lengths=(1.0,),
)
def more_digits_hurt(seed, length):
    few, same, many = (errors(seed, n)[FEATURES.index(100), 0, -1] for n in (50, 100, 200))
    return same > 10 * max(few, many)


@claim(
    "05.6",
    "100 digits: 1000 features beat all below 100 with 0.1 wrong labels, not with 0.2 but for the best λ",
    lengths=(1.0,),
)
def noise_decides_whether_wide_wins(seed, length):
    at = FEATURES.index(100)
    some, many = (errors(seed, 100, noise)[:, :, -1] for noise in (0.1, 0.2))
    few = many[:at, 0].min()
    return some[-1, 0] < some[:at, 0].min() and many[-1, 0] > few > many[-1].min()
