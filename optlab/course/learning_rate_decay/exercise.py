"""The exercises of 03.4: the article's decay in epochs, the rate of a fork, and which schedule is better."""

from collections.abc import Sequence

from optlab.course.common.exercise import Exercise, Mistake
from optlab.engine.analysis.pairs import sign_test


def _decayed(t: float, lr: float, delta: float, power: float) -> float:
    return float(lr * (1 + delta * t) ** power)


DECAYED_RATE = Exercise(
    prompt="The article's rate at update number `step` (from 0), where t counts the epochs that are done.",
    cases=(
        (0, 0.1, 0.5, 1.0, 10),
        (9, 1.0, 1.0, 1.0, 10),
        (25, 0.1, 0.5, 2.0, 10),
        (30, 0.3, 0.1, 3.0, 10),
    ),
    truth=lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, -p / 2),
    mistakes=(
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step, lr, delta, -p / 2),  # noqa: ARG005
            "Your t counts steps. How many whole epochs are done after that many updates?",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, -p),
            "This falls too fast: the formula has a square root, and p is applied to it.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step / steps_per_epoch, lr, delta, -p / 2),
            "Your t is a fraction. Counted in epochs, the rate stays the same until a whole epoch is done.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, -1 / 2),  # noqa: ARG005
            "p does nothing yet: this is the rate for p = 1.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(
                step // steps_per_epoch + 1, lr, delta, -p / 2
            ),
            "One epoch too early: until the first epoch is done, t is 0 and the rate is α₀.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, p / 2),
            "This rate grows. The root belongs in the denominator.",
        ),
    ),
    hint="First find t, the number of whole epochs done; then insert it into the formula.",
    praise="If t counted steps, the same δ would fall `steps_per_epoch` times as fast.",
    solution=(
        "def decayed_rate(step, lr, delta, p, steps_per_epoch):\n"
        "    t = step // steps_per_epoch\n"
        "    return lr * (1 / (1 + delta * t) ** 0.5) ** p"
    ),
)

FORK_RATE = Exercise(
    prompt="The rate of a fork: kept until `fork`, then in a straight line to 0 over `span`, then 0.",
    cases=(
        (0, 0.1, 10, 10),
        (10, 0.1, 10, 10),
        (13, 0.1, 10, 4),
        (35, 0.3, 30, 20),
        (60, 0.1, 40, 10),
    ),
    truth=lambda t, lr, fork, span: lr * min(1.0, max(0.0, (fork + span - t) / span)),
    mistakes=(
        Mistake(
            lambda t, lr, fork, span: lr * (fork + span - t) / span,
            "Before the fork your rate is above α₀, and after the fall it is negative.",
        ),
        Mistake(
            lambda t, lr, fork, span: lr * min(1.0, (fork + span - t) / span),
            "After the fall your rate is negative: it climbs the loss. It should stay at 0.",
        ),
        Mistake(
            lambda t, lr, fork, span: lr * max(0.0, (fork + span - t) / span),
            "Before the fork your rate is above α₀. It should be kept there.",
        ),
        Mistake(
            lambda t, lr, fork, span: lr * max(0.0, 1 - t / (fork + span)),
            "Your rate falls from the beginning. It should be kept until the fork.",
        ),
        Mistake(
            lambda t, lr, fork, span: lr * float(t < fork),  # noqa: ARG005
            "Your rate drops to 0 at the fork. It should take `span` epochs to get there.",
        ),
    ),
    hint="The share of the fall that is left is left / span; keep it between 0 and 1.",
    praise="With the fork at half of the training that is WSD; with the fork at 0, linear to 0.",
    solution=(
        "def fork_rate(t, lr, fork, span):\n"
        "    left = fork + span - t\n"
        "    return lr * min(1, max(0, left / span))"
    ),
)


def _wins(first: Sequence[float], second: Sequence[float]) -> int:
    return sum(one < other for one, other in zip(first, second, strict=True))


def _who(first_leads: bool, *, sure: bool) -> str:
    return ("first" if first_leads else "second") if sure else "undecided"


def _by_pairs(first: Sequence[float], second: Sequence[float]) -> str:
    won, pairs = _wins(first, second), len(first)
    return _who(won > pairs / 2, sure=sign_test(won, pairs) < 0.05)


def _by_one_side(first: Sequence[float], second: Sequence[float]) -> str:
    won, pairs = _wins(first, second), len(first)
    return _who(won > pairs / 2, sure=sign_test(won, pairs) < 0.1)


def _by_ranges(first: Sequence[float], second: Sequence[float]) -> str:
    apart = max(first) < min(second) or max(second) < min(first)
    return _who(max(first) < min(second), sure=apart)


BETTER_SCHEDULE = Exercise(
    prompt="Which of two schedules ends lower, by the sign test at 5 %, on the same seeds?",
    cases=(
        ([3.0, 2.1, 4.2, 1.5, 2.8, 9.9, 3.3, 2.2], [3.1, 2.2, 4.4, 1.6, 2.9, 3.0, 3.4, 2.3]),
        ([3.0, 2.1, 4.2, 1.5, 2.8, 2.9, 3.3, 2.2], [3.1, 2.2, 4.4, 1.6, 2.9, 3.0, 3.4, 2.3]),
        ([5.1, 4.0, 7.7, 5.2, 6.1, 4.5, 8.0, 5.5, 1.0], [5.0, 3.9, 7.0, 5.1, 6.0, 4.4, 7.9, 5.4, 7.0]),
        ([1.0, 1.2, 1.1, 0.9, 1.3], [2.0, 2.2, 2.1, 1.9, 2.3]),
        ([1.0, 4.0, 1.1, 4.1, 1.2, 4.2], [2.0, 2.2, 2.1, 2.4, 2.3, 2.5]),
    ),
    truth=_by_pairs,
    mistakes=(
        Mistake(
            lambda first, second: _who(sum(first) < sum(second), sure=True),
            "You compare the means. One unlucky seed can turn them round: count the seeds.",
        ),
        Mistake(
            _by_ranges,
            "You compare the ranges. Both schedules met the same seeds, so compare seed by seed.",
        ),
        Mistake(
            lambda first, second: _who(_wins(first, second) > len(first) / 2, sure=True),
            "You count the seeds, but a coin could do as well: how likely is such a count by chance?",
        ),
        Mistake(
            _by_one_side,
            "Five of five is not enough: a coin falls on *one* of its sides five times in a row in 6 % of "
            "all tries. Count both sides.",
        ),
        Mistake(
            lambda first, second: _by_pairs(second, first),
            "It is the other way round: a lower loss is better.",
        ),
    ),
    hint="Count the seeds on which the first ends lower; `sign_test` says how likely that is by chance.",
    praise="The ranges may overlap as much as they like: the same seeds make it a fair fight.",
    solution=(
        "from optlab.engine.analysis.pairs import sign_test\n\n\n"
        "def better_schedule(first, second):\n"
        "    wins = sum(a < b for a, b in zip(first, second))\n"
        "    if sign_test(wins, len(first)) >= 0.05:\n"
        "        return 'undecided'\n"
        "    return 'first' if wins > len(first) / 2 else 'second'"
    ),
)
