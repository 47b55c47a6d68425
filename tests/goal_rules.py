"""What is asked of every goal: its text says what its test looks at, and a failing run reaches none."""

import re
from dataclasses import replace

import numpy as np

from optlab.live.controls import value_text
from optlab.live.goals import AtLeast, all_reached

POSSIBLE = "(possible?)"
"""How the text of a goal ends that nothing reaches."""
CURVES = ("train_loss", "loss", "other_loss", "gap")
"""Fields that hold a loss step by step, `(settings, ..., steps + 1)`."""
NUMBER = r"[−-]?\d*\.?\d+"


def unsaid(params, goal):
    """The parts of `where` that a goal's text does not say as the slider shows them."""
    return [
        name
        for name, value in goal.where.items()
        if not any(_says(goal.text, words) for words in _ways(params[name], value))
    ]


def not_reached(lab, settings):
    """The goals of a lab that are not reached where they should be: a setting for each, in order."""
    return [
        goal.text
        for goal, setting in zip(lab.goals, settings, strict=True)
        if not goal.is_reached(lab.source.run({name: np.array([value]) for name, value in setting.items()}))
    ]


def _ways(param, value):
    """How a text may name the value of a slider."""
    at_least, value = isinstance(value, AtLeast), value.value if isinstance(value, AtLeast) else value
    if isinstance(value, str):
        return [value if len(value) > 1 else f"{param.label} {value}"]
    shown = value_text(param, value)
    signs = ["≥"] if at_least else ["="]
    ways = [f"{param.symbol} {sign} {text}" for sign in signs for text in (shown, shown.replace(" ", ""))]
    ways += [f"{param.symbol} {sign} {_number(param, value)}" for sign in signs]
    words = [f"{param.label} {shown}", f"{_number(param, value)} {param.label}"]
    words += [shown] if param.unit else []
    if at_least:
        words = [f"at least {way}" for way in words] + [f"{param.label} at least {shown}"]
    return ways + words


def _number(param, value):
    return value_text(replace(param, unit=""), value)


def _says(text, words):
    return re.search(rf"(?<![\w.]){re.escape(words)}(?!\.?\w)", text, re.IGNORECASE) is not None


def untested(params, goal):
    """Numbers that a text gives to a slider by its symbol, and that are not in `where`."""
    found = []
    for name, param in params.items():
        for sign, number in re.findall(rf"(?<!\w){re.escape(param.symbol)} ([=<>≤≥]) ({NUMBER})", goal.text):
            known = goal.where.get(name)
            right = known.value if isinstance(known, AtLeast) else known
            given = float(number.replace("−", "-"))
            if right is None or not np.isclose(given, right) or sign != ("≥" if known is not right else "="):
                found.append(f"{param.symbol} {sign} {number}")
    return found


def failing(record):
    """Which runs diverged, or ended worse than they began: of several curves in one record all of them."""
    curves = [np.asarray(getattr(record, name), float) for name in CURVES if hasattr(record, name)]
    worse = [~(curve[..., -1] <= curve[..., 0]) for curve in curves if curve.ndim > 1]
    flat = [one.reshape(len(record), -1) for one in worse]
    return np.concatenate(flat, axis=1).all(axis=1) if flat else np.zeros(len(record), bool)


def reached_by(goals, record):
    """Which settings reach which goals, `(settings, goals)`."""
    return np.array(all_reached(goals, record)).reshape(len(record), len(goals))


def moves(grid, slots):
    """How many sliders have left their default at some slots, `(slots,)`."""
    begin = np.array(grid.indices(grid.default))
    return np.array([(np.array(grid.indices(int(slot))) != begin).sum() for slot in slots])
