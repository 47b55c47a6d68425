"""Labels are whole, and axes side by side begin and end at the same heights, at every width."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from optlab import Lab, LiveFigure, Param, Plot, Record


def line_plot(legend=False, title_lines=2, **axes):
    plot = Plot(legend=legend, title_lines=title_lines, **({"xlabel": "step", "ylim": (0, 1)} | axes))
    plot.line("loss", lambda r: np.zeros((len(r), 3)), x=np.arange(3.0))
    plot.title(lambda _: "a title")
    return plot


def heights(figure):
    _, bottom, _, height = figure.backgrounds[0]["axes"][0]["box"]
    return bottom, bottom + height


@pytest.mark.parametrize("room", [0.0, 300.0, 230.0])
def test_axes_side_by_side_are_level_whoever_has_a_legend_or_more_title(room):
    plots = [line_plot(), line_plot(legend=True, title_lines=1)]
    lab = Lab([Param("a", "a", "a", (1.0, 2.0), 1.0)], Record, plots)
    for figure in (*lab.figures, *lab.figures):  # laid out once for each, and again
        figure.room = room
    assert heights(lab.figures[0]) == pytest.approx(heights(lab.figures[1]))
    lab.close()


def test_a_legend_keeps_its_room_when_a_figure_is_drawn_again_at_the_same_width():
    names = ("training loss", "test loss", "by theory", "momentum", "AdaGrad", "Adam")
    plot = Plot(legend=True, ylim=(0, 1))
    for name in names:
        plot.line(name, lambda _: np.zeros((1, 3)), x=np.arange(3.0))
    plot.finish()
    figure = LiveFigure(plot.figure, plot.marks, arrange=plot.arrange)
    figure.room = 230.0
    before = heights(figure)
    figure.render()
    assert heights(figure) == before
    figure.close()


def is_cut(plot, room, **seen):
    """Whether any background has ink in its first or last column of pixels."""
    plot.finish()
    figure = LiveFigure(plot.figure, plot.marks, arrange=plot.arrange, scenes=plot.scenes)
    figure.seen = seen
    figure.room = room
    pictures = [imread(io.BytesIO(scene["background"])) for scene in figure.backgrounds]
    figure.close()
    return any((picture[:, [0, -1], :3] < 0.9).any() for picture in pictures)


@pytest.mark.parametrize("room", [450.0, 300.0])
def test_no_label_is_cut_on_the_left_or_on_the_right(room):
    long = line_plot(ylabel="mean squared error", ylim=(0, 0.0005), xlim=(0, 1), xlabel="epoch")
    assert not is_cut(long, room)
    assert not is_cut(line_plot(xlim=(0, 1), xticks=[0, 1], xticklabels=["0", "1,000,000"]), room)


def test_nor_where_only_another_background_has_wide_labels():
    plot = line_plot(ylabel="loss")
    limits = lambda top: plot.ax.set(ylim=(0, top)) and None  # noqa: E731
    plot.background([1.0, 0.00012], lambda record: [1.0] * len(record), limits)
    assert not is_cut(plot, 300.0)


def test_nor_where_a_reader_has_fitted_the_axes():
    plot = line_plot(ylabel="loss")
    assert not is_cut(plot, 300.0, **{"0": {"ylim": [0, 0.00012], "ylog": False}})


def test_the_margins_are_as_wide_as_before_where_nothing_needs_more():
    plot = line_plot(ylabel="loss", xticks=[0, 1])
    before = plot.ax.get_position().bounds
    plot.finish()
    figure = LiveFigure(plot.figure, plot.marks, arrange=plot.arrange)
    assert figure.backgrounds[0]["axes"][0]["box"] == pytest.approx(before)
    figure.close()
