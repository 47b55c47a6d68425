"""The exercises of 01.3: when compiling pays, the least time of a product, what a step waits for."""

from optlab.course.common.exercise import Exercise, Mistake

LEAST_SECONDS = Exercise(
    prompt="The least seconds for the product of two n × n matrices, from what the machine can do.",
    cases=(
        (1024, 4, 1e11, 1e10),
        (16, 4, 1e11, 1e10),
        (1000, 1, 2e11, 5e9),
        (128, 8, 1e12, 1e9),
        (2000, 2, 1e12, 1e12),
    ),
    truth=lambda n, size, peak, bandwidth: max(2 * n**3 / peak, 3 * n**2 * size / bandwidth),
    mistakes=(
        Mistake(
            lambda n, size, peak, bandwidth: 2 * n**3 / peak + 3 * n**2 * size / bandwidth,
            "You add the two times, but a processor fetches numbers while it computes.",
        ),
        Mistake(
            lambda n, size, peak, bandwidth: min(2 * n**3 / peak, 3 * n**2 * size / bandwidth),
            "That is the time of what ends first. The product is done when both have ended.",
        ),
        Mistake(
            lambda n, size, peak, bandwidth: max(n**3 / peak, 3 * n**2 * size / bandwidth),
            "Each of the n³ products is also added to a sum: two operations.",
        ),
        Mistake(
            lambda n, size, peak, bandwidth: max(2 * n**3 / peak, 2 * n**2 * size / bandwidth),
            "Two matrices are read. Has the result no way to go?",
        ),
        Mistake(
            lambda n, size, peak, bandwidth: max(2 * n**3 / peak, 3 * n**2 / bandwidth),  # noqa: ARG005
            "The bandwidth counts bytes, and you count numbers.",
        ),
        Mistake(
            lambda n, size, peak, bandwidth: 2 * n**3 / peak,  # noqa: ARG005
            "Right where arithmetic is the limit. What if memory is slower?",
        ),
    ),
    hint="Count the operations and divide by the peak; count the bytes of three matrices and divide by the "
    "bandwidth. Which of the two must the product wait for?",
    praise="This is the roofline: for small n memory is the limit, for large n arithmetic.",
    solution=(
        "def least_seconds(n, size, peak, bandwidth):\n"
        "    arithmetic = 2 * n**3 / peak\n"
        "    memory = 3 * n**2 * size / bandwidth\n"
        "    return max(arithmetic, memory)"
    ),
)


def _times(
    work: float, moved: float, calls: float, peak: float, bandwidth: float, call: float
) -> list[float]:
    return [work / peak, moved / bandwidth, calls * call]


def _largest(times: list[float]) -> int:
    return times.index(max(times))


CALLS_TO_PAY = Exercise(
    prompt="After how many calls has compiling paid?",
    cases=((5.0, 0.005, 0.002), (60.0, 0.010, 0.009), (2.0, 1.0, 0.5)),
    truth=lambda first, eager, compiled: first / (eager - compiled),
    mistakes=(
        Mistake(
            lambda first, eager, compiled: first / eager,  # noqa: ARG005
            "The compiled calls are not free: what does each of them save?",
        ),
        Mistake(
            lambda first, eager, compiled: first / compiled,  # noqa: ARG005
            "What counts is how much time each call saves, not how long it takes.",
        ),
        Mistake(
            lambda first, eager, compiled: first / (eager / compiled),
            "How many times as fast it is does not say how many seconds a call saves.",
        ),
    ),
    hint="Each call saves a little of what the first one cost.",
    praise="Where a call saves nothing, it never pays: the denominator goes to 0.",
    solution="def calls_to_pay(first, eager, compiled):\n    return first / (eager - compiled)",
)

WAITS_FOR = Exercise(
    prompt="What does a step wait for: 0 arithmetic, 1 memory, 2 the arranging of its calls?",
    cases=(
        (1e9, 1e6, 10, 1e11, 1e10, 1e-5),
        (1e6, 1e9, 10, 1e11, 1e10, 1e-5),
        (1e6, 1e6, 100, 1e11, 1e10, 1e-5),
        (2e9, 3e8, 1000, 1e11, 1e10, 1e-6),
        (1e9, 2e8, 100, 1e12, 1e10, 1e-5),
    ),
    truth=lambda work, moved, calls, peak, bandwidth, call: _largest(
        _times(work, moved, calls, peak, bandwidth, call)
    ),
    mistakes=(
        Mistake(
            lambda work, moved, calls, peak, bandwidth, call: _largest([work, moved, calls]),  # noqa: ARG005
            "You compare operations with bytes and calls. Turn each into seconds first.",
        ),
        Mistake(
            lambda work, moved, calls, peak, bandwidth, call: _largest(  # noqa: ARG005
                [work / peak, moved / bandwidth, 0.0]
            ),
            "You leave the calls out. For a small network they take longest.",
        ),
        Mistake(
            lambda work, moved, calls, peak, bandwidth, call: min(
                range(3), key=_times(work, moved, calls, peak, bandwidth, call).__getitem__
            ),
            "That is what ends first. The step waits for what ends last.",
        ),
    ),
    hint="Three times in seconds: operations by the peak, bytes by the bandwidth, calls by what each takes. "
    "Which is the largest?",
    praise="Only a change of that one makes the step faster.",
    solution=(
        "def waits_for(work, moved, calls, peak, bandwidth, call):\n"
        "    times = [work / peak, moved / bandwidth, calls * call]\n"
        "    return times.index(max(times))"
    ),
)
