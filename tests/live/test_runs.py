"""What a lab keeps and in which order: records within a bound, every setting once, coarse to fine."""

import gc
import os
import sys
import threading
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances
from waiting import wait_until

from optlab.live.background import NICENESS, Background
from optlab.live.lab import Lab
from optlab.live.maps import Map
from optlab.live.order import Order, levels
from optlab.live.plots import Plot
from optlab.live.runs import Runs, bytes_of
from optlab.live.source import Lazy
from optlab.params import Grid, Param
from optlab.record import Record


def grid_of(*sizes):
    return Grid(tuple(Param(f"x{k}", "", "", tuple(range(n)), n // 2) for k, n in enumerate(sizes)))


def record_of(*values):
    return Record({"x0": np.array(values, float)})


# ---------------------------------------------------------------- runs


def test_the_oldest_records_are_let_go_and_what_was_run_is_remembered():
    runs = Runs(most=3 * bytes_of(record_of(0, 1)))
    for k in range(0, 10, 2):
        runs.keep([k, k + 1], record_of(k, k + 1))
    assert list(runs) == list(range(10))
    assert [runs[k].setting(0)["x0"] for k in range(4, 10)] == list(range(4, 10))
    for k in range(4):
        assert k in runs
        with pytest.raises(KeyError):
            runs[k]
    runs.keep([0], record_of(0.5))
    assert runs[0].setting(0)["x0"] == 0.5
    runs.clear()
    assert (len(runs), 0 in runs) == (0, False)


def test_one_batch_is_kept_however_large():
    runs = Runs(most=1)
    runs.keep([7], record_of(7))
    assert runs[7].setting(0) == {"x0": 7.0}


def test_a_run_that_was_let_go_is_run_again_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr("optlab.live.filling.MOST_BYTES", 64)
    asked = []

    def run(settings, _):
        asked.extend(settings["x0"].tolist())
        return Record(settings)

    filling = Background(grid_of(50), Lazy(run, chunk=5), lambda *_: None)
    filling.start()
    wait_until(lambda: len(filling.runs) == 50)
    assert sorted(asked) == list(range(50))
    assert [filling.wait(slot).setting(0)["x0"] for slot in (3, 49, 3)] == [3, 49, 3]
    assert len(asked) > 50
    filling.close()


def test_no_two_threads_run_at_the_same_time(monkeypatch):
    """A learner's module may be one that changes while it computes."""
    monkeypatch.setattr("optlab.live.filling.MOST_BYTES", 8)
    inside, most = [], []

    def run(settings, _):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.001)
        inside.pop()
        return Record(settings)

    filling = Background(grid_of(200), Lazy(run, chunk=2), lambda *_: None)
    filling.start()
    filling.wait(0)
    while len(filling.runs) < 200:
        filling.wait(0)  # let go again and again
    filling.close()
    assert max(most) == 1


# ---------------------------------------------------------------- order

shapes = st.lists(st.integers(1, 5), min_size=1, max_size=4)


def everything(order, wanted):
    """All chunks in the order in which they come."""
    chunks = []
    while chunk := order.next(wanted):
        chunks.append(chunk)
        order.know(chunk)
    return chunks


@given(shapes, st.data())
def test_every_setting_comes_once_the_wanted_first_then_its_axes(shape, data):
    grid = grid_of(*shape)
    wanted = data.draw(st.integers(0, grid.size - 1))
    chunks = everything(Order(grid, grid.size, 7, lambda settings: settings["x0"] % 2), wanted)
    order = [slot for chunk in chunks for slot in chunk]
    assert sorted(order) == list(range(grid.size))
    assert chunks[0] == [wanted]
    away = [sum(map(int.__ne__, grid.indices(slot), grid.indices(wanted))) for slot in order]
    assert [min(n, 3) for n in away] == sorted(min(n, 3) for n in away)
    for chunk in chunks:
        assert len(chunk) <= 7
        assert len({grid.indices(slot)[0] % 2 for slot in chunk}) == 1


def test_a_whole_box_is_filled_coarse_to_fine():
    grid = grid_of(17, 9, 8, 6)
    order = everything(Order(grid, grid.size, 64, lambda _: 1), grid.default)
    fine = [
        max(levels(n)[k] for n, k in zip(grid.shape, grid.indices(slot), strict=True))
        for chunk in order
        for slot in chunk
        if sum(map(int.__ne__, grid.indices(slot), grid.indices(grid.default))) > 2
    ]
    assert fine == sorted(fine)
    assert set(fine) == {0, 1, 2, 3}


@given(st.integers(1, 60), st.data())
def test_of_a_box_that_is_too_large_the_nearest_come_next(most, data):
    grid = grid_of(8, 9)
    wanted = data.draw(st.integers(0, grid.size - 1))
    order = [slot for chunk in everything(Order(grid, most, 1, lambda _: 1), wanted) for slot in chunk]
    axes = len(grid.axes_through(wanted))
    assert len(order) == max(most, axes)

    def steps(slot):
        return sum(abs(i - k) for i, k in zip(grid.indices(slot), grid.indices(wanted), strict=True))

    rest = [steps(slot) for slot in order[axes:]]
    assert rest == sorted(rest)


def test_a_box_of_billions_is_only_looked_at_nearby():
    grid = grid_of(*[100] * 6)
    chunks = everything(Order(grid, 700, 64, lambda _: 1), grid.default)
    assert sum(map(len, chunks)) >= 700
    assert len({slot for chunk in chunks for slot in chunk}) == sum(map(len, chunks))


def test_how_much_is_made_unasked_may_change_on_the_way():
    most = [10]
    order = Order(grid_of(10, 10), lambda: most[0], 100, lambda _: 1)
    first = everything(order, 0)
    assert sum(map(len, first)) == 19  # the axes are always made
    most[0] = 100
    assert sum(map(len, everything(order, 0))) == 81


# ---------------------------------------------------------------- giving way


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
def test_the_thread_steps_back_and_no_other_does():
    seen = []

    def run(settings, _):
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return Record(settings)

    before = os.getpriority(os.PRIO_PROCESS, 0)
    filling = Background(grid_of(3), Lazy(run), lambda *_: None)
    filling.start()
    filling.wait(1)
    filling.close()
    assert set(seen) == {min(19, max(before, NICENESS))}
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def small_lab(source):
    plot = Plot(ylim=(0, 5))
    plot.line("x0", lambda r: r.settings["x0"][:, None] + np.arange(30), x=np.arange(30))
    params = [Param(name, name, name, tuple(range(12)), 0) for name in ("x0", "x1", "x2")]
    maps = [Map("sum", lambda r: sum(r.settings.values()) + 0.0, over=("x0", "x1"))]
    return Lab(params, source, [plot], maps=maps)


def all_sent(lab):
    """Whether every figure has every setting, and every map, which is sent after the figures."""
    mapped = [{slot for page in one.pages for slot in page.slots} for one in lab.maps]
    return all(len(slots) == lab.grid.size for slots in (*mapped, *(part.slots for part in lab.figures)))


def test_a_full_box_grows_no_more_however_the_sliders_move():
    lab = small_lab(Lazy(lambda settings, _: Record(settings), most=12**3, chunk=100))
    wait_until(lambda: all_sent(lab))
    rng = np.random.default_rng(0)

    def reachable():
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    def move(times):
        for slot in rng.integers(0, lab.grid.size, times):
            for control, index in zip(lab.controls, lab.grid.indices(slot), strict=True):
                control.slider.index = index

    move(50)  # whatever is made once has then been made
    widgets, pages = len(_instances), [len(part.pages) for part in (*lab.figures, *lab.maps)]
    tracemalloc.start()
    move(50)
    before = reachable()
    move(1000)
    grown = reachable() - before
    tracemalloc.stop()
    assert grown < 100_000, f"{grown} bytes"
    assert len(_instances) == widgets
    assert [len(part.pages) for part in (*lab.figures, *lab.maps)] == pages
    lab.close()


def test_frames_that_nobody_waits_for_travel_together():
    """As many pages as chunks would make the list of pages itself the largest thing that is sent."""
    lab = small_lab(Lazy(lambda settings, _: Record(settings), most=12**3, chunk=4))
    wait_until(lambda: len(lab.figures[0].slots) == lab.grid.size)
    assert len(lab.figures[0].pages) < lab.grid.size / 4 / 4
    lab.close()
