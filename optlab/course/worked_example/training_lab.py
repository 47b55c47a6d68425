"""The lab of labs: five sliders over the training of section 4."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from optlab import Dataset, Goal, Grid, History, Lazy, Program, iris_pair
from optlab.course.common.curves import loss_curves, rate_curve
from optlab.course.common.goal_lines import goal_lines
from optlab.course.common.trained import TrainedLab
from optlab.course.worked_example.batch_sizes import batch_sizes
from optlab.course.worked_example.own import no_program, own_program
from optlab.course.worked_example.training_runs import Trainings
from optlab.engine.data.from_anything import as_dataset
from optlab.engine.data.targets import with_scaled_target
from optlab.engine.models.module import as_model
from optlab.engine.validation import count
from optlab.live.maps import Map
from optlab.live.plots import number
from optlab.live.together import Together
from optlab.params import DELTA, L2, LR, P

EXPONENT = replace(P, applies=lambda delta: delta > 0)
KEPT = 10
"""A goal is about the mean over this many epochs at the end: batches make the test loss jump."""


def _under(level: float) -> Together:
    """Whether the test loss is under a level at the end of a training that has learnt something."""

    def reached(run: History) -> Any:
        learnt = run.train_loss[:, -1] < run.train_loss[:, 0]
        return learnt & (run.test_loss[:, -KEPT:].mean(axis=1) < level)

    return Together(reached)


IRIS_GOALS = (
    Goal(
        "B = 16, α₀ = 1, δ = 0: test loss under 0.11 (mean of the last 10 epochs)",
        _under(0.11),
        where={"batch_size": 16, "lr": 1.0, "delta": 0.0},
    ),
    Goal(
        "B = 16, α₀ = 1, λ = 0: test loss under 0.13",
        _under(0.13),
        where={"batch_size": 16, "lr": 1.0, "l2": 0.0},
    ),
    Goal("test loss under 0.08", _under(0.08)),
    Goal("B = 80: test loss under 0.11", _under(0.11), where={"batch_size": 80}),
)
"""What section 4's lab asks for, on `iris_pair`."""

RATE = ("lr", "delta", "p")
"""The sliders that the learning rate depends on, under the article's schedule."""
LARGE = 20.0
"""Features beyond this have not been standardised, and want a smaller learning rate than the slider has."""
PROGRAM = Path(__file__).with_name("training_program.py")

SLIDERS = (*RATE, "batch_size", "l2")


def training_lab(
    dataset: Any = None,
    *,
    model: Any = None,
    epochs: int = 100,
    goals: Sequence[Goal] | None = None,
    state: str = "",
    hide: Sequence[str] = (),
    **fixed: Any,
) -> TrainedLab:
    """The lab of labs: five sliders, and the training of section 4.5 redrawn in place.

    Args:
        dataset: a `Dataset`, a learner's own `(X, y)`, or what else `train` takes; left out: `iris_pair()`.
            The target of a regression is standardised, unless `loss` is given.
        model: an `MLP`, any `torch.nn.Module`, or None for one hidden layer of 16.
        epochs: passes over the training data.
        goals: what to reach, as in `Lab`; left out: `IRIS_GOALS` on the flowers, none on other data.
        state: where to begin, as in `Lab`.
        hide: sliders to leave out, as in `Lab`.
        fixed: other arguments of `train`, the same for every position of the sliders.

    Returns:
        The lab, its sliders named `lr`, `delta`, `p`, `batch_size` and `l2`; its records are `History`s, and
        `lab.model()` is the trained network.

    Raises:
        TypeError: as `train` does.
        ValueError: as `train` does; or if an argument of `train` is one of the sliders.

    Source:
        The article, sections 3.4, 3.5, 4.4 and 4.5.
    """
    count("epochs", epochs)
    _no_sliders(fixed)
    data = iris_pair() if dataset is None else as_dataset(dataset, model)
    if fixed.get("loss") in (None, "squared_error"):  # another loss may want the target as it is
        data = with_scaled_target(data)
    known = not fixed and _is_iris(data, model)
    network = as_model(model, data.sample, data.outputs)

    params = (LR, DELTA, EXPONENT, batch_sizes(len(data), network), L2)
    trainings = Trainings(data, {"model": network, "epochs": epochs, **fixed}, Grid(params).size)
    chance, top = _scale_of_losses(data)
    if data.classes and fixed.get("loss") not in (None, "cross_entropy"):
        chance = None  # what knowing nothing costs by another loss is not known
    program: Any = Program(PROGRAM, also=lambda _: {"epochs": epochs}) if known else None
    if not known:
        own = None if fixed else own_program(dataset, data, model, network, epochs)
        program = own or no_program(fixed)
    decays = not {"schedule", "schedule_per"} & fixed.keys()
    std = float(data.y_scale.std) if data.y_scale else None
    curves = loss_curves(epochs, top, chance, std=std, hint=_hint(data))
    if known and goals is None:
        goal_lines(curves, 0.11, 0.13, 0.08)
    return TrainedLab(
        params,
        Lazy(trainings, most=trainings.unasked, cost=lambda settings: 1 / settings["batch_size"]),
        [
            curves,
            rate_curve(epochs, 1e-4, 20, RATE if decays else None, beside=decays),
        ],
        goals=(IRIS_GOALS if known else ()) if goals is None else goals,
        maps=[Map("test loss at the end", _end, over=("lr", "l2"), low=top / 30, high=top, log=True)],
        program=program,
        state=state,
        hide=hide,
        name="training_lab" if known else "",
        data=data,
        network=network,
    )


def _scale_of_losses(data: Dataset) -> tuple[float | None, float]:
    """The loss of a model that knows nothing, where we know it, and the largest loss to show."""
    if data.classes:
        chance = math.log(len(data.classes))
    elif data.y_scale and data.y_train.any():
        chance = 1.0
    else:  # a loss of the learner's own, or a target that is always the same
        return None, 1.7 * (float(data.y_train.var()) or 1.0)
    return chance, 1.7 * chance


def _hint(data: Dataset) -> str:
    """What may be the matter where a training diverges at every rate."""
    if data.x_scale or not data.x_train.is_floating_point():
        return ""
    largest = float(data.x_train.abs().max())
    return "" if largest <= LARGE else f"the features go up to {number(largest)}: scale them"


def _no_sliders(fixed: dict[str, Any]) -> None:
    """Raise ValueError if a slider is also to be the same for all of them."""
    for name in fixed.keys() & set(SLIDERS):
        value = fixed[name]
        raise ValueError(
            f'{name}={value!r}: {name} is a slider of this lab; state="{name}={value}" begins there, '
            f"and hide=[{name!r}] leaves the slider out"
        )


def _end(run: History) -> Any:
    return run.test_loss[:, -1]


def _is_iris(data: Dataset, model: Any) -> bool:
    """Whether these are the data and the network of the program; the source of others is not known."""
    parts, ours = ((d.x_train, d.y_train) for d in (data, iris_pair()))
    same = (a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(parts, ours, strict=True))
    return model is None and all(same)
