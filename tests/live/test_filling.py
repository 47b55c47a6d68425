"""How a grid is filled: ahead on the calling thread, or by the thread: what comes first, what is kept."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from waiting import wait_until

from optlab.live.background import Background
from optlab.live.filling import Ahead
from optlab.live.order import Order
from optlab.live.source import Job, Lazy, Table
from optlab.params import Grid, Param
from optlab.record import Record


def grid_of(*sizes):
    return Grid(tuple(Param(f"x{k}", "", "", tuple(range(n)), n // 2) for k, n in enumerate(sizes)))


def slots_of(settings, shape):
    return np.ravel_multi_index(list(settings.values()), shape).tolist()


class Log:
    """A run that notes what it was asked for, can be held up, and asks whether to stop."""

    def __init__(self, shape):
        self.shape, self.asked, self.published, self.gate = shape, [], [], threading.Event()
        self.gate.set()

    def run(self, settings, job):
        self.asked.append(slots_of(settings, self.shape))
        while not self.gate.wait(0.001):
            if job.stopped():
                break
        return Record(settings)

    def deaf(self, settings, _):
        """Never asks whether to stop."""
        self.asked.append(slots_of(settings, self.shape))
        self.gate.wait(10)
        return Record(settings)

    def publish(self, slots, result):
        self.published.append((list(slots), result))


@pytest.fixture
def background():
    made = []

    def make(shape, run=None, *, busy=lambda: False, publish=None, partial=lambda *_: None, **options):
        log = Log(shape)
        source = Lazy(run or log.run, **options)
        filling = Background(grid_of(*shape), source, publish or log.publish, partial=partial, busy=busy)
        made.append((filling, log))
        return filling, log

    yield make
    for filling, log in made:
        log.gate.set()
        filling.close()


# ---------------------------------------------------------------- ahead


def test_a_table_is_filled_nearest_first_each_setting_once_and_without_a_thread():
    log, grid = Log((5, 4, 3)), grid_of(5, 4, 3)
    filling = Ahead(grid, Table(lambda settings: log.run(settings, Job()), chunk=8), log.publish)
    threads = threading.active_count()
    filling.start()
    filling.want(7)
    filling.fill(7)
    assert threading.active_count() == threads
    order = [slot for slots in log.asked for slot in slots]
    assert order[0] == 7
    assert sorted(order) == list(range(60))
    steps = [sum(np.abs(np.subtract(grid.indices(slot), grid.indices(7)))) for slot in order]
    assert steps == sorted(steps)
    assert [slots for slots, _ in log.published] == log.asked


def test_a_setting_that_cannot_be_run_is_named_and_the_others_are_kept():
    def picky(settings):
        if 7 in settings["x0"]:
            raise ZeroDivisionError("boom")
        return Record(settings)

    published = []
    filling = Ahead(grid_of(10), Table(picky), lambda *args: published.append(args))
    filling.fill(2)
    assert set(filling.runs) == set(range(10)) - {7}
    assert isinstance(filling.failed[7], ZeroDivisionError)
    assert [type(result) for slots, result in published if slots == [7]] == [ZeroDivisionError]
    with pytest.raises(RuntimeError, match="this setting failed: boom"):
        filling.wait(7)


# ---------------------------------------------------------------- in the background


def test_the_wanted_slot_comes_first_then_its_axes_then_the_rest(background):
    filling, log = background((5, 4, 3), chunk=8)
    filling.start()
    wait_until(lambda: len(filling.runs) == 60)
    order = [slot for slots in log.asked for slot in slots]
    axes = set(filling.grid.axes_through(filling.grid.default))
    assert log.asked[0] == [filling.grid.default]
    assert set(order[: len(axes)]) == axes
    assert sorted(order) == list(range(60))  # each slot once


def test_wanting_another_slot_stops_what_is_under_way(background):
    filling, log = background((5, 4, 3))
    log.gate.clear()
    filling.start()
    wait_until(lambda: log.asked == [[filling.grid.default]])
    filling.want(3)
    wait_until(lambda: log.asked[-1] == [3])
    log.gate.set()
    filling.wait(3, timeout=5)
    assert log.published[0][0] == [3]  # the default was begun first, and dropped


def test_what_was_finished_is_kept_whatever_the_sliders_ask_for_meanwhile(background):
    """A run that never asks whether to stop is complete, and must not be thrown away."""
    log = Log((50, 50))
    filling, _ = background((50, 50), log.deaf, publish=log.publish, chunk=64, most=1)
    filling.start()
    wait_until(lambda: filling.grid.default in filling.runs)
    log.gate.clear()
    filling.want(7)
    wait_until(lambda: log.asked[-1] == [7])
    filling.want(1234)
    log.gate.set()
    filling.wait(1234, timeout=10)
    assert 7 in filling.runs


def test_of_many_wishes_the_last_is_run_and_the_stale_ones_dropped(background):
    filling, log = background((50, 50), most=1)
    filling.start()
    wait_until(lambda: filling.grid.default in filling.runs)
    log.gate.clear()
    for slot in range(200):
        filling.want(slot)
    log.gate.set()
    assert filling.wait(199, timeout=5).setting(0) == {"x0": 3, "x1": 49}
    assert len([slots for slots in log.asked if len(slots) == 1]) < 50


def test_while_other_code_is_busy_only_wanted_slots_are_run(background):
    busy = threading.Event()
    busy.set()
    filling, log = background((5, 4), busy=busy.is_set)
    filling.start()
    filling.wait(3, timeout=5)
    filling.wait(7, timeout=5)
    assert {tuple(slots) for slots in log.asked} <= {(filling.grid.default,), (3,), (7,)}
    busy.clear()
    wait_until(lambda: len(filling.runs) == filling.grid.size)


def test_cheap_slots_come_first_and_share_no_chunk_with_dear_ones(background):
    filling, log = background((6, 6), chunk=4, cost=lambda setting: setting["x1"])
    filling.start()
    wait_until(lambda: len(filling.runs) == filling.grid.size)
    for slots in log.asked:
        assert len({filling.grid.indices(slot)[1] for slot in slots}) == 1


def test_a_wish_does_not_wait_for_the_order_to_be_found_and_comes_before_what_that_says(background):
    wishes = []

    def cost(_):
        if not wishes:  # a slider moves while the thread ranks what comes next
            wishes.append(threading.Thread(target=filling.want, args=[7]))
            wishes[0].start()
            wishes[0].join(5)
            wishes.append(wishes[0].is_alive())
        return 1.0

    filling, log = background((5, 4, 3), chunk=8, cost=cost)
    filling.start()
    wait_until(lambda: len(filling.runs) == 60)
    assert wishes[1] is False
    assert log.asked[:2] == [[filling.grid.default], [7]]


def test_what_waits_is_sent_once_nobody_else_wants_the_processor():
    events, looks = [], iter([True] * 3)

    def busy():
        events.append("busy" if next(looks, False) else "free")
        return events[-1] == "busy"

    source = Lazy(lambda settings, _: Record(settings), most=1)
    filling = Background(grid_of(1), source, lambda *_: None, busy=busy, idle=lambda: events.append("sent"))
    filling.start()
    wait_until(lambda: "sent" in events)
    filling.close()
    assert events == ["busy"] * 3 + ["free", "sent"]


@pytest.mark.parametrize("cost", [lambda _: 1.0, lambda settings: settings["x0"]])
def test_the_order_goes_on_as_if_it_were_found_anew_each_time(cost):
    grid, known, rng = grid_of(5, 4, 3), [], np.random.default_rng(0)
    order, wanted = Order(grid, grid.size, 4, cost), grid.default
    while len(known) < grid.size:
        anew = Order(grid, grid.size, 4, cost)
        anew.know(known)
        slots = order.next(wanted)
        assert slots == anew.next(wanted)
        order.know(slots)
        known += slots
        wanted = int(rng.integers(grid.size)) if rng.random() < 0.2 else wanted


def test_the_thread_outlives_a_setting_that_fails_and_one_that_cannot_be_published_fails_too(background):
    def picky(settings, _):
        if 7 in settings["x0"]:
            raise ZeroDivisionError("boom")
        return Record(settings)

    shown = {}

    def publish(slots, result):
        if 4 in slots and isinstance(result, Record):
            raise OSError("the comm is gone")
        shown.update(dict.fromkeys(slots, result))

    filling, _ = background((10,), picky, publish=publish, chunk=2)
    filling.start()
    with pytest.raises(RuntimeError, match="this setting failed: boom"):
        filling.wait(7, timeout=5)
    assert filling.wait(2, timeout=5).setting(0) == {"x0": 2}
    wait_until(lambda: all(map(filling.known, range(10))))
    assert set(filling.failed) == {4, 7}
    wait_until(lambda: len(shown) == 10)  # none is known and not shown
    assert str(shown[4]) == "the comm is gone"
    assert filling._thread.is_alive()


def test_the_thread_outlives_a_page_that_takes_nothing_and_waiting_says_why(background):
    def publish(*_):
        raise OSError("the comm is gone")

    filling, _ = background((4,), lambda settings, _: Record(settings), publish=publish, chunk=1)
    filling.start()
    wait_until(lambda: all(map(filling.known, range(4))))
    with pytest.raises(RuntimeError, match="the comm is gone"):
        filling.wait(3, timeout=5)
    assert filling._thread.is_alive()


def test_the_thread_outlives_an_error_in_sending_what_waits():
    sent = []

    def send():
        sent.append(len(sent))
        raise OSError("the comm is gone")

    source = Lazy(lambda settings, _: Record(settings), most=1)
    filling = Background(grid_of(2), source, lambda *_: None, idle=send)
    filling.start()
    wait_until(lambda: sent)
    assert filling.wait(1, timeout=5).setting(0) == {"x0": 1}
    before = len(sent)
    filling.want(0)  # it looks again whether there is anything to do or to send
    wait_until(lambda: len(sent) > before)
    filling.close()


def test_a_run_outlives_a_picture_of_it_that_could_not_be_shown(background):
    def run(settings, job):
        job.show(Record(settings))
        return Record(settings)

    def lost(*_):
        raise OSError("the page is gone")

    filling, _ = background((4,), run, partial=lost)
    filling.start()
    wait_until(lambda: all(map(filling.known, range(4))))
    assert filling.failed == {}
    assert filling.wait(3).setting(0) == {"x0": 3}


def test_waiting_on_a_closed_one_raises_and_a_slow_one_times_out(background):
    filling, log = background((3,))
    log.gate.clear()
    filling.start()
    with pytest.raises(TimeoutError, match="x0"):
        filling.wait(0, timeout=0.05)
    filling.close()
    with pytest.raises(RuntimeError, match="closed"):
        filling.wait(0, timeout=5)


def test_close_ends_the_thread_in_the_middle_of_a_run(background):
    filling, log = background((5, 4))
    log.gate.clear()
    filling.start()
    wait_until(lambda: log.asked)
    filling.close()
    assert not filling._thread.is_alive()
    assert log.published == []


END = """
import threading, torch
from optlab.live.background import Background
from optlab.live.source import Lazy
from optlab.params import Grid, Param
from optlab.record import Record

inside, square = threading.Event(), torch.randn(1000, 1000)

def run(settings, job):
    inside.set()
    while not job.stopped():
        square @ square  # nearly all of the thread's time is inside torch
    print("stopped")
    return Record(settings)

filling = Background(Grid((Param("lr", "", "", (0.1, 1.0), 0.1),)), Lazy(run), lambda *_: None)
filling.start()
inside.wait()
"""


def test_python_ends_cleanly_while_the_thread_is_inside_torch():
    """A thread that returns from torch to a Python that is ending aborts the whole process."""
    done = subprocess.run(
        [sys.executable, "-c", END], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "stopped"), done.stderr
