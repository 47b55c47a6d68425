"""As PyTorch: the program of a setting prints the curve that the lab shows, to four digits."""

import ast
import contextlib
import copy
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

from optlab import MLP, iris_pair
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
def test_a_lab_whose_training_is_another_offers_none(other):
    lab = training_lab(iris_pair(), epochs=1, **other)
    assert not lab.toolbar.has_program
    lab.close()


DRAW = np.random.default_rng(0)
FLOWERS = iris_pair(seed=4)
TABLE = (np.column_stack([DRAW.normal(5, 3, (60, 3)), np.ones(60)]), DRAW.choice(["a", "b", "c"], 60))
QUANTITY = {"data": DRAW.normal(size=(40, 2)), "target": DRAW.normal(size=40)}


def small_net():
    torch.manual_seed(7)
    return nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 3))


OWN = {
    "a pair": (TABLE, None),
    "a pair and a module": (TABLE, small_net()),
    "another MLP": (TABLE, MLP((4, 6, 5, 3), activation=torch.tanh)),
    "a Dataset": (FLOWERS, None),
    "a quantity": (QUANTITY, None),
}


def filled_in(program, dataset, data, net):
    """The program with what a learner would write in place of the dots."""
    lines = {
        "X, y = ...": "X, y = TABLE",
        "y_test = ...": "y_test = DATA.x_train, DATA.x_test, DATA.y_train, DATA.y_test",
        "net = ...": "net = NET",
    }
    for dots, line in lines.items():
        program = program.replace(dots, line)
    assert "= ..." not in program
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        exec(program, {"TABLE": dataset, "DATA": data, "NET": net})
    return text.getvalue()


@pytest.mark.parametrize("kind", OWN)
def test_a_learners_own_data_and_network_fill_in_a_program(kind):
    dataset, model = OWN[kind]
    before = copy.deepcopy(model)
    lab = training_lab(dataset, model=model, epochs=4, state="lr=0.32")
    program = lab.program(lab.settings | EVERY)
    places = re.findall(r"^(.*) = \.\.\. +# yours", program, re.MULTILINE)
    assert places == [
        "X, y" if dataset is TABLE else "x, x_test, y, y_test",
        *(["net"] if isinstance(model, nn.Module) else []),
    ]
    assert imports_of(program) <= {"copy", "numpy", "torch", "sklearn"}
    rows = read(filled_in(program, dataset, lab.data, model))
    for name, curve in zip(NAMES, curves_of(lab.result)[0], strict=True):
        np.testing.assert_allclose([row[name] for row in rows], curve, rtol=DIGITS)
    if isinstance(model, nn.Module):
        assert all(torch.equal(a, b) for a, b in zip(model.parameters(), before.parameters(), strict=True))
    lab.close()


def test_dropout_is_said_to_part_the_runs():
    net = nn.Sequential(nn.Linear(4, 5), nn.Dropout(), nn.Linear(5, 3))
    lab = training_lab(TABLE, model=net, epochs=1)
    assert "draws random numbers" in ast.get_docstring(ast.parse(lab.program(lab.settings)))
    lab.close()


def test_a_network_that_no_lines_of_torch_stand_for_has_no_program():
    lab = training_lab(TABLE, model=MLP((4, 6, 3), activation=torch.sin), epochs=1)
    assert not lab.toolbar.has_program
    lab.close()


def test_the_toolbar_writes_the_program_of_the_slot_that_the_browser_asks_for():
    lab = first_lab(epochs=2)
    slot = lab.grid.slot([lab.grid.params[0].index(1.0)])
    lab.toolbar.asked = slot
    assert lab.toolbar.program["slot"] == slot
    assert "lr = 1.0" in lab.toolbar.program["text"]
    assert printed(lab.toolbar.program["text"], "epoch").tolist() == [0, 2]
    lab.close()
