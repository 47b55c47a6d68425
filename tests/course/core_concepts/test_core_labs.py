"""As PyTorch and goals: the programs print what the labs show, and every goal can be reached."""

import re
from pathlib import Path

import numpy as np
import pytest
from printed_programs import printed, random_slots

from optlab.course import core_concepts, labs
from optlab.course.core_concepts.line import least_squares, line_loss, petals
from optlab.live.goals import which_reached


def of_point(result, row):
    return result.loss[row : row + 1]


def of_errors(result, row):
    return result.errors[row, 0 if result.settings["dtype"][row] == "float32" else 1]


def of_bend(result, row):
    l2 = result.settings["l2"][row]
    return result.loss[row] + line_loss(least_squares(*petals(), l2)[0], *petals(), l2).item()


def of_ways(result, row):
    return result.loss[row, :: result.settings["batch_size"][row]]


def of_layers(result, row):
    return np.concatenate([result.activation[row], result.gradient[row]])


def of_loss(result, row):
    return result.loss[row]


CURVES = {
    "point_lab": of_point,
    "difference_lab": of_errors,
    "parabola_lab": of_loss,
    "bend_lab": of_bend,
    "two_ways_lab": of_ways,
    "falling_rate_lab": of_loss,
    "layers_lab": of_layers,
}


@pytest.fixture(scope="module", params=CURVES)
def lab(request):
    made = getattr(labs, request.param)()
    made._trainer.close()  # the settings below are trained in one go
    made.curve = CURVES[request.param]
    yield made
    made.close()


def test_the_program_prints_the_labs_curve_for_20_random_settings(lab):
    slots = random_slots(lab)
    result = lab._run(lab.grid.settings(slots), ())
    for row, slot in enumerate(slots):
        numbers, shown = printed(lab.toolbar._program(lab.grid.setting(slot))), lab.curve(result, row)
        assert numbers.shape == shown.shape
        known = np.isfinite(shown) & (shown < 1e30)
        assert known.any()
        # the loss above the lowest is a difference: its last digits are rounding's
        np.testing.assert_allclose(numbers[known], shown[known], rtol=1e-4, atol=1e-15)


def test_the_program_is_short_complete_and_plain(lab):
    for slot in random_slots(lab):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) < 50
        assert max(map(len, program.splitlines())) <= 100
        assert set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE)) <= {"torch", "sklearn"}


def test_the_program_at_the_defaults_is_the_file(lab, request):
    name = request.node.callspec.params["lab"].removesuffix("_lab")
    file = Path(core_concepts.__file__).with_name(f"{name}_program.py")
    assert lab.toolbar._program(lab.grid.setting(lab.grid.default)) == file.read_text(encoding="utf-8")


REACHED = [
    ("point_lab", {"theta1": 1.2, "theta2": 0.5}, (True,)),
    ("point_lab", {"theta1": 1.1, "theta2": 0.6}, (False,)),  # where jumping from mark to mark gets stuck
    ("difference_lab", {"h": 0.01}, (True,)),
    ("difference_lab", {"h": 1e-5, "dtype": "float64"}, (False,)),
    ("parabola_lab", {"lr": 0.2, "curvature": 5.0}, (True, False)),
    ("parabola_lab", {"lr": 0.8, "curvature": 2.0}, (False, True)),
    ("bend_lab", {"l2": 3.0, "lr": 0.1}, (True,)),
    ("two_ways_lab", {"lr": 0.35}, (True, False)),
    ("two_ways_lab", {"lr": 0.02}, (False, True)),
    ("two_ways_lab", {"lr": 0.03, "batch_size": 2}, (False, False)),
    ("falling_rate_lab", {"lr": 0.1, "delta": 0.3, "p": 3.0}, (True,)),
    ("falling_rate_lab", {"delta": 10.0, "p": 4.0}, (False,)),
    ("layers_lab", {"std": 0.1}, (True, False)),
    ("layers_lab", {"std": 0.2, "width": 50}, (False, True)),
    ("layers_lab", {"std": 0.1, "activation": "tanh"}, (False, False)),
]


@pytest.mark.parametrize(("name", "values", "expected"), REACHED)
def test_goals_light_up(name, values, expected):
    lab = getattr(labs, name)()
    shown = lab.set(**values)
    assert which_reached(lab.goals, shown) == expected
    lab.reset()
    assert not any(which_reached(lab.goals, lab.history))  # before the learner moves
    lab.close()
