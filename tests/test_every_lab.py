"""What holds for every lab of the course: no setting breaks it, all can hear it, and closed it is gone."""

from functools import partial
from inspect import signature

import pytest
from ipywidgets.widgets.widget import _instances

from optlab import iris_pair, labs
from optlab.experiments.race import race
from optlab.live import DRAW_LOCK
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


ALL = {name: getattr(labs, name) for name in labs.__all__ if name.endswith("_lab")}
LABS = {name: TOLD.get(name, make) for name, make in ALL.items() if name in TOLD or needs_nothing(make)}


@pytest.fixture(scope="module", params=LABS)
def lab(request):
    made = LABS[request.param]()
    yield made
    made.close()


def ends_of(lab):
    """The settings with one slider at an end, and the one with all at their last."""
    params = [control.param for control in lab.controls]
    ends = [{param.name: value} for param in params for value in (param.values[0], param.values[-1])]
    return [*ends, {param.name: param.values[-1] for param in params}]


def test_every_end_of_every_slider_can_be_shown_and_heard(lab):
    """Overflow, NaN, step 0, sums without a limit, a start on the minimum: none may raise or warn."""
    heard = set()
    for values in ends_of(lab):
        lab.reset()
        shown = lab.set(**values)
        with DRAW_LOCK:  # the lab's own thread may draw there too
            heard.add(tuple(panel.show(shown, 0) for panel in lab.panels))
        assert lab.png().startswith(b"\x89PNG")
    assert len(heard) > 1
    assert all(words for texts in heard for words in texts)


@pytest.mark.parametrize("name", LABS)
def test_closed_it_leaves_no_widget(name):
    def widgets():  # but for pages: another lab may be filling its own
        return {key for key, widget in _instances.items() if not isinstance(widget, FramePage)}

    before = widgets()
    LABS[name]().close()
    assert widgets() == before
