"""A lab whose first training takes long appears at once, grows, and is complete at the end."""

import threading

import numpy as np
import pytest
from waiting import wait_until

from optlab import Film, Lab, Lazy, Param, Plot, Record
from optlab.live import background

A = Param("a", "a", "slope", (1.0, 2.0), 1.0)
X = np.arange(4)


class Slow:
    """A run that shows a half of itself and then waits to be let go."""

    def __init__(self):
        self.gate, self.error = threading.Event(), None

    def __call__(self, settings, job):
        job.show(Record(settings))
        self.gate.wait(20)
        if self.error:
            raise self.error
        return Record(settings)


def plot_of():
    plot = Plot(film=Film("step"), xlabel="step", ylim=(0, 10))
    plot.line("line", lambda r: r.settings["a"][:, None] * X, x=X)
    plot.title(lambda one: f"ends at {3 * one.settings['a'][0]:g}")
    return plot


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(background, "PATIENCE", 0.05)
    run = Slow()
    lab = Lab([A], Lazy(run), [plot_of()])
    yield run, lab
    run.gate.set()
    lab.close()


def test_the_lab_is_there_before_its_first_run_and_shows_what_there_is_of_it(slow):
    run, lab = slow
    assert not lab._filling.runs
    bundle = lab._repr_mimebundle_()  # shown, without waiting
    assert bundle["image/png"]
    figure = lab.figures[0]
    wait_until(lambda: np.isfinite(np.frombuffer(figure.pushed["data"], np.float32)).any())
    assert figure.pushed["partial"]
    assert not lab._filling.runs  # what was seen before the lab was there is shown though no more comes
    assert not figure.slots  # nothing of it is kept
    run.gate.set()
    assert lab.result.setting(0) == {"a": 1.0}
    wait_until(lambda: lab.grid.default in figure.slots)
    texts = {slot: said for page in figure.pages for slot, said in zip(page.slots, page.texts, strict=True)}
    assert texts[lab.grid.default] == ["ends at 3"]
    assert "partial" not in figure.pushed
    lab.close()


def test_a_first_run_that_fails_late_is_told_below_the_lab(slow):
    run, lab = slow
    run.error = ZeroDivisionError("boom")
    run.gate.set()
    wait_until(lambda: lab._foot.message.value == "This setting cannot be trained: boom")
    lab.close()


def test_one_that_fails_at_once_is_the_author_s_to_hear_and_leaves_no_thread():
    threads = threading.active_count()

    def broken(settings, _):
        raise ZeroDivisionError("boom")

    with pytest.raises(ZeroDivisionError, match="boom"):
        Lab([A], Lazy(broken), [plot_of()])
    wrong = plot_of()
    wrong.line("wrong", lambda r: np.zeros((len(r), 5)), x=X)
    with pytest.raises(ValueError, match="shape"):  # it runs, and cannot be drawn
        Lab([A], Lazy(lambda settings, _: Record(settings)), [wrong])
    wait_until(lambda: threading.active_count() == threads)


def test_a_run_that_shows_itself_does_not_wait_for_the_lab_and_a_slow_lab_not_for_its_pins(slow, monkeypatch):
    run, _ = slow
    late = Lab([A], Lazy(run), [plot_of()], state="pin a=2")
    assert not late._filling.runs  # it is there though the first run goes on
    monkeypatch.setattr(background, "PATIENCE", 20)
    run.gate.set()
    late.close()
    lab = Lab([A], Lazy(run), [plot_of()], state="pin a=2")  # the run shows a half of itself, and ends
    assert len(lab._filling.runs) == 2
    lab.close()


def test_closing_before_the_first_run_ends_waits_for_nothing(slow):
    run, lab = slow
    run.gate.set()
    lab.close()
    assert not lab._filling._thread.is_alive()
