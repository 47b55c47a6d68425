"""Schedules against their closed forms and torch.optim.lr_scheduler."""

import math
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from optlab.engine.rules.schedules import (
    SCHEDULES,
    constant,
    cosine,
    exponential_decay,
    linear_to_zero,
    one_cycle,
    plateau,
    power_decay,
    step_decay,
    warmup,
    wsd,
)

TIMES = 1000


def torch_rates(make, lr=0.5, times=TIMES):
    """The rate in force at each time, as a loop that calls `scheduler.step()` would have it."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch asks for optimizer.step(); only the rate matters here
        scheduler = make(optimizer)
        rates = []
        for _ in range(times):
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
    return torch.tensor(rates, dtype=torch.float64)


def warmup_stable_decay(opt):
    """torch has no schedule of that name: three of its own in a row, to T = 1000."""
    parts = [
        lr_scheduler.LinearLR(opt, start_factor=1 / 50, end_factor=1.0, total_iters=49),
        lr_scheduler.ConstantLR(opt, factor=1.0),
        lr_scheduler.LinearLR(opt, start_factor=1.0, end_factor=0.0, total_iters=200),
    ]
    return lr_scheduler.SequentialLR(opt, parts, milestones=[50, 800])


ORACLES = {
    "step_decay": (
        lambda t, lr: step_decay(t, lr=lr, gamma=0.3, every=7.0),
        lambda opt: lr_scheduler.StepLR(opt, step_size=7, gamma=0.3),
    ),
    "exponential_decay": (
        lambda t, lr: exponential_decay(t, lr=lr, gamma=0.9),
        lambda opt: lr_scheduler.ExponentialLR(opt, gamma=0.9),
    ),
    "cosine": (
        lambda t, lr: cosine(t, lr=lr, total=TIMES),
        lambda opt: lr_scheduler.CosineAnnealingLR(opt, T_max=TIMES),
    ),
    "linear_to_zero": (
        lambda t, lr: linear_to_zero(t, lr=lr, total=TIMES),
        lambda opt: lr_scheduler.LinearLR(opt, start_factor=1.0, end_factor=0.0, total_iters=TIMES),
    ),
    "wsd": (lambda t, lr: wsd(t, lr=lr, total=TIMES), warmup_stable_decay),
    "one_cycle": (
        lambda t, lr: one_cycle(t, lr=lr, total=TIMES),
        lambda opt: lr_scheduler.OneCycleLR(opt, max_lr=0.5, total_steps=TIMES),
    ),
    "one_cycle, rise 0.55": (
        lambda t, lr: one_cycle(t, lr=lr, total=TIMES, rise=0.55),
        lambda opt: lr_scheduler.OneCycleLR(opt, max_lr=0.5, total_steps=TIMES, pct_start=0.55),
    ),
    "warmup": (
        lambda t, lr: warmup(t, lr=lr, over=8.0),
        lambda opt: lr_scheduler.LinearLR(opt, start_factor=1 / 8, end_factor=1.0, total_iters=7),
    ),
    "constant": (
        lambda t, lr: constant(t, lr=lr),
        lambda opt: lr_scheduler.ConstantLR(opt, factor=1.0),
    ),
    "power_decay": (
        lambda t, lr: power_decay(t, lr=lr, delta=0.3, p=3.0),
        lambda opt: lr_scheduler.LambdaLR(opt, lambda t: (1 / math.sqrt(1 + 0.3 * t)) ** 3),
    ),
}


def test_every_schedule_has_an_oracle():
    assert {name.split(",")[0] for name in ORACLES} | {"plateau"} == set(SCHEDULES)


@pytest.mark.parametrize("name", ORACLES)
def test_schedule_equals_torch(name):
    ours, theirs = ORACLES[name]
    times = torch.arange(TIMES, dtype=torch.float64)
    rates = ours(times, torch.tensor(0.5, dtype=torch.float64))
    # OneCycleLR has no step beyond its last
    expected = torch_rates(theirs, times=TIMES - 1 if "cycle" in name else TIMES)
    torch.testing.assert_close(rates[: len(expected)], expected, rtol=1e-12, atol=0)


def test_schedules_broadcast_over_settings_and_times():
    times = torch.arange(5.0)[None]
    lr, delta, p = (torch.tensor(v)[:, None] for v in ([0.1, 1.0], [0.0, 2.0], [1.0, 4.0]))
    rates = power_decay(times, lr=lr, delta=delta, p=p)
    assert rates[0].tolist() == pytest.approx([0.1] * 5)
    assert rates[1].tolist() == pytest.approx([1 / (1 + 2 * t) ** 2 for t in range(5)])


@pytest.mark.parametrize(("total", "rise"), [(1, 0.3), (2, 0.3), (10, 0.1), (3, 0.99), (100, 0.01)])
def test_one_cycle_stays_finite_for_any_length(total, rise):
    rates = one_cycle(torch.arange(float(total)), lr=torch.tensor(1.0), total=total, rise=rise)
    assert rates.isfinite().all()
    assert (rates >= 0).all()


STALLS = [1.0, 0.5, 0.5, 0.49999, 0.5, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.39, 0.5, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    "losses",
    [STALLS, STALLS + [0.5] * TIMES, [-k % 7 - 3.0 for k in range(TIMES)], [0.5, *[math.nan] * TIMES]],
    ids=["a few", "for ever", "below 0", "not a number"],
)
def test_plateau_equals_torch_on_losses_that_stall(losses):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.5)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
    expected = [0.5]
    for loss in losses:
        scheduler.step(loss)
        expected.append(optimizer.param_groups[0]["lr"])
    lr, state, rates = torch.tensor([[0.5]]).double(), {}, []
    for loss in [None, *losses]:
        given_loss = None if loss is None else torch.tensor([[loss]]).double()
        rate, state = plateau(
            torch.tensor(0.0), lr=lr, loss=given_loss, state=state, factor=0.5, patience=2.0
        )
        rates.append(rate.item())
    assert len(set(expected)) >= 3  # the losses above make it cut twice at least
    assert rates == pytest.approx(expected, rel=1e-12, abs=0)


@given(lr=st.floats(1e-6, 1e3), delta=st.floats(0, 100), p=st.floats(0, 8))
@settings(max_examples=50, deadline=None)
def test_power_decay_starts_at_lr_falls_and_stays_positive(lr, delta, p):
    times = torch.arange(100, dtype=torch.float64)
    rates = power_decay(times, lr=torch.tensor(lr, dtype=torch.float64), delta=delta, p=p)
    assert rates[0].item() == lr
    assert (rates.diff() <= 0).all()
    assert (rates > 0).all()


@given(total=st.integers(1, 300), lr=st.floats(1e-6, 1e3))
@settings(max_examples=30, deadline=None)
def test_cosine_falls_from_lr_and_warmup_rises_to_it(total, lr):
    times = torch.arange(total, dtype=torch.float64)
    falling = cosine(times, lr=torch.tensor(lr).double(), total=total)
    assert falling[0].item() == pytest.approx(lr)
    assert (falling.diff() < 0).all()
    assert (falling > 0).all()
    rising = warmup(times, lr=torch.tensor(lr).double(), over=float(total))
    assert rising[-1].item() == pytest.approx(lr)
    assert (rising.diff() > 0).all()


@given(total=st.integers(4, 300), rise=st.floats(0.05, 0.95))
@settings(max_examples=30, deadline=None)
def test_one_cycle_is_between_almost_zero_and_lr(total, rise):
    rates = one_cycle(torch.arange(total).double(), lr=torch.tensor(2.0).double(), total=total, rise=rise)
    assert (rates > 0).all()
    assert (rates <= 2.0 + 1e-12).all()
    assert rates[-1].item() == pytest.approx(2 / 25e4)
