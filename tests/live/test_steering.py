"""What the browser is told about where sliders' stops are on a plot."""

import numpy as np
import pytest

from optlab import Lab, Param, Plot, Record
from optlab.live.plots.steering import Steer, axis_steer
from optlab.params import Grid

A = Param("a", "a", "rate", (0.0, 0.1, 1.0), 0.1)
B = Param("b", "b", "momentum", (0.0, 0.9), 0.9)
SURFACE = Param("surface", "", "surface", ("bowl", "bank"), "bowl")
BOX = Grid((SURFACE, A, B))


def test_an_axis_has_a_slider_s_values_and_the_other_makes_no_difference():
    told = axis_steer(x="a").described(BOX, axes=1)
    assert told == {
        "axes": 1,
        "given": [],
        "sliders": [1],
        "sizes": [3],
        "xs": [0.0, 0.1, 1.0],
        "ys": [None] * 3,
    }


def test_of_two_sliders_every_combination_has_a_place_the_last_slider_fastest():
    told = axis_steer(x="b", y="a").described(BOX, 0)
    assert (told["sliders"], told["sizes"]) == ([2, 1], [2, 3])
    assert list(zip(told["xs"], told["ys"], strict=True)) == [(b, a) for b in B.values for a in A.values]


def test_a_handle_s_places_may_depend_on_sliders_that_stay():
    def where(at):
        x = np.where(at["surface"] == "bowl", at["a"], -at["a"])
        with np.errstate(divide="ignore"):
            return x, 1 / at["a"]

    told = Steer(["a"], where, given=["surface"]).described(BOX, 0)
    assert (told["given"], told["sliders"], told["sizes"]) == ([0], [1], [2, 3])
    assert told["xs"] == [0.0, 0.1, 1.0, 0.0, -0.1, -1.0]
    assert told["ys"] == [1e300, 10.0, 1.0] * 2  # JSON has no infinity


def test_wrong_names_and_places_are_answered_at_once():
    with pytest.raises(TypeError, match=r"names='a': expected a list of names, such as \['a'\]"):
        Steer("a", lambda at: (at["a"], 0))
    with pytest.raises(TypeError, match="where=3: expected a function of settings"):
        Steer(["a"], 3)
    with pytest.raises(TypeError, match="expected the name of a slider for x, for y or for both"):
        Plot().steers()
    with pytest.raises(ValueError, match="steers has 'c': expected names of sliders, of surface, a, b"):
        axis_steer(x="c").described(BOX, 0)
    with pytest.raises(ValueError, match="steers a: expected x and y of 3 places"):
        Steer(["a"], lambda _: ([1, 2], 0)).described(BOX, 0)


def test_a_lab_tells_its_figures_and_a_hidden_slider_has_one_place():
    plot = Plot(xlabel="a", ylim=(0, 2))
    plot.line("a", lambda r: r.settings["a"][:, None] * np.ones(3), x=np.array(A.values))
    plot.steers(x="a")
    for hide, xs in (((), [0.0, 0.1, 1.0]), (("a",), [0.1])):
        lab = Lab([A, B], Record, [plot], hide=hide)
        assert [told["xs"] for told in lab.figures[0].steering] == [xs]
        lab.close()
