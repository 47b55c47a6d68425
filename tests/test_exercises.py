"""Every exercise of the course can be answered, and its cases tell the truth from every known mistake."""

import ast

import pytest
from torch import tensor

from optlab.checks import judge
from optlab.exercises import EXERCISES

NAMES = list(EXERCISES)


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_shown_is_right(name):
    source = EXERCISES[name].solution
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    names = {}
    exec(source, names)
    assert function.name == name
    assert judge(EXERCISES[name], names[name])[0] == "right"


@pytest.mark.parametrize("name", NAMES)
def test_three_mistakes_at_least_each_get_their_own_hint(name):
    exercise = EXERCISES[name]
    hints = [mistake.hint for mistake in exercise.mistakes]
    assert len(hints) >= 3
    assert len(set(hints)) == len(hints)
    for mistake in exercise.mistakes:
        assert judge(exercise, mistake.function) == ("wrong", mistake.hint)


@pytest.mark.parametrize("name", NAMES)
def test_no_hint_gives_the_solution_away(name):
    answer = EXERCISES[name].solution.splitlines()[-1].strip().removeprefix("return ")
    for mistake in EXERCISES[name].mistakes:
        assert answer not in mistake.hint


def test_the_l2_step_is_autograds():
    """The truth against an independent oracle: autograd on the penalised loss itself."""
    w = tensor([0.7, -1.3]).requires_grad_()
    loss = (w**3).sum() + 0.05 * (w**2).sum()
    loss.backward()
    got = EXERCISES["l2_step"].truth(w.detach(), 3 * w.detach() ** 2, 0.1, 0.05)
    assert got.tolist() == pytest.approx((w - 0.1 * w.grad).tolist())
