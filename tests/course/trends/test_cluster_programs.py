"""As PyTorch: local SGD prints the loss that two real workers bring back, and a step of two is timed."""

import numpy as np
import pytest
from made_up import made_up_times
from printed_programs import DIGITS, imports_of, named_by_itself, printed, random_slots

from optlab.course.labs import data_parallel_lab, local_sgd_lab


@pytest.fixture(scope="module")
def local():
    made = local_sgd_lab()
    made._trainer.close()  # the settings below are shown in one go
    yield made
    made.close()


def test_local_sgd_prints_the_labs_loss_for_20_random_settings(local):
    slots = random_slots(local)
    shown = local._run(local.grid.settings(slots), ())
    for row, slot in enumerate(slots):
        setting = local.grid.setting(slot)
        numbers = printed(local.toolbar._program(setting))
        assert numbers.shape == shown.loss[row].shape
        np.testing.assert_allclose(numbers, shown.loss[row], rtol=DIGITS, err_msg=str(setting))


def test_the_program_of_local_sgd_is_short_complete_and_plain(local):
    for slot in random_slots(local):
        program = local.toolbar._program(local.grid.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) == {"copy", "sklearn", "torch"}


@pytest.fixture(scope="module")
def steps():
    made = data_parallel_lab(made_up_times())
    made._trainer.close()
    yield made
    made.close()


def test_the_program_of_two_workers_starts_them_and_prints_their_seconds(steps, tmp_path):
    """Measured: so only that all numbers are there, and that a step of two is computing and sending."""
    setting = steps.grid.setting(random_slots(steps, 1)[0])
    said = named_by_itself(steps.toolbar._program(setting), tmp_path)
    _, both, halves, mean = said.values()
    assert list(said)[:2] == ["one worker, seconds a step", "two workers, seconds a step"]
    assert list(said)[2:] == ["their halves, seconds", "the mean, seconds"]
    assert 0 < min(said.values()) <= max(said.values()) < 10
    assert both == pytest.approx(halves + mean, rel=1e-3)


def test_the_program_of_two_workers_is_short_complete_and_plain(steps):
    for slot in range(steps.grid.size):
        setting = steps.grid.setting(slot)
        program = steps.toolbar._program(setting)
        assert "\nwidth = {width}  #".format(**setting) in program
        assert "\nbatch = {batch}  #".format(**setting) in program
        assert "optlab" not in program
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 110
        assert imports_of(program) == {"os", "socket", "tempfile", "time", "torch"}
