"""A figure on less room: its letters keep their size, and none of them is cut off."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from optlab.live.plots.style import blank_axes
from optlab.live.scenes import shrunk


def texts_outside(figure):
    """The texts that reach beyond the figure."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    page, renderer = figure.bbox, canvas.get_renderer()
    [ax] = figure.axes
    ticks = [tick.label1 for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks()]  # those in sight
    texts = [*ticks, ax.xaxis.label, ax.yaxis.label, *ax.texts]
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in texts if text.get_text()}
    return [t for t, b in boxes.items() if b.x0 < 0 or b.y0 < 0 or b.x1 > page.x1 or b.y1 > page.y1]


@pytest.mark.parametrize("factor", [1, 0.8, 0.65])
def test_no_letter_is_cut_off(factor):
    figure, ax = blank_axes()
    ax.set(xlim=(0, 100), ylim=(1e-6, 1), yscale="log", xlabel="step", ylabel="loss")
    ax.text(0, 1.02, "one line\nand another", transform=ax.transAxes, fontsize=9, va="bottom")
    before = figure.subplotpars.left, figure.subplotpars.top, *figure.get_size_inches()
    with shrunk(figure, factor):
        assert figure.get_figwidth() == pytest.approx(4.6 * factor)
        assert texts_outside(figure) == []
    assert (figure.subplotpars.left, figure.subplotpars.top, *figure.get_size_inches()) == before


@pytest.mark.parametrize("top", [1.7e10, 3e-9, 250_000])
def test_ticks_of_large_and_tiny_numbers_are_whole_and_leave_the_title_its_place(top):
    figure, ax = blank_axes(title_lines=1)
    ax.set(xlim=(0, 100), ylim=(0, top), ylabel="squared error")
    FigureCanvasAgg(figure).draw()
    assert ax.yaxis.get_offset_text().get_text() == ""  # it would stand over the title
    ticks = ax.yaxis._update_ticks()
    said = [float(tick.label1.get_text().replace("−", "-")) for tick in ticks]
    assert said == pytest.approx([tick.get_loc() for tick in ticks])


def test_a_layout_engine_sees_to_the_margins_itself():
    figure = Figure(figsize=(4, 3), layout="constrained")
    figure.subplots().set(xlabel="step", ylabel="loss")
    with shrunk(figure, 0.6):
        assert texts_outside(figure) == []
