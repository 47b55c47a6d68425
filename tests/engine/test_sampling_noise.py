"""The noise of a batch against every batch there is, and the ellipse against a normal cloud."""

from itertools import combinations, product

import numpy as np
import pytest

from optlab.engine.analysis.sampling_noise import batch_noise


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 6])
def test_the_noise_of_a_batch_is_that_of_all_batches_there_are(batch_size):
    grads = np.array([0.5, -1.0, 3.0, 2.0, 0.0, -2.5])
    batches = [np.mean(batch) for batch in combinations(grads, batch_size)]
    assert batch_noise(grads.var(), batch_size, samples=6)[0] == pytest.approx(np.var(batches))


@pytest.mark.parametrize("batch_size", [1, 2, 4])
def test_with_replacement_no_batch_has_looked_at_all(batch_size):
    grads = np.array([0.5, -1.0, 3.0])
    batches = [np.mean(batch) for batch in product(grads, repeat=batch_size)]
    drawn = batch_noise(grads.var(), batch_size, samples=3, replacement=True)
    assert drawn[0] == pytest.approx(np.var(batches))


@pytest.mark.parametrize("batch_size", [0, 7, 1.5])
def test_a_batch_that_cannot_be_is_refused(batch_size):
    with pytest.raises(ValueError, match=r"batch_size=.*whole number from 1 to 6 \(there are 6 samples\)"):
        batch_noise(1.0, batch_size, samples=6)
