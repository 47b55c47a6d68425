"""Two methods on the same seeds: who wins how often, and how likely chance alone would do it."""

from math import comb

from optlab.engine.validation import whole

__all__ = ["sign_test"]


def sign_test(wins: int, pairs: int) -> float:
    """How likely a fair coin is to be as one-sided as this, either way.

    Args:
        wins: pairs in which the one method ended lower; 0 to `pairs`.
        pairs: all pairs that are not ties, at least 1.

    Returns:
        The two-sided p-value.

    Raises:
        ValueError: if `wins` or `pairs` is out of range.

    Example:
        >>> sign_test(15, 16), sign_test(10, 16)
        (0.000518798828125, 0.454498291015625)

    Source:
        W. Dixon and A. Mood, "The statistical sign test", 1946.
    """
    total = int(whole("pairs", pairs, 1, 10**4)[0])
    won = int(whole("wins", wins, 0, total)[0])
    tail = sum(comb(total, k) for k in range(max(won, total - won), total + 1))
    return min(1.0, 2 * tail / 2**total)
