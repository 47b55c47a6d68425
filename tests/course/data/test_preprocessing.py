"""Descent in closed form against a plain loop, and preparations that know no unit."""

from statistics import mean, stdev

import numpy as np
import pytest
import torch
from printed_programs import printed, program_of

from optlab.course.data.exercise import STANDARDISED
from optlab.course.data.preprocessing import GOAL, PREPARATIONS, TIMES, UNITS, bowls, design, steps_to


@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_the_closed_form_is_gradient_descent(preparation):
    x, y = design("cm", preparation)
    row = bowls().select(unit="cm", preparation=preparation)
    minimum = ((x @ np.linalg.lstsq(x, y, rcond=None)[0] - y) ** 2).mean() / 2
    theta, gap = np.zeros(5), []
    for _ in range(10_001):
        error = x @ theta - y
        gap.append((error**2).mean() / 2 - minimum)
        theta = theta - row.lr[0] * x.T @ error / len(x)
    there = int(np.argmax(np.array(gap) <= GOAL))
    assert row.steps[0] == there
    known = TIMES <= 10_000
    np.testing.assert_allclose(row.gap[0, known], np.array(gap)[TIMES[known].astype(int)], atol=1e-9)
    assert row.condition[0] == pytest.approx(np.linalg.cond(x) ** 2, rel=1e-6)
    assert row.minimum[0] == pytest.approx(minimum)


def test_the_best_rate_is_the_best():
    x, y = design("mm", "centred")
    u, size, _ = np.linalg.svd(x, full_matrices=False)
    curvatures, parts = size**2 / 100, (u.T @ y) ** 2 / 200
    row = bowls().select(unit="mm", preparation="centred")
    ends = [steps_to(1e-12, curvatures, parts, k * row.lr[0]) for k in (0.9, 1.0, 1.0004)]
    assert min(ends) == ends[1]


def test_what_is_standardised_knows_no_unit():
    for preparation in ("standardised", "whitened"):
        designs = [design(unit, preparation)[0] for unit in UNITS]
        for other in designs[1:]:
            np.testing.assert_allclose(np.abs(other), np.abs(designs[0]), atol=1e-8)
    with pytest.raises(ValueError, match="unit='inch': expected one of m, dm, cm, mm, µm"):
        design("inch", "centred")
    with pytest.raises(ValueError, match="preparation='raw': expected one of as it is"):
        design("cm", "raw")


@pytest.mark.parametrize("setting", [("mm", "as it is"), *(("cm", name) for name in PREPARATIONS)])
def test_the_program_prints_the_labs_loss(setting):
    """Descent in float64 above a minimum that was found otherwise; whitened, only rounding is left of it."""
    setting = dict(zip(("unit", "preparation"), setting, strict=True))
    steps, numbers = printed(program_of("preprocessing_lab")(setting), "steps", "optimality gap")
    places = np.searchsorted(TIMES + 1, steps)
    known = (TIMES + 1)[places] == steps
    assert known.sum() >= 11
    np.testing.assert_allclose(
        numbers[known], bowls().select(**setting).gap[0, places[known]], rtol=1e-4, atol=1e-9
    )


def test_new_data_are_standardised_by_the_mean_and_spread_of_the_old():
    old, new = [[1.0, 5.0], [2.0, 50.0], [4.0, 20.0]], [[3.0, 7.0], [0.0, 90.0]]
    columns = list(zip(*old, strict=True))
    expected = [
        [(x - mean(column)) / stdev(column) for x, column in zip(row, columns, strict=True)] for row in new
    ]
    got = STANDARDISED.truth(torch.tensor(new), torch.tensor(old))
    np.testing.assert_allclose(got, expected, rtol=1e-5)
