"""A race of learning-rate schedules on a real network: each with a rate and a shape tuned for it alone.

The network of section 4 learns from one flower a step; what counts is how far the loss, penalty included, is
from the best that there is. Every schedule is tuned on the same seeds, and then run on seeds it has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab.engine.data.dataset import iris_pair
from optlab.engine.rules.schedules import (
    constant,
    cosine,
    exponential_decay,
    one_cycle,
    plateau,
    power_decay,
    step_decay,
    warmup,
)
from optlab.engine.training.signatures import accepted
from optlab.engine.training.train import train
from optlab.params import log_values

__all__ = ["EPOCHS", "LEAST", "LRS", "RUNNERS", "Entry", "Race", "Runner", "race"]

EPOCHS = 25
L2 = 0.01
LEAST = 0.150405
"""The least value of J₁ + λΣw² that this network has on these flowers, found by L-BFGS."""

LRS = np.array(log_values(0.032, 1.8, 4))
"""The initial rates α₀ that every schedule is tuned over."""

SEEDS, FRESH = range(4), range(100, 116)
"""The seeds to tune on, and those of the race itself."""


@dataclass(frozen=True)
class Runner:
    """A schedule with the shapes that it may take.

    Args:
        schedule: the function.
        shapes: its own hyper-parameters, one choice after the other; time counts epochs.
    """

    schedule: Any
    shapes: tuple[dict[str, float], ...] = ({},)


STAIRS = ((0.5, 5.0), (0.3, 8.0), (0.1, 12.0))
CUTS = ((0.5, 1.0), (0.3, 2.0), (0.1, 4.0))

RUNNERS: dict[str, Runner] = {
    "constant": Runner(constant),
    "decay p = 1": Runner(power_decay, tuple({"delta": d, "p": 1.0} for d in (0.4, 4.0, 40.0))),
    "decay p = 2": Runner(power_decay, tuple({"delta": d, "p": 2.0} for d in (0.1, 0.4, 2.0))),
    "step": Runner(step_decay, tuple({"gamma": g, "every": e} for g, e in STAIRS)),
    "exponential": Runner(exponential_decay, tuple({"gamma": g} for g in (0.95, 0.88, 0.8))),
    "cosine": Runner(cosine),
    "one-cycle": Runner(one_cycle, tuple({"rise": r} for r in (0.1, 0.3, 0.5))),
    "warm-up": Runner(warmup, tuple({"over": o} for o in (2.0, 4.0, 8.0))),
    "plateau": Runner(plateau, tuple({"factor": f, "patience": k} for f, k in CUTS)),
}
"""Who takes part, the document's decay twice."""


@dataclass(frozen=True)
class Entry:
    """One schedule at one or more rates: row *i* belongs to setting *i*.

    Args:
        settings: `schedule` and `lr`, each `(settings,)`.
        excess: how far J is from the least, `(settings, seeds, epochs + 1)`; NaN where it is not finite.
        lr: the rate of every epoch, `(settings, epochs)`: the mean over the seeds.
    """

    settings: dict[str, np.ndarray]
    excess: np.ndarray
    lr: np.ndarray

    def __len__(self) -> int:
        """How many settings there are."""
        return len(self.excess)

    def select(self, rows: Any) -> Entry:
        """Some of the settings, in the order asked for."""
        rows = np.atleast_1d(rows)
        settings = {name: column[rows] for name, column in self.settings.items()}
        return Entry(settings, self.excess[rows], self.lr[rows])


@dataclass(frozen=True)
class Race:
    """Everything that was run; each dictionary has an entry for every schedule, in the order of `RUNNERS`.

    Args:
        tuned: every schedule at every rate, in its tuned shape, on the seeds of the tuning: name after name.
        best: the rate that each schedule was tuned to.
        shape: the shape likewise.
        fresh: how far J is from the least at the end, on seeds not seen before, `(seeds,)`.
        test_loss: the loss on the test flowers in the same runs, `(seeds,)`.
    """

    tuned: Entry
    best: dict[str, float]
    shape: dict[str, dict[str, float]]
    fresh: dict[str, np.ndarray]
    test_loss: dict[str, np.ndarray]

    def of(self, name: str) -> Entry:
        """A schedule at all of its rates, `(rates, ...)`."""
        return self.tuned.select(np.flatnonzero(self.tuned.settings["schedule"] == name))

    def at_best(self, name: str) -> Entry:
        """A schedule at the rate that it was tuned to, one row."""
        return self.of(name).select(np.flatnonzero(self.best[name] == LRS))


