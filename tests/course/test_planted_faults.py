"""Each notebook notices when the library is wrong: with a fault planted in it, one of its cells fails.

Only that cell and those it builds on are run; that the whole notebook passes without the fault is tested
where notebooks are run.
"""

from pathlib import Path

import pytest
from apart import run_apart
from lab_cells import with_what_they_need

FAULTS = {
    "01_1_algorithms_and_networks": {
        "a pruning that keeps the smallest weights": """
import torch
import optlab.engine.systems.compression as compression
def smallest(weight, amount):
    return weight.abs() <= weight.abs().quantile(1 - amount)
compression.magnitude_mask = smallest
""",
    },
    "01_2_data": {
        "a standardising that forgets to divide": """
import optlab.course.data.preprocessing as preprocessing
preprocessing.PREPARATIONS["standardised"] = preprocessing.PREPARATIONS["centred"]
""",
    },
    "01_3_hardware_and_software": {
        "a sweep that trains every row at the first rate": """
from optlab.engine.training import rates
real = rates._rates
def first_rate(task, group, first, last):
    rates = real(task, group, first, last)
    return rates[:1].repeat(len(rates), 1)
rates._rates = first_rate
""",
    },
    "02_core_concepts": {
        "He's weights without their 2": """
from torch import nn
import optlab.engine.models.initialization as initialization
def without_two(weight, bias, generator):
    nn.init.kaiming_normal_(weight, nonlinearity="linear", generator=generator)
    nn.init.zeros_(bias)
initialization.INITIALIZERS["he"] = without_two
""",
    },
    "03_1_gradient_descent": {
        "an update rule that takes half of the step": """
import optlab.engine.rules.classic as rules
def half(theta, grad, state, *, lr):
    return theta - lr * grad / 2, state
rules.OPTIMIZERS["sgd"] = half
""",
    },
    "03_2_batch_gradient_descent": {
        "steps that grow with the batch": """
from optlab.engine.training import rates
real = rates._rates
def grown(task, group, first, last):
    return real(task, group, first, last) * group.batch_size / 16
rates._rates = grown
""",
    },
    "03_3_stochastic_gradient_descent": {
        "an order of the samples that no seed decides": """
import torch
import optlab.course.stochastic_gradient_descent.sampling as sampling
sampling.ORDERS["with replacement"] = lambda n, steps, seeds: torch.randint(n, (steps, len(seeds)))
""",
    },
    "03_4_learning_rate_decay": {
        "a schedule without its root": """
import optlab.engine.rules.schedules as schedules
def no_root(t, *, lr, delta=0.0, p=1.0):
    return lr * (1 / (1 + delta * t)) ** p
schedules.power_decay = schedules.SCHEDULES["power_decay"] = no_root
""",
    },
    "03_5_regularization": {
        "a penalty of half its strength": """
import torch
import optlab.engine.models.losses as losses
losses.PENALTIES["l2"] = losses.Penalty(value=torch.square, gradient=lambda w: w)
""",
    },
    "04_worked_example": {
        "a penalty of half its strength": """
import torch
import optlab.engine.models.losses as losses
losses.PENALTIES["l2"] = losses.Penalty(value=lambda w: w**2 / 2, gradient=lambda w: w)
""",
    },
    "05_2_adaptive_methods": {
        "an AdaGrad that forgets": """
import optlab.engine.rules.classic as rules
def forgets(theta, grad, state, *, lr, eps=1e-10):
    return theta - lr * grad / (abs(grad) + eps), state
rules.OPTIMIZERS["adagrad"] = forgets
""",
    },
    "06_faq": {
        "one scale for all rows": """
import optlab.engine.systems.quantization as quantization
real = quantization.quantize
def one_scale(weight, bits=8):
    whole, scale = real(weight.reshape(1, -1), bits)
    return whole.view(weight.shape), scale.expand(len(weight), 1)
quantization.quantize = one_scale
""",
    },
}
NOTICED = {
    "01_1_algorithms_and_networks": "prune.l1_unstructured(layer",
    "01_2_data": "len({float(bowl.steps[0])",
    "01_3_hardware_and_software": "np.allclose(together, alone",
    "02_core_concepts": "starts = {",
    "03_1_gradient_descent": "torch.allclose(theta, by_hand",
    "03_2_batch_gradient_descent": "winners = [",
    "03_3_stochastic_gradient_descent": "one = walk(club, order",
    "03_4_learning_rate_decay": "run = walk(power_decay(",
    "03_5_regularization": "np.allclose(row[0], by_hand(l2)",
    "04_worked_example": "abs(library - by_hand)",
    "05_2_adaptive_methods": "for update in (adagrad, rmsprop, adam):",
    "06_faq": "torch.equal(quantize(weight)[0], whole)",
}
"""For each notebook some words of the cell that notices."""
PLANTED = [(name, what) for name, faults in FAULTS.items() for what in faults]


@pytest.mark.parametrize(("name", "what"), PLANTED)
def test_a_cell_fails_when_the_library_has(name, what, tmp_path):
    notebook = Path(__file__).parents[2] / "notebooks" / f"{name}.ipynb"
    cells = with_what_they_need(notebook, lambda source: NOTICED[name] in source)
    assert "assert " in cells[-1]
    *before, last = [f"exec({source!r})" for source in [FAULTS[name][what], *cells]]
    caught = ["try:", f"    {last}", "except AssertionError:", "    print('noticed')"]
    status, out, complaints = run_apart("\n".join([*before, *caught]), tmp_path)
    assert (status, out.splitlines()[-1:]) == (0, ["noticed"]), complaints
