"""As PyTorch: the programs of the labs of 03.3 print the curves that those labs show."""

import numpy as np
import pytest
from printed_programs import printed

from optlab.course.labs import cloud_lab, order_lab, shrink_lab
from optlab.course.stochastic_gradient_descent.old_programs import (
    cloud_program,
    order_program,
    shrink_program,
)

LABS = {
    "cloud": (cloud_lab, cloud_program, lambda result, row: result.gap[row, 0]),
    "shrink": (shrink_lab, shrink_program, lambda result, row: result.gap[row, 1]),
    "order": (order_lab, order_program, lambda result, row: result.curves(row)[1]),
}


@pytest.mark.parametrize("name", LABS)
def test_the_program_prints_the_labs_curve_for_random_settings(name):
    make, program, curve = LABS[name]
    lab = make()
    lab._trainer.close()  # the settings below are trained in one go
    slots = np.random.default_rng(3).choice(lab.grid.size, 20, replace=False)
    result = lab._run(lab.grid.settings(slots), ())
    for row, slot in enumerate(slots):
        numbers, shown = printed(program(lab.grid.setting(slot))), curve(result, row)
        assert numbers.shape == shown.shape
        known = np.isfinite(shown) & (shown < 1e30)  # beyond that a square overflows here or there
        np.testing.assert_allclose(numbers[known], shown[known], rtol=1e-4)
    lab.close()


@pytest.mark.parametrize("program", [cloud_program, shrink_program, order_program])
def test_the_program_knows_no_optlab(program):
    text = program({"lr": 0.1, "delta": 0.01, "p": 2.0, "order": "reshuffled", "now": 3})
    assert "optlab" not in text
    assert len(text.splitlines()) < 45
