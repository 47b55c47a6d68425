"""The time to a fraction of the first rate, against the schedule itself."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from optlab.engine.rules.half_life import time_to_share
from optlab.engine.rules.schedules import power_decay


@settings(deadline=None)
@given(st.floats(1e-3, 100), st.floats(0.3, 5), st.floats(0.1, 1))
def test_at_the_time_of_a_fraction_that_fraction_of_the_rate_is_left(delta, p, share):
    t = torch.tensor(time_to_share(delta, p, share), dtype=torch.float64)
    left = power_decay(t, lr=torch.tensor(0.3, dtype=torch.float64), delta=delta, p=p)
    assert left.item() == pytest.approx(0.3 * share, rel=1e-9)


def test_a_constant_rate_never_falls():
    assert time_to_share(0.0, 1.0) == np.inf
