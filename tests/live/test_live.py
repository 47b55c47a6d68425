"""LiveFigure without a browser: what a frame holds, what the background shows, what is left after close()."""

import base64
import io
import time
import types
from contextvars import ContextVar

import ipywidgets
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets.widget import _instances
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread

from optlab import LiveFigure
from optlab.live import cells
from optlab.live.artists import color_table
from optlab.live.cells import CellClock, replace_earlier
from optlab.live.frames import Frames
from optlab.live.mark import Mark


@pytest.fixture
def figure():
    return Figure(figsize=(4, 3))


def pixels(png):
    return np.round(imread(io.BytesIO(png)) * 255).astype(int)


def drawn_by_matplotlib(figure, dpi):
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


# ---------------------------------------------------------------- frames


def test_a_frame_holds_the_artists_own_data_one_after_the_other(figure):
    ax = figure.subplots()
    (line,) = ax.plot([0, 1, 2], [5.0, 6.0, 7.0])
    points = ax.scatter([1, 2], [3, 4])
    field = ax.imshow(np.arange(6.0).reshape(2, 3))
    text = ax.text(0, 0, "loss 5")
    live = LiveFigure(figure, [line, points, field, text])

    line.set_ydata([1.5, 2.5, 3.5])
    points.set_offsets([[7, 8], [9, 10]])
    text.set_text("loss 1.5")
    live.label = "falls"
    frame = live.capture()

    expected = np.concatenate([line.get_xydata().T.ravel(), [7, 9, 8, 10], np.arange(6)])
    np.testing.assert_array_equal(frame.values[0], expected.astype(np.float32))
    assert frame.values.dtype == np.float32
    assert (frame.texts, frame.labels, frame.scenes) == ([("loss 1.5",)], ["falls"], [0])


def test_each_artist_finds_its_own_numbers_whatever_the_drawing_order(figure):
    ax = figure.subplots()
    (above,) = ax.plot([0, 1], [1, 2], zorder=9)
    (below,) = ax.plot([0, 1], [3, 4], zorder=1)
    live = LiveFigure(figure, [above, below])
    values = live.capture().values[0]
    first, second = live.artists
    assert (first["id"], second["id"]) == (1, 0)
    np.testing.assert_array_equal(
        values[first["start"] : first["start"] + first["size"]], below.get_xydata().T.ravel()
    )


def test_fewer_points_are_padded_with_gaps(figure):
    (line,) = figure.subplots().plot(range(4), range(4))
    live = LiveFigure(figure, [line])
    line.set_data([0, 1], [5, 6])
    nan = np.nan
    np.testing.assert_array_equal(live.capture().values[0], np.float32([0, 1, nan, nan, 5, 6, nan, nan]))


def test_more_points_than_built_with_are_refused_by_name(figure):
    (line,) = figure.subplots().plot(range(4), range(4), label="train")
    live = LiveFigure(figure, [line])
    line.set_data(range(5), range(5))
    with pytest.raises(ValueError, match=r"Line2D 'train' has 5 points.*built with"):
        live.capture()


def test_a_fixed_x_is_not_sent_and_may_not_change(figure):
    (line,) = figure.subplots().plot([0, 1, 2], [3, 4, 5], label="train")
    live = LiveFigure(figure, [Mark(line, fixed_x=True)])
    np.testing.assert_array_equal(live.capture().values[0], np.float32([3, 4, 5]))
    np.testing.assert_array_equal(np.frombuffer(live.artists[0]["x"], "<f4"), [0, 1, 2])
    line.set_data([0, 1], [9, 8])  # a shorter line with the same beginning is one that has stopped
    np.testing.assert_array_equal(live.capture().values[0], np.float32([9, 8, np.nan]))
    line.set_data([0, 1, 3], [3, 4, 5])
    with pytest.raises(ValueError, match=r"'train' is in fixed_x"):
        live.capture()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_without_a_place_are_data_and_never_an_error(figure, value):
    (line,) = figure.subplots().plot([0, 1], [1, 2])
    live = LiveFigure(figure, [Mark(line, fixed_x=True)])
    line.set_ydata([1, value])
    frame = live.capture()
    assert frame.values[0, 0] == 1
    assert not np.isfinite(frame.values[0, 1])
    live.push(frame)
    assert np.isfinite([live.backgrounds[0]["axes"][0][k] for k in ("xlim", "ylim")]).all()


