"""The batch sizes that a lab of own data offers, for few samples and for many."""

import math

import pytest
from torch import nn

from optlab import MLP, iris_pair
from optlab.course.worked_example.batch_sizes import batch_sizes
from optlab.course.worked_example.training_lab import training_lab
from optlab.engine.models.module import TorchModel
from optlab.params import BATCH_SIZE

NETWORK = MLP((4, 16, 2))


def test_section_4_has_its_own():
    assert batch_sizes(80, NETWORK) == BATCH_SIZE


@pytest.mark.parametrize("samples", [2, 10, 100, 142, 455, 1198, 2049, 2600, 16_000, 80_000, 10**6])
def test_they_fit_the_data_on_a_log_scale(samples):
    slider = batch_sizes(samples, NETWORK)
    assert slider.values[-1] == samples
    assert all(1 < b / a <= 2 for a, b in zip(slider.values, slider.values[1:], strict=False))
    assert math.ceil(samples / slider.values[0]) <= 512  # updates an epoch
    nearest = min(slider.values, key=lambda size: max(size / 16, 16 / size))
    assert slider.default == nearest


@pytest.mark.parametrize(("samples", "default"), [(100, 16), (2600, 16), (16_000, 32), (80_000, 256)])
def test_thousands_of_samples_do_not_begin_at_a_batch_of_one(samples, default):
    assert batch_sizes(samples, NETWORK).default == default


def test_what_leaves_one_sample_alone_is_not_offered_to_batchnorm():
    net = TorchModel(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), iris_pair().sample)
    assert batch_sizes(65, net).values == (65,)  # 64, 32, … leave one
    assert batch_sizes(80, net).values == (2, 4, 8, 16, 32, 64, 80)


@pytest.mark.parametrize("slider", ["lr", "delta", "p", "batch_size", "l2"])
def test_what_a_slider_sets_is_no_argument(slider):
    with pytest.raises(ValueError, match=rf"{slider}=1: {slider} is a slider.*hide=\['{slider}'\]"):
        training_lab(**{slider: 1})


def test_epochs_are_a_number():
    with pytest.raises(TypeError, match="epochs='ten'"):
        training_lab(epochs="ten")
