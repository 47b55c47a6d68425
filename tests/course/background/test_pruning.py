"""Pruning against torch.nn.utils.prune."""

import copy

import numpy as np
import pytest
from torch import nn
from torch.nn.utils import prune

from optlab.course.background.pruning import AMOUNTS, PIXELS, WIDTH, accuracy_of, original, pruned

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
    assert ours.picture[0].mean() == pytest.approx(float(linear[1].weight_mask.mean()))


def test_the_picture_of_a_smaller_matrix_is_smaller():
    fewer = pruned().select(way="smallest neurons")
    for amount, picture in zip(AMOUNTS, fewer.picture, strict=True):
        side = WIDTH - round(amount * WIDTH)
        assert np.isfinite(picture).sum() == int(np.ceil(side / (WIDTH // PIXELS))) ** 2
