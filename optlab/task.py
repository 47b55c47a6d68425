"""What a call of `train` asks for: checked once, then cut into groups of settings that can share one run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.arguments import broadcast, choice, count, finite, names_of, non_negative, positive, whole
from optlab.data import Dataset, as_dataset
from optlab.losses import LOSSES, PENALTIES, Penalty
from optlab.models import Model, as_model, weight_mask
from optlab.optimizers import OPTIMIZERS
from optlab.schedules import SCHEDULES

__all__ = ["Group", "Task", "keywords", "make_task"]

Functions = list[Callable[..., Any]]
Columns = dict[str, np.ndarray]

_FROM_TRAINING = ("lr", "total", "loss", "state")


@dataclass(frozen=True)
class Group:
    """Settings that one vectorised run trains together: same batch size, rule and schedule.

    Args:
        rows: which settings these are, `(group,)`.
        theta: initial parameters, `(group, parameters)`.
        buffers: the model's other tensors, `(group, *shape)` by name.
        seeds: the different seeds among the settings.
        seed_rows: which of `seeds` each setting has, `(group,)`; `(1,)` when they all share one.
        batch_size: samples in a mini-batch.
        rule: the update rule.
        rule_hyper: its hyper-parameters beside the rate, each `(group, 1)`.
        schedule: the schedule.
        schedule_hyper: its hyper-parameters beside the rate, each `(group, 1)`.
        lr: α₀, `(group, 1)`.
        penalties: the penalties in use, each with its strength for every parameter, `(group, parameters)`.
    """

    rows: np.ndarray
    theta: Tensor
    buffers: dict[str, Tensor]
    seeds: np.ndarray
    seed_rows: np.ndarray
    batch_size: int
    rule: Callable[..., Any]
    rule_hyper: dict[str, Tensor]
    schedule: Callable[..., Any]
    schedule_hyper: dict[str, Tensor]
    lr: Tensor
    penalties: tuple[tuple[Penalty, Tensor], ...]


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
        epochs: passes over the training data.
        one_per_batch: whether one sample of each batch is used only.
        per_step: whether a schedule's time counts steps rather than epochs.
        settings: the hyper-parameters as they go into the History, each `(settings,)`.
        groups: the runs.
    """

    data: Dataset
    x: Tensor
    y: Tensor
    model: Model
    loss: Callable[[Tensor, Tensor], Tensor]
    weights: Tensor
    epochs: int
    one_per_batch: bool
    per_step: bool
    settings: Columns
    groups: tuple[Group, ...]


def keywords(function: Callable[..., Any], positional: int) -> list[str]:
    """Names of a rule's or schedule's own hyper-parameters.

    Args:
        function: the rule or schedule.
        positional: how many leading arguments are not hyper-parameters.

    Returns:
        The names, without those that training itself supplies.

    Example:
        >>> from optlab.optimizers import adam
        >>> keywords(adam, 3)
        ['beta1', 'beta2', 'eps']
    """
    names = list(inspect.signature(function).parameters)[positional:]
    return [name for name in names if name not in _FROM_TRAINING]


def functions(name: str, value: Any, table: dict[str, Callable[..., Any]]) -> Functions:
    """One function, or several, from names or functions; raises as `arguments.choice` does."""
    several = isinstance(value, (list, tuple, np.ndarray))
    found = [
        choice(name, str(v) if isinstance(v, np.str_) else v, table) for v in (value if several else [value])
    ]
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
) -> Task:
    """Check every argument of `train` and lay out its runs; see there for arguments and errors."""
    data = as_dataset(dataset)
    rules, schedules = (
        functions("optimizer", optimizer, OPTIMIZERS),
        functions("schedule", schedule, SCHEDULES),
    )
    _check_names(columns, rules, schedules)
    _check_time(schedule_per, schedules)
    table = _checked(columns, len(data))
    table |= {"optimizer": np.arange(len(rules)), "schedule": np.arange(len(schedules))}
    table = broadcast(table)
    model = as_model(model, data.features, data.outputs)
    named = {"optimizer": _name_column(rules, table), "schedule": _name_column(schedules, table, "schedule")}
    weights = weight_mask(model.shapes).to(data.x_train.dtype)
    penalized = torch.ones_like(weights) if penalize_bias else weights
    groups = [_group(data, model, penalized, table, rows, rules, schedules) for rows in _partition(table)]
    return Task(
        data=data,
        x=torch.cat([data.x_train, data.x_test]),
        y=torch.cat([data.y_train, data.y_test]),
        model=model,
        loss=choice("loss", loss or ("cross_entropy" if data.classes else "squared_error"), LOSSES),
        weights=weights,
        epochs=count("epochs", epochs),
        one_per_batch=bool(one_per_batch),
        per_step=schedule_per == "step",
        settings=table | named,
        groups=tuple(groups),
    )


