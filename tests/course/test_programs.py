"""As PyTorch: the program of a setting prints the curve that the lab shows, to four digits."""

import ast
import contextlib
import copy
import inspect
import io
import re

import numpy as np
import pytest
import torch
from printed_programs import (
    DIGITS,
    EVERY,
    first_departure,
    imports_of,
    named_by_itself,
    nudged,
    printed,
    random_slots,
)
from torch import nn

from optlab import MLP, from_arrays, iris_pair
from optlab.course.labs import first_lab, training_lab
from optlab.live.printed import read


def whole_training():
    """Of a quarter of the epochs: at batch size 1 a plain loop takes its time."""
    return training_lab(iris_pair(), epochs=25)


# each with a relative change of the settings that does more than rounding in float32 on any processor
LABS = {
    first_lab: 1e-6,
    whole_training: 1e-6,
}


@pytest.fixture(params=LABS, ids=lambda make: make.__name__)
def lab(request):
    made = request.param()
    made.rounding = LABS[request.param]
    yield made
    made.close()


NAMES = ("training loss", "test loss")


def curves_of(result):
    """Both losses of every setting, `(settings, 2, epochs + 1)`."""
    return np.stack([result.train_loss, result.test_loss], axis=1)


def test_it_prints_the_labs_curves_for_20_random_settings(lab):
    slots = random_slots(lab)
    settings = lab.grid.settings(slots)
    curves = curves_of(lab.source.run(settings))
    others = curves_of(lab.source.run(nudged(settings, lab.rounding)))
    whole = 0
    for slot, both, nearly in zip(slots, curves, others, strict=True):
        setting = lab.grid.setting(slot)
        for numbers, curve, other in zip(
            printed(lab.program(setting | EVERY), *NAMES), both, nearly, strict=True
        ):
            end = first_departure(curve, other)
            known = np.flatnonzero(np.isfinite(curve[:end]))
            np.testing.assert_allclose(numbers[known], curve[known], rtol=DIGITS, err_msg=str(setting))
            if end == len(curve):  # it also diverges where the lab's does
                whole += 1
                assert np.count_nonzero(np.isfinite(numbers)) == len(known)
    assert whole >= 0.75 * 2 * len(curves)


def test_it_is_short_complete_and_plain(lab):
    for slot in random_slots(lab):
        program = lab.program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 55
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) <= {
            "torch",
            "sklearn",
            "math",
        }


def test_it_runs_by_itself(tmp_path):
    """In a new Python, as a learner would start it."""
    lab = first_lab()
    found = named_by_itself(lab.program(lab.settings), tmp_path)
    assert [found[name] for name in NAMES] == pytest.approx(curves_of(lab.result)[0, :, -1], rel=DIGITS)
    assert found["test accuracy"] == pytest.approx(lab.result.test_accuracy[0, -1])
    lab.close()


@pytest.mark.parametrize("other", [{"optimizer": "adam"}, {"one_per_batch": True}])
def test_a_lab_whose_training_is_another_says_why_it_has_none(other):
    lab = training_lab(iris_pair(), epochs=1, **other)
    assert re.fullmatch(rf"# There is no program here: .*{next(iter(other))}=.*\n", lab.program(lab.settings))
    lab.close()


DRAW = np.random.default_rng(0)
FLOWERS = iris_pair(seed=4)
TABLE = (np.column_stack([DRAW.normal(5, 3, (60, 3)), np.ones(60)]), DRAW.choice(["a", "b", "c"], 60))
FRAME = {"mass": DRAW.normal(size=40), "island": ["Dream", "Biscoe"] * 20, "kind": ["a", "a", "b", "b"] * 10}
QUANTITY = {"data": DRAW.normal(size=(40, 2)), "target": 1e5 * DRAW.normal(size=40)}
IDS = (torch.randint(0, 9, (40, 6), generator=torch.Generator().manual_seed(0)), [0, 1] * 20)


def small_net():
    torch.manual_seed(7)
    return nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 3))


def reader():
    torch.manual_seed(7)
    return nn.Sequential(nn.Embedding(9, 3), nn.Flatten(), nn.LazyLinear(2))


class Doubled(nn.Module):
    """A class that no other Python knows, with what pickle alone refuses."""

    def __init__(self, outputs):
        super().__init__()
        self.line, self.twice = nn.LazyLinear(outputs), lambda x: 2 * x

    def forward(self, x):
        return self.twice(self.line(x))


OWN = {
    "a pair": (TABLE, None),
    "lists and a tensor": ((TABLE[0].tolist(), torch.arange(60) % 3), None),
    "double precision": (from_arrays(*TABLE, dtype=torch.float64), None),
    "a pair and a module": (TABLE, small_net()),
    "another MLP": (TABLE, MLP((4, 6, 5, 3), activation=torch.tanh)),
    "a Dataset": (FLOWERS, None),
    "a frame": ((FRAME, "kind"), None),
    "a quantity": (QUANTITY, None),
    "a quantity and a class of one's own": (QUANTITY, Doubled(1)),
    "ids of words": (IDS, reader()),
}


