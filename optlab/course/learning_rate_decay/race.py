"""A race of learning-rate schedules on a real network: each with a rate and a shape tuned for it alone.

The network of section 4 learns from one flower a step; what counts is the optimality gap of the loss, penalty
included. Every schedule is tuned on the same seeds, and then run on seeds it has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optlab import Record, iris_pair, train
from optlab.engine.rules.schedules import (
    constant,
    cosine,
    exponential_decay,
    linear_to_zero,
    one_cycle,
    plateau,
    power_decay,
    step_decay,
    warmup,
    wsd,
)
from optlab.engine.training.signatures import accepted
from optlab.params import log_values

EPOCHS = 25
L2 = 0.01
MINIMUM = 0.150405
"""The minimum J* of J₁ + λΣw² for this network on these flowers, found by L-BFGS."""

LRS = np.array(log_values(0.032, 1.8, 4))
"""The initial rates α₀ that every schedule is tuned over."""

SEEDS, FRESH = range(4), range(100, 116)
"""The seeds to tune on, and those of the race itself."""


@dataclass(frozen=True)
class Candidate:
    """A schedule with the shapes that it may take.

    Args:
        schedule: the function.
        shapes: its own hyper-parameters, one choice after the other; time counts epochs.
    """

    schedule: Any
    shapes: tuple[dict[str, float], ...] = ({},)


STAIRS = ((0.5, 5.0), (0.3, 8.0), (0.1, 12.0))
CUTS = ((0.5, 1.0), (0.3, 2.0), (0.1, 4.0))

CANDIDATES: dict[str, Candidate] = {
    "constant": Candidate(constant),
    "decay p = 1": Candidate(power_decay, tuple({"delta": d, "p": 1.0} for d in (0.4, 4.0, 40.0))),
    "decay p = 2": Candidate(power_decay, tuple({"delta": d, "p": 2.0} for d in (0.1, 0.4, 2.0))),
    "step": Candidate(step_decay, tuple({"gamma": g, "every": e} for g, e in STAIRS)),
    "exponential": Candidate(exponential_decay, tuple({"gamma": g} for g in (0.95, 0.88, 0.8))),
    "cosine": Candidate(cosine),
    "linear to 0": Candidate(linear_to_zero),
    "WSD": Candidate(wsd, tuple({"fall": f} for f in (0.2, 0.5))),
    "one-cycle": Candidate(one_cycle, tuple({"rise": r} for r in (0.1, 0.3, 0.5))),
    "warm-up": Candidate(warmup, tuple({"over": o} for o in (2.0, 4.0, 8.0))),
    "plateau": Candidate(plateau, tuple({"factor": f, "patience": k} for f, k in CUTS)),
}
"""The schedules that take part, the article's decay twice."""


@dataclass(frozen=True)
class Entry(Record):
    """One schedule at a rate, for each setting.

    Args:
        settings: `schedule` and `lr`.
        gap: the optimality gap J − J*, `(settings, seeds, epochs + 1)`; NaN where it is not finite.
        lr: the rate of every epoch, `(settings, epochs)`: the mean over the seeds.
    """

    gap: np.ndarray
    lr: np.ndarray


@dataclass(frozen=True)
class Race:
    """Everything that was run; each dictionary has an entry for every schedule, in the order of `CANDIDATES`.

    Args:
        tuned: every schedule at every rate, in its tuned shape, on the seeds of the tuning: name after name.
        best: the rate that each schedule was tuned to.
        shape: the shape likewise.
        fresh: the optimality gap at the end, on seeds not seen before, `(seeds,)`.
        test_loss: the loss on the test flowers in the same runs, `(seeds,)`.
    """

    tuned: Entry
    best: dict[str, float]
    shape: dict[str, dict[str, float]]
    fresh: dict[str, np.ndarray]
    test_loss: dict[str, np.ndarray]

    def of(self, name: str) -> Entry:
        """A schedule at all of its rates, `(rates, ...)`."""
        return self.tuned.select(schedule=name)

    def at_best(self, name: str) -> Entry:
        """A schedule at the rate that it was tuned to, one row."""
        return self.of(name).select(lr=self.best[name])


