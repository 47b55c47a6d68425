"""The lab in a real JupyterLab, played as a person plays it: how fast a key press shows."""

import json

import numpy as np
import pytest
from lab_page import (
    ASLEEP,
    AXES_TRAINED,
    COMPUTING,
    IMPORTS,
    INTERACT,
    LIVE_PLOT,
    OWN_LOOP,
    box_of,
    handle,
    open_lab,
    wait_until_settled,
)

from optlab.bench.key_presses import back_and_forth, time_presses

pytestmark = pytest.mark.browser

PRESSES = 10
SLIDERS = ("learning rate", "decay rate", "decay exponent", "batch size", "L2 penalty")


def presses_on(notebook, k, size, start, count):
    """Key presses on slider k, to and fro, and then back to where it stood."""
    slider = handle(notebook, k)
    keys = back_and_forth(start, size, count)
    presses = time_presses([(slider, key) for key in keys])
    gone = keys.count("ArrowRight") - keys.count("ArrowLeft")
    for _ in range(abs(gone)):
        slider.press("ArrowLeft" if gone > 0 else "ArrowRight")
    return presses


def test_every_slider_repaints_within_a_frame_kernel_idle_or_busy(open_notebook, report):
    notebook = open_lab(open_notebook, AXES_TRAINED, COMPUTING, ASLEEP, "lab.close()", INTERACT)
    shape, default = box_of(notebook, 2)
    measured = {}
    for kernel, cell in (("idle", None), ("computing", 3), ("asleep", 4)):
        if cell:
            notebook.start_cell(cell)
        for k, name in enumerate(SLIDERS if kernel != "asleep" else SLIDERS[:1]):
            measured[f"{name}, kernel {kernel}"] = presses_on(notebook, k, shape[k], default[k], PRESSES)
        if cell:
            assert notebook.is_running(cell)
            notebook.interrupt()
            notebook.wait_idle()

    notebook.run_cell(5)
    notebook.run_cell(6)
    notebook.page.wait_for_selector(".widget-interact img")
    slider = notebook.page.locator(".widget-interact .noUi-handle")
    moves = [(slider, key) for key in back_and_forth(default[0], shape[0], 5)]
    rival = time_presses(moves, picture=".widget-interact img")

    worst = max(presses.median for presses in measured.values())
    report(*(f"{name}: {presses}" for name, presses in measured.items()), f"interact: {rival}")
    report(f"interact takes {rival.median / worst:.1f} times as long as the slowest of these")
    for name, presses in measured.items():
        assert (presses.pressed, presses.repaints, sum(presses.dimmed)) == (PRESSES, PRESSES, 0), name
    assert rival.median > 3 * worst


def test_a_setting_that_is_not_trained_yet_comes_at_once(open_notebook, report):
    far = "lab.set(lr=0.32, delta=1.0, p=0.5, l2=0.1);"
    notebook = open_lab(open_notebook, far, OWN_LOOP)
    notebook.run_cell(2)
    outside = []
    for k, key in [(0, "ArrowRight"), (1, "ArrowLeft"), (2, "ArrowRight"), (4, "ArrowLeft")] * 3:
        wait_until_settled(notebook)
        presses = time_presses([(handle(notebook, k), key)])
        assert len(presses.shown) == 1
        outside += [ms for ms, dimmed in zip(presses.shown, presses.dimmed, strict=True) if dimmed]
    report(
        f"outside the trained box: median {np.median(outside):.0f} ms (worst {max(outside):.0f}) "
        f"of {len(outside)} key presses"
    )
    notebook.run_cell(3)
    assert len(outside) >= 6
    assert np.median(outside) < 4 * json.loads(notebook.text(3))


def test_a_live_plot_costs_an_epoch_next_to_nothing(open_notebook, report):
    notebook = open_notebook([IMPORTS, LIVE_PLOT])
    notebook.run_all()
    cost = json.loads(notebook.outputs(1)[-1]["text"])
    report(
        f"LivePlot: {cost['added']:.3f} ms of the kernel's time more an epoch of {cost['epoch']:.2f} ms "
        f"({cost['inside']:.3f} ms inside the callback), and {cost['once']:.0f} ms once a training; "
        f"drawing the figure anew takes {cost['redrawn']:.0f} ms"
    )
    assert cost["epochs"] == 500
    assert cost["added"] < cost["redrawn"] / 50
