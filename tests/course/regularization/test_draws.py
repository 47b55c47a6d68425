"""What is kept of other draws of the moons, against a draw that is trained anew."""

import numpy as np
import pytest

from optlab.course.regularization.draws import BEST, SAVED, measured, typical
from optlab.course.regularization.moons import STRENGTHS


@pytest.mark.slow
def test_what_is_kept_is_what_a_draw_gives():
    """Draw 4, on which λ goes up with the points."""
    for samples in (30, 120):
        best, saved = measured(samples, 4)
        assert best == BEST[samples][3]
        assert saved == pytest.approx(SAVED[samples][3], abs=2e-3)


def test_every_number_of_points_has_the_same_draws_and_strengths_of_the_axis():
    assert {len(kept) for table in (BEST, SAVED) for kept in table.values()} == {12}
    assert set(STRENGTHS) > {best for kept in BEST.values() for best in kept}


def test_four_times_the_points_want_a_quarter_of_the_penalty():
    assert np.log2(typical(30) / typical(120)) == pytest.approx(2, abs=0.2)
    assert sum(few > many for few, many in zip(BEST[30], BEST[120], strict=True)) == 11
