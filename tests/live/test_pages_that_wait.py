"""What is drawn but not sent yet is sent when the sliders come to it, whatever the thread is at."""

import threading

import pytest
from waiting import wait_until

from optlab import Lab, Lazy, Param, Plot, Record
from optlab.live import cells
from optlab.live import lab as labs

CORNERS, FAR = 3, 4
"""Which chunk, after the default and two of its axes: the corners next to it, what is beyond them."""


class Chunks:
    """Runs chunks, each as long as its gate is shut, and never asks whether to stop."""

    def __init__(self, *shut):
        self.begun, self.gates = [], {number: threading.Event() for number in shut}

    def run(self, settings, _):
        number = len(self.begun)
        self.begun.append(len(settings["a"]))
        if number in self.gates:
            self.gates[number].wait(60)
        return Record(settings)


@pytest.fixture
def lab_with(monkeypatch):
    monkeypatch.setattr(labs, "SECONDS_BETWEEN_PAGES", float("inf"))  # as if the last one had just been sent
    monkeypatch.setattr(cells, "SECONDS_OF_A_MOVE", 0.0)  # the thread goes on at once
    made = []

    def make(chunks, chunk=4):
        plot = Plot(ylim=(0, 10))
        plot.line("a + b", lambda r: (r.settings["a"] + r.settings["b"])[:, None] + [0, 1], x=[0, 1])
        params = [Param("a", "a", "a", (0, 1, 2), 1), Param("b", "b", "b", (0, 1, 2, 3, 4), 2)]
        lab = Lab(params, Lazy(chunks.run, chunk=chunk), [plot])
        made.append((lab, chunks))
        return lab

    yield make
    for lab, chunks in made:
        for gate in chunks.gates.values():
            gate.set()
        lab.close()


def move(lab, a, b):
    """As a browser does."""
    lab.controls[0].slider.index = a
    lab.controls[1].slider.index = b


def test_a_setting_whose_page_waits_is_sent_when_the_sliders_come_to_it(lab_with):
    chunks = Chunks(FAR)
    lab = lab_with(chunks)
    wait_until(lambda: len(chunks.begun) > FAR)
    corner = lab.grid.slot([0, 1])
    assert lab._filling.known(corner)
    assert corner not in lab.figures[0].slots
    move(lab, 0, 1)
    assert corner in lab.figures[0].slots


def test_a_setting_that_nobody_asked_for_is_not_pushed_though_it_is_run_alone(lab_with):
    chunks, pushed = Chunks(), []
    lab = lab_with(chunks, chunk=5)
    lab.figures[0].observe(lambda change: pushed.append(change["new"]["slots"]), "pushed")
    wait_until(lambda: len(lab.figures[0].slots) == lab.grid.size)
    assert chunks.begun.count(1) > 1  # the default, and the sixth on the axes through it
    assert pushed == []


def test_a_chunk_that_the_sliders_came_to_while_it_was_run_is_sent_at_its_end(lab_with):
    chunks = Chunks(CORNERS, FAR)
    lab = lab_with(chunks)
    wait_until(lambda: len(chunks.begun) > CORNERS)
    move(lab, 0, 1)
    chunks.gates[CORNERS].set()
    wait_until(lambda: len(chunks.begun) > FAR)
    assert lab.slot in lab.figures[0].slots
