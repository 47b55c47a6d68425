"""Outcomes go to whoever keeps them, and to nobody by default."""

import pytest

from optlab.live import outcomes


class Drawer:
    def __init__(self):
        self.kept = {}

    def note(self, kind, key, outcome):
        self.kept[kind, key] = outcome

    def recall(self, kind, key):
        return self.kept.get((kind, key))


@pytest.fixture
def drawer():
    outcomes.keep(made := Drawer())
    yield made
    outcomes.keep(None)


def test_what_is_noted_is_recalled_by_kind_and_key(drawer):
    outcomes.note("prediction", "a", {"right": True})
    assert outcomes.recall("prediction", "a") == {"right": True}
    assert outcomes.recall("goal", "a") is None


def test_nobody_keeps_anything_by_default():
    outcomes.note("prediction", "a", {"right": True})
    assert outcomes.recall("prediction", "a") is None
