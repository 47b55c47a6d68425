"""Any thread may send a widget's messages, and one that is lost ends none."""

import threading
from contextvars import ContextVar
from types import SimpleNamespace

import comm
import numpy as np
import pytest
from comm.base_comm import BaseComm
from waiting import wait_until

from optlab import Lab, Lazy, Param, Plot, Record
from optlab.live import asking

RATES = (0.1, 0.2, 0.4, 0.8)
CELL = {"header": {"msg_id": "the cell that builds the lab"}}


class Kernel:
    """As ipykernel 7.0.0 and 7.0.1: a thread of somebody else's gets a LookupError."""

    def __init__(self):
        self._shell_parent = ContextVar("shell_parent")
        self._shell_parent.set(CELL)

    def get_parent(self, channel=None):
        return self._shell_parent.get()


@pytest.fixture
def sent(monkeypatch):
    """Messages as `(thread, request it answers)`; `lose` is called with each and may raise."""
    kernel, messages = Kernel(), []
    how = SimpleNamespace(messages=messages, lose=lambda: None)

    class Asking(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            messages.append((threading.current_thread().name, kernel.get_parent()))
            how.lose()

    monkeypatch.setattr(asking, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    monkeypatch.setattr(comm, "create_comm", Asking)
    return how


@pytest.fixture
def lab_of():
    made = []

    def build():
        plot = Plot(ylim=(0, 1))
        plot.line("rate", lambda run: run.settings["rate"][:, None] * np.ones(2), x=range(2))
        made.append(
            Lab([Param("rate", "r", "rate", RATES, 0.1)], Lazy(lambda s, _: Record(s), chunk=1), [plot])
        )
        return made[-1]

    yield build
    for lab in made:
        lab.close()


def test_a_lab_fills_itself_and_is_set_where_the_kernel_answers_its_own_thread_only(sent, lab_of):
    lab = lab_of()
    wait_until(lambda: len(lab.figures[0].slots) == len(RATES))
    assert lab._filling.failed == {}
    assert {name for name, _ in sent.messages} == {"MainThread", "optlab-lab"}

    learners_own = threading.Thread(target=lambda: lab.set(rate=0.8))
    learners_own.start()
    learners_own.join()
    assert lab.settings == {"rate": 0.8}
    assert all(request == CELL for _, request in sent.messages)


def test_a_kernel_that_answers_everyone_is_left_alone(monkeypatch):
    kernel = SimpleNamespace(get_parent=lambda: CELL)
    before = kernel.get_parent
    monkeypatch.setattr(asking, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    asking.let_every_thread_ask()
    assert kernel.get_parent is before


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_message_that_is_lost_does_not_end_the_trainer(sent, lab_of, lost, caplog):
    def lose():
        ours = [name for name, _ in sent.messages if name == "optlab-lab"]
        if threading.current_thread().name == "optlab-lab" and len(ours) == lost:
            raise OSError("the socket is busy")

    sent.lose = lose
    lab = lab_of()
    wait_until(lambda: "the socket is busy" in caplog.text)
    wait_until(lambda: all(map(lab._filling.known, range(len(RATES)))))
    assert lab._filling._thread.is_alive()
    good = [rate for slot, rate in enumerate(RATES) if slot not in lab._filling.failed]
    assert len(good) >= len(RATES) - 1
    for rate in good:
        assert lab.set(rate=rate).settings["rate"] == rate