def test_masked_points_are_gaps(figure):
    (line,) = figure.subplots().plot([0, 1], [1, 2])
    live = LiveFigure(figure, [Mark(line, fixed_x=True)])
    line.set_ydata(np.ma.masked_array([1, 2], mask=[False, True]))
    np.testing.assert_array_equal(live.capture().values[0], np.float32([1, np.nan]))


def test_artists_that_cannot_live_are_refused(figure):
    ax = figure.subplots()
    (line,) = ax.plot([0, 1], [1, 2])
    (stranger,) = Figure().subplots().plot([0, 1], [1, 2])
    photo = ax.imshow(np.zeros((2, 2, 3)))
    with pytest.raises(TypeError, match=r"Rectangle cannot live: use Line2D"):
        LiveFigure(figure, [ax.bar([0], [1])[0]])
    with pytest.raises(TypeError, match=r"Annotation"):
        LiveFigure(figure, [ax.annotate("here", (0, 0))])
    with pytest.raises(ValueError, match=r"not part of the figure"):
        LiveFigure(figure, [stranger])
    with pytest.raises(ValueError, match=r"marked twice"):
        LiveFigure(figure, [line, line])
    with pytest.raises(ValueError, match=r"expected a line"):
        LiveFigure(figure, [Mark(photo, fixed_x=True)])
    with pytest.raises(ValueError, match=r"one number a pixel"):
        LiveFigure(figure, [photo])
    ax.set_yscale("symlog")
    with pytest.raises(ValueError, match=r"'symlog'"):
        LiveFigure(figure, [line])


# ---------------------------------------------------------------- the table of frames


def test_pages_hold_the_frames_numbers(figure):
    (line,) = figure.subplots().plot([0, 1, 2], [0, 0, 0])
    live = LiveFigure(figure, [Mark(line, fixed_x=True)])
    wanted = np.random.default_rng(0).normal(size=(5, 3))
    frames = []
    for k, y in enumerate(wanted):
        line.set_ydata(y)
        live.label = f"run {k}"
        frames.append(live.capture())
    live.add([10, 11, 12], Frames.concat(frames[:3]))
    live.add(iter([7, 8]), Frames.concat(frames[3:]))

    assert live.slots == {7, 8, 10, 11, 12}
    assert [page.slots for page in live.pages] == [[10, 11, 12], [7, 8]]
    sent = np.concatenate([np.frombuffer(page.data, "<f4").reshape(-1, 3) for page in live.pages])
    np.testing.assert_allclose(sent, wanted, rtol=2**-16)  # rounded to 16 significant bits
    assert live.pages[1].labels == ["run 3", "run 4"]


def test_add_refuses_slots_without_frames_and_ignores_nothing_at_all(figure):
    live = LiveFigure(figure, figure.subplots().plot([0, 1], [1, 2]))
    with pytest.raises(ValueError, match=r"2 slots, 1 frames"):
        live.add([0, 1], live.capture())
    assert live.pages == []
    assert live.slots == set()


def test_push_is_one_trait_with_slot_and_numbers(figure):
    (line,) = figure.subplots().plot([0, 1], [1, 2])
    live = LiveFigure(figure, [Mark(line, fixed_x=True)])
    seen = []
    live.observe(seen.append)
    live.push(Frames(np.float32([[3, 4]]), [()], ["up"], [0]), slot=6)
    assert [change.name for change in seen] == ["pushed"]
    assert live.pushed["slots"] == [6]
    np.testing.assert_array_equal(np.frombuffer(live.pushed["data"], "<f4"), [3, 4])


def test_slots_count_like_numpy(figure):
    live = LiveFigure(figure, figure.subplots().plot([0, 1], [1, 2]))
    sliders = [ipywidgets.SelectionSlider(options=range(n)) for n in (4, 3, 5)]
    live.steer([*sliders[:2], ipywidgets.Dropdown(options=range(5))])
    index = (3, 1, 4)
    assert np.dot(index, live.strides) == np.ravel_multi_index(index, (4, 3, 5))


# ---------------------------------------------------------------- the background