def race(epochs: int = EPOCHS) -> Race:
    """Tune every schedule on four seeds, over eight rates and up to three shapes; race on sixteen others.

    Args:
        epochs: passes over the training data, one flower a step.

    Returns:
        The race: some 900 trainings, in a few seconds.

    Source:
        C. Shallue et al., "Measuring the effects of data parallelism on neural network training", 2019, on
        why a comparison means little until each side has been tuned for itself.
    """
    variants = [(name, shape) for name, runner in RUNNERS.items() for shape in runner.shapes]
    everything = [(name, shape, lr) for name, shape in variants for lr in LRS]
    excess, lrs, _ = _run(everything, SEEDS, epochs)
    final = _finals(excess).reshape(len(variants), len(LRS))
    chosen = [_best_shape(name, variants, final) for name in RUNNERS]
    rows = np.concatenate([np.arange(len(LRS)) + k * len(LRS) for k in chosen])
    settings = {"schedule": np.repeat(list(RUNNERS), len(LRS)), "lr": np.tile(LRS, len(RUNNERS))}
    starters = [(*variants[k], float(LRS[final[k].argmin()])) for k in chosen]
    fresh, _, test_loss = _run(starters, FRESH, epochs)
    return Race(
        tuned=Entry(settings, excess[rows], lrs[rows]),
        best={name: lr for name, _, lr in starters},
        shape={name: shape for name, shape, _ in starters},
        fresh=dict(zip(RUNNERS, fresh[:, :, -1], strict=True)),
        test_loss=dict(zip(RUNNERS, test_loss, strict=True)),
    )


def _best_shape(name: str, variants: Sequence[tuple[str, dict]], final: np.ndarray) -> int:
    """Which of the variants of a schedule ends lowest at its best rate."""
    own = [k for k, (other, _) in enumerate(variants) if other == name]
    return min(own, key=lambda k: final[k].min())


def _finals(excess: np.ndarray) -> np.ndarray:
    """The last excess, mean over the seeds; inf if one of them is lost."""
    return np.nan_to_num(excess[:, :, -1], nan=np.inf).mean(1)


def _run(starters: Sequence[tuple[str, dict, float]], seeds: range, epochs: int) -> tuple[np.ndarray, ...]:
    """Train each starter on every seed: excess `(starters, seeds, epochs + 1)`, rates, final test losses.

    The schedules that look at nothing but the time share one run; those that listen to the loss have another.
    """
    hears = np.array(["loss" in accepted(RUNNERS[name].schedule) for name, _, _ in starters])
    excess = np.empty((len(starters), len(seeds), epochs + 1))
    lrs, test_loss = np.empty((len(starters), epochs)), np.empty((len(starters), len(seeds)))
    for group in (np.flatnonzero(~hears), np.flatnonzero(hears)):
        history = _train([starters[int(k)] for k in group], seeds, epochs, listening=bool(hears[group[0]]))
        shape = (len(group), len(seeds), -1)
        excess[group] = (history.train_loss + history.penalty).reshape(shape) - LEAST
        lrs[group] = history.lr.reshape(shape).mean(1)
        test_loss[group] = history.test_loss[:, -1].reshape(shape[:2])
    return excess, lrs, test_loss


def _train(starters: Sequence[tuple[str, dict, float]], seeds: range, epochs: int, *, listening: bool) -> Any:
    rows = [(name, shape, lr, seed) for name, shape, lr in starters for seed in seeds]
    columns: dict[str, Any] = {"lr": [row[2] for row in rows], "seed": [row[3] for row in rows]}
    if listening:
        columns |= {key: [row[1][key] for row in rows] for key in rows[0][1]}
        schedule = RUNNERS[rows[0][0]].schedule
    else:
        columns["starter"] = [k for k in range(len(starters)) for _ in seeds]
        schedule = _each_its_own([(RUNNERS[name].schedule, shape) for name, shape, _ in starters])
    return train(iris_pair(), batch_size=1, l2=L2, epochs=epochs, schedule=schedule, **columns)


def _each_its_own(schedules: Sequence[tuple[Any, dict[str, float]]]) -> Any:
    """One schedule that gives every setting the rate of the schedule it belongs to."""

    def mixed(t: Tensor, *, lr: Tensor, starter: Tensor, total: int) -> Tensor:
        rates = torch.zeros_like(lr)
        for k, (schedule, shape) in enumerate(schedules):
            own = (starter == k).squeeze(1)
            knows = {"total": total} if "total" in accepted(schedule) else {}
            rates[own] = schedule(t, lr=lr[own], **shape, **knows)
        return rates

    return mixed
