"""What holds for every lab of the course: no setting breaks it, all can hear it, and closed it is gone."""

from functools import partial
from inspect import signature

import pytest
from ipywidgets.widgets.widget import _instances

from optlab import iris_pair
from optlab.course import labs
from optlab.course.learning_rate_decay.race import race
from optlab.live.pages import FramePage

# those that are told what to show, or are quicker for it; the labs of measurements are tested with their own
TOLD = {
    "training_lab": partial(labs.training_lab, iris_pair(), epochs=10),
    "race_lab": lambda: labs.race_lab(race(6)),
    "shrink_lab": partial(labs.shrink_lab, most=1),
}


def needs_nothing(make):
    """Whether a lab can be made without being told what to show."""
    return all(
        p.kind is p.VAR_KEYWORD or p.default is not p.empty for p in signature(make).parameters.values()
    )


ALL = {name: getattr(labs, name) for name in labs.names()}
LABS = {name: TOLD.get(name, make) for name, make in ALL.items() if name in TOLD or needs_nothing(make)}


def ends_of(box):
    """The slots with one slider at an end, and the one with all at their last."""
    here, last = box.indices(box.default), [n - 1 for n in box.shape]
    ends = [[*here[:axis], k, *here[axis + 1 :]] for axis, n in enumerate(box.shape) for k in (0, n - 1)]
    return [box.slot(indices) for indices in [*ends, last]]


def widgets():
    """All that are open, but for pages: another lab may be filling its own."""
    return {key for key, widget in _instances.items() if not isinstance(widget, FramePage)}


@pytest.mark.parametrize("name", LABS)
def test_every_end_of_every_slider_is_shown_and_heard_and_closed_it_leaves_nothing(name):
    """Overflow, NaN, step 0, sums without a limit, a start on the minimum: none may raise or warn."""
    before = widgets()
    lab = LABS[name]()
    lab._trainer.close()  # the settings below are trained in one go
    slots = ends_of(lab.grid)
    result = lab._run(lab.grid.settings(slots), ())
    heard = {tuple(frame.label for frame in lab._frames(result, row)) for row in range(len(slots))}
    assert len(heard) > 1
    assert all(words for labels in heard for words in labels)
    assert lab.png().startswith(b"\x89PNG")
    lab.close()
    assert widgets() == before
