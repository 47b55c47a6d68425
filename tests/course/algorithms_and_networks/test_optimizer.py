"""The optimiser lab: its program trains what it shows."""

import numpy as np
import pytest
import torch
from printed_programs import printed, program_of, said

from optlab.course.algorithms_and_networks.exercise import FAIR_WINNER
from optlab.course.algorithms_and_networks.optimizer import RULES, trials
from optlab.course.labs import optimizer_lab
from optlab.live.dots import Sheet, in_words
from optlab.live.printed import read

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.parametrize(
    "setting", [*({"optimizer": rule, "lr": 0.01} for rule in RULES[1:]), {"optimizer": "sgd", "lr": 0.1}]
)
def test_the_program_prints_the_labs_losses(setting):
    shown = trials().select(**setting).loss[0]
    np.testing.assert_allclose(
        printed(program_of("optimizer_lab")(setting), "training loss"), shown, rtol=1e-3
    )


def test_where_rounding_parts_the_two_runs_program_and_dots_say_so():
    lab = optimizer_lab()
    program = lab.program(lab.settings | {"optimizer": "momentum", "lr": 1.0})
    assert "lr = 1.0  # at high rates rounding may part two runs, after some epochs\n" in program
    shown = in_words(Sheet(lab.plots, lab.at(optimizer="momentum", lr=1.0)).dots(read(said(program))))
    assert "from epoch" in shown
    assert shown.endswith("on, as rounding parts two such runs.")
    lab.close()


def test_the_fair_winner_is_that_of_a_plain_loop():
    rng = np.random.default_rng(0)
    for _ in range(50):
        losses = rng.lognormal(size=(4, 5, 3))
        losses[rng.random(losses.shape) < 0.1] = np.nan
        best = {}
        for rule, rates in enumerate(losses):
            means = [sum(seeds) / len(seeds) for seeds in rates if not any(np.isnan(seeds))]
            best[rule] = min(means, default=np.inf)
        assert FAIR_WINNER.truth(torch.tensor(losses)) == min(best, key=best.get)
