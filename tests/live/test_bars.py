"""Bars: their ends, what stands beside them, and what a screen reader says."""

import numpy as np

from optlab.live.plots import bars
from optlab.record import Record

RUNS = Record({"s": np.array([2.0, 5.0])})


def two_bars(**options):
    def seconds(r):
        return np.stack([r.settings["s"], np.full(len(r), np.nan)], axis=1)

    def beside(one):
        return [f"{one.settings['s'][0]:g} s", "none"]

    return bars(["up", "down"], seconds, beside, lambda _: "a\nb", limits=(1, 10), xlabel="s", **options)


def test_on_a_log_axis_a_dot_stands_at_its_number_and_one_without_a_number_is_not_there():
    plot = two_bars()
    values = plot.values("up", RUNS)
    assert np.isnan(values[:, 0, 0]).all()  # no bar leads to it: its length would say nothing
    assert values[:, 1].tolist() == [[2, 1], [5, 1]]
    assert np.isnan(plot.values("down", RUNS)[..., 0]).all()


def test_a_bar_goes_from_the_left_edge_to_its_number_and_one_without_a_number_is_not_there():
    plot = two_bars(scale="linear")
    assert plot.values("up", RUNS).tolist() == [[[1, 1], [2, 1]], [[1, 1], [5, 1]]]
    assert np.isnan(plot.values("down", RUNS)[..., 0]).all()


def test_of_the_two_ends_of_a_multiple_the_number_alone_has_a_dot():
    plot = two_bars(base=3)
    (line,) = [mark.artist for mark in plot.marks if mark.name == "up"]
    (dot,) = [mark.artist for mark in plot.marks if mark.name == "up: here"]
    assert (line.get_marker(), dot.get_marker()) == ("None", "o")
    ends = plot.values("up: here", RUNS)
    assert np.isnan(ends[:, 0, 0]).all()
    assert ends[:, 1].tolist() == [[2, 1], [5, 1]]


def test_bars_of_multiples_begin_at_1():
    assert two_bars(base=3).values("up", RUNS).tolist() == [[[3, 1], [2, 1]], [[3, 1], [5, 1]]]


def test_every_bar_has_its_words_beside_it_and_is_heard():
    frames = two_bars().frames(RUNS)
    assert frames.texts == [("2 s", "none", "a\nb"), ("5 s", "none", "a\nb")]
    assert frames.labels == ["a; b: up 2 s, down none.", "a; b: up 5 s, down none."]
