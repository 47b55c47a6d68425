"""Axes as a reader wants them for now: fitted, logarithmic, linear; reset, all is as it was."""

import numpy as np
import pytest

from optlab import LiveFigure, Plot
from optlab.live.plots import bars


def made(**axes):
    plot = Plot(**({"ylim": (0, 50), "xlim": (1, 100)} | axes))
    plot.line("loss", lambda _: np.array([[1.0, 2.0, 3.0]]), x=np.array([1.0, 10.0, 100.0]))
    return LiveFigure(plot.figure, plot.marks, scenes=plot.scenes), plot


def shown(figure, *names):
    """Some of what the browser is told of the axes."""
    return [figure.backgrounds[0]["axes"][0][name] for name in names]


def test_the_background_is_drawn_anew_and_comes_back_as_it_was():
    figure, plot = made(yticks=[0, 25, 50])
    before = figure.backgrounds
    figure.seen = {"0": {"ylim": [1, 4], "ylog": True, "xlim": [1, 100], "xlog": True}}
    assert shown(figure, "ylim", "ylog", "xlim", "xlog") == [[1, 4], True, [1, 100], True]
    assert figure.backgrounds[0]["background"] != before[0]["background"]
    assert plot.ax.get_ylim() == (0, 50)  # the figure itself is as declared, and so are its pictures
    figure.seen = {}
    assert figure.backgrounds[0] == before[0]
    assert plot.ax.get_yticks().tolist() == [0, 25, 50]
    figure.close()


@pytest.mark.parametrize("limits", [[0, 4], [3], [2, 2], [1, float("inf")], None])
def test_what_is_no_limit_of_a_log_axis_is_left_out(limits):
    figure, _ = made()
    figure.seen = {"0": {"ylim": limits, "ylog": True}}
    assert shown(figure, "ylim", "ylog") == [[0, 50], False]
    figure.close()


def test_an_inverted_axis_stays_inverted():
    figure, _ = made(ylim=(50, 0))
    figure.seen = {"0": {"ylim": [1, 4], "ylog": False}}
    assert shown(figure, "ylim") == [[4, 1]]
    figure.close()


def test_a_scene_with_limits_of_its_own_is_fitted_like_the_others():
    plot = Plot(ylim=(0, 1))
    plot.line("loss", lambda _: np.zeros((1, 2)), x=np.arange(2.0))
    plot.background([1, 9], lambda record: [1] * len(record), lambda top: plot.ax.set(ylim=(0, top)) and None)
    figure = LiveFigure(plot.figure, plot.marks, scenes=plot.scenes)
    figure.seen = {"0": {"ylim": [2, 3]}}
    assert [scene["axes"][0]["ylim"] for scene in figure.backgrounds] == [[2, 3]] * 2
    figure.seen = {}
    assert [scene["axes"][0]["ylim"] for scene in figure.backgrounds] == [[0, 1], [0, 9]]
    figure.close()


def test_an_axis_whose_ticks_are_names_offers_no_other_scale():
    named = bars(["one"], lambda _: [[2.0]], lambda _: ["2"], lambda _: "t", limits=(1, 3), xlabel="s")
    figure = LiveFigure(named.figure, named.marks)
    assert shown(figure, "free") == [[True, False]]
    figure.close()
    figure, plot = made()
    plot.ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    figure.render()
    assert shown(figure, "free") == [[True, True]]  # numbers may be written as one likes
    figure.close()
