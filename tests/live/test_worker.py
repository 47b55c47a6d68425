"""The background trainer: what it trains first, what it drops, how it ends."""

import subprocess
import sys
import threading
import time

import pytest

from optlab.live.old_worker import BoxTrainer
from optlab.params import Grid, Param


def box_of(*sizes):
    return Grid(tuple(Param(f"x{k}", "", "", tuple(range(n)), n // 2) for k, n in enumerate(sizes)))


class Log:
    """A training that only notes what it was asked for, and can be held up."""

    def __init__(self):
        self.trained, self.published, self.gate = [], [], threading.Event()
        self.gate.set()

    def train(self, slots, stop):
        self.trained.append(list(slots))
        while not self.gate.wait(0.001):
            if stop():
                return None
        return f"result {len(self.trained)}"

    def publish(self, slots, result):
        self.published.append((list(slots), result))


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def trainer(log):
    made = BoxTrainer(box_of(5, 4, 3), log.train, log.publish, most=60, chunk=8)
    yield made
    made.close()


def wait_until(condition, seconds=5):
    end = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < end, "it never came true"
        time.sleep(0.001)


def test_the_wanted_slot_comes_first_then_its_axes_then_the_rest(trainer, log):
    trainer.start()
    wait_until(lambda: len(trainer.results) == 60)
    order = [slot for slots in log.trained for slot in slots]
    axes = set(trainer.grid.axes_through(trainer.grid.default))
    assert log.trained[0] == [trainer.grid.default]
    assert set(order[: len(axes)]) == axes
    assert sorted(order) == list(range(60))  # each slot once


def test_a_new_wish_drops_what_is_under_way(trainer, log):
    log.gate.clear()
    trainer.start()
    wait_until(lambda: log.trained == [[trainer.grid.default]])
    trainer.want(3)
    wait_until(lambda: log.trained[-1] == [3])
    log.gate.set()
    trainer.wait(3, timeout=5)
    assert log.published[0][0] == [3]  # the default was begun first, and dropped


def test_of_many_wishes_the_last_is_trained_and_the_stale_ones_dropped(log):
    trainer = BoxTrainer(box_of(50, 50), log.train, log.publish, most=1)
    trainer.start()
    wait_until(lambda: trainer.grid.default in trainer.results)
    log.gate.clear()
    for slot in range(200):
        trainer.want(slot)
    log.gate.set()
    assert trainer.wait(199, timeout=5)[1] == 0
    alone = [slots[0] for slots in log.trained if len(slots) == 1]
    assert len(alone) < 50
    trainer.close()


def test_while_somebody_else_is_busy_only_wishes_are_trained(log):
    busy = threading.Event()
    busy.set()
    trainer = BoxTrainer(box_of(5, 4), log.train, log.publish, busy=busy.is_set)
    trainer.start()
    assert trainer.wait(3, timeout=5)
    assert trainer.wait(7, timeout=5)
    time.sleep(0.5)
    assert {tuple(slots) for slots in log.trained} <= {(trainer.grid.default,), (3,), (7,)}
    busy.clear()
    wait_until(lambda: len(trainer.results) == trainer.grid.size)
    trainer.close()


def test_cheap_slots_come_first_and_share_no_chunk_with_dear_ones(log):
    box = box_of(6, 6)
    trainer = BoxTrainer(box, log.train, log.publish, chunk=4, cost=lambda slot: box.indices(slot)[1])
    trainer.start()
    wait_until(lambda: len(trainer.results) == box.size)
    trainer.close()
    for slots in log.trained:
        assert len({box.indices(slot)[1] for slot in slots}) == 1


def test_a_slot_that_cannot_be_trained_is_named_and_the_others_are_trained(log):
    def picky(slots, stop):
        if 7 in slots:
            raise ZeroDivisionError("boom")
        return "fine"

    trainer = BoxTrainer(box_of(10), picky, log.publish)
    trainer.start()
    with pytest.raises(RuntimeError, match="training failed: boom") as caught:
        trainer.wait(7, timeout=5)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert trainer.wait(2, timeout=5)[0] == "fine"
    wait_until(lambda: len(trainer.results) == 9)
    assert set(trainer.failed) == {7}
    trainer.close()


def test_waiting_on_a_closed_trainer_raises_and_a_slow_one_times_out(trainer, log):
    log.gate.clear()
    trainer.start()
    with pytest.raises(TimeoutError, match="x0"):
        trainer.wait(0, timeout=0.05)
    trainer.close()
    with pytest.raises(RuntimeError, match="closed"):
        trainer.wait(0, timeout=5)


def test_close_ends_the_thread_in_the_middle_of_a_training(trainer, log):
    log.gate.clear()
    trainer.start()
    wait_until(lambda: log.trained)
    trainer.close()
    assert "optlab-lab" not in {thread.name for thread in threading.enumerate()}
    assert log.published == []


def test_python_ends_cleanly_while_a_box_is_being_trained():
    program = """
from optlab import iris_pair, train
from optlab.params import Grid, LR
from optlab.live.old_worker import BoxTrainer
from optlab.engine.training.callbacks import StopWhen
box, data = Grid((LR,)), iris_pair()
run = lambda slots, stop: train(data, epochs=100000, callbacks=[StopWhen(stop)], **box.settings(slots))
BoxTrainer(box, run, print).start()
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
