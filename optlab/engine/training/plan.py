"""What a call of `train` asks for: checked once, then cut into groups of settings that can share one run."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.dataset import Dataset
from optlab.engine.data.from_anything import as_dataset
from optlab.engine.models.losses import LOSSES, PENALTIES, Penalty
from optlab.engine.models.mlp import Model, weight_mask
from optlab.engine.models.module import as_model
from optlab.engine.models.randomness import Randomness
from optlab.engine.rules.classic import OPTIMIZERS
from optlab.engine.rules.recent import RECENT
from optlab.engine.rules.schedules import SCHEDULES
from optlab.engine.training.batches import check_batches
from optlab.engine.training.device import placed
from optlab.engine.training.own_loss import fitting_loss
from optlab.engine.training.room import settings_at_once
from optlab.engine.training.signatures import accepted, check_call, check_names, check_own, keywords, listens
from optlab.engine.validation import HYPER, broadcast, choice, count, finite, names_of, whole

__all__ = ["COLUMNS", "Group", "Task", "make_task", "task_of"]

Functions = Sequence[Callable[..., Any]]
Columns = dict[str, np.ndarray]

COLUMNS = ("lr", "l2", "l1", "delta", "p", "batch_size", "seed")
"""The arguments of `train` that have one value a setting, beside those of its rule and its schedule."""


@dataclass(frozen=True)
class Group:
    """Settings that one vectorised run trains together: same batch size, rule and schedule.

    Args:
        theta: initial parameters, `(group, parameters)`.
        buffers: the model's other tensors, `(group, *shape)` by name.
        seeds: the different seeds among the settings.
        seed_rows: which of `seeds` each setting has, `(group,)`; `(1,)` when they all share one.
        batch_size: samples in a mini-batch.
        rule: the update rule.
        rule_hyper: its hyper-parameters beside the rate, each `(group, 1)`.
        rule_asks: what else it asks for, `"gradient"` or `"shapes"`.
        steps: how many mini-batches an epoch has.
        schedule: the schedule.
        schedule_hyper: its hyper-parameters, α₀ too, each `(group, 1)`; and `total` where it asks for it.
        listens: whether the schedule looks at the loss, and so keeps a state.
        strengths: the strength of each penalty by name, each `(group, 1)`.
        penalties: the penalties in use, each with its strength for every parameter, `(group, parameters)`.
        randomness: entered while the model computes: what dropout draws from.
    """

    theta: Tensor
    buffers: dict[str, Tensor]
    seeds: np.ndarray
    seed_rows: np.ndarray
    batch_size: int
    rule: Callable[..., Any]
    rule_hyper: dict[str, Tensor]
    rule_asks: tuple[str, ...]
    steps: int
    schedule: Callable[..., Any]
    schedule_hyper: dict[str, Any]
    listens: bool
    strengths: dict[str, Tensor]
    penalties: tuple[tuple[Penalty, Tensor], ...]
    randomness: AbstractContextManager[Any]


@dataclass(frozen=True)
class Task:
    """A whole training.

    Args:
        data: training and test data.
        x: the features of both, training samples first, `(samples, features)`.
        y: the labels of both, `(samples,)`.
        model: what is trained.
        loss: gives `(settings, samples)` of outputs and labels.
        weights: 1 for the entries of weight matrices, 0 for biases, `(parameters,)`.
        penalized: 1 for the parameters that penalties hold for, else 0, `(parameters,)`.
        epochs: passes over the training data.
        one_per_batch: whether one sample of each batch is used only.
        per_step: whether a schedule's time counts steps rather than epochs.
        settings: the hyper-parameters as they go into the History, each `(settings,)`.
        groups: the runs.
        order: where each setting is found when the groups' rows are put one after another, `(settings,)`.
    """

    data: Dataset
    x: Tensor
    y: Tensor
    model: Model
    loss: Callable[[Tensor, Tensor], Tensor]
    weights: Tensor
    penalized: Tensor
    epochs: int
    one_per_batch: bool
    per_step: bool
    settings: Columns
    groups: tuple[Group, ...]
    order: np.ndarray


def functions(name: str, value: Any, table: dict[str, Callable[..., Any]]) -> Functions:
    """One function, or several, from names or functions; raises as `arguments.choice` does."""
    several = value if isinstance(value, (list, tuple, np.ndarray)) else [value]
    for one in several:
        check_own(name, one)
    found = [choice(name, str(v) if isinstance(v, np.str_) else v, table) for v in several]
    if not found:
        raise ValueError(f"{name} is empty: expected at least one")
    return found


def make_task(
    dataset: Any,
    *,
    model: Any,
    columns: dict[str, Any],
    optimizer: Any,
    schedule: Any,
    epochs: int,
    loss: Any,
    penalize_bias: bool,
    one_per_batch: bool,
    schedule_per: str,
    device: torch.device,
) -> Task:
    """Check every argument of `train` and lay out its runs; see there for arguments and errors."""
    data = placed(as_dataset(dataset, model), device)
    epochs = count("epochs", epochs)
    rules = functions("optimizer", optimizer, OPTIMIZERS | RECENT)
    schedules = functions("schedule", schedule, SCHEDULES)
    _check_functions(columns, rules, schedules, schedule_per)
    numbered = {"optimizer": _numbered(rules), "schedule": _numbered(schedules)}
    table = broadcast(_checked(columns, len(data)) | numbered)
    names = {n: _names(several, table[n]) for n, several in (("optimizer", rules), ("schedule", schedules))}
    model = as_model(model, data.sample, data.outputs)
    check_batches(model, table["batch_size"], len(data), one_per_batch=one_per_batch)
    named = choice("loss", loss or ("cross_entropy" if data.classes else "squared_error"), LOSSES)
    loss = fitting_loss(named, data)
    weights = weight_mask(model.shapes).to(device, data.dtype)
    penalized = torch.ones_like(weights) if penalize_bias else weights
    partition = _partition(table, model, data)
    per_step = schedule_per == "step"

    def group(rows: np.ndarray) -> Group:
        part = {name: column[rows] for name, column in table.items()}
        rule, falling = rules[part["optimizer"][0]], schedules[part["schedule"][0]]
        asked = {"rule": rule, "schedule": falling, "epochs": epochs, "per_step": per_step}
        return _group(part, data, model, penalized, **asked)

    return Task(
        data=data,
        x=torch.cat([data.x_train, data.x_test]),
        y=torch.cat([data.y_train, data.y_test]),
        model=model,
        loss=loss,
        weights=weights,
        penalized=penalized,
        epochs=epochs,
        one_per_batch=bool(one_per_batch),
        per_step=per_step,
        settings=table | names,
        groups=tuple(group(rows) for rows in partition),
        order=np.argsort(np.concatenate(partition)),
    )


def task_of(asked: dict[str, Any], device: torch.device) -> Task:
    """The task that `train` makes of its arguments.

    Args:
        asked: all of them by name, those of the rule and the schedule under `"hyper"`.
        device: where to train.
    """
    takes = [name for name in inspect.signature(make_task).parameters if name in asked and name != "device"]
    columns = {name: asked[name] for name in COLUMNS} | asked["hyper"]
    return make_task(columns=columns, device=device, **{name: asked[name] for name in takes})


def _checked(columns: dict[str, Any], samples: int) -> Columns:
    def batch_size(name: str, value: Any) -> np.ndarray:
        return whole(name, value, 1, samples, f"there are {samples} training samples")

    checks = HYPER | {"batch_size": batch_size}
    return {name: checks.get(name, finite)(name, value) for name, value in columns.items()}


def _check_functions(columns: Columns, rules: Functions, schedules: Functions, schedule_per: str) -> None:
    always = ("lr", "batch_size", "seed", "l1", "l2")
    idle = {"delta": 0.0, "p": 1.0}  # what they are when left out
    asked = {
        name: value
        for name, value in columns.items()
        if name not in always and not (name in idle and np.all(np.asarray(value) == idle[name]))
    }
    for name, several, positional in (("optimizer", rules, 3), ("schedule", schedules, 1)):
        for function in several:
            check_call(name, function, positional, columns)
    check_names(asked, rules, schedules)
    if schedule_per not in ("epoch", "step"):
        raise ValueError(f"schedule_per={schedule_per!r}: expected 'epoch' or 'step'")
    listening = [f for f in schedules if listens(f)]
    if schedule_per == "step" and listening:
        raise ValueError(
            f"schedule_per='step': {names_of(listening)} waits for a loss, which comes once an epoch"
        )


def _numbered(functions: Sequence[Callable[..., Any]]) -> np.ndarray:
    """A number for each function, the same for the same one: settings that share it can share a run."""
    return np.array([functions.index(function) for function in functions])


def _names(choices: Functions, numbers: np.ndarray) -> np.ndarray:
    return np.array([names_of([f]) for f in choices])[numbers]


def _partition(table: Columns, model: Model, data: Dataset) -> list[np.ndarray]:
    """Rows that one run can train together: they share batch size, rule and schedule, and fit into memory.

    Where the model draws random numbers they share the seed, too; or each has a run of its own, where they
    cannot draw together.
    """
    keys = [table[name] for name in ("batch_size", "optimizer", "schedule")]
    if model.draws:
        keys.append(table["seed"] if model.together else np.arange(len(table["seed"])))
    _, group = np.unique(np.stack(keys), axis=1, return_inverse=True)
    alike = [np.flatnonzero(group.ravel() == k) for k in range(group.max() + 1)]
    batch_size = table["batch_size"]
    return [part for rows in alike for part in settings_at_once(rows, data.x_train, batch_size[rows[0]])]


def _group(
    table: Columns,
    data: Dataset,
    model: Model,
    penalized: Tensor,
    *,
    rule: Callable[..., Any],
    schedule: Callable[..., Any],
    epochs: int,
    per_step: bool,
) -> Group:
    column = {
        name: torch.from_numpy(values).to(penalized.dtype).to(penalized.device).unsqueeze(1)
        for name, values in table.items()
    }
    seeds, seed_rows = np.unique(table["seed"], return_inverse=True)
    starts = torch.stack([model.start(int(seed)) for seed in seeds]).to(penalized)
    batch_size = int(table["batch_size"][0])
    steps = math.ceil(len(data) / batch_size)
    supplied: dict[str, Any] = column | {"total": epochs * (steps if per_step else 1)}
    return Group(
        theta=starts[seed_rows],
        buffers=model.buffers(len(seed_rows)),
        seeds=seeds,
        seed_rows=seed_rows if len(seeds) > 1 else np.zeros(1, dtype=np.int64),
        batch_size=batch_size,
        rule=rule,
        rule_hyper={name: column[name] for name in keywords(rule, 3) if name in column},
        rule_asks=tuple(name for name in ("gradient", "shapes") if name in accepted(rule)),
        steps=steps,
        schedule=schedule,
        schedule_hyper={name: supplied[name] for name in accepted(schedule) if name in supplied},
        listens=listens(schedule),
        strengths={name: column[name] for name in PENALTIES},
        penalties=tuple(
            (penalty, column[name] * penalized) for name, penalty in PENALTIES.items() if column[name].any()
        ),
        randomness=Randomness(seeds[0]) if model.draws else nullcontext(),
    )
