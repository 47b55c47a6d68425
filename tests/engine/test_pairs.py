"""The sign test, against scipy's binomial test."""

import pytest
from scipy import stats  # type: ignore[import-untyped]

from optlab.engine.analysis.pairs import sign_test


@pytest.mark.parametrize("pairs", [1, 2, 7, 16, 20])
def test_the_sign_test_is_scipys_binomial_test(pairs):
    for wins in range(pairs + 1):
        assert sign_test(wins, pairs) == pytest.approx(stats.binomtest(wins, pairs).pvalue, rel=1e-12)


@pytest.mark.parametrize(("wins", "pairs"), [(-1, 4), (5, 4), (0, 0), (1.5, 4)])
def test_more_wins_than_pairs_are_refused(wins, pairs):
    with pytest.raises(ValueError, match=r"wins|pairs"):
        sign_test(wins, pairs)
