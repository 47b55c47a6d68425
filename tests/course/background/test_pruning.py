"""Pruning against torch.nn.utils.prune."""

import copy

import numpy as np
import pytest
from printed_programs import named, program_of
from torch import nn
from torch.nn.utils import prune

from optlab.course.background.pruning import AMOUNTS, PIXELS, WAYS, WIDTH, accuracy_of, original, pruned
from optlab.course.background.pruning_lab import matrix

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
