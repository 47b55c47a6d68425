"""The exercise of 03.4: the article's decay, with t counted in epochs."""

from optlab.course.common.exercise import Exercise, Mistake


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
            "Here t counts steps. How many whole epochs are done after that many updates?",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, -p),
            "This falls too fast: there is a square root in the formula, under the power p.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step / steps_per_epoch, lr, delta, -p / 2),
            "Here t is a fraction. Counted in epochs, the rate stays as it is until a whole one is done.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, -1 / 2),  # noqa: ARG005
            "p does nothing yet: this is the rate for p = 1.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(
                step // steps_per_epoch + 1, lr, delta, -p / 2
            ),
            "One epoch too early: before any epoch is done t is 0, and the rate is α₀.",
        ),
        Mistake(
            lambda step, lr, delta, p, steps_per_epoch: _decayed(step // steps_per_epoch, lr, delta, p / 2),
            "This rate grows. The root is the denominator of a fraction.",
        ),
    ),
    hint="First find t, the whole epochs that are done; then put it into the formula.",
    praise="Had you counted steps, the same δ would have fallen `steps_per_epoch` times as fast.",
    solution=(
        "def decayed_rate(step, lr, delta, p, steps_per_epoch):\n"
        "    t = step // steps_per_epoch\n"
        "    return lr * (1 / (1 + delta * t) ** 0.5) ** p"
    ),
)
