"""Timings, the roofline, number formats and compiling: what can be known beforehand of what is measured."""

import os
import tempfile

import numpy as np
import pytest
import torch
from torch import nn

from optlab import iris_pair
from optlab.course.common import compiled as compiling
from optlab.course.common.compiled import Compiled, activation, compare
from optlab.course.common.speeds import AT_ONCE, FORMATS, at_once, format_times, thread_times
from optlab.course.trends.compile import CALLS, totals
from optlab.course.trends.precision import KINDS, RATES, train_in_formats
from optlab.engine.systems.bench import PROCESSOR, Timing, bandwidth, machine, peak, roof, timed
from optlab.engine.systems.threads import threads

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def formats():
    return train_in_formats()


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


# ---------------------------------------------------------------- number formats


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lr", [0.005, 0.5])
def test_training_in_a_format_is_a_plain_loop_in_it(formats, kind, lr):
    """torch.optim in that format; bfloat16's products may round in another order, so it is near only."""
    gradients, weights = KINDS[kind]
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)).to(weights)
    data, shuffle = iris_pair(), torch.Generator().manual_seed(0)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(40):
        for batch in torch.randperm(80, generator=shuffle).split(16):
            optimizer.zero_grad()
            copied = {name: p.to(gradients) for name, p in model.named_parameters()}
            outputs = torch.func.functional_call(model, copied, (data.x_train[batch].to(gradients),))
            nn.functional.cross_entropy(outputs, data.y_train[batch]).backward()
            optimizer.step()
    exact = iris_pair(dtype=torch.float64)
    loss = nn.functional.cross_entropy(model.double()(exact.x_train), exact.y_train).item()
    row = list(KINDS).index(kind) * len(RATES) + RATES.index(lr)
    near = {"float64": 1e-6, "float32": 1e-4}.get(kind, 0.1)
    assert formats.loss[row, -1] == pytest.approx(loss, rel=near)


def test_bfloat16_loses_what_is_below_half_of_its_last_digit(formats):
    lost = formats.lost.reshape(len(KINDS), len(RATES))
    bfloat16 = lost[list(KINDS).index("bfloat16")]
    assert (np.diff(bfloat16) < 0).all()
    assert bfloat16[0] > 0.9
    assert lost[[0, 1, 3]].max() < 0.02


def test_every_format_is_timed_or_says_why_not():
    assert list(format_times(32)) == list(FORMATS)
    for answer in format_times(32).values():
        assert isinstance(answer, Timing) or "not on this machine" in answer


def test_a_vectorised_run_of_64_settings_is_faster_than_a_loop():
    """Measured at over 20 times as fast; 2 is asked for."""
    seconds = at_once()
    k = AT_ONCE.index(64)
    assert seconds["loop"][k] > 2 * seconds["together"][k]
    assert np.isnan(seconds["loop"][k + 1 :]).all()


# ---------------------------------------------------------------- compiling


def test_without_a_compiler_it_is_said_in_words(monkeypatch):
    """As torch says it; the compiler itself is called in the course's notebook."""

    def refuse(_):
        raise RuntimeError("No working C++ compiler found\nand a long trace")

    monkeypatch.setattr(compiling.torch, "compile", refuse)
    measured = compare(numbers=8)
    assert measured.compiled is None
    assert "needs a C++ compiler" in measured.why_not
    assert "No working C++ compiler found" in measured.why_not
    assert "trace" not in measured.why_not
    assert np.isnan(measured.faster)
    assert measured.pays_after == np.inf
    assert np.isnan(totals(measured).compiled).all()


def test_compiling_leaves_no_file_and_no_setting_behind(monkeypatch):
    """A compiler that writes into the folder that it is told of."""
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "before")
    folders = []

    def compile_(function):
        folders.append(os.environ["TORCHINDUCTOR_CACHE_DIR"])
        (tempfile.NamedTemporaryFile(dir=folders[0], delete=False)).close()
        return function

    monkeypatch.setattr(compiling.torch, "compile", compile_)
    measured = compare(numbers=1000)
    assert measured.difference == 0
    assert measured.why_not == ""
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"] == "before"
    assert not os.path.exists(folders[0])  # noqa: PTH110


def test_compiling_pays_after_so_many_calls_as_its_gain_takes_to_pay_for_it():
    measured = Compiled(Timing(0.010, 0.010, 7), Timing(0.002, 0.002, 7), 8.0, 0.0, "")
    assert measured.faster == 5
    assert measured.pays_after == 1000
    bill = totals(measured, [1, 1001, 10_001])
    np.testing.assert_allclose(bill.eager, [0.01, 10.01, 100.01])
    np.testing.assert_allclose(bill.compiled, [8, 10, 28])
    slower = Compiled(Timing(0.010, 0.010, 7), Timing(0.02, 0.02, 7), 8.0, 0.0, "")
    assert slower.pays_after == np.inf
    assert len(totals(measured).select([0, 3]).eager) == 2
    assert totals(measured).settings["calls"].tolist() == list(CALLS)


def test_the_written_out_activation_is_gelu():
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    torch.testing.assert_close(activation(x), nn.functional.gelu(x, approximate="tanh"), rtol=0, atol=1e-6)
