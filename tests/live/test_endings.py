"""Names stand at the ends of lines, and none over another; the browser's are in tests/js/endings.test.js."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optlab import Plot
from optlab.live.artists import channel
from optlab.live.edges import edge_notes
from optlab.live.endings import Ending, apart, written_at_the_ends
from optlab.live.looks import readable
from optlab.live.mark import Mark
from optlab.record import Record

HEIGHT, FOOT = 10.0, 400.0
names = st.builds(
    Ending,
    st.just("name"),
    st.just("black"),
    st.floats(0, 200),
    st.floats(0, FOOT),
    st.floats(5, 60),
)


@given(st.lists(names, max_size=8))
def test_no_name_lies_over_another_nor_below_the_axes(endings):
    placed = apart(endings, HEIGHT, FOOT)
    assert sorted((one.x, one.width) for one in placed) == sorted((one.x, one.width) for one in endings)
    assert all(one.y <= FOOT for one in placed)
    for k, one in enumerate(placed):
        for other in placed[k + 1 :]:
            meets = one.x < other.x + other.width and other.x < one.x + one.width
            assert not meets or abs(one.y - other.y) > HEIGHT - 1e-6


@given(names, st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_names_that_have_room_stay_where_they_are(first, gaps):
    heights = np.cumsum([HEIGHT + gap for gap in gaps])
    endings = [Ending("name", "black", first.x, y, first.width) for y in heights]
    assert apart(endings, HEIGHT, heights[-1]) == endings


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_letters_of_every_colour_can_be_read_on_white(color):
    rgb = [int(readable(color)[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    luminance = sum(c * share for c, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_a_picture_has_the_name_beside_the_last_point_that_is_seen():
    figure, ax = plt.subplots()
    ax.set(xlim=(0, 3), ylim=(0, 1))
    (line,) = ax.plot([0, 1, 2, 3], [0.2, 0.4, 0.6, np.nan], color="#d0d0d0")
    with written_at_the_ends(figure, [channel(Mark(line, ending="B = 8"))]):
        (text,) = figure.texts
        x, y = ax.transData.transform((2, 0.6))
        assert text.get_text() == "B = 8"
        across, up = figure.transFigure.transform(text.get_position())
        assert 0 < across - x < 10
        assert up == pytest.approx(y)
        assert text.get_color() == readable("#d0d0d0")
    assert not figure.texts


def test_a_line_that_leaves_says_its_name_at_the_edge_and_not_beside_its_last_point():
    figure, ax = plt.subplots()
    ax.set(xlim=(0, 2), ylim=(0, 1))
    (line,) = ax.plot([0, 1, 2], [0.2, 0.4, 7])
    part = channel(Mark(line, role="main", first=0, ending="B = 8"))
    assert [note.text for note in edge_notes([part], ax)] == ["B = 8 7 ↑"]
    with written_at_the_ends(figure, [part]):
        assert not figure.texts


def test_a_plot_leaves_room_for_the_names_and_draws_them():
    plot = Plot(xlim=(0, 1), ylim=(0, 1))
    before = plot.figure.subplotpars.right
    plot.line("loss", lambda run: run.settings["a"][:, None] * np.ones(2), x=[0, 1], ending="a long name")
    plot.finish()
    width = plot.figure.get_figwidth() * (1 - plot.figure.subplotpars.right)
    assert plot.figure.subplotpars.right < before
    assert width > 11 * 0.6 * 8.5 / 72
    assert plot.frames(Record({"a": np.array([0.5])})).values.tolist() == [[0.5, 0.5]]


def test_only_a_line_has_an_end():
    text = plt.figure().text(0, 0, "words")
    with pytest.raises(ValueError, match=r"ending='here': expected a line, not a Text"):
        Mark(text, ending="here")
