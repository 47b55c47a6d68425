"""Which samples are for training and which for the test: the split of scikit-learn, without loading it.

scikit-learn and SciPy take 100 MB and a second: a small machine has better use for both.
"""

from __future__ import annotations

import numpy as np

from optlab.engine.validation import between, whole

__all__ = ["split"]


def split(samples: int, strata: np.ndarray | None, fraction: float, seed: int) -> list[np.ndarray]:
    """Indices of the training samples and of the test samples.

    Args:
        samples: how many there are.
        strata: the class of each, to be represented equally in both parts; None for a regression.
        fraction: share of the samples kept for testing.
        seed: of the split.

    Returns:
        Both.

    Raises:
        ValueError: if a part would be empty, or there is too little of a class for both.

    Example:
        >>> train, test = split(10, np.arange(10) % 2, 0.2, seed=0)
        >>> sorted((test % 2).tolist()), len(train)
        ([0, 1], 8)

    Source:
        `sklearn.model_selection.train_test_split`, whose indices these are.
    """
    share = float(between("test_fraction", fraction)[0])
    rng = np.random.RandomState(int(whole("seed", seed, 0, 2**32 - 1)[0]))
    tested = int(np.ceil(share * samples))
    counts = np.array([samples]) if strata is None else np.unique(strata, return_counts=True)[1]
    fewest = 1 if strata is None else 2
    if min(tested, samples - tested) < len(counts) or counts.min() < fewest:
        raise ValueError(
            f"test_fraction={fraction}: expected a share of {samples} samples that leaves each part one "
            "sample of each class at least"
        )
    if strata is None:
        order = rng.permutation(samples)
        return [order[tested:], order[:tested]]
    return _stratified(strata, counts, tested, rng)


def _stratified(
    strata: np.ndarray, counts: np.ndarray, tested: int, rng: np.random.RandomState
) -> list[np.ndarray]:
    """Both parts, each with its share of every class."""
    number = np.unique(strata, return_inverse=True)[1]
    members = np.split(np.argsort(number, kind="stable"), np.cumsum(counts)[:-1])
    trained = _shares(counts, len(strata) - tested, rng)
    ends = trained + _shares(counts - trained, tested, rng)
    shuffled = [rng.permutation(some) for some in members]
    train = [some[:n] for some, n in zip(shuffled, trained, strict=True)]
    test = [some[n:end] for some, n, end in zip(shuffled, trained, ends, strict=True)]
    return [rng.permutation(np.concatenate(part)) for part in (train, test)]


def _shares(counts: np.ndarray, draws: int, rng: np.random.RandomState) -> np.ndarray:
    """How many of each class to draw: its share rounded down, and one more where most was rounded off."""
    exact = counts / counts.sum() * draws
    shares = np.floor(exact)
    missing, rest = int(draws - shares.sum()), exact - shares
    for value in np.unique(rest)[::-1]:
        if missing <= 0:
            break
        (tied,) = np.nonzero(rest == value)
        one_more = rng.choice(tied, size=min(len(tied), missing), replace=False)
        shares[one_more] += 1
        missing -= len(one_more)
    return shares.astype(int)
