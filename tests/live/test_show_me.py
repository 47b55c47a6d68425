"""A fact's own runs, on a copy of the lab's figures."""

import numpy as np
import pytest

from optlab import Lab, Param, Plot
from optlab.course import checks
from optlab.live.packing import unpack
from optlab.record import Record

STEPS = np.arange(5)


def made():
    plot = Plot(xlabel="step", ylabel="x", xlim=(0, 4), ylim=(0, 1))
    plot.line("x", lambda run: run.settings["rate"][:, None] ** STEPS, x=STEPS)
    return Lab([Param("rate", "r", "rate", (0.25, 0.5, 0.75), 0.5)], Record, [plot])


@pytest.fixture
def lab():
    one = made()
    yield one
    one.close()


def test_it_shows_the_runs_of_its_settings_and_leaves_the_lab_where_it_is(lab):
    lab.set(rate=0.75)
    fact = checks.show_me(lab, before={"rate": 0.5}, rate=0.25)
    assert lab.settings == {"rate": 0.75}
    assert fact.runs.settings["rate"].tolist() == [0.5, 0.25]
    (figure,) = fact.figures
    (message,) = [figure.pushed]
    shown = (
        np.frombuffer(message["data"], np.float32).reshape(2, -1) if "data" in message else unpack(message)[0]
    )
    np.testing.assert_array_equal(shown, (np.array([[0.5], [0.25]]) ** STEPS).astype(np.float32))
    fact.close()


def test_it_is_folded_says_what_it_shows_and_plays_nothing_by_itself(lab):
    fact = checks.show_me(lab, rate=0.25)
    assert repr(fact) == "Show me: r = 0.25"
    assert "r = 0.25" in fact._repr_mimebundle_()["text/html"]
    assert (fact.player.plays, fact.player.fact) == (0, "r = 0.25")
    assert "optlab-folded" in fact._dom_classes
    fact.close()


@pytest.mark.parametrize(
    ("at", "error", "words"),
    [
        ({"speed": 1.0}, TypeError, "speed"),
        ({"rate": 0.3}, ValueError, r"rate=0.3.*expected one of"),
        ({"before": {"rate": 2.0}}, ValueError, r"rate=2.0"),
    ],
)
def test_a_setting_that_the_lab_has_not_is_refused(lab, at, error, words):
    with pytest.raises(error, match=words):
        checks.show_me(lab, **at)


def test_a_lab_that_is_closed_is_refused():
    lab = made()
    lab.close()
    with pytest.raises(RuntimeError, match="closed"):
        checks.show_me(lab, rate=0.25)
