"""The check of every lab's corners finds what it is there to find."""

import numpy as np
import pytest
from corners import Corner

from optlab import Plot, Record

ONE = Record({"a": np.array([1.0])})


def corner(y=0.5, title="a title", prepare=lambda _: None, **options):
    plot = Plot(**({"xlabel": "step", "ylabel": "loss", "xlim": (0, 4), "ylim": (0, 1)} | options))
    plot.line("loss", lambda _: np.full((1, 5), y), x=np.arange(5.0))
    plot.title(lambda _: title)
    prepare(plot.ax)
    plot.finish()
    return Corner(plot, plot.frames(ONE), 0)


def test_a_sound_figure_is_passed():
    sound = corner(legend=True)
    assert sound.overlaps() == sound.curves_through_the_legend() == []
    assert sound.says_something()


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (("a title", "the figure's edge"), {"title": "a title" + " that is far too long" * 8}),
        (("one", "two"), {"prepare": lambda ax: [ax.text(1, 0.3, word) for word in ("one", "two")]}),
        (("step", "note"), {"prepare": lambda ax: ax.text(0.5, -0.16, "note", transform=ax.transAxes)}),
        (("loss", "the figure's edge"), {"prepare": lambda ax: ax.yaxis.set_label_coords(-0.1, 1.2)}),
    ],
)
def test_text_over_text_and_text_beyond_the_figure_are_found(found, wrong):
    pairs = [
        tuple(name[: len(part)] for name, part in zip(pair, found, strict=True))
        for one, other in corner(**wrong).overlaps()
        for pair in ((one, other), (other, one))
    ]
    assert found in pairs


def test_a_curve_through_a_legend_is_found():
    assert corner(y=0.95, legend="upper right").curves_through_the_legend() == ["loss"]


@pytest.mark.parametrize(("y", "words"), [(0.5, ""), (7.0, "7 ↑"), (np.inf, "∞ ↑")])
def test_a_figure_speaks_or_shows(y, words):
    assert corner(y).says_something()
    silent = corner(y, prepare=lambda ax: ax.axhline(0.5))
    assert silent.says_something()


def test_a_curve_without_a_number_beside_what_stands_still_is_silent():
    assert not corner(np.nan, prepare=lambda ax: ax.axhline(0.5)).says_something()
    assert corner(np.nan, prepare=lambda ax: ax.axhline(0.5), empty="nothing at t = 0").says_something()
