"""Every prediction of the course, really made and locked in: its answer, its reason, and what it shows."""

import math
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import made_up
import nbformat
import numpy as np
import pytest
from course_rules import QUIZ
from lab_cells import with_what_they_need

from optlab.course import checks
from optlab.course.reading import in_order
from optlab.live.predict import predict
from optlab.live.reasons import reasons_of
from optlab.live.replay import slot_of

NOTEBOOKS = in_order((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.stem != QUIZ]
"""In the last quiz no lab decides."""
OPEN: dict[Path, list[SimpleNamespace]] = {}
"""The guesses that were made, by notebook."""
MOST_IN_A_ROW = 3
"""Right answers at one place, one after the other."""


@cache
def guesses_of(path):
    """Run what a notebook's guesses need, and note how each was made."""
    made, namespace = OPEN.setdefault(path, []), {"__name__": "__main__"}

    def noted(question, options, **traits):
        lab = traits.setdefault("lab")
        opened = lab.slot if lab and lab.toolbar.step >= lab.toolbar.last else None
        made.append(SimpleNamespace(question=question, options=list(options), opened=opened, **traits))
        made[-1].shown = predict(question, options, **traits)
        return made[-1].shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "predict", noted)
        for source in with_what_they_need(path, lambda source: "checks.predict(" in source):
            exec(compile(source, path.name, "exec"), namespace)
    return made


def locked_in(path):
    """Each guess of a notebook, answered by its last option."""
    for guess in guesses_of(path):
        if not guess.shown.lock.disabled:
            guess.shown.choice.value = guess.options[-1]
            guess.shown.lock.click()
            if guess.lab:
                assert guess.shown.replay.player.plays == 1
                guess.shown.replay.skip()
        yield guess


def right(guess):
    """The place of the option that is marked as right."""
    labels = [label for label, _ in guess.shown.choice.options]
    (found,) = [k for k, label in enumerate(labels) if label.startswith("✔ ")]
    return found


@pytest.fixture(scope="module", autouse=True)
def _close_all():
    with pytest.MonkeyPatch.context() as patch:
        made_up.stand_in(patch.setattr)  # as long as the labs are open
        yield
    for guess in (guess for made in OPEN.values() for guess in made):
        guess.shown.close()
        if guess.lab:
            guess.lab.close()
    OPEN.clear()
    guesses_of.cache_clear()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_has_three_options_and_a_reason_in_plain_words(path):
    for guess in guesses_of(path):
        assert len(guess.options) >= 3, guess.question
        reasons = reasons_of(guess.options, guess.because, guess.options[0])
        assert set(reasons) == set(guess.options), guess.question
        for words in (guess.question, *guess.options, *reasons.values()):
            assert not re.search(r"[`$_]|\*\*", words), words  # marks that would be shown as they are
        for words in (*guess.options, *reasons.values()):
            assert "*" not in words, words
        assert all(reason.endswith(".") and len(reason) < 130 for reason in reasons.values())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_is_decided_by_a_run_that_is_shown_in_place(path):
    for guess in locked_in(path):
        assert re.match(r"right: |not this time: ", guess.shown.outcome), guess.shown.outcome
        true = guess.options[right(guess)]
        assert reasons_of(guess.options, guess.because, true)[true] in guess.shown.outcome
        run = guess.shown.replay.runs.setting(-1)
        assert {name: run[name] for name in guess.setting} == guess.setting


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_makes_something_move(path):
    for guess in locked_in(path):
        moves = []
        for figure in guess.shown.replay.figures:
            numbers = np.frombuffer(figure.pushed["data"], "<f4").reshape(len(figure.pushed["slots"]), -1)
            moves.append(len(numbers) > 1 and not np.array_equal(numbers[-2], numbers[-1], equal_nan=True))
        assert any(moves) or guess.shown.replay.player.last > 0, guess.question


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_says_its_settings_in_full(path):
    """A lab's defaults may change; the question and its answer must not."""
    for guess in guesses_of(path):
        shown = {p.name for p in guess.lab.grid.params if len(p.values) > 1}
        before = getattr(guess, "before", [])
        for setting in (guess.setting, *([before] if isinstance(before, dict) else before)):
            assert set(setting) == shown, guess.question


def test_the_right_option_stands_at_every_place_about_equally_often():
    places = [right(guess) for path in NOTEBOOKS for guess in locked_in(path)]
    counts = Counter(places)
    even = len(places) / 3
    assert all(abs(counts[k] - even) <= math.sqrt(even) for k in range(3)), counts
    runs = "".join(map(str, places))
    assert not re.search(rf"(\d)\1{{{MOST_IN_A_ROW}}}", runs), runs


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_right_stands_nowhere_on_the_page_before(path):
    """Neither in words, nor in the picture that the lab opens with, unless its film waits at the start."""
    cells = nbformat.read(path, as_version=4).cells
    for guess in locked_in(path):
        assert guess.lab is None or guess.opened != slot_of(guess.lab, guess.setting), guess.question
        place = next(k for k, cell in enumerate(cells) if guess.question[:40] in cell.source)
        above = " ".join(cell.source for cell in cells[:place] if cell.cell_type == "markdown")
        answer = guess.options[right(guess)]
        assert len(answer) < 12 or answer.lower() not in above.lower(), answer


def test_a_run_decides_in_the_last_quiz_too_and_says_why():
    (path,) = set(NOTEBOOKS) - set(LESSONS)
    for guess in locked_in(path):
        assert guess.lab is None
        true = guess.options[right(guess)]
        assert guess.because[true] in guess.shown.outcome
