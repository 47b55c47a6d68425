"""As PyTorch: local SGD in one process prints the loss that two real workers brought back."""

import re

import numpy as np
import pytest
from printed_programs import DIGITS, printed

from optlab.experiments.cluster import run_cluster
from optlab.labs import local_sgd_lab


@pytest.fixture(scope="module")
def local():
    made = local_sgd_lab(run_cluster(timed=False))
    made._trainer.close()  # the settings below are shown in one go
    yield made
    made.close()


def random_slots(lab):
    return np.random.default_rng(3).choice(lab.box.size, 20, replace=False)


def imports_of(program):
    return set(re.findall(r"^(?:from|import) (\w+)", program, re.MULTILINE))


def test_local_sgd_prints_the_labs_loss_for_20_random_settings(local):
    slots = random_slots(local)
    shown = local._run(local.box.settings(slots), ())
    for row, slot in enumerate(slots):
        setting = local.box.setting(slot)
        numbers = printed(local.toolbar._program(setting))
        assert numbers.shape == shown.loss[row].shape
        np.testing.assert_allclose(numbers, shown.loss[row], rtol=DIGITS, err_msg=str(setting))


def test_the_program_of_local_sgd_is_short_complete_and_plain(local):
    for slot in random_slots(local):
        program = local.toolbar._program(local.box.setting(slot))
        assert "optlab" not in program
        assert len(program.splitlines()) <= 48
        assert max(map(len, program.splitlines())) <= 100
        assert imports_of(program) == {"copy", "sklearn", "torch"}