def test_the_background_shows_all_but_the_living(figure):
    ax = figure.subplots()
    ax.plot([0, 1], [0, 1])
    (line,) = ax.plot([0, 1], [1, 0])
    text = ax.text(0.5, 0.5, "hello")
    live = LiveFigure(figure, [line, text])
    assert line.get_visible()
    full = drawn_by_matplotlib(figure, 200)
    line.remove()
    text.remove()
    without = drawn_by_matplotlib(figure, 200)
    background = pixels(live.backgrounds[0]["background"])
    np.testing.assert_array_equal(background, without)
    assert (background != full).any()


def test_places_are_where_matplotlib_has_them():
    figure = Figure(figsize=(6, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(xlim=(2, 8), ylim=(1e-3, 10), yscale="log", xlabel=r"epoch $t$")
    right.set(xlim=(5, -5), aspect="equal")
    (line,) = left.plot([3, 4], [1, 2])
    points = right.scatter([0], [0])
    text = right.text(1, 0.25, "end")
    field = right.imshow(np.eye(3), extent=(-1, 2, 0, 1), origin="lower")
    live = LiveFigure(figure, [line, points, text, field])
    (scene,) = live.backgrounds
    width, height = live.size
    assert (width, height) == (600, 300)
    for ax, place in zip((left, right), scene["axes"], strict=True):
        scale = [np.log10 if place[k] else np.asarray for k in ("xlog", "ylog")]
        lows, highs = zip(place["xlim"], place["ylim"], strict=True)
        point = [(a + b) / 2 for a, b in zip(lows, highs, strict=True)]
        fraction = [
            (s(p) - s(a)) / (s(b) - s(a)) for s, p, a, b in zip(scale, point, lows, highs, strict=True)
        ]
        ours = np.array(place["box"][:2]) + np.array(place["box"][2:]) * fraction
        theirs = figure.transFigure.inverted().transform(ax.transData.transform(point))
        np.testing.assert_allclose(ours, theirs, atol=1e-9)
    assert scene["axes"][0]["xlabel"] == "epoch t"
    theirs = figure.transFigure.inverted().transform(right.transData.transform((1, 0.25)))
    np.testing.assert_allclose(scene["places"][2], theirs)
    assert scene["places"][3] == [-1, 2, 0, 1]


def test_every_scene_is_drawn_once_at_the_start(figure, monkeypatch):
    """And prepared once more before, so that its labels can be measured: that is some 10 ms, drawing 40."""
    drawn, print_png = [], FigureCanvasAgg.print_png
    monkeypatch.setattr(
        FigureCanvasAgg,
        "print_png",
        lambda self, *args, **options: (drawn.append(ax.get_title()), print_png(self, *args, **options))[1],
    )
    ax = figure.subplots()
    (line,) = ax.plot([0, 1], [0, 1])
    calls = []

    def scene(title, limit):
        calls.append(title)
        ax.set(title=title, xlim=(0, limit))

    live = LiveFigure(figure, [line], scenes=[lambda: scene("bowl", 1), lambda: scene("valley", 9)])
    assert drawn == ["bowl", "valley"]
    assert calls == ["bowl", "valley"] * 2
    assert [background["axes"][0]["xlim"] for background in live.backgrounds] == [[0, 1], [0, 9]]
    live.scene = 1
    assert live.capture().scenes == [1]
    live.png()
    assert ax.get_title() == "valley"


@pytest.mark.slow
def test_a_finer_screen_gets_a_finer_picture_within_reason(figure):
    live = LiveFigure(figure, figure.subplots().plot([0, 1], [1, 2]))
    assert pixels(live.backgrounds[0]["background"]).shape == (600, 800, 4)
    live.pixel_ratio = 3
    assert pixels(live.backgrounds[0]["background"]).shape == (900, 1200, 4)
    live.pixel_ratio = 1e9
    assert live.pixel_ratio == 4


def test_a_narrow_page_gets_the_same_shape_laid_out_on_less_room(figure):
    live = LiveFigure(figure, figure.subplots().plot([0, 1], [1, 2]))
    live.room = 200
    assert pixels(live.backgrounds[0]["background"]).shape == (300, 400, 4)
    assert live.backgrounds[0]["width"] == 200
    assert live.size == [400, 300]
    assert figure.get_size_inches().tolist() == [4, 3]
    live.room = 1
    assert live.backgrounds[0]["width"] == pytest.approx(0.3 * 400)


def test_render_follows_new_limits(figure):
    ax = figure.subplots()
    live = LiveFigure(figure, ax.plot([0, 1], [1, 2]))
    ax.set_ylim(0, 50)
    live.render()
    assert live.backgrounds[0]["axes"][0]["ylim"] == [0, 50]


def test_field_colors_are_matplotlibs(figure):
    field = np.linspace(-1, 3, 30).reshape(5, 6)
    image = figure.subplots().imshow(field, cmap="RdBu", vmin=-1, vmax=3, alpha=0.5)
    entry = np.clip((field + 1) / 4 * 256, 0, 255).astype(int)
    ours = color_table(image)[entry].astype(int)
    np.testing.assert_allclose(ours, image.to_rgba(field, alpha=0.5, bytes=True).astype(int), atol=2)


# ---------------------------------------------------------------- in the notebook


def test_the_mimebundle_has_the_view_and_matplotlibs_picture(figure):
    (line,) = figure.subplots().plot([0, 1], [1, 2])
    live = LiveFigure(figure, [line])
    line.set_ydata([2, 1])
    data, _ = live._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == live.model_id
    picture = pixels(base64.b64decode(data["image/png"]))
    np.testing.assert_array_equal(picture, drawn_by_matplotlib(figure, 100))


def test_close_leaves_no_widget_behind(figure):
    before = set(_instances)
    live = LiveFigure(figure, figure.subplots().plot([0, 1], [1, 2]))
    live.add([0, 1], Frames.concat([live.capture()] * 2))
    assert len(set(_instances) - before) >= 2
    live.close()
    live.close()  # a second time does nothing
    assert set(_instances) == before


class Recorder:
    closed = False

    def close(self):
        self.closed = True


NAMED = {
    "its id, as JupyterLab sends it": lambda name: {
        "metadata": {"cellId": name},
        "content": {"code": "same"},
    },
    "its text": lambda name: {"metadata": {}, "content": {"code": name}},
    "a button, by its widget": lambda name: {"metadata": {}, "content": {"comm_id": name, "data": {}}},
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_running_a_cell_again_closes_what_it_made_before(monkeypatch, named):
    request = named("a") | {"header": {"msg_id": "1"}}
    shell = types.SimpleNamespace(get_parent=lambda: request)
    monkeypatch.setattr(cells, "get_ipython", lambda: shell)
    first, beside, other_cell, again = Recorder(), Recorder(), Recorder(), Recorder()
    replace_earlier(first)
    replace_earlier(beside)
    assert not first.closed
    request = named("b") | {"header": {"msg_id": "2"}}
    replace_earlier(other_cell)
    request = named("a") | {"header": {"msg_id": "3"}}
    replace_earlier(again)
    assert (first.closed, beside.closed, other_cell.closed, again.closed) == (True, True, False, False)


def test_outside_a_notebook_nothing_is_replaced():
    first = Recorder()
    replace_earlier(first)
    replace_earlier(Recorder())
    assert not first.closed


def test_a_thread_that_may_not_ask_for_the_cell_is_in_none(monkeypatch):
    shell = types.SimpleNamespace(get_parent=ContextVar("parent").get)
    monkeypatch.setattr(cells, "get_ipython", lambda: shell)
    assert cells.running_cell() is None


@pytest.fixture
def shell(monkeypatch):
    made = InteractiveShell()
    monkeypatch.setattr(cells, "get_ipython", lambda: made)
    return made


@pytest.mark.parametrize("ending", ["", "; 1 / 0"])
def test_the_clock_runs_while_a_cell_does(shell, ending):
    shell.user_ns["clock"] = clock = CellClock()
    shell.run_cell("import time; time.sleep(0.02); inside = clock.seconds()" + ending)
    assert 0.02 <= shell.user_ns["inside"] < 1
    assert clock.seconds() == 0
    clock.close()
    shell.run_cell("inside = clock.seconds()")
    assert shell.user_ns["inside"] == 0
    assert not any(clock is getattr(f, "__self__", None) for f in shell.events.callbacks["pre_run_cell"])


def test_the_clock_of_a_notebook_runs_from_the_cell_that_made_it(monkeypatch, shell):
    request = {"header": {"msg_type": "execute_request"}}
    monkeypatch.setattr(shell, "get_parent", lambda: request, raising=False)
    clock = CellClock()
    time.sleep(0.01)
    assert 0.01 <= clock.seconds() < 1
    clock.close()
    request = {"header": {"msg_type": "comm_msg"}}  # made by a press of a button
    assert CellClock().seconds() == 0