def race(epochs: int = EPOCHS) -> Race:
    """Tune every schedule on four seeds, over eight rates and up to three shapes; race on sixteen others.

    Args:
        epochs: passes over the training data, one flower a step.

    Returns:
        The race: some 1000 trainings, in a few seconds.

    Source:
        C. Shallue et al., "Measuring the effects of data parallelism on neural network training", 2019, on
        why a comparison means little until each side has been tuned for itself.
    """
    variants = [(name, shape) for name, runner in CANDIDATES.items() for shape in runner.shapes]
    everything = [(name, shape, lr) for name, shape in variants for lr in LRS]
    gap, lrs, _ = _run(everything, SEEDS, epochs)
    final = _finals(gap).reshape(len(variants), len(LRS))
    chosen = [_best_shape(name, variants, final) for name in CANDIDATES]
    rows = np.concatenate([np.arange(len(LRS)) + k * len(LRS) for k in chosen])
    settings = {"schedule": np.repeat(list(CANDIDATES), len(LRS)), "lr": np.tile(LRS, len(CANDIDATES))}
    entrants = [(*variants[k], float(LRS[final[k].argmin()])) for k in chosen]
    fresh, _, test_loss = _run(entrants, FRESH, epochs)
    return Race(
        tuned=Entry(settings, gap[rows], lrs[rows]),
        best={name: lr for name, _, lr in entrants},
        shape={name: shape for name, shape, _ in entrants},
        fresh=dict(zip(CANDIDATES, fresh[:, :, -1], strict=True)),
        test_loss=dict(zip(CANDIDATES, test_loss, strict=True)),
    )


def _best_shape(name: str, variants: Sequence[tuple[str, dict]], final: np.ndarray) -> int:
    """Which of the variants of a schedule ends lowest at its best rate."""
    own = [k for k, (other, _) in enumerate(variants) if other == name]
    return min(own, key=lambda k: final[k].min())


def _finals(gap: np.ndarray) -> np.ndarray:
    """The last gap, mean over the seeds; inf if one of them diverged."""
    return np.nan_to_num(gap[:, :, -1], nan=np.inf).mean(1)


def _run(entrants: Sequence[tuple[str, dict, float]], seeds: range, epochs: int) -> tuple[np.ndarray, ...]:
    """Train each entrant on every seed: gap `(entrants, seeds, epochs + 1)`, rates, final test losses.

    The schedules that depend on time alone share one run; those that depend on the loss have another.
    """
    on_loss = np.array(["loss" in accepted(CANDIDATES[name].schedule) for name, _, _ in entrants])
    gap = np.empty((len(entrants), len(seeds), epochs + 1))
    lrs, test_loss = np.empty((len(entrants), epochs)), np.empty((len(entrants), len(seeds)))
    for group in (np.flatnonzero(~on_loss), np.flatnonzero(on_loss)):
        history = _train([entrants[int(k)] for k in group], seeds, epochs, on_loss=bool(on_loss[group[0]]))
        shape = (len(group), len(seeds), -1)
        gap[group] = (history.train_loss + history.penalty).reshape(shape) - MINIMUM
        lrs[group] = history.lr.reshape(shape).mean(1)
        test_loss[group] = history.test_loss[:, -1].reshape(shape[:2])
    return gap, lrs, test_loss


def _train(entrants: Sequence[tuple[str, dict, float]], seeds: range, epochs: int, *, on_loss: bool) -> Any:
    rows = [(name, shape, lr, seed) for name, shape, lr in entrants for seed in seeds]
    columns: dict[str, Any] = {"lr": [row[2] for row in rows], "seed": [row[3] for row in rows]}
    if on_loss:
        columns |= {key: [row[1][key] for row in rows] for key in rows[0][1]}
        schedule = CANDIDATES[rows[0][0]].schedule
    else:
        columns["entrant"] = [k for k in range(len(entrants)) for _ in seeds]
        schedule = _each_its_own([(CANDIDATES[name].schedule, shape) for name, shape, _ in entrants])
    return train(iris_pair(), batch_size=1, l2=L2, epochs=epochs, schedule=schedule, **columns)


def _each_its_own(schedules: Sequence[tuple[Any, dict[str, float]]]) -> Any:
    """One schedule that gives every setting the rate of the schedule it belongs to."""

    def mixed(t: Tensor, *, lr: Tensor, entrant: Tensor, total: int) -> Tensor:
        rates = torch.zeros_like(lr)
        for k, (schedule, shape) in enumerate(schedules):
            own = (entrant == k).squeeze(1)
            knows = {"total": total} if "total" in accepted(schedule) else {}
            rates[own] = schedule(t, lr=lr[own], **shape, **knows)
        return rates

    return mixed
