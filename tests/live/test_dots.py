"""Dots: what a program prints, in the place where the figures show the same quantity."""

import numpy as np
import pytest

from optlab import Film, Plot, Record
from optlab.live.dots import Sheet, in_words

RUN = Record({"lr": np.array([0.1])})
X = np.arange(1, 4)


def growing(**axes):
    """Two curves that grow with the epochs, from the first on, and one that is known from the start."""
    plot = Plot(film=Film("epoch", first=1), **({"xlabel": "time", "ylabel": "loss", "ylim": (0, 2)} | axes))
    plot.line("training", [1.0, 0.5, 0.25], x=10.0 * X)
    plot.line("test", [1.5, 1.0, 0.75], x=10.0 * X, role="other")
    plot.line("bound", [2.0, 2.0, 2.0], x=10.0 * X, role="theory")
    return plot


def dots(plot, *rows):
    return [(dot.x, dot.y, dot.difference) for dot in Sheet([plot], RUN).dots(rows)]


def test_the_films_step_is_a_place_on_the_curves_that_grow():
    """The axis counts something else: a dot stands where its curve is at that step."""
    assert dots(growing(), {"epoch": 2.0, "training": 0.55, "test": 1.0}) == [
        (20.0, 0.55, pytest.approx(0.1)),
        (20.0, 1.0, 0.0),
    ]


def test_a_film_may_have_a_point_only_every_so_many_steps():
    plot = Plot(film=Film("step", every=20), xlabel="step", ylabel="loss", ylim=(0, 2))
    plot.line("curve", [1.0, 0.5], x=[0, 20])
    assert dots(plot, {"step": 20.0, "curve": 0.5}) == [(20.0, 0.5, 0.0)]
    assert dots(plot, {"step": 10.0, "curve": 0.5}) == [(10.0, 0.5, None)]


def test_the_name_of_the_x_axis_is_a_place():
    assert dots(growing(), {"time": 30.0, "bound": 2.0}) == [(30.0, 2.0, 0.0)]
    assert dots(growing(xlabel="time t (of the clock)"), {"time": 30.0, "bound": 2.0}) == [(30.0, 2.0, 0.0)]


def test_the_name_of_the_y_axis_means_the_main_curve():
    assert dots(growing(), {"epoch": 1.0, "loss": 1.0}) == [(10.0, 1.0, 0.0)]


def test_a_step_that_the_curve_does_not_have_is_no_dot():
    assert dots(growing(), {"epoch": 0.0, "training": 3.0}, {"epoch": 4.0, "training": 0.1}) == []


def test_what_the_figures_do_not_show_is_no_dot():
    assert dots(growing(), {"epoch": 1.0, "accuracy": 0.9}, {"accuracy": 0.9}) == []


def test_a_line_about_the_whole_run_stands_where_the_sliders_are():
    plot = Plot(xlabel="learning rate α", ylabel="last loss", ylim=(0, 2))
    plot.line("all rates", [1.5, 0.5], x=[0.01, 0.1])
    plot.here(lambda run: (run.settings["lr"], [0.5]))
    assert dots(plot, {"last loss": 0.505}) == [(0.1, 0.505, pytest.approx(0.01))]
    assert dots(plot, {"all rates": 0.5}) == [(0.1, 0.5, 0.0)]


def test_both_coordinates_of_a_path_are_printed():
    plot = Plot(film=Film("step"), xlabel="θ₁", ylabel="θ₂", xlim=(0, 2), ylim=(0, 2))
    plot.path("walk", np.array([[0.0, 1.0], [1.0, 2.0]]), points=2)
    assert dots(plot, {"step": 1.0, "θ₁": 1.1, "θ₂": 2.0}) == [(1.1, 2.0, 0.0)]


def test_a_difference_that_cannot_be_seen_is_not_told():
    """On a linear axis small numbers are all 0; outside of the axes there is no curve to differ from."""
    assert dots(growing(ylim=(0, 200)), {"epoch": 3.0, "training": 0.26})[0][2] == pytest.approx(0.005)
    assert dots(growing(ylim=(0.5, 2)), {"epoch": 3.0, "training": 0.26})[0][2] is None
    assert dots(growing(), {"epoch": 3.0, "training": np.nan}) == []


def test_of_two_curves_of_one_name_the_one_that_is_there_counts():
    """A thick line for the rule that is chosen, a thin one for the others."""
    plot = Plot(film=Film("epoch"), xlabel="epoch", ylabel="loss", ylim=(0, 2))
    plot.line("sgd", [np.nan, np.nan], x=[0, 1])
    plot.line("sgd", [1.0, 0.5], x=[0, 1], role="other")
    plot.line("adam", [1.0, 0.25], x=[0, 1])
    assert dots(plot, {"epoch": 1.0, "sgd": 0.5}) == [(1.0, 0.5, 0.0)]
    assert dots(plot, {"epoch": 1.0, "loss": 0.25}) == [(1.0, 0.25, 0.0)]


def test_bars_have_names_in_place_of_a_y_axis():
    plot = Plot(xlabel="loss", ylim=(0, 2))
    plot.path("bar", np.array([[0.0, 1.0], [1.0, 1.0]]), points=2, role="plain")
    assert dots(plot, {"epoch": 1.0, "loss": 0.5}) == []


def test_the_axes_are_those_of_the_settings_background():
    plot = Plot(xlabel="before", ylabel="loss", ylim=(0, 2))
    plot.line("curve", [1.0, 0.5], x=[0, 1])
    plot.background(
        [0.1, 0.2], lambda run: run.settings["lr"], lambda lr: plot.ax.set(xlabel=f"time at {lr}") and None
    )
    assert dots(plot, {"time at 0.1": 1.0, "curve": 0.5}) == [(1.0, 0.5, 0.0)]


def said(*rows):
    return in_words(Sheet([growing()], RUN).dots(rows))


def test_in_words():
    assert said() == "The figures have no place for what it prints."
    assert said({"epoch": 1.0, "training": 1.0}) == "1 dot on the figures: largest difference from the lab 0."
    near = said({"epoch": 1.0, "training": 1.0}, {"epoch": 2.0, "training": 0.501})
    assert near == "2 dots on the figures: largest difference from the lab 0.002."
    rows = {"epoch": 1.0, "training": 1.0}, {"epoch": 2.0, "training": 0.6}, {"epoch": 3.0, "training": 0.5}
    assert said(*rows).endswith(
        "difference from the lab 1; more than 1 % from epoch 2 on, as rounding parts two such runs."
    )
    assert said(*rows[1:]).endswith("more than 1 % from epoch 2 on.")  # another run from the beginning
    assert said({"epoch": 1.0, "training": 1.5}).endswith("more than 1 % here.")
