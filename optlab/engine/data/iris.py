"""The flowers of section 4."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.from_arrays import from_arrays
from optlab.engine.validation import one_of

__all__ = ["SPECIES", "iris_pair"]

SPECIES = ("setosa", "versicolor", "virginica")


def iris_pair(
    first: str = "versicolor",
    second: str = "virginica",
    *,
    test_fraction: float = 0.2,
    seed: int = 3,
    dtype: torch.dtype = torch.float32,
) -> Dataset:
    """Two of the three iris species: 100 flowers, 4 measurements each, standardised.

    Versicolor against virginica is the pair that a straight line cannot separate.

    Args:
        first: species of class 0.
        second: species of class 1.
        test_fraction: share of the flowers kept for testing, between 0 and 1.
        seed: of the split. With 20 test flowers every split tells another story; in the default one,
            overfitting shows.
        dtype: of the features.

    Returns:
        The dataset; 80 training and 20 test samples with the defaults.

    Raises:
        ValueError: if a species is unknown or both are the same.

    Example:
        >>> data = iris_pair()
        >>> len(data), data.features, data.classes
        (80, 4, ('versicolor', 'virginica'))

    Source:
        The article, section 4.1. R. A. Fisher, "The use of multiple measurements in taxonomic
        problems", 1936.
    """
    for argument, species in (("first", first), ("second", second)):
        one_of(argument, species, SPECIES)
    if first == second:
        raise ValueError(f"second={second!r}: expected a species other than first")
    *columns, species_of = np.loadtxt(_file(), delimiter=",", skiprows=1, unpack=True)
    x, species_of = np.stack(columns, 1), species_of.astype(int)
    chosen = np.isin(species_of, [SPECIES.index(first), SPECIES.index(second)])
    names = np.array(SPECIES)[species_of[chosen]]
    order = (first, second)
    return from_arrays(
        x[chosen],
        names,
        classes=order,
        name=f"iris: {first} or {second}",
        test_fraction=test_fraction,
        seed=seed,
        dtype=dtype,
    )


def _file() -> Path:
    """Where scikit-learn keeps the flowers; its `load_iris` would load all of it, 100 MB."""
    found = find_spec("sklearn")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("scikit-learn, which has the data of the flowers, is not installed")
    return Path(found.origin).parent / "datasets" / "data" / "iris.csv"
