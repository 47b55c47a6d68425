"""The forks: against a plain loop in torch, and their lab's figures."""

import numpy as np
import pytest
import torch
from printed_programs import printed

from optlab.course.labs import fork_lab
from optlab.course.learning_rate_decay.fork import EPOCHS, FORKS, fork_rate
from optlab.course.learning_rate_decay.fork_lab import river


@pytest.fixture(scope="module")
def lab():
    made = fork_lab()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("setting", "epochs"),
    [
        ({"lr": 0.1, "fork": 2, "span": 3, "memory": 3}, 6),
        ({"lr": 0.056, "fork": 0, "span": 3, "memory": 30}, 3),
    ],
)
def test_the_program_prints_the_labs_curves(lab, setting, epochs):
    run, end = lab.look(**setting), setting["fork"] + setting["span"]
    texts = ("this fork", "rate kept", "average of its weights")
    fork, kept, averaged = printed(lab.program(setting | {"epochs": epochs}), *texts)
    for shown, computed in ((fork, run.gap), (kept, run.kept), (averaged, run.averaged)):
        np.testing.assert_allclose(shown, computed[0, : end + 1], rtol=1e-3)


def test_the_rate_is_that_of_a_lambda_lr():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.3)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: min(1, max(0, (4 + 5 - t) / 5)))
    seen = []
    for _ in range(12):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    rates = fork_rate(
        torch.arange(12.0), lr=torch.tensor(0.3), fork=torch.tensor(4.0), span=torch.tensor(5.0)
    )
    np.testing.assert_allclose(rates, seen, rtol=1e-5, atol=1e-8)


def test_a_fork_is_the_training_that_it_leaves_and_then_its_rate_is_zero(lab):
    run = lab.look(fork=10, span=3)
    np.testing.assert_allclose(run.gap[0, :11], run.kept[0, :11], rtol=1e-3)
    assert len(set(run.gap[0, 13:].tolist())) == 1
    assert run.gap[0, 13] != run.kept[0, 13]


def test_the_dotted_line_meets_the_end_of_every_fork(lab):
    for fork in FORKS:
        run = lab.look(fork=fork)
        assert river(run)[0, run.end[0]] == pytest.approx(run.end_gap[0])
    assert np.isnan(river(run)[0, : FORKS[0] + 10]).all()
    assert run.end[0] == EPOCHS


def test_an_average_over_one_epoch_is_none(lab):
    run = lab.look(memory=1)
    np.testing.assert_allclose(run.averaged, run.kept, rtol=1e-3)


def test_the_goal_needs_a_smaller_rate_and_a_late_fork(lab):
    goal = lab.goals[0].reached
    assert goal(lab.look(lr=0.056, fork=50, span=3))
    assert not goal(lab.look(lr=0.056, fork=10, span=3))
    assert not goal(lab.look(lr=0.32, fork=50, span=3))
