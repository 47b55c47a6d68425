"""Declared plots: the numbers of every mark, their places in a frame, and what the browser is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from optlab import Film, LiveFigure, Plot, Record, each, grid
from optlab.live.values import place_numbers, points_of

X = np.arange(5.0)
RUNS = Record(grid(a=[1.0, 2.0, 3.0], k=["low", "high"]))
A = RUNS.settings["a"]


def plot_of_all_kinds():
    plot = Plot(film=Film("step", first=2), xlabel="x", ylabel="y", ylim=(-5, 50))
    plot.line("curve", lambda r: r.settings["a"][:, None] * X, x=X)
    plot.line("theory", lambda _: X[None], "blue", "--", x=X, role="theory")
    plot.path("path", lambda r: (X, r.settings["a"][:, None] + X), points=7)
    steps = lambda r: r.settings["a"]  # noqa: E731  (short, and used twice)
    plot.point("end", lambda r: (4, steps(r)), "gold", "*", role="end", appears=steps)
    plot.here(lambda r: (r.settings["a"], 0))
    plot.upright(lambda r: r.settings["a"])
    plot.scatter(each(lambda one: np.outer(X, [1, one.settings["a"][0]])), points=5)
    plot.title(lambda one: f"a = {one.settings['a'][0]:g}\n{one.settings['k'][0]}")
    return plot


def live(plot):
    plot.finish()
    return LiveFigure(plot.figure, plot.marks, scenes=plot.scenes)


def numbers_of(figure, frames, label):
    """The numbers of one mark, found as the browser finds them: by what the figure says of it."""
    style = next(s for s in figure.artists if s.get("label", "").lstrip("_") == label)
    return style, frames.values[:, style["start"] : style["start"] + style["size"]]


# ---------------------------------------------------------------- numbers


def test_every_mark_finds_its_numbers_where_the_browser_looks_for_them():
    plot = plot_of_all_kinds()
    figure, frames = live(plot), plot.frames(RUNS)
    assert frames.values.dtype == np.float32
    assert frames.values.shape == (6, sum(style["size"] for style in figure.artists))
    np.testing.assert_array_equal(numbers_of(figure, frames, "curve")[1], np.float32(A[:, None] * X))
    np.testing.assert_array_equal(numbers_of(figure, frames, "theory")[1], np.float32(np.tile(X, (6, 1))))
    _, path = numbers_of(figure, frames, "path")
    np.testing.assert_array_equal(path[:, :5], np.float32(np.tile(X, (6, 1))))
    np.testing.assert_array_equal(path[:, 7:12], np.float32(A[:, None] + X))
    assert np.isnan(path[:, [5, 6, 12, 13]]).all()  # room for seven points, five were given
    np.testing.assert_array_equal(numbers_of(figure, frames, "end")[1], np.stack([0 * A + 4, A, A], axis=1))
    np.testing.assert_array_equal(numbers_of(figure, frames, "upright")[1][:, :2], np.stack([A, A], axis=1))
    figure.close()


def test_all_settings_at_once_are_what_each_is_alone():
    plot = plot_of_all_kinds()
    whole, alone = plot.frames(RUNS), [plot.frames(one) for one in RUNS]
    np.testing.assert_array_equal(whole.values, np.concatenate([one.values for one in alone]))
    assert whole.texts == [one.texts[0] for one in alone]
    assert whole.labels == [f"a = {a:g}; {k}" for a, k in zip(A, RUNS.settings["k"], strict=True)]


def test_a_mark_that_follows_the_film_has_a_block_for_each_stop():
    stops = (0, 10, 40)
    plot = Plot(film=Film("step"))
    cloud = np.arange(6 * 3 * 2 * 2).reshape(6, 3, 2, 2)  # settings, stops, points, coordinates
    plot.path("cloud", lambda r: cloud[: len(r)], style="", points=2, role="plain", at=stops, marker=".")
    figure, frames = live(plot), plot.frames(RUNS)
    style, numbers = numbers_of(figure, frames, "cloud")
    assert (style["at"], style["grows"], plot.last) == ([0, 10, 40], None, 40)
    for k in range(3):
        block = numbers[:, 4 * k : 4 * k + 4]
        np.testing.assert_array_equal(block, np.concatenate([cloud[:, k, :, 0], cloud[:, k, :, 1]], axis=1))
    np.testing.assert_array_equal(plot.values("cloud", RUNS), cloud)
    figure.close()


def test_the_browser_is_told_the_role_of_every_mark_and_nothing_is_left_to_guess():
    figure = live(plot_of_all_kinds())
    told = {s.get("label", s["kind"]).lstrip("_"): s for s in figure.artists}
    roles = {name: style["role"] for name, style in told.items()}
    assert roles["curve"] == roles["path"] == "main"
    assert (roles["theory"], roles["end"], roles["you are here"]) == ("theory", "end", "here")
    assert roles["text"] == "title"
    grows = {name: style["grows"] for name, style in told.items()}
    assert (grows["curve"], grows["path"], grows["theory"]) == (2, 2, None)
    assert [name for name, style in told.items() if style["appears"]] == ["end"]
    assert told["curve"]["named"] and not told["path"]["named"]  # noqa: PT018  (one fact)
    figure.close()


def test_the_picture_shows_the_frame_that_it_is_given():
    plot = plot_of_all_kinds()
    figure, frames = live(plot), plot.frames(RUNS)
    pictures = [figure.png(frames[row]) for row in range(6)]
    assert len(set(pictures)) == 6
    curve, _, path, *_ = plot.ax.lines
    np.testing.assert_array_equal(curve.get_ydata(), np.float32(3 * X))
    np.testing.assert_array_equal(path.get_ydata()[:5], np.float32(3 + X))
    figure.close()


@given(st.data())
def test_values_are_given_room_and_nothing_is_lost(data):
    shape = data.draw(array_shapes(min_dims=2, max_dims=3, max_side=4))
    values = data.draw(arrays(float, shape, elements=st.floats(allow_nan=True, allow_infinity=True)))
    room = (*shape[:-1], shape[-1] + data.draw(st.integers(0, 3)))
    placed = place_numbers(values, room, "x")
    assert placed.shape == room
    for index in np.ndindex(*room):
        known = index[-1] < shape[-1] and not np.isnan(values[index])
        assert placed[index] == values[index] if known else np.isnan(placed[index])


@given(arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 4), st.just(2)), elements=st.floats(-9, 9)))
def test_points_travel_as_all_x_and_then_all_y(points):
    n, count, _ = points.shape
    travelled = points_of(points, n, count, "path")
    for row in range(n):
        assert travelled[row].tolist() == [x for x, _ in points[row]] + [y for _, y in points[row]]
    np.testing.assert_array_equal(points_of((points[..., 0], points[..., 1]), n, count, "path"), travelled)


@pytest.mark.parametrize("values", [np.ones((4, 5)), np.ones((6, 6)), np.ones((6, 5, 1))])
def test_values_of_another_shape_are_named(values):
    with pytest.raises(ValueError, match="the mark 'curve' gave values of shape"):
        place_numbers(values, (6, 5), "curve")


# ---------------------------------------------------------------- backgrounds


def test_artists_of_a_background_are_shown_with_their_own_settings_only():
    plot = Plot(xlim=(0, 1), ylim=(0, 1))
    drawn = {}

    def draw(key):
        drawn[key] = plot.ax.plot([0, 1], [0, {"low": 0.2, "high": 0.8}[key]])
        return drawn[key]

    plot.background(["low", "high"], lambda r: r.settings["k"], draw)
    assert plot.frames(RUNS).scenes == [0, 1] * 3
    for k, key in enumerate(drawn):
        plot.scenes[k]()
        assert {name: lines[0].get_visible() for name, lines in drawn.items()} == {n: n == key for n in drawn}


def test_a_background_may_change_the_axes_instead():
    plot = Plot()
    plot.here(lambda r: (r.settings["a"], 0))

    def stretch(a):
        plot.ax.set_ylim(0, a)

    plot.background([1.0, 2.0, 3.0], lambda r: r.settings["a"], stretch)
    figure = live(plot)
    assert [scene["axes"][0]["ylim"] for scene in figure.backgrounds] == [[0, 1], [0, 2], [0, 3]]
    assert plot.frames(RUNS).scenes == [0, 0, 1, 1, 2, 2]
    figure.close()
