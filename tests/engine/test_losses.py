"""Losses and penalties against torch's own and against autograd."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from optlab.engine.data.dataset import Dataset
from optlab.engine.models.losses import PENALTIES, accuracy, cross_entropy, squared_error
from optlab.engine.training.own_loss import fitting_loss


def outputs(settings=3, samples=6, classes=4):
    return torch.randn(settings, samples, classes, generator=torch.Generator().manual_seed(0)).double()


Y = torch.tensor([0, 1, 2, 3, 0, 1])


@pytest.mark.parametrize("y", [Y, torch.stack([Y, Y.flip(0), Y.roll(1)])], ids=["shared", "each its own"])
def test_cross_entropy_of_each_sample_is_torchs(y):
    made = cross_entropy(outputs(), y)
    for row in range(3):
        own = y if y.ndim == 1 else y[row]
        expected = functional.cross_entropy(outputs()[row], own, reduction="none")
        torch.testing.assert_close(made[row], expected)


def test_cross_entropy_of_huge_logits_is_finite():
    assert cross_entropy(torch.tensor([[[1e30, -1e30]]]), torch.tensor([0])).item() == 0
    assert cross_entropy(torch.tensor([[[-1e30, 1e30]]]), torch.tensor([0])).item() == pytest.approx(2e30)


@pytest.mark.parametrize(
    "loss",
    [
        nn.CrossEntropyLoss(label_smoothing=0.1),
        nn.MultiMarginLoss(),
        nn.HuberLoss(),
        nn.L1Loss(),
    ],
    ids=str,
)
def test_a_loss_of_torchs_takes_many_settings_and_gives_one_number_a_sample(loss):
    quantity = isinstance(loss, (nn.HuberLoss, nn.L1Loss))
    made = outputs(classes=1 if quantity else 4)
    y = Y.double() if quantity else Y
    x, classes = torch.zeros(6, 2).double(), () if quantity else tuple("abcd")
    data = Dataset(x, y, x, y, classes=classes)
    ours = fitting_loss(loss, data)(made, y)
    for row in range(3):
        own = made[row, :, 0] if quantity else made[row]
        torch.testing.assert_close(ours[row].mean(), loss(own, y))
    assert loss.reduction == "mean"  # the learner's own is left as it is


def test_squared_error_of_a_regression_is_torchs_mse():
    predictions, y = outputs(classes=1), torch.arange(6).double()
    expected = functional.mse_loss(predictions[1, :, 0], y, reduction="none")
    torch.testing.assert_close(squared_error(predictions, y)[1], expected)


def test_squared_error_of_classes_sums_over_the_outputs():
    expected = ((outputs()[2] - functional.one_hot(Y, 4)) ** 2).sum(1)
    torch.testing.assert_close(squared_error(outputs(), Y)[2], expected)


def test_accuracy_counts_the_largest_logit_and_the_first_of_equals():
    logits = torch.tensor([[[1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [1.0, 1.0]]])
    assert accuracy(logits, torch.tensor([1, 1, 0, 1])).tolist() == [[1, 0, 1, 0]]


@pytest.mark.parametrize("name", PENALTIES)
def test_gradient_of_a_penalty_is_autograds(name):
    w = torch.tensor([-2.0, -0.1, 0.3, 5.0], requires_grad=True)
    (expected,) = torch.autograd.grad(PENALTIES[name].value(w).sum(), w)
    assert torch.equal(PENALTIES[name].gradient(w.detach()), expected)
    assert PENALTIES[name].gradient(torch.zeros(1)).item() == 0  # at the kink of |w| too
