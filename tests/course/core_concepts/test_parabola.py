"""Steps on a parabola: the closed form, and the largest rate that converges."""

import numpy as np
import pytest

from optlab.course.core_concepts.parabola import GOAL, STEPS, expected_loss, parabola
from optlab.course.core_concepts.parabola_lab import PARAMS
from optlab.params import grid


@pytest.mark.parametrize(("lr", "curvature"), [(0.9, 2.0), (0.1, 10.0), (0.21, 10.0), (3.0, 1.0)])
def test_every_step_multiplies_by_the_same_number(lr, curvature):
    run = parabola(grid(lr=[lr], curvature=[curvature]))
    expected = (1 - lr * curvature) ** np.arange(STEPS + 1)
    known = np.isfinite(run.path[0, :, 0])
    np.testing.assert_allclose(run.path[0, known, 0], expected[known], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        expected_loss(lr, curvature), curvature * expected**2 / 2, rtol=1e-9, atol=1e-30
    )


@pytest.mark.parametrize("curvature", [2.0, 5.0])
def test_the_marks_are_the_rate_of_one_step_and_the_limit(curvature):
    one, (limit, _) = PARAMS[0].marks(curvature=curvature).values()
    run = parabola(grid(lr=[one, 0.99 * limit, 1.01 * limit], curvature=[curvature]))
    assert run.reached_at[0] == 1
    assert run.loss[1, -1] < run.loss[1, 0]
    assert run.loss[2, -1] > run.loss[2, 0]


def test_the_largest_rate_that_gets_there_on_two_is_the_one_asked_for():
    run = parabola(grid(lr=PARAMS[0].values, curvature=[2.0]))
    assert run.settings["lr"][(run.loss < GOAL).any(1)].max() == 0.8
