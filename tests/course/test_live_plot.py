"""A LivePlot that is given to one training after the other."""

from types import SimpleNamespace

import pytest

from optlab import iris_pair, train
from optlab.course.common.live_plot import LivePlot
from optlab.live import cells


@pytest.fixture
def run(monkeypatch):
    """Say that a run of a cell begins."""
    request = {}
    monkeypatch.setattr(cells, "get_ipython", lambda: SimpleNamespace(get_parent=lambda: request))

    def begin(cell, run_of_it):
        request.update(metadata={"cellId": cell}, header={"msg_id": run_of_it}, content={})

    return begin


def test_run_again_its_cell_shows_a_figure_that_lives_and_closes_the_one_before(run):
    run("made here", "1")
    plot, figures = LivePlot(), []
    for again in "234":
        run("trained here", again)
        train(iris_pair(), epochs=2, callbacks=[plot])
        figures.append(plot.figure)
        assert plot.figure.comm is not None
        assert "in 2 epochs" in plot.figure.label
    assert [figure.comm is not None for figure in figures] == [False, False, True]
    plot.close()
