"""As PyTorch and goals: the programs print what the labs show, and every goal can be reached."""

import numpy as np
import pytest
from printed_programs import EVERY, imports_of, printed, random_slots

from optlab.course import labs
from optlab.course.core_concepts.line import least_squares, line_loss, petals
from optlab.live.goals import which_reached

NUMBERS = {
    "point_lab": lambda one: {"loss": one.loss},
    "difference_lab": lambda one: {
        dtype: one.errors[0, k]
        for k, dtype in enumerate(("float32", "float64"))
        if dtype == one.settings["dtype"][0]
    },
    "parabola_lab": lambda one: {"loss": one.loss[0]},
    "bend_lab": lambda one: {"J": one.loss[0] + lowest(one.settings["l2"])},
    "two_ways_lab": lambda one: {"optimality gap": one.loss[0, :: one.settings["batch_size"][0]]},
    "falling_rate_lab": lambda one: {"optimality gap": one.loss[0]},
    "layers_lab": lambda one: {
        "size of the activation": one.activation[0],
        "size of the gradient": one.gradient[0],
    },
}
"""What each program prints, by name."""


def lowest(l2):
    """The smallest penalised loss."""
    return line_loss(least_squares(*petals(), l2)[0], *petals(), l2).item()


@pytest.fixture(scope="module", params=NUMBERS)
def lab(request):
    made = getattr(labs, request.param)()
    made.numbers = NUMBERS[request.param]
    yield made
    made.close()


def test_the_program_prints_the_labs_numbers_for_20_random_settings(lab):
    for one in lab.source.run(lab.grid.settings(random_slots(lab))):
        expected = lab.numbers(one)
        found = np.ravel(printed(lab.program(one.setting(0) | EVERY), *expected))
        shown = np.concatenate([*expected.values()])
        assert found.shape == shown.shape
        known = np.isfinite(shown) & (shown < 1e30)
        assert known.any()
        # an optimality gap is a difference: its last digits are rounding's
        np.testing.assert_allclose(found[known], shown[known], rtol=1e-4, atol=1e-15)


def test_the_program_is_short_and_plain_and_at_the_defaults_the_file(lab):
    program = lab.program(lab.grid.setting(lab.grid.default))
    assert program == lab.program.path.read_text(encoding="utf-8")
    assert len(program.splitlines()) <= 45
    assert max(map(len, program.splitlines())) <= 100
    assert imports_of(program) <= {"torch", "sklearn"}


REACHED = [
    ("point_lab", {"theta1": 1.2, "theta2": 0.5}, (True,)),
    ("point_lab", {"theta1": 1.1, "theta2": 0.6}, (False,)),  # where jumping from mark to mark gets stuck
    ("difference_lab", {"h": 0.01}, (True, False)),
    ("difference_lab", {"h": 1e-3, "method": "forward"}, (False, True)),
    ("difference_lab", {"h": 1e-5, "dtype": "float64"}, (False, False)),
    ("parabola_lab", {"lr": 0.2, "curvature": 5.0}, (True, False)),
    ("parabola_lab", {"lr": 0.8, "curvature": 2.0}, (False, True)),
    ("parabola_lab", {"lr": 0.7, "curvature": 2.0}, (False, False)),
    ("bend_lab", {"l2": 3.0, "lr": 0.1}, (True,)),
    ("bend_lab", {"l2": 3.0, "lr": 0.083}, (False,)),  # ten steps
    ("two_ways_lab", {"lr": 0.35}, (True, False)),
    ("two_ways_lab", {"lr": 0.02}, (False, True)),
    ("two_ways_lab", {"lr": 0.03, "batch_size": 2}, (False, False)),
    ("falling_rate_lab", {"lr": 0.1, "delta": 0.3, "p": 3.0}, (True,)),
    ("falling_rate_lab", {"delta": 10.0, "p": 4.0}, (False,)),
    ("layers_lab", {"std": 0.1}, (True, False)),
    ("layers_lab", {"std": 0.2, "width": 50}, (False, True)),
    ("layers_lab", {"std": 0.2, "width": 50, "activation": "tanh"}, (False, True)),
    ("layers_lab", {"std": 0.141, "width": 50, "activation": "tanh"}, (False, False)),  # relu would vanish
    ("layers_lab", {"std": 0.1, "activation": "tanh"}, (False, False)),
]


@pytest.mark.parametrize(("name", "values", "expected"), REACHED)
@pytest.mark.slow
def test_goals_light_up(name, values, expected):
    lab = getattr(labs, name)()
    assert not any(which_reached(lab.goals, lab.result))  # before the learner moves
    assert which_reached(lab.goals, lab.set(**values)) == expected
    lab.close()
