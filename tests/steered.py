"""What the mouse takes hold of on a lab's figures is drawn where the lab says that it is."""

import numpy as np


def check_steering(lab, *moved):
    """Hold every place that the browser is told to what is drawn, at the default and at both ends.

    Args:
        lab: the lab.
        moved: for each steer of its figures, in order, the names of the sliders that it moves.
    """
    told = [(figure, steer) for figure, live in enumerate(lab.figures) for steer in live.steering]
    assert [tuple(lab.grid.params[k].name for k in steer["sliders"]) for _, steer in told] == list(moved)
    for figure, steer in told:
        sliders = [lab.controls[k] for k in steer["sliders"]]
        for end in (None, 0, -1):
            lab.reset()
            if end is not None:
                lab.set(**{control.param.name: control.param.values[end] for control in sliders})
            assert _is_drawn(lab, figure, steer), (moved, end)


def _is_drawn(lab, figure, steer):
    """Whether a point of some mark is there, within a thousandth of the axes; or it lies beyond them."""
    plot, place = lab.plots[figure], _present_place(lab, steer)
    lab.figures[figure].png(plot.frames(lab.result))  # it also puts the numbers into the artists
    lines = [line for line in plot.ax.lines if len(line.get_xydata())]
    pixels = np.concatenate([line.get_transform().transform(line.get_xydata()) for line in lines])
    wanted = plot.ax.transData.transform([1.0 if part is None else part for part in place])
    off = np.zeros(len(pixels))
    for k, part in enumerate(place):
        low, high = plot.ax.bbox.min[k], plot.ax.bbox.max[k]
        if part is not None and not low - 1 <= wanted[k] <= high + 1:
            return True
        if part is not None:
            off = np.maximum(off, np.abs(pixels[:, k] - wanted[k]) / (high - low))
    return bool(np.nanmin(off) < 1e-3)


def _present_place(lab, steer):
    """Where a steer stands at the setting on the sliders: x and y; None: it is all the same."""
    stops = [lab.controls[k].slider.index for k in (*steer["given"], *steer["sliders"])]
    row = int(np.ravel_multi_index(stops, steer["sizes"]))
    return steer["xs"][row], steer["ys"][row]
