"""Every exercise of the course can be answered, and its cases tell the truth from every known mistake."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
import torch
from torch import tensor
from torch.utils.data import DataLoader, TensorDataset

from optlab.course.checkpoint import judge
from optlab.course.exercises import EXERCISES
from optlab.course.outline import outlines
from optlab.course.reading import ORDER

NAMES = list(EXERCISES)
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PARTS = ["1. Complete it", "2. Write it", "3. Decide"]


def test_each_exercise_is_asked_once():
    assert sorted(name for lesson in outlines() for name in lesson.checkpoints) == sorted(NAMES)


@pytest.mark.parametrize("name", ORDER[1:-1])
def test_a_lesson_asks_to_complete_a_line_to_write_and_to_decide(name):
    """All but the first, which is the map, and the last, which is the quiz."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    _, _, checkpoint = "\n".join(cell.source for cell in cells).partition("## Checkpoint")
    assert checkpoint.count("checks.checkpoint(") == 3
    assert re.findall(r"^\*\*(\d\. .+?)\.\*\*", checkpoint, flags=re.MULTILINE) == PARTS


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
    assert got.tolist() == pytest.approx((w - 0.1 * w.grad).tolist(), abs=1e-6)


def test_an_epoch_of_batches_is_torchs_own_sgd_over_a_dataloader():
    generator = torch.Generator().manual_seed(0)
    x, y, theta = (torch.randn(*shape, generator=generator) for shape in ((11, 3), (11,), (3,)))
    moved = theta.clone().requires_grad_()
    optimizer = torch.optim.SGD([moved], lr=0.3)
    for xs, ys in DataLoader(TensorDataset(x, y), batch_size=4):
        optimizer.zero_grad()
        (((xs @ moved - ys) ** 2).mean() / 2).backward()
        optimizer.step()
    got = EXERCISES["batch_epoch"].truth(x, y, theta, 0.3, 4)
    assert got.tolist() == pytest.approx(moved.tolist(), abs=1e-5)
