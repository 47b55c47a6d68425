"""Pruning against torch.nn.utils.prune."""

import copy
import re

import numpy as np
import pytest
from printed_programs import named, program_of
from torch import nn
from torch.nn.utils import prune

from optlab.course.algorithms_and_networks.exercise import PARAMETERS, WITHOUT_NEURONS
from optlab.course.algorithms_and_networks.pruning import (
    AMOUNTS,
    PIXELS,
    WAYS,
    WIDTH,
    accuracy_of,
    original,
    pruned,
)
from optlab.course.algorithms_and_networks.pruning_lab import matrix, time

pytestmark = pytest.mark.usefixtures("on_one_thread")


@pytest.mark.parametrize("amount", [0.3, 0.9])
def test_the_pruned_networks_are_those_of_torch_prune(amount):
    theirs = copy.deepcopy(original())
    linear = [layer for layer in theirs if isinstance(layer, nn.Linear)]
    prune.global_unstructured([(layer, "weight") for layer in linear], prune.L1Unstructured, amount=amount)
    ours = pruned().select(way="smallest weights", amount=amount)
    assert ours.accuracy[0] == pytest.approx(accuracy_of(theirs))
    left = sum(int(layer.weight.count_nonzero()) + int(layer.bias.count_nonzero()) for layer in linear)
    assert ours.parameters[0] == left
    assert ours.picture[0].tolist() == linear[1].weight_mask[::4, ::4].tolist()


def test_the_picture_of_a_smaller_matrix_is_smaller():
    fewer = pruned().select(way="smallest neurons")
    for amount, picture in zip(AMOUNTS, fewer.picture, strict=True):
        side = WIDTH - round(amount * WIDTH)
        assert np.isfinite(picture).sum() == int(np.ceil(side / (WIDTH // PIXELS))) ** 2


def test_only_smaller_matrices_are_faster():
    """Measured. A tenth of the neurons needs less than half of the time, a tenth of the weights does not."""
    zeros, fewer = (pruned().select(way=way) for way in ("smallest weights", "smallest neurons"))
    assert np.median(zeros.seconds / zeros.seconds[0]) > 0.6
    assert fewer.seconds[-3] < fewer.seconds[0] / 2


def test_the_matrix_says_when_it_is_smaller():
    said = matrix().frames(pruned().select(amount=0.5)).labels
    assert ["as large as before" in words for words in said] == [True, True, False]


def test_what_is_left_is_never_called_nothing():
    said = time(pruned()).frames(pruned()).labels
    for words, parameters in zip(said, pruned().parameters, strict=True):
        share = float(re.search(r"not 0: ([\d.]+)%", words)[1])
        assert 0 < share == pytest.approx(100 * parameters / pruned().parameters[0], abs=0.5)


@pytest.mark.parametrize("amount", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("way", WAYS)
def test_the_program_prints_the_labs_accuracy_and_parameters(way, amount):
    said, shown = (
        named(program_of("pruning_lab")({"way": way, "amount": amount})),
        pruned().select(way=way, amount=amount),
    )
    assert list(said) == ["test accuracy", "parameters that are not 0", "time for 599 digits, ms"]
    assert said["parameters that are not 0"] == shown.parameters[0]
    assert said["test accuracy"] == pytest.approx(shown.accuracy[0], abs=3 / 599)
    assert said["time for 599 digits, ms"] > 0


@pytest.mark.parametrize("amount", [0.0, 0.25, 0.5])
def test_without_its_smallest_neurons_a_layer_is_what_torch_leaves(amount):
    layer = nn.Linear(6, 8)
    before = layer.weight.detach().clone()
    prune.ln_structured(layer, "weight", amount=amount, n=2, dim=0)
    kept = layer.weight_mask.bool().any(1)
    assert WITHOUT_NEURONS.truth(before, amount).tolist() == before[kept].tolist()


def test_the_parameters_of_a_layer_are_those_that_torch_makes():
    for sizes in ((4, 16), (64, 10)):
        assert PARAMETERS.truth(*sizes) == sum(p.numel() for p in nn.Linear(*sizes).parameters())
