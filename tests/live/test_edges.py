"""What a picture says at the edges of its axes, and in the middle of empty ones: the same as the browser."""

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from optlab import Film, LiveFigure, Plot, Record
from optlab.live.artists import channel
from optlab.live.edge_writing import fewer, told_at_the_edges
from optlab.live.edges import Note, crosses, edge_notes, empty_words
from optlab.live.mark import Mark

CASES = json.loads((Path(__file__).parents[1] / "js" / "edges.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_the_cases_that_the_browser_is_tested_on(case):
    ax = Figure().subplots()
    x, y = (np.array([float(v) for v in case[name]]) for name in "xy")
    look = {"marker": "o", "linestyle": ""} if case.get("marker") else {}
    (line,) = ax.plot(x, y, **look)
    ax.set(xlim=(0, 10), ylim=case.get("ylim", (0, 1)), yscale="log" if case.get("ylog") else "linear")
    declared = {"role": case.get("role", "main"), "named": case.get("named", False)}
    parts = [channel(Mark(line, fixed_x=case.get("fixed", False), first=case.get("grows"), **declared))]
    assert [note.text for note in edge_notes(parts, ax)] == ([case["note"]] if case["note"] else [])
    assert empty_words(parts, ax) == case["empty"]


def diverging():
    plot = Plot(film=Film("step"), ylim=(0, 1), empty=lambda one: f"too fast: {one.settings['a'][0]:g}")
    plot.line("loss", lambda r: r.settings["a"][:, None] ** np.arange(1, 4), "#a04600", x=np.arange(3.0))
    return plot


def test_what_a_path_and_its_end_both_say_is_written_once():
    path, other = Note("9 ↑", "#a04600", 0.5, 2.0), Note("9 ↑", "#0072b2", 0.5, 2.0)
    assert fewer([path, other, path]) == [path, other]


def test_what_several_lines_all_say_is_written_once_and_two_may_both_say_it():
    red, blue, green = (Note("0 ↓", color, 1.0, -1.0) for color in ("#aa0000", "#0000aa", "#00aa00"))
    other = Note("3 ↓", "#000000", 1.0, -1.0)
    assert fewer([red, other, blue]) == [red, other, blue]
    assert fewer([red, other, blue, green]) == [Note("0 ↓ (3 lines)", "#444444", 1.0, -1.0), other]
    bars = [Note("∞ →", "#aa0000", 2.0, v) for v in (0.1, 0.25, 0.4, 0.55, 0.7, 0.85)]
    assert fewer(bars) == bars  # each at its own bar


@pytest.mark.parametrize(("width", "color"), [(2, "#a04600"), (13, "#222222")])
def test_words_that_lie_on_a_wide_bar_are_not_in_its_colour(width, color):
    ax = Figure().subplots()
    (bar,) = ax.plot([1, 119], [0.5, 0.5], color="#a04600", linewidth=width)
    ax.set(xlim=(0, 10), ylim=(0, 1))
    (note,) = edge_notes([channel(Mark(bar, role="plain", named=True))], ax)
    assert (note.text, note.color) == ("119 →", color)


def test_the_words_are_in_the_picture_and_gone_after_it():
    plot = diverging()
    figure = LiveFigure(plot.figure, plot.marks)
    seen, texts = [], lambda: [text.get_text() for text in plot.ax.texts if text.get_visible()]
    draw = type(figure.figure.canvas).print_png
    figure.figure.canvas.print_png = lambda out: (seen.append(texts()), draw(figure.figure.canvas, out))
    for a in (0.5, 2.0):
        figure.png(plot.frames(Record({"a": np.array([a])})))
    assert seen == [[], ["8 ↑", "too fast: 2"]]
    assert texts() == ["too fast: 2"]  # the living text itself, as it was
    figure.close()


def test_a_setting_that_cannot_be_drawn_says_so_in_the_title_alone():
    plot = diverging()
    plot.title(lambda _: "a title")
    assert plot.blank("it failed").texts == [("", "it failed")]


def test_infinities_travel_and_images_have_gaps():
    plot = Plot(ylim=(0, 1))
    plot.line("loss", lambda _: np.array([[1.0, np.inf, np.nan]]), x=np.arange(3.0))
    plot.image(lambda _: np.array([[[1.0, np.inf]]]), (1, 2))
    values = plot.frames(Record({"a": np.array([1.0])})).values[0]
    np.testing.assert_array_equal(values, np.float32([1, np.inf, np.nan, 1, np.nan]))


def test_axes_with_a_picture_of_their_own_are_not_empty():
    ax = Figure().subplots()
    (line,) = ax.plot([np.nan], [np.nan])
    parts = [channel(Mark(line, role="main"))]
    assert empty_words(parts, ax) == "nothing to draw at this setting"
    ax.axhline(0.5)
    assert empty_words(parts, ax) == ""
    with told_at_the_edges(ax.figure, parts):
        assert not ax.texts


def test_a_straight_line_crosses_the_axes_or_passes_by():
    assert crosses(np.array([-1, 0.5]), np.array([2, 0.5]))
    assert not crosses(np.array([-1, 0.5]), np.array([0.5, 3]))
    assert not crosses(np.array([-1, 2.0]), np.array([2, 2.0]))


def test_a_marker_on_the_edge_is_whole_and_one_beyond_it_is_left_out():
    ax = Figure(dpi=100).subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    (line,) = ax.plot([0.5, 0.5], [1.0, 1.2], "o")
    with told_at_the_edges(ax.figure, [channel(Mark(line, role="theory"))]):
        assert not line.get_clip_on()
        np.testing.assert_array_equal(line.get_ydata(), [1.0, np.nan])
    assert line.get_clip_on()
    np.testing.assert_array_equal(line.get_ydata(), [1.0, 1.2])


def test_zero_and_less_are_gaps_on_a_log_axis():
    ax = Figure(dpi=100).subplots()
    (line,) = ax.plot([1, 2, 3, 4], [1.0, 0.5, -2.0, 0.0])
    ax.set(yscale="log", ylim=(0.01, 1))
    with told_at_the_edges(ax.figure, [channel(Mark(line, role="main"))]):
        np.testing.assert_array_equal(line.get_ydata(), [1, 0.5, np.nan, np.nan])
    np.testing.assert_array_equal(line.get_ydata(), [1, 0.5, -2, 0])