@pytest.mark.parametrize("kind", OWN)
def test_the_program_of_a_learners_own_data_and_network_runs_as_it_is(kind, tmp_path, monkeypatch):
    """On the files that it reads, and on nothing else: no name of the notebook is known to it."""
    dataset, model = OWN[kind]
    before = copy.deepcopy(model)
    lab = training_lab(dataset, model=model, epochs=4, state="lr=0.32")
    program = lab.program(lab.settings | EVERY)
    assert "..." not in program
    assert imports_of(program) <= {"numpy", "torch", "sklearn"}
    lab.program.save(tmp_path)
    monkeypatch.chdir(tmp_path)
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        exec(program, {})
    rows = read(text.getvalue())
    for name, curve in zip(NAMES, curves_of(lab.result)[0], strict=True):
        np.testing.assert_allclose([row[name] for row in rows[:-1]], curve, rtol=DIGITS)
    if lab.data.classes:
        assert rows[-1]["test accuracy"] == pytest.approx(lab.result.test_accuracy[0, -1], rel=1e-5)
    else:
        off = np.abs(lab.data.in_units(lab.model()(lab.data.x_test)) - lab.data.in_units(lab.data.y_test))
        assert rows[-1]["test RMSE"] == pytest.approx(np.sqrt(np.mean(off**2)), rel=DIGITS)
    if isinstance(before, nn.Module) and "LazyLinear" not in str(before):
        assert all(torch.equal(a, b) for a, b in zip(model.parameters(), before.parameters(), strict=True))
    lab.close()


def test_it_shows_how_a_pair_is_split_and_scaled():
    lab = training_lab(TABLE, epochs=1)
    assert "train_test_split(X, y" in lab.program(lab.settings)
    lab.close()


def test_other_data_are_in_another_file():
    labs = [training_lab((TABLE[0] + shift, TABLE[1]), epochs=1) for shift in (0, 0, 1)]
    first, again, other = ([*lab.program.files] for lab in labs)
    assert first == again != other
    for lab in labs:
        lab.close()


def test_run_here_runs_it_in_a_python_that_knows_nothing_of_the_notebook():
    """Made as in a notebook: what is defined in `__main__` is nowhere else."""
    made = {"__name__": "__main__", "nn": nn}
    exec(inspect.getsource(Doubled), made)
    lab = training_lab(TABLE, model=made["Doubled"](3), epochs=2)
    lab.toolbar.wish = {"slot": lab.slot, "count": 1}
    lab._trial._child.wait()
    assert lab.toolbar.ran["state"] == "done", lab.toolbar.ran["text"]
    assert lab.toolbar.ran["said"].startswith("6 dots on the figures: largest difference from the lab ")
    assert read(lab.toolbar.ran["text"])[1]["test loss"] == pytest.approx(
        lab.result.test_loss[0, -1], rel=DIGITS
    )
    lab.close()


def test_what_it_reads_is_written_beside_the_notebook_when_it_is_taken_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lab = training_lab(TABLE, epochs=1)
    lab.toolbar.asked = lab.slot
    (name,) = lab.toolbar.program["files"]
    assert lab.toolbar.kept == {"count": 0, "said": ""}
    assert list(tmp_path.iterdir()) == []
    lab.toolbar.keep = 1
    assert lab.toolbar.kept == {"count": 1, "said": f"{name} is beside the notebook."}
    with np.load(name) as saved:
        np.testing.assert_array_equal(saved["X"], TABLE[0])
    monkeypatch.chdir(tmp_path / "..")
    monkeypatch.setattr("optlab.live.beside.whole_file", no_room)
    lab.toolbar.keep = 2
    assert "could not be written beside the notebook: " in lab.toolbar.kept["said"]
    lab.close()


def no_room(path):
    raise OSError("no space left")


def test_a_network_that_cannot_be_saved_leaves_its_line_to_the_learner():
    net = small_net()
    net.lock = Unsaved()
    lab = training_lab(TABLE, model=net, epochs=1)
    assert "model = ...  # yours" in lab.program(lab.settings)
    assert [name[:8] for name in lab.program.files] == ["own_data"]
    lab.close()


class Unsaved:
    """What can be copied, but not saved."""

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise TypeError("not to be saved")


def test_dropout_is_said_to_part_the_runs():
    net = nn.Sequential(nn.Linear(4, 5), nn.Dropout(), nn.Linear(5, 3))
    lab = training_lab(TABLE, model=net, epochs=1)
    assert lab.program.parts == "the network draws other random numbers"
    assert "draws random numbers" in ast.get_docstring(ast.parse(lab.program(lab.settings)))
    lab.close()


def test_a_network_that_no_lines_of_torch_stand_for_says_why_it_has_no_program():
    lab = training_lab(TABLE, model=MLP((4, 6, 3), activation=torch.sin), epochs=1)
    assert re.fullmatch("# There is no program here: the lab's network is .*\\n", lab.program(lab.settings))
    lab.close()


def test_the_toolbar_writes_the_program_of_the_slot_that_the_browser_asks_for():
    lab = first_lab(epochs=2)
    slot = lab.grid.slot([lab.grid.params[0].index(1.0)])
    lab.toolbar.asked = slot
    assert lab.toolbar.program["slot"] == slot
    assert "lr = 1.0" in lab.toolbar.program["text"]
    assert printed(lab.toolbar.program["text"], "epoch").tolist() == [0, 2]
    lab.close()
