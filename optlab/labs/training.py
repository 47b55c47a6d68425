"""The lab of labs: five sliders over the training of section 4."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optlab.callbacks import Callback
from optlab.data import as_dataset
from optlab.figures import LossCurves, RateCurve
from optlab.history import History
from optlab.lab import Lab
from optlab.params import BATCH_SIZE, DELTA, L2, LR, P, Param
from optlab.training import train

__all__ = ["training_lab"]


def training_lab(dataset: Any, *, model: Any = None, epochs: int = 100, **fixed: Any) -> Lab:
    """The lab of labs: five sliders, and the training of section 4.5 redrawn in place.

    Args:
        dataset: a `Dataset`, or a learner's own `(X, y)`.
        model: an `MLP`, any `torch.nn.Module`, or None for one hidden layer of 16.
        epochs: passes over the training data.
        fixed: other arguments of `train`, the same for every position of the sliders.

    Returns:
        The lab, its sliders named `lr`, `delta`, `p`, `batch_size` and `l2`.

    Raises:
        TypeError: as `train` does.
        ValueError: as `train` does.

    Source:
        Sections 3.4, 3.5, 4.4 and 4.5 of the document.
    """
    data = as_dataset(dataset)

    def run(settings: dict[str, Any], callbacks: Sequence[Callback]) -> History:
        return train(data, model=model, epochs=epochs, callbacks=callbacks, **fixed, **settings)

    chance = math.log(len(data.classes)) if data.classes else None
    top = 1.7 * (chance or float(data.y_train.var()))
    curves = [LossCurves(epochs, top, chance), RateCurve(epochs, low=1e-4, high=20)]
    return Lab((LR, DELTA, P, _batch_sizes(len(data)), L2), run, curves)


def _batch_sizes(samples: int) -> Param:
    """The batch sizes that fit these data: powers of two, and all samples at once."""
    powers = [2**k for k in range(samples.bit_length()) if 2**k < samples][-7:]
    values = tuple(sorted({1, *powers, samples}))
    return replace(BATCH_SIZE, values=values, default=min(values, key=lambda b: abs(b - BATCH_SIZE.default)))
