"""As PyTorch: the programs of the adaptive and units labs print the curves of all five rules."""

import numpy as np
import pytest
from printed_programs import DIGITS, columns, first_departure, imports_of, nudged, random_slots

from optlab.course.labs import adaptive_lab, units_lab
from optlab.course.trends.adaptive import RULES
from optlab.course.trends.adaptive_labs import RULE_KINDS
from optlab.course.trends.units import SEEDS, in_units
from optlab.engine.training.train import train

FLOAT32, FLOAT64 = 1e-7, 1e-15
"""How much rounding changes a number, relative."""


pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.fixture(scope="module")
def adaptive():
    made = adaptive_lab()
    made._trainer.close()  # the settings below are trained in one go
    yield made
    made.close()


@pytest.fixture(scope="module")
def units():
    made = units_lab()
    made._trainer.close()
    yield made
    made.close()


def whole_curves(program, shown, others):
    """Hold a program's curves against the lab's until rounding parts them; how many agree to the end."""
    said = columns(program)
    assert list(said) == [kind.label for kind in RULE_KINDS]
    whole = 0
    for numbers, curve, other in zip(said.values(), shown, others, strict=True):
        known = np.isfinite(curve)
        np.testing.assert_array_equal(np.isfinite(numbers), known, err_msg=program)
        whole += np.allclose(numbers[known], curve[known], rtol=DIGITS, atol=1e-12)
        known[first_departure(curve, other) :] = False
        np.testing.assert_allclose(numbers[known], curve[known], rtol=DIGITS, atol=1e-12, err_msg=program)
    return whole


def test_the_program_of_the_valley_prints_every_rules_loss_for_random_settings(adaptive):
    slots = random_slots(adaptive, 8)
    settings = adaptive.grid.settings(slots)
    shown, others = (adaptive._run(at, ()).loss for at in (settings, nudged(settings, FLOAT64)))
    whole = 0
    for row, slot in enumerate(slots):
        program = adaptive.toolbar._program(adaptive.grid.setting(slot))
        whole += whole_curves(program, shown[row], others[row])
    assert whole >= 0.75 * len(slots) * len(RULES)


def a_hair_faster(setting):
    """The losses of the five rules with a rate changed by as much as rounding would, mean over the seeds."""
    data, lr = in_units(setting["unit"]), setting["lr"] * (1 + FLOAT32)
    runs = [train(data, optimizer=rule, lr=lr, seed=list(SEEDS), epochs=30) for rule in RULES]
    return [np.nan_to_num(run.train_loss, nan=np.inf).mean(0) for run in runs]


def test_the_program_of_the_flowers_prints_every_rules_loss_for_random_settings(units):
    slots = random_slots(units, 5)
    shown, whole = units._run(units.grid.settings(slots), ()).loss, 0
    for row, slot in enumerate(slots):
        setting = units.grid.setting(slot)
        whole += whole_curves(units.toolbar._program(setting), shown[row], a_hair_faster(setting))
    assert whole >= 0.75 * len(slots) * len(RULES)


@pytest.mark.parametrize("name", ["adaptive", "units"])
def test_the_program_is_short_complete_and_plain(name, request):
    lab = request.getfixturevalue(name)
    for slot in random_slots(lab):
        program = lab.toolbar._program(lab.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) <= {"math", "torch", "sklearn"}
