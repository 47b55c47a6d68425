"""Labs of section 1 on the data: augmentation, preprocessing, and classes of unequal size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from optlab.course.background.augmentation import MOVES, SIZES, TEST_MOVES, Augmented, augmented_of, moved
from optlab.course.background.imbalance import COUNTS, OTHERS, REMEDIES, Screened, screened
from optlab.course.background.old_figures import BowlFromAbove, DigitSheet
from optlab.course.background.old_programs import (
    augmentation_program,
    imbalance_program,
    preprocessing_program,
)
from optlab.course.background.preprocessing import GOAL, PREPARATIONS, TIMES, UNITS, Bowls, bowls
from optlab.course.common.old_lines import Drawn, Lines, Series
from optlab.course.common.old_panel import BLUE, GREEN, GREY, ORANGE, PURPLE, number
from optlab.engine.data.digits import digits
from optlab.engine.training.callbacks import Callback
from optlab.live.goals import Goal
from optlab.live.lab import Lab
from optlab.params import Param

__all__ = ["augmentation_lab", "imbalance_lab", "preprocessing_lab"]

# ---------------------------------------------------------------- augmentation

SAMPLES = Param("samples", "n", "training digits", SIZES, default=200)
MOVE = Param("move", "", "training moves", MOVES, default=0.0, unit="pixels")
TEST_MOVE = Param("test_move", "", "test moves", TEST_MOVES, default=1.0, unit="pixels")


AUGMENTATION_GOALS = (
    Goal(
        "200 digits, tested on moved ones (1 pixel): over 70 % right",
        lambda run: (
            run.settings["samples"][0] == 200 and run.settings["test_move"][0] == 1 and run.right[0] > 0.7
        ),
    ),
    Goal(
        "moving the training digits costs 10 % of the answers",
        lambda run: run.right[0] < run.accuracy[0, 0] - 0.1,
    ),
)


def augmentation_lab(**options: Any) -> Lab:
    """Digits moved anew each time they are seen in training: accuracy on moved test digits.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its sliders named `samples`, `move` and `test_move`; its results are `Augmented`.

    Source:
        Section 1 of the document: data augmentation.
    """

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Augmented:
        return augmented_of(settings)

    sheets = [
        DigitSheet(*_sheet("move", "in training, anew each time")),
        DigitSheet(*_sheet("test_move", "in the test")),
    ]
    curve = Lines(
        MOVES,
        [Series("this test", "black", "-", 2.4, "o"), Series("without moving", BLUE, "--", 1.4)],
        _moved_accuracy,
        legend="lower right",
        xlabel="training digits moved by up to, pixels",
        ylabel="test accuracy",
        xlim=(-0.05, 2.05),
        ylim=(0, 1.02),
    )
    given: dict[str, Any] = {"goals": AUGMENTATION_GOALS, "program": augmentation_program}
    return Lab((SAMPLES, MOVE, TEST_MOVE), run, [curve, *sheets], **(given | options))


def _sheet(name: str, where: str) -> tuple[Any, Any]:
    """24 digits as they are moved; and the title of the sheet."""
    way = torch.rand(24, 2, generator=torch.Generator().manual_seed(1)) * 2 - 1

    def images(run: Augmented, row: int) -> np.ndarray:
        return moved(digits().x_train[:24], way * float(run.settings[name][row])).numpy()

    def title(run: Augmented, row: int) -> str:
        far = float(run.settings[name][row])
        moved = "moved by up to 1 pixel" if far == 1 else f"moved by up to {far:g} pixels"
        return f"{where}:\n" + (moved if far else "as they are")

    return images, title


def _moved_accuracy(run: Augmented, row: int) -> Drawn:
    right, move = run.accuracy[row], float(run.settings["move"][row])
    here = float(run.right[row])
    best = MOVES[int(right.argmax())]
    title = f"{here:.1%} right; without moving {right[0]:.1%}\nbest here: moved by up to {best:g}"
    return Drawn([right, np.full(len(MOVES), right[0])], title, (move, here))


# ---------------------------------------------------------------- preprocessing

UNIT = Param("unit", "", "petal length in", tuple(UNITS), "cm")
PREPARATION = Param("preparation", "", "features", tuple(PREPARATIONS), "as it is")
PREPROCESSING_GOALS = (
    Goal(
        "learnt within 100 steps, petal length in µm",
        lambda b: b.settings["unit"][0] == "µm" and b.steps[0] < 100,
    ),
    Goal("learnt in a single step", lambda bowl: bowl.steps[0] <= 1),
    Goal("over a billion steps", lambda bowl: bowl.steps[0] > 1e9),
)
BY_PREPARATION = (
    Series("as it is", ORANGE, "-", 1.8),
    Series("centred", PURPLE, "-.", 1.8),
    Series("standardised", BLUE, "--", 1.8),
    Series("whitened", GREEN, ":", 2.2),
)


def preprocessing_lab(**options: Any) -> Lab:
    """One measurement in another unit, and four preparations: the bowl, and the loss step by step.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `unit` and `preparation`; its results are `Bowls`.

    Source:
        Section 1 of the document: preprocessing. Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient
        BackProp", 1998.
    """
    known = bowls()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Bowls:
        return known.find(settings)

    curves = Lines(
        TIMES + 1,
        [*BY_PREPARATION, Series("chosen", "black", "-", 2.6)],
        _descents,
        still=[(Series("_goal", GREY, ":", 1), [1, 1e12], [GOAL, GOAL])],
        legend="upper right",
        xlabel="steps, counted from 1",
        ylabel="loss above the least",
        xscale="log",
        yscale="log",
        xlim=(1, 1e12),
        ylim=(1e-5, 30),
    )
    given: dict[str, Any] = {"goals": PREPROCESSING_GOALS, "program": preprocessing_program}
    return Lab((UNIT, PREPARATION), run, [BowlFromAbove(), curves], **(given | options))


def _descents(run: Bowls, row: int) -> Drawn:
    unit = str(run.settings["unit"][row])
    names = list(PREPARATIONS)
    all_four = bowls().find({"unit": np.array([unit] * 4), "preparation": np.array(names)})
    steps = float(run.steps[row])
    words = f"{steps:,.0f}" if steps < 1e5 else number(steps)
    rate = f"the best constant rate, α = {number(run.rate[row])}"
    title = f"0.001 above the least after {words} steps\nat {rate}"
    return Drawn([*all_four.excess, run.excess[row]], title, (steps + 1, GOAL))


# ---------------------------------------------------------------- few eights

EIGHTS = Param("count", "", "eights", COUNTS, default=16)
REMEDY = Param("remedy", "", "remedy", REMEDIES, "none")
IMBALANCE_GOALS = (
    Goal("99 % accuracy, and not one eight found", lambda run: run.accuracy[0] > 0.99 and run.found[0] == 0),
    Goal(
        "16 eights: find three quarters of them in the test, with over 90 % of the others spared",
        lambda run: run.settings["count"][0] == 16 and run.found[0] > 0.75 and run.spared[0] > 0.9,
    ),
)


def imbalance_lab(**options: Any) -> Lab:
    """A few eights among many others: who is found, and what weighting and resampling change.

    Args:
        options: `goals`, `state` and `hide`, as in `Lab`.

    Returns:
        The lab, its controls named `count` and `remedy`; its results are `Screened`.

    Source:
        Section 1 of the document: optimisation of the data's distribution.
    """
    known = screened()

    def run(settings: dict[str, Any], _: Sequence[Callback]) -> Screened:
        return known.find(settings)

    looks = (
        Series("eights found", ORANGE, "-", 2.4, "o"),
        Series("others left alone", BLUE, "--", 2.0, "s"),
        Series("accuracy", "black", ":", 1.6, "x"),
    )
    over = Lines(
        COUNTS,
        looks,
        _over_counts,
        legend="",
        xlabel="eights to learn from (and 1082 others)",
        ylabel="share",
        xscale="log",
        xlim=(1.7, 75),
        ylim=(-0.03, 1.05),
    )
    over.ax.set_xticks(COUNTS, [str(count) for count in COUNTS])
    over.ax.set_xticks([], minor=True)
    spots = [Series(s.label, s.color, "", marker=s.marker, size=11) for s in looks]
    side_by_side = Lines(
        range(len(REMEDIES)),
        spots,
        _over_remedies,
        legend="center left",
        ylabel="share",
        xlim=(-0.5, 3.5),
        ylim=(-0.03, 1.05),
    )
    side_by_side.ax.set_xticks(range(len(REMEDIES)), [name.replace(" ", "\n") for name in REMEDIES])
    given: dict[str, Any] = {"goals": IMBALANCE_GOALS, "program": imbalance_program}
    return Lab((EIGHTS, REMEDY), run, [over, side_by_side], **(given | options))


def _over_counts(run: Screened, row: int) -> Drawn:
    remedy, count = str(run.settings["remedy"][row]), int(run.settings["count"][row])
    known = screened()
    lines = known.select(known.settings["remedy"] == remedy)
    title = f"{count} eights, remedy: {remedy}; accuracy {run.accuracy[row]:.1%}"
    found = f"eights found {run.found[row]:.0%}, others left alone {run.spared[row]:.0%}"
    here = count, float(run.found[row])
    return Drawn([lines.found, lines.spared, lines.accuracy], f"{title}\n{found}", here)


def _over_remedies(run: Screened, row: int) -> Drawn:
    count = int(run.settings["count"][row])
    known = screened()
    spots = known.select(known.settings["count"] == count)
    title = f"the four remedies at {count} eights\n(one eight in {(count + OTHERS) / count:.0f} digits)"
    here = REMEDIES.index(str(run.settings["remedy"][row])), float(run.found[row])
    return Drawn([spots.found, spots.spared, spots.accuracy], title, here)
