"""The race of schedules: pick one, turn its rate, and see where all of them ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optlab.course.common.old_curves import RateCurve
from optlab.course.learning_rate_decay.old_race_figures import Finish, SeedCurves, Tuning, mean_end
from optlab.course.learning_rate_decay.race import CANDIDATES, LRS, Race
from optlab.course.learning_rate_decay.race import race as run_race
from optlab.live.goals import Goal
from optlab.live.old_lab import Lab
from optlab.live.program import Program
from optlab.params import Param

__all__ = ["race_lab"]


GOALS = (Goal("beat the best constant rate by half: under 0.003", lambda entry: mean_end(entry, 0) < 0.003),)


def race_lab(race: Race | None = None, **options: Any) -> Lab:
    """Nine schedules on the network of section 4, each at eight initial rates.

    Args:
        race: what was run; run now, in a few seconds, when left out.
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `schedule` and `lr`; its results are `Entry` records.

    Source:
        The article, section 3.4. The schedules' sources are in `optlab.engine.rules.schedules`.
    """
    race = race or run_race()
    best, tuned = race.best["constant"], race.tuned

    lrs = Param(
        "lr", "α₀", "initial rate", tuple(map(float, LRS)), best, marks=lambda: {"best constant": best}
    )
    schedules = Param("schedule", "", "schedule", tuple(CANDIDATES), "decay p = 1")
    epochs = tuned.lr.shape[1]
    panels = [RateCurve(epochs, low=1e-4, high=3), SeedCurves(race), Tuning(race), Finish(race)]
    program = Program(
        Path(__file__).with_name("race_program.py"),
        also=lambda setting: {"shape": race.shape[setting["schedule"]], "epochs": epochs},
    )
    options = {"goals": GOALS} | options
    return Lab((schedules, lrs), lambda settings, _: tuned.find(settings), panels, program=program, **options)
