"""A legend stands below its axes, in as few rows as fit, at every width that the figure is laid out on."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from optlab import LiveFigure, Plot

NAMES = ("training loss", "test loss", "by theory", "momentum", "AdaGrad", "Adam")


def plot_of(names, **options):
    plot = Plot(xlabel="step", ylim=(0, 1), legend=True, **options)
    for name in names:
        plot.line(name, lambda _: np.zeros((1, 3)), x=np.arange(3.0))
    plot.finish()
    return plot


def boxes(plot):
    """The legend, the label below the axes and the axes, as drawn."""
    plot.figure.draw_without_rendering()
    (legend,) = plot.figure.legends
    return [part.get_window_extent() for part in (legend, plot.ax.xaxis.label, plot.ax)]


@pytest.mark.parametrize("width", [460, 300, 230])
def test_nothing_of_it_is_over_the_axes_or_outside_the_figure(width):
    plot = plot_of(NAMES)
    figure = LiveFigure(plot.figure, plot.marks, arrange=plot.arrange)
    figure.room = width
    plot.figure.set_size_inches(width / 100, 3.2 * width / 460)
    plot.arrange()
    legend, label, axes = boxes(plot)
    assert legend.y1 <= label.y0 < axes.y0
    assert legend.y0 >= -0.5
    assert 0 <= legend.x0 < legend.x1 <= plot.figure.bbox.x1
    figure.close()


def test_it_takes_as_few_rows_as_fit():
    heights = {len(names): boxes(plot_of(names))[0].height for names in (NAMES[:1], NAMES[:2], NAMES)}
    assert heights[1] == heights[2] < heights[6] < 3 * heights[1]


def test_the_axes_give_way_when_there_is_less_room_and_come_back():
    plot = plot_of(NAMES)
    figure = LiveFigure(plot.figure, plot.marks, arrange=plot.arrange)
    wide = figure.backgrounds[0]["axes"][0]["box"]
    figure.room = 260.0
    assert figure.backgrounds[0]["axes"][0]["box"][1] > wide[1]
    figure.room = 460.0
    assert figure.backgrounds[0]["axes"][0]["box"] == pytest.approx(
        wide, abs=0.01
    )  # letters are a little wider at 100 dpi
    figure.close()


def test_without_one_the_axes_keep_their_room():
    bare, named = Plot(xlabel="step"), plot_of(NAMES)
    assert bare.ax.get_position().y0 < named.ax.get_position().y0
    assert not bare.figure.legends


@pytest.mark.parametrize("width", [1.0, 2.4, 6.0])
def test_dashes_and_dots_are_told_apart_from_a_solid_line(width):
    """In the middle of its row the sample of such a line has a gap, however wide the line."""
    plot = Plot(ylim=(0, 1), legend=True)
    plot.line("name", lambda _: np.zeros((1, 3)), "black", "-.", x=np.arange(3.0), width=width)
    plot.finish()
    canvas = FigureCanvasAgg(plot.figure)
    canvas.draw()
    ((handle,),) = (legend.legend_handles for legend in plot.figure.legends)
    box, pixels = handle.get_window_extent(), np.asarray(canvas.buffer_rgba())[..., 0]
    row = pixels[-round((box.y0 + box.y1) / 2), round(box.x0) : round(box.x1)] < 128
    begun = np.flatnonzero(np.diff(np.r_[False, row].astype(int)) == 1)
    assert len(begun) >= 2
