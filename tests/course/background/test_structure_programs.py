"""As PyTorch: the programs of the shape and pruning labs print what those labs show, but for the time."""

import numpy as np
import pytest
from printed_programs import DIGITS, imports_of, named, random_slots

from optlab.course.labs import pruning_lab, shape_lab
from optlab.engine.systems.threads import threads

LABS = {"shape": (shape_lab, "microseconds"), "pruning": (pruning_lab, "milliseconds")}
ONE_DIGIT = 1 / 599


@pytest.fixture(scope="module", params=LABS)
def lab(request):
    make, unit = LABS[request.param]
    made = make()
    made._trainer.close()  # the settings below are shown in one go
    made.unit = unit
    with threads(1):  # and given back: the programs take one thread
        yield made
    made.close()


def test_the_program_prints_the_labs_accuracy_and_parameters_for_20_random_settings(lab):
    """In a wide and deep network float32 rounding may put a digit or two on the other side of a line."""
    slots = random_slots(lab)
    shown, same = lab._run(lab.grid.settings(slots), ()), 0
    for row, slot in enumerate(slots):
        setting = lab.grid.setting(slot)
        said = named(lab.toolbar._program(setting))
        assert list(said) == ["accuracy", "parameters", lab.unit]
        assert said["parameters"] == shown.parameters[row], setting
        assert said["accuracy"] == pytest.approx(shown.accuracy[row], abs=3 * ONE_DIGIT), setting
        assert said[lab.unit] > 0
        same += np.isclose(said["accuracy"], shown.accuracy[row], rtol=DIGITS)
    assert same >= 17


def test_the_program_is_short_complete_and_plain(lab):
    for slot in random_slots(lab):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) == {"itertools", "timeit", "torch", "sklearn"}