def _checked(columns: dict[str, Any], samples: int) -> Columns:
    known = {
        "lr": positive,
        "batch_size": lambda name, v: whole(name, v, 1, samples, f"the {samples} training samples"),
        "seed": lambda name, v: whole(name, v, 0, 2**63 - 1),
        "l2": non_negative,
        "l1": non_negative,
        "delta": non_negative,
        "p": non_negative,
    }
    return {name: known.get(name, finite)(name, value) for name, value in columns.items()}


def _check_names(columns: dict[str, Any], rules: Functions, schedules: Functions) -> None:
    """Raise for a hyper-parameter that nothing in this training would use."""
    taken = {name for f in rules for name in keywords(f, 3)} | {
        name for f in schedules for name in keywords(f, 1)
    }
    idle = {"delta": 0.0, "p": 1.0}  # what they are when left out
    for name, value in columns.items():
        if name in taken or name in ("lr", "batch_size", "seed", "l1", "l2"):
            continue
        if name not in idle or np.any(np.asarray(value) != idle[name]):
            raise TypeError(
                f"{name}={value!r} is not a hyper-parameter of {names_of([*rules, *schedules])}: "
                f"expected one of {', '.join(sorted(taken)) or 'none'}"
            )


def _check_time(schedule_per: str, schedules: Functions) -> None:
    if schedule_per not in ("epoch", "step"):
        raise ValueError(f"schedule_per={schedule_per!r}: expected 'epoch' or 'step'")
    listening = [f for f in schedules if listens(f)]
    if schedule_per == "step" and listening:
        raise ValueError(
            f"schedule_per='step': {names_of(listening)} waits for a loss, which comes once an epoch"
        )


def listens(schedule: Callable[..., Any]) -> bool:
    """Whether a schedule looks at the loss, and so keeps a state."""
    return "loss" in inspect.signature(schedule).parameters


def _name_column(choices: Functions, table: Columns, column: str = "optimizer") -> np.ndarray:
    return np.array([names_of([f]) for f in choices])[table[column]]


def _partition(table: Columns) -> list[np.ndarray]:
    """Rows that share batch size, rule and schedule."""
    keys = np.stack([table[name] for name in ("batch_size", "optimizer", "schedule")])
    _, group = np.unique(keys, axis=1, return_inverse=True)
    return [np.flatnonzero(group.ravel() == k) for k in range(group.max() + 1)]


def _group(
    data: Dataset,
    model: Model,
    penalized: Tensor,
    table: Columns,
    rows: np.ndarray,
    rules: Functions,
    schedules: Functions,
) -> Group:
    dtype = data.x_train.dtype
    column = {name: torch.as_tensor(values[rows], dtype=dtype).unsqueeze(1) for name, values in table.items()}
    rule, schedule = (
        choices[table[name][rows[0]]] for choices, name in ((rules, "optimizer"), (schedules, "schedule"))
    )
    seeds, seed_rows = np.unique(table["seed"][rows], return_inverse=True)
    starts = torch.stack([model.start(seed) for seed in seeds]).to(dtype)
    return Group(
        rows=rows,
        theta=starts[seed_rows],
        buffers=model.buffers(len(rows)),
        seeds=seeds,
        seed_rows=seed_rows if len(seeds) > 1 else np.zeros(1, dtype=np.int64),
        batch_size=int(table["batch_size"][rows[0]]),
        rule=rule,
        rule_hyper={name: column[name] for name in keywords(rule, 3) if name in column},
        schedule=schedule,
        schedule_hyper={name: column[name] for name in keywords(schedule, 1) if name in column},
        lr=column["lr"],
        penalties=tuple(
            (penalty, column[name] * penalized) for name, penalty in PENALTIES.items() if column[name].any()
        ),
    )
