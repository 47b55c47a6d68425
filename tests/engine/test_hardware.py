"""Timings, the roofline, number formats and compiling: what can be known beforehand of what is measured."""

import os
import threading
import time

import numpy as np
import pytest
import torch

from optlab.course.common.speeds import AT_ONCE, FORMATS, at_once, format_times, thread_times
from optlab.engine.systems.bench import PROCESSOR, Timing, bandwidth, machine, peak, roof, timed
from optlab.engine.systems.threads import pool, threads

pytestmark = pytest.mark.usefixtures("on_one_thread")


# ---------------------------------------------------------------- timing


def test_the_best_of_some_tries_on_a_clock_of_our_own(monkeypatch):
    """Two warm-up calls of a second, then tries of 3, 1 and 2 seconds."""
    clock = iter([0, 2, 10, 13, 20, 21, 30, 32])
    monkeypatch.setattr("optlab.engine.systems.bench.time.perf_counter", lambda: next(clock))
    timing = timed(lambda: None, tries=3, clock=lambda: next(clock))
    assert (timing.best, timing.median, timing.spread) == (1, 2, 2)


def test_a_quick_function_is_called_many_times_a_try(monkeypatch):
    clock = iter([0, 0.02, 1, 1.5])  # a call takes 10 ms, so 50 of them fill half a second
    monkeypatch.setattr("optlab.engine.systems.bench.time.perf_counter", lambda: next(clock))
    calls = []
    assert timed(lambda: calls.append(1), tries=1, least=0.5, clock=lambda: next(clock)).best == 0.5 / 50
    assert len(calls) == 2 + 50


def test_processor_time_is_the_time_of_the_work():
    short, long = (timed(lambda n=n: sum(range(n)), clock=PROCESSOR).best for n in (10_000, 100_000))
    assert 3 < long / short < 30


def test_threads_are_given_back_even_after_an_error():
    before = torch.get_num_threads()
    with threads(before + 1):
        assert torch.get_num_threads() == before + 1
    with pytest.raises(ZeroDivisionError), threads(before + 1):
        _ = 1 / 0
    assert torch.get_num_threads() == before
    thread_times((8,))
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: timed(int, tries=0), "tries=0: expected"),
        (lambda: timed(int, least=0), "least=0: expected"),
        (lambda: peak(size=0), "size=0: expected"),
        (lambda: bandwidth(0), "numbers=0: expected"),
        (lambda: roof(0, 1, 1), "intensity=0: expected"),
        (lambda: roof(1, -1, 1), "peak=-1: expected"),
        (lambda: threads(0).__enter__(), "number=0: expected"),
    ],
)
def test_wrong_arguments_are_refused_at_once(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_the_machine_is_described_in_words():
    assert all(isinstance(text, str) and text for text in machine().values())
    assert machine()["cores"].startswith(str(os.cpu_count()))


# ---------------------------------------------------------------- the roofline


def test_the_roof_has_its_corner_where_both_limits_meet():
    np.testing.assert_allclose(roof([1, 5, 10, 20, 100], peak=200, bandwidth=10), [10, 50, 100, 200, 200])


def test_every_format_is_timed_or_says_why_not():
    assert list(format_times(32)) == list(FORMATS)
    for answer in format_times(32).values():
        assert isinstance(answer, Timing) or "not on this machine" in answer


@pytest.mark.slow
def test_a_vectorised_run_of_64_settings_is_faster_than_a_loop():
    """Measured at over 20 times as fast; 2 is asked for."""
    seconds = at_once()
    k = AT_ONCE.index(64)
    assert seconds["loop"][k] > 2 * seconds["together"][k]
    assert np.isnan(seconds["loop"][k + 1 :]).all()


def test_a_pool_has_as_many_threads_as_torch_uses():
    def at_work(_):
        time.sleep(0.02)  # long enough for each thread to take its turn
        return threading.get_ident()

    for number in (1, 2):
        with threads(number), pool() as workers:
            assert len(set(workers.map(at_work, range(12)))) == number
