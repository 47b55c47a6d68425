"""Two workers on one batch: when they pay, and a program that times them."""

import pytest
from made_up import made_up_times
from printed_programs import named_by_itself
from shared_labs import shared
from steered import check_steering

from optlab.course.labs import data_parallel_lab
from optlab.live.goals import which_reached


def made_up_lab():
    return data_parallel_lab(made_up_times())


lab = shared(made_up_lab)


@pytest.mark.parametrize(("batch", "words"), [(16, "6.8 times slower"), (1024, "1.7 times as fast")])
def test_the_bars_say_whether_two_workers_pay(lab, batch, words):
    assert words in lab.plots[0].frames(lab.set(batch=batch)).labels[0]


def test_two_workers_take_the_time_of_their_halves_and_of_the_mean(lab):
    run = lab.set(width=128, batch=256)
    ends = [lab.plots[0].values(name, run)[0, 1, 0] for name in ("one worker", "two workers")]
    assert ends == pytest.approx([2.56, 1.28 + 1])
    assert run.speedup[0] == pytest.approx(2.56 / 2.28)


def test_the_goal_can_be_reached(lab):
    assert which_reached(lab.goals, lab.at(batch=1024, width=1024)) == (True,)


def test_the_program_starts_two_workers_and_prints_their_seconds(lab, tmp_path):
    """Measured: so only that all numbers are there, and that a step of two is computing and sending."""
    program = lab.program({"width": 128, "batch": 64})
    assert "\nwidth = 128  # hidden units\nbatch = 64  # samples\n" in program
    said = named_by_itself(program, tmp_path)
    both = said["milliseconds a step: two workers"]
    assert said.pop("batch size") == 64
    assert 0 < min(said.values()) <= max(said.values()) < 10_000
    assert both == pytest.approx(said["their halves, ms"] + said["the mean, ms"], rel=1e-3)
    speedup = said["milliseconds a step: one worker"] / both
    assert said["times as fast as one"] == pytest.approx(speedup, rel=1e-3)


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("batch",))
