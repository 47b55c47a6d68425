"""The optimiser lab: its program trains what it shows."""

import numpy as np
import pytest
from printed_programs import printed, program_of

from optlab.course.background.optimizer import RULES, trials

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.parametrize(
    "setting", [*({"optimizer": rule, "lr": 0.01} for rule in RULES[1:]), {"optimizer": "sgd", "lr": 0.1}]
)
def test_the_program_prints_the_labs_losses(setting):
    shown = trials().select(**setting).loss[0]
    np.testing.assert_allclose(
        printed(program_of("optimizer_lab")(setting), "training loss"), shown, rtol=1e-3
    )
