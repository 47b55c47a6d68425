"""What a machine measures is measured once where it is to be kept, and each time elsewhere."""

import json

import pytest
import torch

from optlab.engine.data.digits import least_times
from optlab.engine.systems import measured
from optlab.engine.systems.bench import timed
from optlab.engine.systems.measured import KEPT_IN, as_measured


@pytest.fixture
def process(monkeypatch, tmp_path):
    """Begin as a new process does, with a file of measurements."""
    monkeypatch.setenv(KEPT_IN, str(tmp_path / "measured.json"))

    def begin():
        measured._asked.clear()

    begin()
    return begin


def some_work():
    return timed(lambda: sum(range(100)), tries=3)


def some_networks():
    return least_times({"small": torch.nn.Linear(3, 3), "large": torch.nn.Linear(3, 30)}, torch.ones(2, 3))


def test_another_process_finds_what_was_measured_in_the_order_in_which_it_was(process, tmp_path):
    first = [some_work(), some_work(), some_networks()]
    names = list(json.loads((tmp_path / "measured.json").read_text("utf-8")))
    assert names == [f"test_measured.some_{what}" for what in ("networks 1", "work 1", "work 2")]
    process()
    assert [some_work(), some_work(), some_networks()] == first


def test_a_measurement_that_is_new_is_taken(process):
    assert [as_measured("a", lambda: [1.0]), as_measured("a", lambda: [2.0])] == [[1.0], [2.0]]
    process()
    assert [as_measured("a", lambda: [5.0]), as_measured("b", lambda: [3.0])] == [[1.0], [3.0]]


def test_elsewhere_everything_is_measured(monkeypatch):
    monkeypatch.delenv(KEPT_IN, raising=False)
    assert [as_measured("a", lambda: [1.0]), as_measured("a", lambda: [2.0])] == [[1.0], [2.0]]
