"""The lab in the kernel: what it shows, trains and leaves behind. (test_browser.py plays it by hand.)"""

import gc
import threading
import time
import weakref

import nbformat
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from nbclient import NotebookClient
from torch import nn
from waiting import wait_until

from optlab import iris_pair, train
from optlab.course.labs import training_lab
from optlab.live.places import Places


@pytest.fixture(scope="module")
def data():
    return iris_pair()


@pytest.fixture(scope="module")
def lab(data):
    made = training_lab(data, epochs=10)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def back_to_the_defaults(request):
    if "lab" in request.fixturenames:
        request.getfixturevalue("lab").reset()


def frame_at(lab, slot, figure=0):
    """The newest numbers that the browser has for a slot."""
    live = lab.figures[figure]
    found = None
    for page in live.pages:
        if slot in page.slots:
            matrix = np.frombuffer(page.data, np.float32).reshape(len(page.slots), -1)
            found = matrix[page.slots.index(slot)]
    return found


def test_set_gives_what_a_training_of_that_setting_gives(lab, data):
    values = {"lr": 1.0, "delta": 0.3, "p": 2.0, "batch_size": 4, "l2": 0.1}
    shown = lab.set(**values)
    alone = train(data, epochs=10, **values)
    np.testing.assert_allclose(shown.train_loss, alone.train_loss, atol=1e-4)
    np.testing.assert_allclose(shown.lr, alone.lr, rtol=1e-6)
    assert lab.settings == values


def test_the_frames_in_the_browser_are_the_curves_of_the_history(lab):
    lab.set(lr=1.0)
    (place,) = Places(lab.grid, ("lr", "delta", "p"))([lab.slot])
    wait_until(lambda: frame_at(lab, lab.slot) is not None and place in lab.figures[1].slots)
    history = lab.result
    frame = frame_at(lab, lab.slot)
    rounded = {"rtol": 2**-16}  # 16 significant bits travel
    np.testing.assert_allclose(frame[:11], history.train_loss[0], **rounded)
    np.testing.assert_allclose(frame[11:22], history.test_loss[0], **rounded)
    np.testing.assert_allclose(frame_at(lab, place, figure=1)[:10], history.lr[0], **rounded)


def test_all_that_one_slider_can_reach_is_trained_unasked(data):
    lab = training_lab(data, epochs=3)
    axes = lab.grid.axes_through(lab.grid.default)
    wait_until(lambda: all(slot in lab.figures[0].slots for slot in axes))
    lab.close()


def test_moving_away_and_back_gives_the_identical_curve(lab):
    before = lab.result.train_loss
    lab.set(lr=1.0, l2=0.1)
    lab.reset()
    np.testing.assert_array_equal(lab.result.train_loss, before)


def test_a_run_that_diverges_is_shown_and_raises_nothing(lab):
    history = lab.set(lr=10.0, l2=1.0, delta=0.0)  # 1 - 2 * lr * l2 = -19: the weights explode
    assert history.diverged_at[0] > 0
    figure = lab.figures[0]
    wait_until(lambda: lab.slot in figure.slots)
    page = next(page for page in figure.pages if lab.slot in page.slots)
    row = page.slots.index(lab.slot)
    assert set(page.texts[row]) == {f"diverged at epoch {history.diverged_at[0]}"}  # title, and empty axes
    assert f"diverged at epoch {history.diverged_at[0]}" in page.labels[row]


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"lr": 0.123}, ValueError, "lr=0.123 is not on its slider"),
        ({"alpha": 1.0}, TypeError, "alpha=1.0: the lab's sliders are lr, delta, p, batch_size, l2"),
        ({"l2": 0.1, "lr": -1}, ValueError, "lr=-1 is not on its slider"),
    ],
)
def test_set_names_what_is_wrong_and_moves_nothing(lab, values, error, said):
    before = lab.settings
    with pytest.raises(error, match=said):
        lab.set(**values)
    assert lab.settings == before


class Pairless(nn.Module):
    """Cannot do with a batch of two."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, 2)

    def forward(self, x):
        if self.training and len(x) == 2:
            raise RuntimeError("two samples are too few")
        return self.inner(x)


def test_a_setting_that_a_model_cannot_be_trained_on_says_why_and_the_lab_lives_on(data):
    lab = training_lab(data, model=Pairless(), epochs=2)
    with pytest.raises(RuntimeError, match="two samples are too few"):
        lab.set(batch_size=2)
    wait_until(lambda: "two samples are too few" in lab._foot.message.value)
    assert np.isfinite(lab.set(batch_size=16).train_loss).all()
    assert lab._foot.message.value == ""
    lab.close()


def test_the_own_data_of_a_learner_set_the_range_of_the_batch_size():
    rng = np.random.default_rng(0)
    lab = training_lab((rng.normal(size=(50, 3)), rng.integers(0, 3, 50)), epochs=2)
    sizes = next(control.param.values for control in lab.controls if control.param.name == "batch_size")
    assert sizes == (1, 2, 4, 8, 16, 32, 40)
    lab.close()


def test_the_bundle_holds_a_picture(lab):
    bundle = lab._repr_mimebundle_()
    assert bundle["image/png"].startswith("iVBOR")  # base64 of a PNG's first bytes
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_closed_lab_lets_go_of_what_it_has_drawn(data):
    made = training_lab(data, epochs=1)
    drawn = [weakref.ref(figure.figure) for figure in made.figures]
    made.close()
    gc.collect()
    assert [one() for one in drawn] == [None, None]


def test_closing_in_the_middle_leaves_no_thread_and_no_comm(lab, data):
    lab.close()  # the other one: it adds widgets while it trains
    threads, widgets = threading.active_count(), set(_instances)
    lab = training_lab(data, epochs=500)
    assert threading.active_count() == threads + 1
    lab.close()
    assert threading.active_count() == threads
    assert set(_instances) <= widgets


IMPORTS = """
import time, optlab
from optlab.course.labs import training_lab
optlab.train(optlab.iris_pair(), epochs=1, engine="compiled")  # compiled here, once on a machine
"""
ONE_CELL = """
lab = training_lab(optlab.iris_pair())
time.sleep(2)
lab.set(lr=1.0)
print(len(lab._filling.runs))
"""


def test_a_running_cell_has_the_processor_to_itself_but_for_the_sliders():
    """Sleeping lets other threads work: without the rule, dozens of settings are trained meanwhile."""
    later = "print(len(lab._filling.runs))"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (ONE_CELL, later, IMPORTS)]
    )
    client = NotebookClient(notebook, timeout=240, kernel_name="python3")

    def trained(index):
        cell = client.execute_cell(notebook.cells[index], index)
        return next(int(said.text) for said in cell.outputs if said.name == "stdout")

    with client.setup_kernel():
        client.execute_cell(notebook.cells[2], 2)  # on a busy machine it takes seconds
        assert trained(0) == 2
        wait_until(lambda: time.sleep(0.5) or trained(1) > 10, seconds=60)
