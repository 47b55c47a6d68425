"""The race of schedules: pick one, turn its rate, and see where all of them ended."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from optlab.course.common.old_curves import RateCurve
from optlab.course.common.old_programs import race_program
from optlab.course.learning_rate_decay.old_race_figures import Finish, SeedCurves, Tuning, mean_end
from optlab.course.learning_rate_decay.race import LRS, RUNNERS, Entry, Race
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.params import Param

__all__ = ["race_lab"]


GOALS = (Goal("beat the best constant rate by half: under 0.003", lambda entry: mean_end(entry, 0) < 0.003),)


def race_lab(race: Race, **options: Any) -> Lab:
    """Nine schedules on the network of section 4, each at eight initial rates.

    Args:
        race: what was run, from `optlab.course.learning_rate_decay.race.race`.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `schedule` and `lr`; its results are `Entry`s.

    Source:
        Section 3.4 of the document. The schedules' sources are in `optlab.engine.rules.schedules`.
    """
    names, best = list(RUNNERS), race.best["constant"]

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Entry:
        at = [names.index(name) for name in settings["schedule"]]
        return race.tuned.select(np.array(at) * len(LRS) + np.searchsorted(LRS, settings["lr"] * 0.999))

    lrs = Param(
        "lr", "α₀", "initial rate", tuple(map(float, LRS)), best, marks=lambda: {"best constant": best}
    )
    schedules = Param("schedule", "", "schedule", tuple(names), "decay p = 1")
    epochs = race.tuned.lr.shape[1]
    panels = [RateCurve(epochs, low=1e-4, high=3), SeedCurves(race), Tuning(race), Finish(race)]
    program = partial(race_program, shapes=race.shape, epochs=epochs)
    return Lab((schedules, lrs), run, panels, program=program, **({"goals": GOALS} | options))
