"""The orders of the samples against torch's own walks and closed forms; the lab's goals and its program."""

import numpy as np
import pytest
from printed_programs import EVERY, printed
from shared_labs import shared
from steered import check_steering
from torch_walks import plain_gap, torchs_own

from optlab.course.stochastic_gradient_descent.order import orders
from optlab.course.stochastic_gradient_descent.order_lab import GOALS, order_lab
from optlab.course.stochastic_gradient_descent.sampling import ORDERS, sample_order
from optlab.course.stochastic_gradient_descent.seeds import RATES, START
from optlab.live.goals import which_reached

lab = shared(order_lab)


@pytest.mark.slow
def test_every_order_is_torchs_own_walks():
    shown = orders().select(lr=0.05)
    for k, name in enumerate(ORDERS):
        samples = sample_order(name, 20, 2000, range(256))[:100]
        ends = torchs_own(samples, [0.05] * 100, START)[-1]
        assert shown.gap[0, k, 5] == pytest.approx(plain_gap(ends).mean(), rel=1e-6)


def test_with_replacement_the_measured_gap_lies_on_theory():
    known = slice(RATES.index(0.001), RATES.index(0.3))
    np.testing.assert_allclose(orders().gap[known, 0, -1], orders().expected[known, -1], rtol=0.15)


def test_over_the_rates_reshuffling_lies_on_its_own_theory_and_the_best_rates_are_marked(lab):
    plot, one = lab.plots[1], orders().select(lr=0.05)
    reshuffled, theory = (plot.values(name, one)[0] for name in ("reshuffled", "theory, reshuffled"))
    small = slice(RATES.index(0.012), RATES.index(0.05))
    np.testing.assert_allclose(reshuffled.reshape(-1, len(RATES))[-1, small], theory[small], rtol=0.15)
    rate, gap = plot.values("best α, reshuffled", one)[0, -1, 0]
    assert (rate, gap) == (RATES[np.nanargmin(orders().gap[:, 1, -1])], np.nanmin(orders().gap[:, 1, -1]))


@pytest.mark.parametrize(
    ("lr", "reached"),
    [
        (0.05, (False, False, False)),
        (0.01, (True, False, False)),
        (0.3, (False, False, True)),
        (0.8, (False,) * 3),
    ],
)
def test_goals_light_up(lr, reached):
    assert which_reached(GOALS, orders().select(lr=lr)) == reached


def test_the_program_prints_the_gap_of_all_three_orders(lab):
    for lr in (0.001, 0.05, 1.2):
        curves = orders().select(lr=lr).gap[0]
        known = np.isfinite(curves) & (curves < 1e30)  # beyond it a square overflows here or there
        found = np.array(printed(lab.program({"lr": lr} | EVERY), *ORDERS))
        np.testing.assert_allclose(found[known], curves[known], rtol=1e-4)


def test_a_click_goes_to_the_stop_that_is_drawn_there(lab):
    check_steering(lab, ("lr",))
