"""The lab of labs: five sliders over the training of section 4."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from optlab.course.common.old_figures import LossCurves, RateCurve
from optlab.course.common.old_programs import training_program
from optlab.engine.data.dataset import Dataset, as_dataset, iris_pair
from optlab.engine.training.callbacks import Callback
from optlab.engine.training.history import History
from optlab.engine.training.train import train
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import BATCH_SIZE, DELTA, L2, LR, P, Param

__all__ = ["IRIS_GOALS", "training_lab"]


def _ends_under(loss: float, **where: float) -> Callable[[History], bool]:
    """Whether a run at these settings ends with a smaller test loss."""

    def reached(run: History) -> bool:
        here = all(run.settings[name][0] == value for name, value in where.items())
        return here and bool(run.test_loss[0, -1] < loss)

    return reached


IRIS_GOALS = (
    Goal("test loss under 0.11, α₀ = 1, δ = 0", _ends_under(0.11, lr=1.0, delta=0.0, batch_size=16)),
    Goal("test loss under 0.13, α₀ = 1, λ = 0", _ends_under(0.13, lr=1.0, l2=0.0, batch_size=16)),
    Goal("test loss under 0.08", _ends_under(0.08)),
)
"""What section 4's lab asks for, on the default `iris_pair`."""


def training_lab(
    dataset: Any,
    *,
    model: Any = None,
    epochs: int = 100,
    goals: Sequence[Goal] = (),
    state: str = "",
    hide: Sequence[str] = (),
    **fixed: Any,
) -> Lab:
    """The lab of labs: five sliders, and the training of section 4.5 redrawn in place.

    Args:
        dataset: a `Dataset`, or a learner's own `(X, y)`.
        model: an `MLP`, any `torch.nn.Module`, or None for one hidden layer of 16.
        epochs: passes over the training data.
        goals: what to reach, as in `Lab`.
        state: where to begin, as in `Lab`.
        hide: sliders to leave out, as in `Lab`.
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
    program = partial(training_program, epochs=epochs) if not fixed and _is_iris(data, model) else None
    params = (LR, DELTA, P, _batch_sizes(len(data)), L2)
    return Lab(params, run, curves, goals=goals, program=program, state=state, hide=hide)


def _is_iris(data: Dataset, model: Any) -> bool:
    """Whether these are the data and the network of the program; of others nobody knows the source."""
    parts, ours = ((d.x_train, d.y_train) for d in (data, iris_pair()))
    same = (a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(parts, ours, strict=True))
    return model is None and all(same)


def _batch_sizes(samples: int) -> Param:
    """The batch sizes that fit these data: powers of two, and all samples at once."""
    powers = [2**k for k in range(samples.bit_length()) if 2**k < samples][-7:]
    values = tuple(sorted({1, *powers, samples}))
    return replace(BATCH_SIZE, values=values, default=min(values, key=lambda b: abs(b - BATCH_SIZE.default)))
